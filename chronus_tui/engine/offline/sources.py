"""What a person names where a pattern is wanted: a slot, a file, or a name of the library; or a chain of slots."""

import re
from pathlib import Path

import msgspec

from chronus_tui.engine.chains import as_played, round_beats
from store.chains import Chains
from store.codec import decode_pattern
from store.documents import Pattern
from store.files import read_file
from store.library.library import Library
from store.slots.slots import SlotStore

BANK = 1
"""The bank of a slot that is named by its number alone."""
_PLACE = re.compile(r"(?:([0-9]{1,9})[:/])?([0-9]{1,9})")
CHAIN = "chain:"
"""What stands before a chain's name."""


class Part(msgspec.Struct, frozen=True):
    """A pattern, and how long it plays: whole bars, or rounds of the pattern, each as long as its longest track."""

    pattern: Pattern
    bars: int = 0
    rounds: int = 0

    @property
    def beats(self) -> float:
        """How long it plays."""
        return round_beats(self.pattern) * self.rounds if self.rounds else self.bars * self.pattern.beats_per_bar


def read_parts(project: Path, library: Library, slots: SlotStore, source: str, bars: int) -> list[Part]:
    """What plays where a person names `source`: a pattern for `bars`, or all of `chain:NAME`. Raises StoreError."""
    if not source.startswith(CHAIN):
        return [Part(read_source(library, slots, source), bars)]
    entries = Chains(project).read(source.removeprefix(CHAIN)).entries
    return [Part(as_played(slots.read(entry.bank, entry.slot), entry), rounds=entry.repeats) for entry in entries]


def slot_place(text: str) -> tuple[int, int] | None:
    """The bank and the slot that `text` names, as 13, 2:13 or 2/13; None where it names none. They may lie beyond."""
    found = _PLACE.fullmatch(text)
    return None if found is None else (int(found[1] or BANK), int(found[2]))


def read_source(library: Library, slots: SlotStore, source: str) -> Pattern:
    """The pattern that a person names. Raises StoreError."""
    place = slot_place(source)
    if place is not None:
        return slots.read(*place)
    path = Path(source)
    if path.name.endswith((".json", ".json.gz")):
        return decode_pattern(read_file(path), source)
    return library.read(source)
