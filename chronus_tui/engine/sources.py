"""What a person names where a pattern is wanted: a slot, a file, or a name of the library."""

from pathlib import Path

from store.codec import decode_pattern
from store.documents import Pattern
from store.files import read_file
from store.library import Library
from store.slots import SlotStore

BANK = 1


def read_source(library: Library, slots: SlotStore, source: str) -> Pattern:
    """The pattern that a person names. Raises StoreError."""
    if source.isascii() and source.isdigit():
        return slots.read(BANK, int(source))
    path = Path(source)
    if path.suffix == ".json":
        return decode_pattern(read_file(path), source)
    return library.read(source)
