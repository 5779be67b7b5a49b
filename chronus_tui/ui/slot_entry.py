"""How digits become a slot or a bank: in at most three touches, and without waiting where no longer number could be
meant.

Pure: the time is passed in. The screen's thread is the only one that uses it.
"""

from typing import Literal

import msgspec

from chronus_tui.errors import CommandRefused
from store.limits import BANKS, SLOTS

WAIT_S = 0.6
"""How long a number that could go on waits for its next digit: longer than a touch, shorter than patience."""

Purpose = Literal["load", "load now", "load at beat", "load at end", "save", "bank", "chain"]


class Choice(msgspec.Struct, frozen=True):
    """A slot was chosen, 1..128, and what for; or, for the purpose of a bank, a bank, 1..16."""

    purpose: Purpose
    slot: int


class SlotEntry(msgspec.Struct):
    """A slot number being typed.

    purpose  what the slot is chosen for, or None while nothing is typed
    digits   what was typed so far
    due_s    when the number is taken as it stands, in the clock's seconds, or None while there is no digit
    """

    purpose: Purpose | None = None
    digits: str = ""
    due_s: float | None = None

    @property
    def pending(self) -> bool:
        """Whether more may be typed, or Enter or Escape would end it."""
        return self.purpose is not None

    def begin(self, purpose: Purpose) -> None:
        """Start over, for `purpose`; the digits come next."""
        self.purpose, self.digits, self.due_s = purpose, "", None

    def cancel(self) -> None:
        """Forget what was typed."""
        self.purpose, self.digits, self.due_s = None, "", None

    def digit(self, digit: str, now_s: float) -> Choice | None:
        """Take one digit "0".."9"; the choice, where no longer number could be meant.

        Raises CommandRefused where the number is no slot.
        """
        if self.purpose is None:
            self.begin("load")
        self.digits += digit
        self.due_s = now_s + WAIT_S
        number = int(self.digits)
        longer_is_possible = len(self.digits) < len(str(self._limit)) and number * 10 <= self._limit
        return None if longer_is_possible else self._choose(number)

    def enter(self, slot_without_digits: int | None) -> Choice | None:
        """Take the number as it stands, or `slot_without_digits` where there is none.

        Raises CommandRefused where there is no slot to take.
        """
        if self.digits:
            return self._choose(int(self.digits))
        if self.purpose == "bank":
            self.cancel()
            raise CommandRefused(f"Type the bank's number, 1 to {BANKS}.")
        if slot_without_digits is not None:
            return self._choose(slot_without_digits)
        self.cancel()
        raise CommandRefused("The pattern came from no slot of this bank: type the slot's number, 1 to 128.")

    def tick(self, now_s: float) -> Choice | None:
        """The choice, once the wait for a next digit is over.

        Raises CommandRefused where the number is no slot.
        """
        if self.due_s is None or now_s < self.due_s:
            return None
        return self._choose(int(self.digits))

    def _choose(self, number: int) -> Choice:
        purpose, limit = self.purpose or "load", self._limit
        self.cancel()
        if not 1 <= number <= limit:
            kind = "bank" if purpose == "bank" else "slot"
            raise CommandRefused(f"There is no {kind} {number}; {kind}s go from 1 to {limit}.")
        return Choice(purpose, number)

    @property
    def _limit(self) -> int:
        return BANKS if self.purpose == "bank" else SLOTS
