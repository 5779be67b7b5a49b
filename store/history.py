"""The history of a project on the disk: what undo and redo lead to, for the engine's next start.

One file of frames, added to at its end: a frame is the length and the CRC-32 of what follows, then MessagePack.
Documents share what an edit left as it was, and so does the file: tracks, patterns and moments are written once
each, under a number, and the last frame of every write names the moments in their order. A frame that was cut
off, or is damaged, ends the file; what stands before it counts. When the file has grown far beyond what it tells,
it is written anew.

Belongs on the store's thread.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from store.atomic import write_all, write_atomically
from store.documents import Chain, Pattern, Track
from store.errors import DamagedFile, NewerVersion, StoreError, disk_failure
from store.files import read_file
from store.locks import RUNTIME_FOLDER
from store.moments import Moment

VERSION = 1
KEPT_BYTES = 32 * 2**20
"""What the oldest moments have to give way for. 200 steps of undo through the largest patterns take less."""
_SMALL_BYTES = 4 * 2**20
"""A file of this size is not worth writing anew, whatever of it still counts."""

_FRAME = struct.Struct("<II")


class _Head(msgspec.Struct, tag="h", array_like=True, frozen=True):
    version: int


class _Track(msgspec.Struct, tag="t", array_like=True, frozen=True):
    number: int
    track: Track


class _Pattern(msgspec.Struct, tag="p", array_like=True, frozen=True):
    number: int
    pattern: Pattern
    tracks: tuple[int, ...]


class _Moment(msgspec.Struct, tag="m", array_like=True, frozen=True):
    number: int
    pattern: int
    slot: int | None
    saved: int | None
    bank: int
    slots: tuple[tuple[int, int, int | None], ...]
    chain: Chain


class _Order(msgspec.Struct, tag="o", array_like=True, frozen=True):
    past: tuple[int, ...]
    now: int
    future: tuple[int, ...]
    step: int


_Record = _Head | _Track | _Pattern | _Moment | _Order
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Record).decode
_decode_head = msgspec.msgpack.Decoder(tuple[str, int]).decode


@dataclass(frozen=True)
class Kept:
    """A history.

    past    what undo comes back to, the oldest first
    now     what is; edits that are no step of their own may have followed
    future  what redo comes to, the farthest first
    step    its revision, which goes up with every step
    """

    past: tuple[Moment, ...]
    now: Moment
    future: tuple[Moment, ...]
    step: int = 0


class HistoryFile:
    """The history of the project in the folder `project`. Used by one thread."""

    def __init__(self, project: Path) -> None:
        self._path = project / RUNTIME_FOLDER / "history"
        self._temp_dir = project / "patterns" / "temp"
        self._book: _Book | None = None  # None where the next write is to begin the file anew
        self._size = 0
        self._begun_with = 0
        self._strange = False

    def read(self) -> Kept | None:
        """What the file tells, as far as it is sound; None where it tells nothing.

        Raises NewerVersion, DamagedFile, StoreError where the disk refuses. The file stays as it is: the next
        write puts it aside as `history.old`.
        """
        if not os.path.lexists(self._path):
            return None
        self._strange = True
        kept = _read(read_file(self._path, most_bytes=4 * KEPT_BYTES), str(self._path))
        self._strange = False
        return kept

    def write(self, kept: Kept) -> None:
        """Keep a history, adding what the file does not tell yet. On the disk when this returns. Raises StoreError."""
        if self._book is None or self._size > max(_SMALL_BYTES, 2 * self._begun_with):
            self._begin(kept)
            return
        frames = self._book.frames(kept)
        try:
            self._append(frames)
        except OSError as error:
            self._book = None  # what stands at the end of the file now is not known
            raise disk_failure("write", self._path, error) from error

    def _begin(self, kept: Kept) -> None:
        book, frames = _within(kept, KEPT_BYTES)
        self._book = None
        if self._strange:
            self._put_aside()
        write_atomically(self._path, frames, self._temp_dir)
        self._book, self._size, self._begun_with = book, len(frames), len(frames)

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".old"))
        except OSError as error:
            raise disk_failure("put aside", self._path, error) from error
        self._strange = False

    def _append(self, frames: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            write_all(descriptor, frames)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._size += len(frames)


class _Book:
    """What the file tells already, each under its number. Keeps what it numbers, so that none takes its identity."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[object, int]] = {}
        self._left_out: dict[int, Moment] = {}

    def leave_out(self, moment: Moment) -> None:
        """Never tell of a moment: the file has no room for it."""
        self._left_out[id(moment)] = moment

    def frames(self, kept: Kept) -> bytes:
        """The frames for what is not in the file yet, and for the order of the moments."""
        out: list[bytes] = []
        past, future = (
            tuple(self.moment(moment, out) for moment in moments if id(moment) not in self._left_out)
            for moments in (kept.past, kept.future)
        )
        out.append(_frame(_Order(past, self.moment(kept.now, out), future, kept.step)))
        return b"".join(out)

    def moment(self, moment: Moment, out: list[bytes]) -> int:
        """The number of a moment; what it takes to tell it is added to `out`."""
        known = self._numbers.get(id(moment))
        if known is not None:
            return known[1]
        pattern = self._pattern(moment.pattern, out)
        saved = None if moment.saved is None else self._pattern(moment.saved, out)
        slots = tuple(
            (bank, slot, None if held is None else self._pattern(held, out))
            for (bank, slot), held in moment.slots.items()
        )
        number = self._new(moment)
        out.append(_frame(_Moment(number, pattern, moment.slot, saved, moment.bank, slots, moment.chain)))
        return number

    def _pattern(self, pattern: Pattern, out: list[bytes]) -> int:
        known = self._numbers.get(id(pattern))
        if known is not None:
            return known[1]
        tracks = tuple(self._track(track, out) for track in pattern.tracks)
        number = self._new(pattern)
        out.append(_frame(_Pattern(number, replace(pattern, tracks=()), tracks)))
        return number

    def _track(self, track: Track, out: list[bytes]) -> int:
        known = self._numbers.get(id(track))
        if known is not None:
            return known[1]
        number = self._new(track)
        out.append(_frame(_Track(number, track)))
        return number

    def _new(self, told: object) -> int:
        number = len(self._numbers)
        self._numbers[id(told)] = told, number
        return number


