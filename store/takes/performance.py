"""A performance on the disk, beside its take: what it takes to make the same sound again.

A file of frames of MessagePack that grows with the take (`frames`), and ends where a crash cut it off. Amid it lie
seams (since version 3): from each the rest can be made without what came before. What a checkpoint holds, and what the
numbers of a command mean, is not known here.
"""

import contextlib
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from store.documents import Pattern
from store.errors import DamagedFile, NewerVersion, NoPerformance, StoreError, disk_failure
from store.files import read_file
from store.frames import bodies, framed
from store.growing import GrowingFile
from store.packed_words import PackedWords, unpack
from store.shared_patterns import PatternReader, PatternRecord, PatternWriter, TrackRecord

ENDING = ".replay"
VERSION = 3
MOST_BYTES = 2**30

Command = tuple[int, int, int, int, int, int, float, float]


class ClipMark(msgspec.Struct, array_like=True, frozen=True):
    """A clip by its name, and what its very samples are called."""

    name: str
    digest: str


class FilesMark(msgspec.Struct, tag="f", array_like=True, frozen=True):
    """Files that were listened to, one after another from a moment on, by their paths from the take's folder; `place`
    is the number of their first frame among all that were listened to since the engine began."""

    place: int
    files: tuple[str, ...]
    from_s: float


class _Head(msgspec.Struct, tag="h", array_like=True, frozen=True):
    version: int
    rate: int
    sound: str


class _Start(msgspec.Struct, tag="s", array_like=True, frozen=True):
    frame: int
    first: int
    words: PackedWords | bytes  # before version 3, all of them by zlib
    patterns: dict[int, int]
    clips: dict[int, ClipMark]
    sounding: dict[int, ClipMark]


class _Seam(msgspec.Struct, tag="c", array_like=True, frozen=True):
    frame: int
    echoes: int
    words: PackedWords | bytes
    patterns: dict[int, int]
    clips: dict[int, ClipMark]
    sounding: dict[int, ClipMark]


class _Names(msgspec.Struct, tag="n", array_like=True, frozen=True):
    names: tuple[str, ...]


class _Line(msgspec.Struct, tag="l", array_like=True, frozen=True):
    at: int
    command: Command
    pattern: int | None
    clip: ClipMark | None


_Record = _Head | TrackRecord | PatternRecord | _Start | _Seam | _Names | _Line | FilesMark
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Record).decode
_decode_head = msgspec.msgpack.Decoder(tuple[Any, ...]).decode


class ToldLine(msgspec.Struct, frozen=True):
    """A command that the sound received in the quantum at frame `at`, with the pattern or the clip it speaks of."""

    at: int
    command: Command
    pattern: Pattern | None
    clip: ClipMark | None


class Sounding(msgspec.Struct, frozen=True):
    """All that sounds before `frame` is made.

    packed    the words of a checkpoint; before version 3, all of them by zlib
    patterns  by pool entry
    clips     by number
    sounding  by address, the clips that voices read
    echoes    how many frames back the line of the echoes is whole, None for as far as it may be heard
    """

    frame: int
    packed: PackedWords | bytes
    patterns: dict[int, Pattern]
    clips: dict[int, ClipMark]
    sounding: dict[int, ClipMark]
    echoes: int | None = None

    def words(self) -> Any:
        """The words, uint32. Any thread. Raises DamagedFile."""
        try:
            if isinstance(self.packed, bytes):
                return np.frombuffer(zlib.decompress(self.packed), "<u4")
            return unpack(self.packed)
        except (ValueError, zlib.error) as error:
            raise DamagedFile(f"What sounded at frame {self.frame} cannot be read: {error}.") from error


class Performance(msgspec.Struct):
    """What a file tells.

    rate   frames a second
    sound  a name for the program that made it
    first  frame of the engine's clock at which the take begins
    start  what sounded then, or before
    seams  what sounded amid it, in their order
    names  of clips in the order of their numbers
    heard  what was listened to, in its order
    """

    rate: int
    sound: str
    first: int
    start: Sounding
    seams: list[Sounding] = msgspec.field(default_factory=list)
    names: tuple[str, ...] = ()
    lines: list[ToldLine] = msgspec.field(default_factory=list)
    heard: list[FilesMark] = msgspec.field(default_factory=list)


