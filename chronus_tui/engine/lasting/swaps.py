"""Which patterns the sound was told to swap to, written down where it outlives the engine, before the sound knows."""

from pathlib import Path
from typing import Any

import msgspec

from chronus_tui.engine.lasting.spool import Spool, spooled
from store.documents import Pattern
from store.lasting import LastingFolder
from store.shared_patterns import PatternReader, PatternRecord, PatternWriter, TrackRecord

_SWAPS = "swaps"


class _Swap(msgspec.Struct, tag="s", array_like=True, frozen=True):
    ticket: int
    pattern: int


class ToldSwaps:
    """Writes them down. Used by one thread."""

    def __init__(self, folder: LastingFolder) -> None:
        self._spool = Spool(folder, _SWAPS)
        self._turn = -1
        self._out: list[Any] = []
        self._patterns = PatternWriter(self._out.append)

    def tell(self, ticket: int, pattern: Pattern) -> None:
        """The swap of this ticket will bring `pattern`."""
        if self._turn != self._spool.turn:  # each file is to be read without the one before
            self._turn = self._spool.turn
            self._patterns = PatternWriter(self._out.append)
        self._out.append(_Swap(ticket, self._patterns.number(pattern)))
        self._spool.add(*self._out)
        self._out.clear()


def told_swaps(folder: Path) -> dict[int, Pattern]:
    """What an engine left: the patterns by the tickets of their swaps."""
    swaps: dict[int, Pattern] = {}
    for records in spooled(folder, _SWAPS, TrackRecord | PatternRecord | _Swap):
        patterns = PatternReader()
        for record in records:
            if isinstance(record, _Swap):
                swaps[record.ticket] = patterns[record.pattern]
            else:
                patterns.take(record)
    return swaps
