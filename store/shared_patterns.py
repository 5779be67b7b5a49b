"""Many patterns in one file, of which each shares what an edit left as it was: tracks and patterns are written once
each, under a number.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from store.documents import Pattern, Track


class TrackRecord(msgspec.Struct, tag="t", array_like=True, frozen=True):
    """A track, as later patterns name it."""

    number: int
    track: Track


class PatternRecord(msgspec.Struct, tag="p", array_like=True, frozen=True):
    """A pattern without its tracks, and the numbers of those."""

    number: int
    pattern: Pattern
    tracks: tuple[int, ...]


class PatternWriter:
    """Gives patterns numbers.

    write  called with each record that the file needs, before the number is used
    first  number that none has yet

    Keeps what it numbers, so that nothing else takes its identity.
    """

    def __init__(self, write: Callable[[Any], None], first: int = 0) -> None:
        self.write = write
        self._first = first
        self._numbers: dict[int, tuple[object, int]] = {}

    def number(self, pattern: Pattern) -> int:
        """The number of a pattern."""
        known = self._numbers.get(id(pattern))
        if known is not None:
            return known[1]
        tracks = tuple(self._track(track) for track in pattern.tracks)
        number = self._new(pattern)
        self.write(PatternRecord(number, replace(pattern, tracks=()), tracks))
        return number

    def _track(self, track: Track) -> int:
        known = self._numbers.get(id(track))
        if known is not None:
            return known[1]
        number = self._new(track)
        self.write(TrackRecord(number, track))
        return number

    def _new(self, told: object) -> int:
        number = self._first + len(self._numbers)
        self._numbers[id(told)] = told, number
        return number


class PatternReader:
    """The patterns of a file by their numbers."""

    def __init__(self) -> None:
        self._tracks: dict[int, Track] = {}
        self._patterns: dict[int, Pattern] = {}

    def take(self, record: TrackRecord | PatternRecord) -> None:
        """Learn of one. Raises KeyError where it names what the file does not hold."""
        if isinstance(record, TrackRecord):
            self._tracks[record.number] = record.track
        else:
            played = tuple(self._tracks[number] for number in record.tracks)
            self._patterns[record.number] = replace(record.pattern, tracks=played)

    def __getitem__(self, number: int) -> Pattern:
        """The pattern of a number. Raises KeyError."""
        return self._patterns[number]
