"""What undo comes back to: the working pattern, where it belongs, and all that a player may have changed with it."""

from collections.abc import Mapping

import msgspec

from store.documents import Chain, Pattern

Place = tuple[int, int]
"""A bank and a slot in it."""
Slots = Mapping[Place, Pattern | None]
"""What slots hold, None for nothing."""


NO_CHAIN = Chain()


class Moment(msgspec.Struct, frozen=True):
    """One state of all that is edited.

    slot   the slot that the pattern was loaded from or saved to, or None
    saved  what that slot holds, or None
    bank   of that slot
    slots  what each slot held then that was changed within the history
    chain  the chain that is edited and played
    """

    pattern: Pattern
    slot: int | None = None
    saved: Pattern | None = None
    bank: int = 1
    slots: Slots = msgspec.field(default_factory=dict)
    chain: Chain = NO_CHAIN

    @property
    def place(self) -> Place | None:
        """The bank and the slot that the pattern belongs to, or None."""
        return None if self.slot is None else (self.bank, self.slot)
