"""Changing what slots hold: new at once to whoever loads, undone as one step, then written; and taken back where
the disk refuses."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from msgspec.structs import replace

from chronus_tui.engine.player import PoolFull
from chronus_tui.engine.session import Happening
from chronus_tui.engine.slots.bank import KEPT_FROM, Bank, Compiled, compile_apart
from chronus_tui.engine.slots.turns import read_first
from chronus_tui.engine.studio import Results, Studio
from chronus_tui.errors import ChronusError, CommandRefused
from store.documents import Pattern
from store.moments import Moment, Place, Slots

Changes = dict[int, Pattern | None]
"""What slots of the current bank shall hold, None for nothing."""


def change_slots(
    studio: Studio,
    holds: Slots,
    told: Happening,
    after: Moment | None = None,
    entries: Mapping[Place, int] | None = None,
    held: Slots | None = None,
    compiled: Mapping[int, Compiled] | None = None,
) -> Future[Results]:
    """Let slots hold something else; done when on disk, and `told` to all then.

    after    the working pattern and where it belongs, where that changes too
    entries  of the pool, where a pattern is compiled already
    held     what slots of other banks hold now, where that is known
    compiled patterns for slots of the bank at hand that are compiled beside the pool

    Raises PoolFull, having changed nothing.
    """
    studio.session.publish()
    after = after or belonging(studio.session.moment, holds)
    return _change(studio, holds, told, after, entries or {}, held or {}, compiled)


def take_from_disk(studio: Studio, place: Place, pattern: Pattern | None, after: Moment) -> None:
    """Let a slot hold what its file holds already, as one step of undo, and tell."""
    bank, session = studio.bank, studio.session
    session.publish()
    if place[0] != bank.number:  # of such a slot only what the working pattern came from is known
        held = {place: session.moment.saved} if session.moment.place == place else {}
        bank.note_change(place, changed=False)
    else:
        held = {} if bank.problem(place[1]) is not None else {place: bank.pattern(place[1])}
    _take_up(bank, {place: pattern}, {})
    studio.morph.forget([place])
    session.change_slots(held, {place: pattern}, after)
    studio.tell("/event/slot_reloaded", place[1], "" if pattern is None else pattern.name, place[0])


def belonging(moment: Moment, holds: Slots) -> Moment:
    """`moment` where slots hold something else: the pattern may differ from its slot now, or no longer."""
    if moment.place is None or moment.place not in holds:
        return moment
    return replace(moment, saved=holds[moment.place])


def save_on_switch(studio: Studio) -> None:
    """Let slots be saved when another pattern is loaded in place of an edited one, where the project wants it."""

    def leave(coming: Moment) -> None:
        session = studio.session
        left, entry = session.moment, session.compiled_entry()
        if left.place is None or left.place == coming.place or not session.edited or not studio.settings.save_on_switch:
            return
        told = Happening("/event/slot_saved", (left.place[1], left.pattern.name, left.place[0]))
        after = replace(left, saved=left.pattern)
        entries = {} if entry is None else {left.place: entry}
        try:
            written = _change(studio, {left.place: left.pattern}, told, after, entries, {left.place: left.saved})
        except PoolFull as refusal:
            studio.tell("/event/failed", _not_saved(left.place, refusal))
            return
        written.add_done_callback(lambda done: _tell_failure(studio, left.place, done))

    studio.session.leave = leave


def _tell_failure(studio: Studio, place: Place | None, done: Future[Results]) -> None:
    error = done.exception()
    if isinstance(error, ChronusError) and place is not None:
        studio.tell("/event/failed", _not_saved(place, error))


def _not_saved(place: Place, error: ChronusError) -> str:
    return f"Slot {place[1]} of bank {place[0]} was not saved on the switch; undo brings back what was edited. {error}"


def undo(studio: Studio) -> Future[Results] | None:
    """Take back the last edit, load or change of slots. Raises CommandRefused where there is none."""
    return _travel(studio, back=True)


def redo(studio: Studio) -> Future[Results] | None:
    """Do again what was taken back. Raises CommandRefused where nothing was."""
    return _travel(studio, back=False)


def _travel(studio: Studio, back: bool) -> Future[Results] | None:
    """Go one step through the history; slots that held something else then hold it again, each with a backup.

    A bank of them is compiled on the disk's thread first; an edit that comes in meanwhile refuses the step.
    """
    there = _next_moment(studio, back)
    fresh = {
        place[1]: pattern
        for place, pattern in _differing(studio.session.moment, there).items()
        if place[0] == studio.bank.number and pattern is not None and not studio.bank.has_compiled(pattern)
    }
    if len(fresh) < KEPT_FROM:
        return _go(studio, back, {})

    def go(compiled: dict[int, Compiled]) -> Future[Results] | None:
        if _next_moment(studio, back) is not there:
            raise CommandRefused("The pattern was edited while the slots were made ready; try again.")
        return _go(studio, back, compiled)

    return read_first(studio, lambda: compile_apart(fresh, studio.player.clips.numbers), go)


def _next_moment(studio: Studio, back: bool) -> Moment:
    """What undo or redo comes to. Raises CommandRefused where there is nothing."""
    history = studio.session.history
    there = history.past if back else history.future
    if not there:
        raise CommandRefused("There is nothing to undo." if back else "There is nothing to redo.")
    return there[-1]


def _differing(now: Moment, there: Moment) -> Slots:
    """What the slots hold at a moment that hold something else now."""
    return {
        place: pattern
        for place, pattern in there.slots.items()
        if place in now.slots and pattern is not now.slots[place]
    }


def _go(studio: Studio, back: bool, compiled: Mapping[int, Compiled]) -> Future[Results] | None:
    session, bank = studio.session, studio.bank
    there, back_again = (session.undo, session.redo) if back else (session.redo, session.undo)
    before = session.moment
    there()
    holds = _differing(before, session.moment)
    if not holds:
        return None
    try:
        take_back = _take_up(bank, holds, {}, compiled)
    except PoolFull:
        back_again()
        raise

    def take_all_back() -> None:
        take_back()
        session.slots_hold({place: before.slots[place] for place in holds})

    written = _write(studio, holds, take_all_back, Happening("/event/slots_changed", tuple(slot for _, slot in holds)))
    written.add_done_callback(lambda done: _tell_banks(studio, holds, done))
    return written


def _change(
    studio: Studio,
    holds: Slots,
    told: Happening,
    after: Moment,
    entries: Mapping[Place, int],
    held: Slots,
    compiled: Mapping[int, Compiled] | None = None,
) -> Future[Results]:
    bank, session = studio.bank, studio.session
    # What a file holds that cannot be read is not known, so undo leaves such a slot alone; its backup stays.
    here = {
        place: bank.pattern(place[1]) for place in holds if place[0] == bank.number and bank.problem(place[1]) is None
    }
    take_back = _take_up(bank, holds, entries, compiled)
    step = session.change_slots({**held, **here}, holds, after)

    def take_all_back() -> None:
        take_back()
        session.take_back(step)

    return _write(studio, holds, take_all_back, told)


def _take_up(
    bank: Bank, holds: Slots, entries: Mapping[Place, int], compiled: Mapping[int, Compiled] | None = None
) -> "_TakeBack":
    """Let the slots that are at hand hold something else."""
    changes = {slot: pattern for (number, slot), pattern in holds.items() if number == bank.number}
    take_back = _TakeBack(bank, changes)
    known = {slot: entry for (number, slot), entry in entries.items() if number == bank.number}
    bank.hold(changes, known, compiled)
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
    studio.morph.forget(holds)

    def write() -> Results:
        studio.changes.make(holds)
        return ()

    written = studio.on_disk(write, take_back, told.address, *told.arguments)
    # Whoever asked hears of the save while the disk is still busy with what can wait.
    studio.afterwards(studio.disk.submit(studio.changes.settle), lambda settled: _tell_if_unsettled(studio, settled))
    return written


def _tell_if_unsettled(studio: Studio, settled: Future[None]) -> None:
    try:
        settled.result()
    except ChronusError as error:
        studio.tell("/event/failed", str(error))


def _tell_banks(studio: Studio, holds: Slots, written: Future[Results]) -> None:
    """Tell which slots of which bank were changed, each bank apart."""
    if written.exception() is not None:
        return
    for bank in dict.fromkeys(bank for bank, _ in holds):
        studio.tell("/event/bank_slots_changed", bank, *(slot for number, slot in holds if number == bank))
