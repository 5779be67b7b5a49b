"""Changing what slots hold: new at once to whoever loads, undone as one step, then written; and taken back where
the disk refuses."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace

from chronus_tui.engine.bank import Bank
from chronus_tui.engine.player import PoolFull
from chronus_tui.engine.session import Happening, Moment, Place, Slots
from chronus_tui.engine.studio import Results, Studio
from chronus_tui.errors import CommandRefused
from store.documents import Pattern
from store.slot_changes import SlotChanges

Changes = dict[int, Pattern | None]
"""What slots of the current bank shall hold, None for nothing."""


def change_slots(
    studio: Studio,
    changes: Changes,
    told: Happening,
    after: Moment | None = None,
    entries: Mapping[int, int] | None = None,
) -> Future[Results]:
    """Let slots of the current bank hold something else; done when on disk, and `told` to all then.

    after    the working pattern and where it belongs, where that changes too
    entries  of the pool, where a pattern is compiled already, by slot

    Raises PoolFull, having changed nothing.
    """
    bank, session = studio.bank, studio.session
    session.publish()
    # What a file holds that cannot be read is not known, so undo leaves such a slot alone; its backup stays.
    held = {(bank.number, slot): bank.pattern(slot) for slot in changes if bank.problem(slot) is None}
    holds = {(bank.number, slot): pattern for slot, pattern in changes.items()}
    take_back = _take_up(bank, changes, entries)
    step = session.change_slots(held, holds, after or belonging(session.moment, holds))

    def take_all_back() -> None:
        take_back()
        session.take_back(step)

    return _write(studio, holds, take_all_back, told)


def belonging(moment: Moment, holds: Slots) -> Moment:
    """`moment` where slots hold something else: the pattern may differ from its slot now, or no longer."""
    if moment.place is None or moment.place not in holds:
        return moment
    return replace(moment, saved=holds[moment.place])


def undo(studio: Studio) -> Future[Results] | None:
    """Take back the last edit, load or change of slots. Raises CommandRefused where there is none."""
    return _travel(studio, back=True)


def redo(studio: Studio) -> Future[Results] | None:
    """Do again what was taken back. Raises CommandRefused where nothing was."""
    return _travel(studio, back=False)


def _travel(studio: Studio, back: bool) -> Future[Results] | None:
    """Go one step through the history; slots that held something else then hold it again, each with a backup."""
    session, bank = studio.session, studio.bank
    there, back_again = (session.undo, session.redo) if back else (session.redo, session.undo)
    before = session.moment.slots
    if not there():
        raise CommandRefused("There is nothing to undo." if back else "There is nothing to redo.")
    after = session.moment.slots
    holds = {place: after[place] for place in after if place in before and after[place] is not before[place]}
    if not holds:
        return None
    here: Changes = {slot: pattern for (number, slot), pattern in holds.items() if number == bank.number}
    try:
        take_back = _take_up(bank, here, None)
    except PoolFull:
        back_again()
        raise

    def take_all_back() -> None:
        take_back()
        session.slots_hold({place: before[place] for place in holds})

    return _write(studio, holds, take_all_back, Happening("/event/slots_changed", _numbers(holds)))


def _take_up(bank: Bank, changes: Changes, entries: Mapping[int, int] | None) -> "_TakeBack":
    take_back = _TakeBack(bank, changes)
    bank.hold(changes, entries)
    return take_back


class _TakeBack:
    """Lets the slots of a bank hold again what they do now, where nothing else came to hold there since."""

    def __init__(self, bank: Bank, changes: Changes) -> None:
        self._bank = bank
        self._number = bank.number
        self._changes = changes
        self._held = {slot: (bank.pattern(slot), bank.problem(slot)) for slot in changes}

    def __call__(self) -> None:
        """Take back."""
        bank = self._bank
        if bank.number != self._number:
            return  # that bank is read from the disk again when it is next at hand
        for slot, (pattern, problem) in self._held.items():
            if bank.pattern(slot) is not self._changes[slot]:
                continue
            if problem is not None:
                bank.mark(slot, problem)
            else:
                bank.hold({slot: pattern})


def _write(studio: Studio, holds: Slots, take_back: Callable[[], None], told: Happening) -> Future[Results]:
    def write() -> Results:
        SlotChanges(studio.project, studio.slots).make(holds)
        return ()

    return studio.on_disk(write, take_back, told.address, *told.arguments)


def _numbers(places: Mapping[Place, object]) -> tuple[int, ...]:
    return tuple(slot for _, slot in places)
