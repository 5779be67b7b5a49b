"""What a list of the library tells of each pattern, read from the head of its file alone.

By our layout the fields that describe a pattern stand before its tracks, so the first two kilobytes tell all.
A file that is laid out otherwise, or is of an older version, is read whole. What was read once is remembered
by the file's time, size and number; where there is an index file, by the next process too. The index is a
cache: it may be deleted at any time, and one that is not wholly what was written is not used.
"""

import contextlib
import os
import stat
import unicodedata
import zlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from store.atomic import write_atomically
from store.codec import PATTERN, decode_pattern
from store.documents import Number
from store.errors import StoreError, disk_failure
from store.files import GZIP_BEGINNING, read_file

ENDING = ".json"
ENDINGS = (ENDING, ".json.gz")
"""Both are read; of two files of one name the first counts."""

_HEAD_BYTES = 2048
_TRACKS = b'\n  "tracks":'
_INDEX_MAGIC = b"chronus-library-index 2\n"
_WORTH_WRITING = 64
"""Files new or gone since the index was written; to read fewer again costs less than to write it."""

Stamp = tuple[int, int, int]
"""A file's time in nanoseconds, size in bytes, and number: another file, or another content, has another."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One pattern of a library as a list shows it.

    full_name   "genre/name", which is no other pattern's
    genre       the folder that it lies in
    name        of its file
    modified_s  when it was last saved, in seconds of Unix time
    factory     it comes with Chronus and lies where nothing is written
    problem     why its file cannot be read, in a sentence, or empty
    """

    full_name: str
    genre: str
    name: str
    tags: tuple[str, ...] = ()
    about: str = ""
    bpm: Number = 0.0
    modified_s: float = 0.0
    factory: bool = False
    problem: str = ""


class _Head(msgspec.Struct, frozen=True):
    """What stands before the tracks. Fields that any file of ours has are required: where one does not stand
    there, the file was laid out by someone else."""

    format: str
    version: int
    name: str
    genre: str
    tags: tuple[str, ...]
    bpm: Number
    about: str = ""


Folder = dict[str, tuple[Stamp, Entry]]
"""The files of one genre by their names."""


class _Index(msgspec.Struct, frozen=True, array_like=True):
    """What the index file holds: the files by genre and name."""

    root: str
    folders: dict[str, Folder]


_decode_head = msgspec.json.Decoder(_Head).decode
_decode_index = msgspec.msgpack.Decoder(_Index).decode


class Catalogue:
    """The entries of the library in the folder `root`.

    index    the file that remembers them, or None where nothing is to be written
    factory  what lies there comes with Chronus
    """

    def __init__(self, root: Path, index: Path | None = None, factory: bool = False) -> None:
        self._root = root
        self._index = index
        self._factory = factory
        self._known: dict[str, Folder] | None = None
        self._entries: dict[str, Entry] | None = None  # of the files that are known
        self._unwritten = 0

    def entries(self) -> dict[str, Entry]:
        """Every pattern by its full name; not to be changed. A file that cannot be read has its problem in its entry.

        Raises StoreError where a folder cannot be read.
        """
        before = self._remembered()
        now: dict[str, Folder] = {}
        fresh = 0
        for genre in _genres(self._root):
            now[genre], new = self._look(genre, before.get(genre, {}))
            fresh += new
        gone = sum(map(len, before.values())) + fresh - sum(map(len, now.values()))
        if fresh or gone or self._entries is None:
            self._known, self._entries = now, _by_full_name(now)
            self._unwritten += fresh + gone
            if self._unwritten >= _WORTH_WRITING:
                self._unwritten = 0
                self._write_index(now)
        return self._entries

    def _look(self, genre: str, known: Folder) -> tuple[Folder, int]:
        """The files of a genre, and how many of them are not as they are known. Raises StoreError."""
        folder, now, fresh = self._root / genre, Folder(), 0
        try:
            with os.scandir(folder) as files:
                for file in files:
                    name = file.name
                    found = known.get(name)
                    if found is None and (name.startswith(".") or not name.endswith(ENDINGS)):
                        continue
                    try:
                        status = file.stat()
                    except FileNotFoundError:
                        continue  # gone meanwhile, or a link to nothing
                    stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
                    if found is None or found[0] != stamp:
                        fresh += 1
                        found = stamp, self._read(f"{genre}/{name}", file.path, status)
                    now[name] = found
        except FileNotFoundError:
            return Folder(), 0  # it was the last of its genre
        except OSError as error:
            raise disk_failure("read", folder, error) from error
        return now, fresh

    def _read(self, place: str, path: str, status: os.stat_result) -> Entry:
        full = unicodedata.normalize("NFC", place_of(place))
        genre, _, name = full.partition("/")
        entry = Entry(full, genre, name, modified_s=status.st_mtime_ns / 1e9, factory=self._factory)
        try:
            found = _head_of(path) if stat.S_ISREG(status.st_mode) else None
            head = found or decode_pattern(read_file(Path(path)), path)
        except StoreError as error:
            return replace(entry, problem=str(error))
        return replace(entry, tags=head.tags, about=head.about, bpm=head.bpm)

    def _remembered(self) -> dict[str, Folder]:
        if self._known is None:
            self._known = self._read_index()
        return self._known

    def _read_index(self) -> dict[str, Folder]:
        if self._index is None:
            return {}
        try:
            data = self._index.read_bytes()
            body = data[len(_INDEX_MAGIC) + 4 :]
            if data[: -len(body)] != _INDEX_MAGIC + _checksum(body):
                return {}
            index = _decode_index(body)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return index.folders if index.root == str(self._root) else {}

    def _write_index(self, folders: dict[str, Folder]) -> None:
        if self._index is None:
            return
        body = msgspec.msgpack.encode(_Index(str(self._root), folders))
        with contextlib.suppress(StoreError):  # without it the next list takes longer, and that is all
            write_atomically(self._index, _INDEX_MAGIC + _checksum(body) + body, self._root.parent / "temp")


def place_of(path: str) -> str:
    """A file's path without its ending."""
    return path.removesuffix(".gz").removesuffix(ENDING)


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "big")


def _genres(root: Path) -> list[str]:
    """The folders of a library. Raises StoreError."""
    try:
        with os.scandir(root) as folders:
            return [folder.name for folder in folders if not folder.name.startswith(".") and folder.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise disk_failure("read", root, error) from error


def _by_full_name(folders: dict[str, Folder]) -> dict[str, Entry]:
    """The entries of all files; of two files of one name the one that is not packed counts."""
    entries: dict[str, Entry] = {}
    for folder in folders.values():
        for name, (_, entry) in folder.items():
            if name.endswith(ENDING) or entry.full_name not in entries:
                entries[entry.full_name] = entry
    return entries


def _head_of(path: str) -> _Head | None:
    """What stands before the tracks of a file of the current version; None where that is not told there.

    Raises StoreError where the file cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            text = os.read(descriptor, _HEAD_BYTES)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk_failure("read", Path(path), error) from error
    if text.startswith(GZIP_BEGINNING):
        with contextlib.suppress(zlib.error):
            text = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(text, _HEAD_BYTES)
    end = text.find(_TRACKS)
    if end < 0:
        return None
    try:
        head = _decode_head(text[:end].rstrip().removesuffix(b",") + b"}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return head if (head.format, head.version) == (PATTERN.name, PATTERN.version) else None
