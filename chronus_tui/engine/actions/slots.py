"""Slots and banks: what is saved where, and what was.

Every change of a slot keeps what was there as a backup and is one step of undo.
"""

from concurrent.futures import Future
from dataclasses import replace as become

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.bank import BankContents, read_bank
from chronus_tui.engine.session import Happening, Moment
from chronus_tui.engine.slot_steps import belonging, change_slots
from chronus_tui.engine.slot_turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused, StoreError
from store.documents import Pattern
from store.names import safe_name
from store.project import remember_bank


@action("/pattern/save")
@in_turn
def save(studio: Studio, call: Call, slot: int) -> Future[Results]:
    """Save the working pattern to a slot. What is played from the slot is new at once; done when on disk."""
    session = studio.session
    session.publish()
    pattern, entry = session.pattern, session.compiled_entry()
    after = Moment(pattern, slot, pattern, studio.bank.number)
    told = Happening("/event/slot_saved", (slot, pattern.name))
    return change_slots(studio, {slot: pattern}, told, after, {} if entry is None else {slot: entry})


@action("/pattern/clear")
@in_turn
def clear(studio: Studio, call: Call, slot: int) -> Future[Results]:
    """Empty a slot."""
    if slot not in studio.bank.occupied():
        raise CommandRefused(f"Slot {slot} is empty already.")
    return change_slots(studio, {slot: None}, Happening("/event/slot_cleared", (slot,)))


@action("/pattern/copy")
@in_turn
def copy(studio: Studio, call: Call, source: int, target: int, from_bank: int | None) -> Future[Results]:
    """Let a slot hold what another one holds, which may be one of another bank."""
    bank = studio.bank
    number = from_bank or bank.number
    told = Happening("/event/slot_copied", (source, target, number))
    if number != bank.number:
        return read_first(
            studio,
            lambda: studio.slots.read(number, source),
            lambda pattern: change_slots(studio, {target: pattern}, told),
        )
    _refuse_same(source, target)
    return change_slots(studio, {target: bank.require(source)}, told, entries=_entries(studio, {target: source}))


@action("/pattern/move")
@in_turn
def move(studio: Studio, call: Call, source: int, target: int) -> Future[Results]:
    """Let a slot hold what another one held, which is empty then."""
    _refuse_same(source, target)
    changes = {target: studio.bank.require(source), source: None}
    after = _following(studio, {source: target}, changes)
    told = Happening("/event/slot_moved", (source, target))
    return change_slots(studio, changes, told, after, _entries(studio, {target: source}))


@action("/pattern/swap")
@in_turn
def swap(studio: Studio, call: Call, one: int, other: int) -> Future[Results]:
    """Let two slots hold what the other one held."""
    _refuse_same(one, other)
    bank = studio.bank
    if not {one, other} & set(bank.occupied()):
        raise CommandRefused(f"Slots {one} and {other} are both empty.")
    occupied = [slot for slot in (one, other) if slot in bank.occupied()]
    held = {slot: bank.require(slot) for slot in occupied}
    changes = {one: held.get(other), other: held.get(one)}
    # What is saved comes first, so that at every moment each pattern is in a slot or among the backups.
    changes = dict(sorted(changes.items(), key=lambda change: change[1] is None))
    after = _following(studio, {one: other, other: one}, changes)
    entries = _entries(studio, {slot: other if slot == one else one for slot in (one, other)})
    return change_slots(studio, changes, Happening("/event/slots_swapped", (one, other)), after, entries)


@action("/pattern/rename")
@in_turn
def rename(studio: Studio, call: Call, slot: int, text: str) -> Future[Results]:
    """Give the pattern in a slot another name; the working pattern too where it came from there and bears it."""
    named = safe_name(text)
    before = studio.bank.require(slot)
    renamed = replace(before, name=named)
    after = belonging(studio.session.moment, {(studio.bank.number, slot): renamed})
    if after.place == (studio.bank.number, slot) and after.pattern.name == before.name:
        after = become(after, pattern=renamed if after.pattern == before else replace(after.pattern, name=named))
    told = Happening("/event/slot_renamed", (slot, named))
    return change_slots(studio, {slot: renamed}, told, after, _entries(studio, {slot: slot}))


@action("/pattern/backups")
@in_turn
def backups(studio: Studio, call: Call, slot: int) -> Future[Results]:
    """What was replaced in a slot, the newest first: number, time and name."""
    number = studio.bank.number

    def read() -> Results:
        found = studio.slots.list_backups(number, slot)
        return tuple(
            f"{backup.number} {backup.replaced.astimezone():%Y-%m-%d %H:%M:%S} "
            f"{'(cannot be read)' if backup.name is None else backup.name}"
            for backup in found
        )

    return studio.from_disk(read, lambda lines: lines)


@action("/pattern/restore")
@in_turn
def restore(studio: Studio, call: Call, slot: int, number: int | None) -> Future[Results]:
    """Let a slot hold what it held before; what it holds now becomes the newest backup."""
    bank = studio.bank.number

    def take_up(pattern: Pattern) -> Future[Results]:
        return change_slots(studio, {slot: pattern}, Happening("/event/slot_restored", (slot, pattern.name)))

    return read_first(studio, lambda: studio.slots.read_backup(bank, slot, number or 1), take_up)


@action("/pattern/slots")
@in_turn
def slots(studio: Studio, call: Call) -> Results:
    """The occupied slots."""
    return tuple(studio.bank.occupied())


@action("/pattern/bank")
@in_turn
def bank(studio: Studio, call: Call, number: int | None) -> Results | Future[Results]:
    """Have the slots of another bank at hand. What plays goes on, and stays the working pattern."""
    if number is None or number == studio.bank.number:
        return (studio.bank.number,)

    def remember() -> Results:
        try:
            remember_bank(studio.project, number)
        except StoreError as error:
            studio.tell("/event/failed", f"The bank is switched, but not noted for the next start. {error}")
        return (number,)

    def take_up(contents: BankContents) -> Future[Results]:
        studio.bank.take_up(contents)
        return studio.on_disk(remember, None, "/event/bank_switched", number)

    return read_first(
        studio, lambda: read_bank(studio.slots, number, studio.player.clips.numbers), take_up, rest_needs_it=True
    )


def _refuse_same(one: int, other: int) -> None:
    if one == other:
        raise CommandRefused(f"Slot {one} is given twice; name two slots.")


def _entries(studio: Studio, sources: dict[int, int]) -> dict[int, int]:
    """The pool's entries in which what slots shall hold is compiled already, by the slots it comes from."""
    found = {slot: studio.bank.entry(source) for slot, source in sources.items()}
    return {slot: entry for slot, entry in found.items() if entry is not None}


def _following(studio: Studio, ways: dict[int, int], changes: dict[int, Pattern | None]) -> Moment:
    """The working pattern, which goes along where its slot does."""
    moment, number = studio.session.moment, studio.bank.number
    if moment.bank == number and moment.slot in ways:
        moment = become(moment, slot=ways[moment.slot])
    return belonging(moment, {(number, slot): pattern for slot, pattern in changes.items()})
