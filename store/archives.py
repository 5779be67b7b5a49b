"""Many patterns as one file to carry away: a zip of their very files, and a manifest that names them.

    manifest.json                   format, version, kind, and each file with its SHA-256
    library/<genre>/<name>.json     of a selection of the library
    bank/slot_001.json              of a bank

What is written is the same bytes for the same patterns. What is read is checked whole before anything of it is
used: names that lead elsewhere, contents that are not what the manifest says, and sizes that no pattern has are
refused. The same goes for patterns that are damaged or of a newer version.
"""

import hashlib
import itertools
import os
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from store.atomic import TEMP_SUFFIX, sync_folder, temp_folder
from store.codec import decode_pattern
from store.documents import Pattern
from store.errors import BadName, DamagedFile, NameTaken, NewerVersion, StoreError, disk_failure
from store.files import LARGEST_BYTES, read_file, unpacked
from store.limits import SLOTS
from store.names import safe_name

ENDING = ".zip"
FORMAT = "chronus-archive"
VERSION = 1
MANIFEST = "manifest.json"
FILES_MAX = 20_000
TOTAL_MAX_BYTES = 2 * 2**30
"""What is larger than this is no archive of patterns, and might not fit anywhere."""

Kind = Literal["bank", "library"]
Progress = tuple[int, int]
"""How many are done, and of how many."""

_SLOT_FILE = re.compile(r"bank/slot_(\d{3})\.json")
_NUMBERS = itertools.count(1)
_WHEN = (1980, 1, 1, 0, 0, 0)


class _Member(msgspec.Struct, frozen=True):
    """One file of an archive."""

    path: str
    sha256: str


class _Manifest(msgspec.Struct, frozen=True):
    """`manifest.json`."""

    format: str
    version: int
    kind: Kind
    patterns: tuple[_Member, ...]


class Packed(msgspec.Struct, frozen=True):
    """One file to be packed: its path in the archive, and where it lies."""

    member: str
    file: Path


def member_of_slot(slot: int) -> str:
    """Where a slot lies in a bank's archive."""
    return f"bank/slot_{slot:03d}.json"


def member_of_name(full_name: str) -> str:
    """Where the pattern "genre/name" lies in a library's archive."""
    return f"library/{full_name}.json"


def pack(
    out: Path, kind: Kind, files: Iterable[Packed], temp_dir: Path
) -> Generator[Progress, None, tuple[int, list[str]]]:
    """Write an archive to `out`, where nothing is, whole or not at all; a step for each file.

    Comes back with how many patterns are in it, and in sentences which were left out because they cannot be read.
    Raises NameTaken where `out` exists, and StoreError where the disk refuses or nothing is left to pack.
    """
    chosen = list(files)
    if os.path.lexists(out):
        raise NameTaken(f"There is a file {out} already; choose another name.")
    temp = temp_folder(out, temp_dir) / f"{out.name}.{os.getpid()}-{next(_NUMBERS)}{TEMP_SUFFIX}"
    members: list[_Member] = []
    left_out: list[str] = []
    try:
        with temp.open("xb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                for number, each in enumerate(chosen, 1):
                    try:
                        data = unpacked(read_file(each.file), str(each.file))
                        decode_pattern(data, str(each.file))
                    except StoreError as error:
                        left_out.append(str(error))
                        continue
                    _write(archive, each.member, data)
                    members.append(_Member(each.member, hashlib.sha256(data).hexdigest()))
                    yield number, len(chosen)
                manifest = msgspec.json.encode(_Manifest(FORMAT, VERSION, kind, tuple(members)))
                _write(archive, MANIFEST, msgspec.json.format(manifest, indent=1))
            if not members:
                raise StoreError(f"There is nothing to write to {out.name}: no pattern was found that can be read.")
            raw.flush()
            os.fsync(raw.fileno())
        _give_name(temp, out)
    except OSError as error:
        raise disk_failure("write", out, error) from error
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)
    return len(members), left_out


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _give_name(temp: Path, out: Path) -> None:
    """Give the file `temp` the name `out`, which nothing has. Raises OSError, NameTaken."""
    try:
        os.link(temp, out)
    except FileExistsError:
        raise NameTaken(f"There is a file {out} already; choose another name.") from None
    except OSError:
        if out.exists():
            raise NameTaken(f"There is a file {out} already; choose another name.") from None
        temp.rename(out)  # a file system without links
    sync_folder(out.parent)


