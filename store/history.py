"""The history of a project on the disk: what undo and redo lead to, for the engine's next start.

One file of frames of MessagePack, added to at its end (`frames`). Documents share what an edit left as it was, and so
does the file: tracks, patterns and moments are written once each, under a number, and the last frame of every write
names the moments in their order. When the file has grown far beyond what it tells, it is written anew.

Belongs on the store's thread.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from store.atomic import write_all, write_atomically
from store.documents import Chain
from store.errors import DamagedFile, NewerVersion, StoreError, disk_failure
from store.files import read_file
from store.frames import bodies, framed
from store.moments import Moment
from store.runtime import RUNTIME_FOLDER
from store.shared_patterns import PatternReader, PatternRecord, PatternWriter, TrackRecord

VERSION = 1
KEPT_BYTES = 32 * 2**20
"""What the oldest moments have to give way for. 200 steps of undo through the largest patterns take less."""
_SMALL_BYTES = 4 * 2**20
"""A file of this size is not worth writing anew, whatever of it still counts."""


class _Head(msgspec.Struct, tag="h", array_like=True, frozen=True):
    version: int


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


_Record = _Head | TrackRecord | PatternRecord | _Moment | _Order
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Record).decode
_decode_head = msgspec.msgpack.Decoder(tuple[str, int]).decode


class Kept(msgspec.Struct, frozen=True):
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
        self._patterns = PatternWriter(self._add)
        self._moments: dict[int, tuple[Moment, int]] = {}
        self._left_out: dict[int, Moment] = {}
        self._out: list[bytes] = []

    def leave_out(self, moment: Moment) -> None:
        """Never tell of a moment: the file has no room for it."""
        self._left_out[id(moment)] = moment

    def frames(self, kept: Kept) -> bytes:
        """The frames for what is not in the file yet, and for the order of the moments."""
        past, future = (
            tuple(self._moment(moment) for moment in moments if id(moment) not in self._left_out)
            for moments in (kept.past, kept.future)
        )
        self._add(_Order(past, self._moment(kept.now), future, kept.step))
        return self._taken()

    def moment(self, moment: Moment) -> tuple[int, bytes]:
        """The number of a moment, and what it takes to tell it."""
        return self._moment(moment), self._taken()

    def _moment(self, moment: Moment) -> int:
        known = self._moments.get(id(moment))
        if known is not None:
            return known[1]
        pattern = self._patterns.number(moment.pattern)
        saved = None if moment.saved is None else self._patterns.number(moment.saved)
        slots = tuple(
            (bank, slot, None if held is None else self._patterns.number(held))
            for (bank, slot), held in moment.slots.items()
        )
        number = len(self._moments)
        self._moments[id(moment)] = moment, number
        self._add(_Moment(number, pattern, moment.slot, saved, moment.bank, slots, moment.chain))
        return number

    def _add(self, record: Any) -> None:
        self._out.append(_frame(record))

    def _taken(self) -> bytes:
        out, self._out = b"".join(self._out), []
        return out


def _within(kept: Kept, most: int) -> tuple[_Book, bytes]:
    """A whole file of at most about `most` bytes: the moments farthest from now are left out where they must be."""
    book = _Book()
    out = [_frame(_Head(VERSION))]
    now, told = book.moment(kept.now)
    out.append(told)
    size = sum(map(len, out))
    numbers: list[list[int]] = []
    for moments in (kept.past, kept.future):
        taken: list[int] = []
        for moment in reversed(moments):
            if size > most:
                book.leave_out(moment)
                continue
            number, told = book.moment(moment)
            taken.insert(0, number)
            size += len(told)
            out.append(told)
        numbers.append(taken)
    out.append(_frame(_Order(tuple(numbers[0]), now, tuple(numbers[1]), kept.step)))
    return book, b"".join(out)


def _frame(record: Any) -> bytes:
    try:
        body = _encode(record)
    except (OverflowError, TypeError, UnicodeEncodeError, RecursionError) as error:
        raise StoreError(f"The history cannot be kept: {error}.") from error
    return framed(body)


def _read(data: bytes, source: str) -> Kept | None:
    records = bodies(data)
    head = next(records, None)
    if head is None:
        return None
    _check_head(head, source)
    patterns = PatternReader()
    moments: dict[int, Moment] = {}
    order: _Order | None = None
    try:
        for body in records:
            record = _decode(body)
            if isinstance(record, TrackRecord | PatternRecord):
                patterns.take(record)
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


def _moment(told: _Moment, patterns: PatternReader) -> Moment:
    slots = {(bank, slot): None if held is None else patterns[held] for bank, slot, held in told.slots}
    saved = None if told.saved is None else patterns[told.saved]
    return Moment(patterns[told.pattern], told.slot, saved, told.bank, slots, told.chain)


def _all(numbers: Iterable[int], moments: dict[int, Moment]) -> tuple[Moment, ...]:
    return tuple(moments[number] for number in numbers)
