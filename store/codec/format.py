"""What every kind of file has: a header, fields that are read one by one, and fields that are laid out."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from store.codec.json_text import entries_block, line, parsed
from store.codec.reading import Wrong
from store.documents import (
    Chain,
    ChainEntry,
    FileProof,
    Lfo,
    Pattern,
    Preset,
    Project,
    RecordingSettings,
    Step,
    Take,
    TakeEvent,
    Track,
)
from store.errors import DamagedFile, NewerVersion, StoreError

Document = TypeVar("Document", Chain, Pattern, Preset, Project, Take)
Fields = Callable[[Any], dict[str, Any]]
"""Reads the fields of a raw object, as `reading.fields` makes it."""

Layout = Mapping[str, Callable[[Any], str]]
"""The fields that take more than a line, and what lays out each, as it would stand at the left margin."""


class Format(msgspec.Struct, Generic[Document], frozen=True):
    """A kind of file.

    name      what its "format" says
    version   the one that is written, and the newest that can be read
    kind      the document that it holds
    fields    reads the document's fields
    layout    lays out those that take more than a line
    optional  fields that are left out at their defaults
    oldest    the oldest version that can be read as it is
    """

    name: str
    version: int
    kind: type[Document]
    fields: Fields
    layout: Layout
    optional: Collection[str] = ()
    oldest: int = 1

    def decode(self, data: bytes, source: str) -> Document:
        """The document that a file's bytes hold.

        source  the path that errors name

        Raises DamagedFile with the place of what is wrong, or NewerVersion.
        """
        return self.read(parsed(data, source), source)

    def read(self, raw: Mapping[str, Any], source: str) -> Document:
        """The document in a file's object. `source` and errors as for `decode`."""
        check_header(raw, source, self.name, self.version, self.oldest)
        return self.take(raw, source)

    def take(self, raw: Mapping[str, Any], source: str) -> Document:
        """The document in an object, whatever its header says. `source` and errors as for `decode`."""
        bare = {key: value for key, value in raw.items() if key not in ("format", "version")}
        return self.kind(**checked(self.fields, bare, source))

    def encode(self, document: Document) -> bytes:
        """The bytes of a document's file. Raises StoreError where a number is not finite."""
        header = [("format", line(self.name)), ("version", line(self.version))]
        try:
            texts = header + field_texts(document, self.layout, self.optional)
            return (entries_block(texts) + "\n").encode()
        except (UnicodeEncodeError, TypeError, RecursionError) as error:
            raise StoreError(f"{document.name!r} cannot be written: {error}.") from error


def check_header(raw: Mapping[str, Any], source: str, expected: str, newest: int, oldest: int = 1) -> None:
    """Refuse what is no such file, or of a version that cannot be read."""
    found = raw.get("format")
    if found != expected:
        what = f"is a {found} file" if isinstance(found, str) else 'has no "format"'
        raise DamagedFile(f"{source} {what}; {expected} was expected. It was left as it is.")
    version = raw.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < oldest:
        raise DamagedFile(f"{source} has no version that can be read: {version!r}. It was left as it is.")
    if version > newest:
        raise NewerVersion(
            f"{source} was written by a newer Chronus (version {version}); this one reads up to {newest}. "
            "It was left as it is."
        )


def checked(read: Fields, raw: Any, source: str) -> dict[str, Any]:
    """What `read` makes of `raw`. Raises DamagedFile with the place of what is wrong."""
    try:
        return read(raw)
    except Wrong as wrong:
        raise DamagedFile(f"{source} is damaged: {wrong.place} {wrong.sentence}. It was left as it is.") from wrong


def field_texts(
    document: Document | Track | Lfo | RecordingSettings, layout: Layout, optional: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Every field with its text, in the order of the type; what is in `extra` last."""
    texts = []
    for field in _fields_of(type(document)):
        value = getattr(document, field.name)
        if field.name != "extra" and not (field.name in optional and value in (field.default, {})):
            texts.append((field.name, layout.get(field.name, line)(value)))
    texts.extend((key, line(value)) for key, value in document.extra.items())
    return texts


def one_line(part: Step | ChainEntry | TakeEvent | FileProof) -> str:
    """A part on one line, with the fields that this version does not know among the others."""
    if not part.extra:
        return line(part)
    return line(msgspec.to_builtins(msgspec.structs.replace(part, extra={})) | part.extra)


def entries_text(entries: Mapping[str, Any]) -> str:
    """An object, an entry a line."""
    return entries_block((key, line(value)) for key, value in entries.items())


@cache
def _fields_of(kind: type[Any]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a document's type, which msgspec works out anew each time it is asked."""
    return msgspec.structs.fields(kind)
