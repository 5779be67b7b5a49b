"""Where the patterns of a MIDI file are kept in a bank: in a slot and the next that are free, as a chain."""

from collections.abc import Collection, Sequence

from store.chains import Chains
from store.documents import Chain, ChainEntry
from store.errors import NoRoom
from store.limits import SLOTS
from store.midi.library import DEFAULT_NAME
from store.midi.steps import plain_name
from store.names import numbered


def slots_for(count: int, first: int, occupied: Collection[int]) -> list[int]:
    """`first`, whatever it holds, and the next slots that are empty. Raises NoRoom where those are too few."""
    found = [first, *(slot for slot in range(first + 1, SLOTS + 1) if slot not in occupied)]
    if count > len(found):
        raise NoRoom(
            f"The file makes {count} patterns, and from slot {first} on there is room for {len(found)}; choose a lower "
            "slot, or import without one."
        )
    return found[:count]


def save_as_chain(chains: Chains, name: str, bank: int, slots: Sequence[int]) -> str:
    """Save the slots as a chain, in their order, under a name that no chain has yet; that name."""
    named = numbered(plain_name(name) or DEFAULT_NAME, chains.names())
    chains.write(Chain(named, entries=tuple(ChainEntry(slot, bank) for slot in slots)))
    return named
