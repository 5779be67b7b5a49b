"""What slots hold: of the bank at hand it is known, of the others it is read first."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from chronus_tui.engine.slots.turns import read_first
from chronus_tui.engine.studio import Results, Studio, follow
from chronus_tui.errors import CommandRefused, StoreError
from store.documents import Pattern
from store.errors import SlotEmpty
from store.moments import Place, Slots

TakeUp = Callable[[Slots], "Results | Future[Results] | None"]


def with_held(studio: Studio, places: list[Place], take_up: TakeUp) -> Future[Results]:
    """Go on with what slots of other banks hold. It fails where one of them cannot be read."""
    elsewhere = [place for place in places if place[0] != studio.bank.number]
    if not elsewhere:
        done: Future[Results] = Future()
        follow(done, take_up({}))
        return done
    return read_first(studio, lambda: {place: read_or_none(studio, place) for place in elsewhere}, take_up)


def with_known(studio: Studio, place: Place, take_up: TakeUp) -> Future[Results]:
    """Go on with what a slot holds that is replaced or emptied, where it is of another bank and can be read."""
    if place[0] == studio.bank.number:
        return with_held(studio, [], take_up)
    return read_first(studio, lambda: known(studio, place), take_up)


def known(studio: Studio, place: Place) -> Slots:
    """What a slot holds, where it can be read: where not it is not known, so undo will leave it alone."""
    with suppress(StoreError):
        return {place: read_or_none(studio, place)}
    return {}


def read_or_none(studio: Studio, place: Place) -> Pattern | None:
    """What a slot's file holds, or None where there is none."""
    try:
        return studio.slots.read(*place)
    except SlotEmpty:
        return None


def held_in(studio: Studio, place: Place, held: Slots) -> Pattern | None:
    """What a slot holds. Raises CommandRefused where that cannot be read."""
    if place in held:
        return held[place]
    return studio.bank.require(place[1]) if place[1] in studio.bank.occupied() else None


def required(studio: Studio, place: Place, held: Slots) -> Pattern:
    """What a slot holds. Raises CommandRefused where it is empty or cannot be read."""
    if place not in held:
        return studio.bank.require(place[1])
    pattern = held[place]
    if pattern is None:
        raise CommandRefused(f"Slot {place[1]} of bank {place[0]} is empty; save to it first.")
    return pattern