class Archive:
    """An archive that is open for reading. A context manager.

    kind     what is in it
    members  the paths of its patterns, in order

    Raises DamagedFile, NewerVersion or StoreError where it is none, with the reason in one sentence.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file():
            raise StoreError(f"There is no archive {path}; check its name.")
        with self._told():
            self._zip = zipfile.ZipFile(path)
        try:
            self._read_manifest()
        except StoreError:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def pattern(self, member: str) -> Pattern:
        """One of `members`.

        Raises DamagedFile where it is not what the manifest says, or no pattern; NewerVersion where it is newer.
        """
        data = self._read(member)
        if hashlib.sha256(data).hexdigest() != self._digests[member]:
            raise DamagedFile(f"{self._path} is damaged: {member} is not what its manifest says.")
        return decode_pattern(data, f"{self._path}: {member}")

    def check(self) -> Iterator[Progress]:
        """Read every pattern once, a step for each. Raises as `pattern`."""
        for number, member in enumerate(self.members, 1):
            self.pattern(member)
            yield number, len(self.members)

    def _read_manifest(self) -> None:
        infos = self._zip.infolist()
        names = [info.filename for info in infos]
        if len(infos) > FILES_MAX + 1 or sum(info.file_size for info in infos) > TOTAL_MAX_BYTES:
            raise DamagedFile(f"{self._path} holds more than any library of patterns; it was not taken.")
        if MANIFEST not in names:
            raise DamagedFile(f"{self._path} is no archive of patterns: it has no {MANIFEST}.")
        try:
            manifest = msgspec.json.decode(self._read(MANIFEST), type=_Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            newer = self._newer_version()
            if newer is not None:
                raise NewerVersion(_too_new(self._path, newer)) from error
            raise DamagedFile(f"{self._path} is damaged: its {MANIFEST} cannot be read: {error}.") from error
        if manifest.format != FORMAT:
            raise DamagedFile(f"{self._path} is no archive of patterns: its format is {manifest.format[:40]!r}.")
        if manifest.version > VERSION:
            raise NewerVersion(_too_new(self._path, manifest.version))
        self.kind: Kind = manifest.kind
        self._digests = {member.path: member.sha256 for member in manifest.patterns}
        self.members = tuple(self._digests)
        self._check_names(names)

    def _check_names(self, names: list[str]) -> None:
        listed = {MANIFEST, *self.members}
        odd = [name for name, count in Counter(names).items() if name not in listed or count > 1]
        if odd:
            raise DamagedFile(
                f"{self._path} is damaged: its manifest does not name {odd[0][:100]!r}, or it is there twice."
            )
        missing = sorted(listed - set(names))
        if missing:
            raise DamagedFile(f"{self._path} is damaged: {missing[0][:100]!r} is missing.")
        for member in self.members:
            if self.kind == "bank":
                slot_of_member(member)
            else:
                name_of_member(member)

    def _newer_version(self) -> int | None:
        """The version of a manifest whose layout is not known here, where that is newer."""
        with suppress(msgspec.DecodeError, UnicodeDecodeError, StoreError):
            raw = msgspec.json.decode(self._read(MANIFEST))
            if isinstance(raw, dict) and raw.get("format") == FORMAT and isinstance(raw.get("version"), int):
                version: int = raw["version"]
                return version if version > VERSION else None
        return None

    def _read(self, member: str) -> bytes:
        with self._told():
            info = self._zip.getinfo(member)
            if info.file_size > LARGEST_BYTES:
                raise DamagedFile(f"{self._path} is damaged: the {info.file_size} bytes of {member} are no pattern.")
            with self._zip.open(info) as file:
                return file.read(LARGEST_BYTES)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in a sentence what the zip's reader finds wrong with it."""
        try:
            yield
        except OSError as error:
            raise disk_failure("read", self._path, error) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError) as error:
            raise DamagedFile(f"{self._path} is no sound zip file: {_plain(error)}. It was left as it is.") from error
        except (NotImplementedError, RuntimeError) as error:  # packed in a way that is not known, or encrypted
            raise DamagedFile(f"{self._path} cannot be unpacked: {_plain(error)}.") from error


def slot_of_member(member: str) -> int:
    """The slot that a file of a bank's archive belongs to. Raises BadName where it is none."""
    found = _SLOT_FILE.fullmatch(member)
    if found is None or not 1 <= int(found[1]) <= SLOTS:
        raise BadName(f"The archive holds {member[:100]!r}, which is no slot; nothing of it was taken.")
    return int(found[1])


def name_of_member(member: str) -> str:
    """ "genre/name" of a file of a library's archive. Raises BadName where it leads anywhere else."""
    parts = member.split("/")
    if len(parts) == 3 and parts[0] == "library" and parts[2].endswith(".json"):
        genre, name = parts[1], parts[2].removesuffix(".json")
        with suppress(BadName):
            if (safe_name(genre), safe_name(name)) == (genre, name):
                return unicodedata.normalize("NFC", f"{genre}/{name}")
    raise BadName(f"The archive holds {member[:100]!r}, which is no name of a pattern; nothing of it was taken.")


def _too_new(path: Path, version: int) -> str:
    return f"{path} was written by a newer Chronus (version {version}); this one reads up to {VERSION}."


def _plain(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")