def _within(kept: Kept, most: int) -> tuple[_Book, bytes]:
    """A whole file of at most about `most` bytes: the moments farthest from now are left out where they must be."""
    book = _Book()
    out: list[bytes] = [_frame(_Head(VERSION))]
    now = book.moment(kept.now, out)
    size = sum(map(len, out))
    numbers: list[list[int]] = []
    for moments in (kept.past, kept.future):
        taken: list[int] = []
        for moment in reversed(moments):
            if size > most:
                book.leave_out(moment)
                continue
            added: list[bytes] = []
            taken.insert(0, book.moment(moment, added))
            size += sum(map(len, added))
            out += added
        numbers.append(taken)
    out.append(_frame(_Order(tuple(numbers[0]), now, tuple(numbers[1]), kept.step)))
    return book, b"".join(out)


def _frame(record: Any) -> bytes:
    try:
        body = _encode(record)
    except (OverflowError, TypeError, UnicodeEncodeError, RecursionError) as error:
        raise StoreError(f"The history cannot be kept: {error}.") from error
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


def _bodies(data: bytes) -> Iterator[bytes]:
    """The frames of a file, up to the first that is not sound."""
    place = 0
    while place + _FRAME.size <= len(data):
        length, check = _FRAME.unpack_from(data, place)
        body = data[place + _FRAME.size : place + _FRAME.size + length]
        if len(body) < length or zlib.crc32(body) != check:
            return
        yield body
        place += _FRAME.size + length


def _read(data: bytes, source: str) -> Kept | None:
    bodies = _bodies(data)
    head = next(bodies, None)
    if head is None:
        return None
    _check_head(head, source)
    tracks: dict[int, Track] = {}
    patterns: dict[int, Pattern] = {}
    moments: dict[int, Moment] = {}
    order: _Order | None = None
    try:
        for body in bodies:
            record = _decode(body)
            if isinstance(record, _Track):
                tracks[record.number] = record.track
            elif isinstance(record, _Pattern):
                played = tuple(tracks[number] for number in record.tracks)
                patterns[record.number] = replace(record.pattern, tracks=played)
            elif isinstance(record, _Moment):
                moments[record.number] = _moment(record, patterns)
            elif isinstance(record, _Order):
                order = record
        if order is None:
            return None
        past, future = _all(order.past, moments), _all(order.future, moments)
        return Kept(past, moments[order.now], future, order.step)
    except (msgspec.DecodeError, KeyError) as error:
        raise DamagedFile(f"{source} is no history of this version: {error}.") from error


def _check_head(body: bytes, source: str) -> None:
    try:
        _, version = _decode_head(body)
    except msgspec.DecodeError as error:
        raise DamagedFile(f"{source} is no history: {error}.") from error
    if version > VERSION:
        raise NewerVersion(f"{source} was written by a newer Chronus, in version {version}.")


def _moment(told: _Moment, patterns: dict[int, Pattern]) -> Moment:
    slots = {(bank, slot): None if held is None else patterns[held] for bank, slot, held in told.slots}
    saved = None if told.saved is None else patterns[told.saved]
    return Moment(patterns[told.pattern], told.slot, saved, told.bank, slots, told.chain)


def _all(numbers: Iterable[int], moments: dict[int, Moment]) -> tuple[Moment, ...]:
    return tuple(moments[number] for number in numbers)
