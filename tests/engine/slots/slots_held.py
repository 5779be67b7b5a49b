"""Two patterns in slots, and the disk that holds them."""

from typing import Any

from desk import Desk
from playing import pattern, track

from store.documents import Pattern

A, B = pattern(track("x..."), name="a"), pattern(track("..x."), name="b")


def on_disk(desk: Desk) -> dict[int, Pattern]:
    """What the files hold, which must be what a load gives."""
    found = {slot: desk.slots.read(1, slot) for slot in desk.slots.occupied(1)}
    assert found == {slot: desk.bank.pattern(slot) for slot in desk.bank.occupied()}
    return found


def events(desk: Desk) -> list[tuple[str, tuple[Any, ...]]]:
    """What was told, in its order."""
    return [(happening.address, happening.arguments) for happening in desk.happened]
