"""What an action is, and what many of them share."""

from collections.abc import Callable

import msgspec

from chronus_tui.ui.model import Model, Order
from store.documents import Number


class Press(msgspec.Struct, frozen=True):
    """A key that was pressed, by its name in the key table, and when by the screen's clock."""

    key: str
    now_s: float


Action = Callable[[Model, Press], Order | None]


def at_track(model: Model, command: str, *arguments: float | str) -> Order:
    """The command for the track under the cursor. Raises CommandRefused where there is none."""
    model.require_track()
    return Order(f"/track/{model.track + 1}/{command}", arguments)


def within(value: Number, low: float, high: float) -> float:
    """`value`, no further than the bounds, without the dust of adding up steps."""
    return round(min(max(float(value), low), high), 3)
