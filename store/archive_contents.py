"""What of a project goes into an archive, and how an archive goes into the library."""

from collections.abc import Generator
from pathlib import Path

from store.archives import Archive, Packed, Progress, member_of_name, member_of_slot, name_of_member
from store.library.filters import Query
from store.library.library import Library
from store.slots.slots import SlotStore


def packed_library(library: Library, query: Query) -> list[Packed]:
    """The files of what `query` finds. Raises StoreError where the library cannot be read."""
    return [Packed(member_of_name(entry.full_name), library.path(entry.full_name)) for entry in library.select(query)]


def packed_bank(slots: SlotStore, bank: int) -> list[Packed]:
    """The files of a bank. Raises SlotOutOfRange, and StoreError where the bank cannot be read."""
    return [Packed(member_of_slot(slot), slots.path(bank, slot)) for slot in slots.occupied(bank)]


def unpack_library(library: Library, path: Path) -> Generator[Progress, None, int]:
    """Save the patterns of an archive to the library, a step for each; how many of them are new.

    All of it is checked before the first is saved. One that is there already, as it is, is not saved again, so
    what was cut short is finished by doing it again. Raises as `Archive` and `Library.add`.
    """
    with Archive(path) as archive:
        count = len(archive.members)
        for number, _ in archive.check():
            yield number, 2 * count
        new = 0
        for number, member in enumerate(archive.members, 1):
            new += library.add(archive.pattern(member), name_of_member(member))[1]
            yield count + number, 2 * count
    return new
