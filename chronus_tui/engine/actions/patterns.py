"""Slots, the library, undo."""

from concurrent.futures import Future

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.session import Moment
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.documents import Pattern
from store.names import safe_name


@action("/pattern/save")
def save(studio: Studio, call: Call, slot: int) -> Future[Results]:
    """Save the working pattern to a slot. What is played from the slot is new at once; done when on disk."""
    session, bank = studio.session, studio.bank
    session.publish()
    pattern, number = session.pattern, bank.number
    replaced, before = bank.pattern(slot), session.moment
    bank.put(slot, pattern, session.compiled_entry())
    session.saved_to(slot, pattern)

    def write() -> Results:
        studio.slots.write(number, slot, pattern)
        return ()

    def take_back() -> None:
        if bank.pattern(slot) is pattern:
            bank.remove(slot)
            if replaced is not None:
                bank.put(slot, replaced)
        if session.moment.saved is pattern:
            session.unsaved(before)

    return studio.on_disk(write, take_back, "/event/slot_saved", slot, pattern.name)


@action("/pattern/clear")
def clear(studio: Studio, call: Call, slot: int) -> Future[Results]:
    """Empty a slot."""
    bank, number = studio.bank, studio.bank.number
    if slot not in bank.occupied():
        raise CommandRefused(f"Slot {slot} is empty already.")
    before = bank.pattern(slot)
    bank.remove(slot)

    def write() -> Results:
        studio.slots.clear(number, slot)
        return ()

    def take_back() -> None:
        if before is not None and slot not in bank.occupied():
            bank.put(slot, before)

    return studio.on_disk(write, take_back, "/event/slot_cleared", slot)


@action("/pattern/load")
def load(studio: Studio, call: Call, slot: int, when: str | None) -> None:
    """Load a slot, at the bar unless told otherwise."""
    pattern = studio.bank.require(slot)
    _load(studio, call, Moment(pattern, slot, pattern), studio.bank.entry(slot), when)


@action("/pattern/cancel")
def cancel(studio: Studio, call: Call) -> None:
    """Forget the load that waits."""
    if not studio.session.cancel(call.frame):
        raise CommandRefused("No load is waiting.")


@action("/pattern/slots")
def slots(studio: Studio, call: Call) -> Results:
    """The occupied slots."""
    return tuple(studio.bank.occupied())


@action("/pattern/name")
def name(studio: Studio, call: Call, text: str) -> None:
    """Name the working pattern."""
    named = safe_name(text)
    studio.edit(call, lambda pattern: replace(pattern, name=named))


@action("/pattern/save_file")
def save_file(studio: Studio, call: Call, text: str) -> Future[Results]:
    """Save the working pattern to the library."""
    named = safe_name(text)
    pattern = replace(studio.session.pattern, name=named)

    def write() -> Results:
        path = studio.library.write(pattern, named)
        return (str(path.relative_to(studio.project)),)

    return studio.on_disk(write, None, "/event/file_saved", named)


@action("/pattern/load_file")
def load_file(studio: Studio, call: Call, text: str, when: str | None) -> Future[Results]:
    """Load a pattern of the library."""

    def take_up(pattern: Pattern) -> Results:
        _load(studio, call, Moment(pattern), None, when)
        return ()

    return studio.from_disk(lambda: studio.library.read(text), take_up)


@action("/pattern/list")
def list_library(studio: Studio, call: Call) -> Future[Results]:
    """The names in the library."""
    return studio.from_disk(lambda: tuple(studio.library.names()), lambda names: names)


@action("/pattern/undo")
def undo(studio: Studio, call: Call) -> None:
    """Take back the last edit or load."""
    if not studio.session.undo():
        raise CommandRefused("There is nothing to undo.")


@action("/pattern/redo")
def redo(studio: Studio, call: Call) -> None:
    """Do again what was taken back."""
    if not studio.session.redo():
        raise CommandRefused("There is nothing to redo.")


def _load(studio: Studio, call: Call, moment: Moment, entry: int | None, when: str | None) -> None:
    for happening in studio.session.load(moment, entry, when != "immediate", call.frame):
        studio.tell(happening.address, *happening.arguments)