class PerformanceFile:
    """A performance that grows. Used by one thread. Raises StoreError where the disk refuses."""

    def __init__(self, path: Path, rate: int, sound: str) -> None:
        self._patterns = PatternWriter(self._add)
        self._out: list[bytes] = []
        self._names: tuple[str, ...] = ()
        self._file = GrowingFile(path)
        self._add(_Head(VERSION, rate, sound))

    def begin(self, first: int, start: Sounding) -> None:
        """Tell of the start, as `Performance` has it."""
        numbers = self._numbers(start.patterns)
        self._add(_Start(start.frame, first, start.packed, numbers, start.clips, start.sounding))
        self._write()

    def seam(self, seam: Sounding) -> None:
        """Tell of what sounds amid the take; what was told before its frame comes first."""
        numbers = self._numbers(seam.patterns)
        self._add(_Seam(seam.frame, seam.echoes or 0, seam.packed, numbers, seam.clips, seam.sounding))
        self._write()

    def tell(self, lines: list[ToldLine], names: tuple[str, ...]) -> None:
        """Tell of commands in their order, and of the clips' names as they are now."""
        if names != self._names:
            self._names = names
            self._add(_Names(names))
        for line in lines:
            number = None if line.pattern is None else self._patterns.number(line.pattern)
            self._add(_Line(line.at, line.command, number, line.clip))
        self._write()

    def tell_files(self, heard: Iterable[FilesMark]) -> None:
        """Tell what is listened to, before anything of it was heard."""
        for files in heard:
            self._add(files)

    def close(self) -> None:
        """No more of it."""
        self._file.close()

    def save_from_loss(self) -> None:
        """Put the file back where its name was taken away. Raises StoreError."""
        self._file.save_from_loss()

    def move(self, path: Path) -> None:
        """Go on under another name. Raises StoreError."""
        self._file.move(path)

    def remove(self) -> None:
        """It is of no use: what is missing in it cannot be guessed."""
        self.close()
        with contextlib.suppress(OSError):
            self._file.path.unlink()

    def _numbers(self, patterns: Mapping[int, Pattern]) -> dict[int, int]:
        return {entry: self._patterns.number(pattern) for entry, pattern in patterns.items()}

    def _add(self, record: Any) -> None:
        self._out.append(framed(_encode(record)))

    def _write(self) -> None:
        out, self._out = b"".join(self._out), []
        self._file.add(out)


def add_lines(path: Path, lines: Iterable[ToldLine]) -> None:
    """Add commands to a performance that was cut off, behind what of it is sound. Raises StoreError."""
    records = [*bodies(read_file(path, most_bytes=MOST_BYTES))]
    numbered = sum(isinstance(_decode(body), TrackRecord | PatternRecord) for body in records)
    told: list[Any] = []
    patterns = PatternWriter(told.append, numbered)
    for line in lines:
        number = None if line.pattern is None else patterns.number(line.pattern)
        told.append(_Line(line.at, line.command, number, line.clip))
    try:
        with path.open("r+b") as file:
            file.seek(sum(len(framed(body)) for body in records))
            file.write(b"".join(framed(_encode(record)) for record in told))
            file.truncate()
    except OSError as error:
        raise disk_failure("write", path, error) from error


def require_performance(path: Path) -> None:
    """Raise NoPerformance where there is none of that path."""
    if not path.is_file():
        raise NoPerformance(
            f"There is no {path.name}: the take was not made here, began before what was kept, or had no room for it."
        )


def read_performance(path: Path) -> Performance:
    """The performance in a file, as far as it is sound.

    Raises NoPerformance where there is none, NewerVersion, DamagedFile, StoreError.
    """
    require_performance(path)
    records = bodies(read_file(path, most_bytes=MOST_BYTES))
    try:
        head = next(records, b"")
        _, version, *_ = _decode_head(head)
        if not isinstance(version, int) or version > VERSION:
            raise NewerVersion(f"{path} was written by a newer Chronus, in version {version}.")
        return _read(_decode(head), [_decode(body) for body in records], path)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise DamagedFile(f"{path} is no performance that can be read: {error}.") from error


def _read(head: Any, records: list[Any], path: Path) -> Performance:
    patterns = PatternReader()
    performance: Performance | None = None
    for record in records:
        if isinstance(record, TrackRecord | PatternRecord):
            patterns.take(record)
        elif isinstance(record, _Start):
            performance = Performance(head.rate, head.sound, record.first, _sounding(record, patterns))
        elif performance is None:
            break
        elif isinstance(record, _Seam):
            performance.seams.append(_sounding(record, patterns, record.echoes))
        elif isinstance(record, FilesMark):
            performance.heard.append(record)
        elif isinstance(record, _Names):
            performance.names = record.names
        elif isinstance(record, _Line):
            pattern = None if record.pattern is None else patterns[record.pattern]
            performance.lines.append(ToldLine(record.at, record.command, pattern, record.clip))
    if performance is None:
        raise StoreError(f"{path} was cut off before the take began; it cannot be made again.")
    return performance


def _sounding(record: _Start | _Seam, patterns: PatternReader, echoes: int | None = None) -> Sounding:
    by_entry = {entry: patterns[number] for entry, number in record.patterns.items()}
    return Sounding(record.frame, record.words, by_entry, record.clips, record.sounding, echoes)
