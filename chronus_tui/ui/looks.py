"""Looks at the library: one at a time is asked for, so that letters that are typed fast do not pile up."""

from chronus_tui.ui.library_page import BROWSE, TRASH
from chronus_tui.ui.model import Order


class Looks:
    """Whether a look is not answered yet, and whether another is wanted behind it."""

    def __init__(self) -> None:
        self._asked = False
        self._again = False

    def must_wait(self, order: Order) -> bool:
        """Whether an order is a look, and one is not answered yet: then another is made behind that."""
        if _is_look(order) and self._asked:
            self._again = True
            return True
        return False

    def ask(self, order: Order) -> None:
        """An order was sent."""
        self._asked = self._asked or _is_look(order)

    def give_up(self, order: Order) -> None:
        """Nobody waits for the answer to an order any more."""
        self._asked = self._asked and not _is_look(order)

    def end(self, order: Order) -> bool:
        """An order was answered; whether another look is to be made."""
        if not _is_look(order):
            return False
        again, self._asked, self._again = self._again, False, False
        return again


def _is_look(order: Order) -> bool:
    return order.address in (BROWSE, TRASH)
