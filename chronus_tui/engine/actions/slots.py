"""Slots and banks: what is saved where, and what was.

Every change of a slot keeps what was there as a backup and is one step of undo.
"""

from concurrent.futures import Future

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.session import Happening
from chronus_tui.engine.slots.bank import BankContents, read_bank
from chronus_tui.engine.slots.changes import belonging, change_slots, take_from_disk
from chronus_tui.engine.slots.held import held_in, known, read_or_none, required, with_held, with_known
from chronus_tui.engine.slots.turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused, StoreError
from store.documents import Pattern
from store.limits import SLOTS
from store.moments import Moment, Place, Slots
from store.names import safe_name
from store.project import change_project


@action("/pattern/save")
@in_turn
def save(studio: Studio, call: Call, slot: int, bank: int | None) -> Future[Results]:
    """Save the working pattern to a slot. What is played from the slot is new at once; done when on disk."""
    session, place = studio.session, (bank or studio.bank.number, slot)
    session.publish()
    pattern, entry = session.pattern, session.compiled_entry()
    told = Happening("/event/slot_saved", (slot, pattern.name, place[0]))

    def take_up(held: Slots) -> Future[Results]:
        # Of what was edited or loaded while another bank's slot was read, nothing was asked to be saved.
        after = Moment(pattern, slot, pattern, place[0]) if session.pattern is pattern else None
        return change_slots(studio, {place: pattern}, told, after, {} if entry is None else {place: entry}, held)

    return with_known(studio, place, take_up)


@action("/pattern/save_free")
@in_turn
def save_free(studio: Studio, call: Call) -> Future[Results]:
    """Save the working pattern to the first slot of the bank that is empty, and tell which."""
    free = next((slot for slot in range(1, SLOTS + 1) if slot not in studio.bank.occupied()), None)
    if free is None:
        raise CommandRefused(f"Bank {studio.bank.number} has no empty slot; clear one, or go to another bank.")
    done: Future[Results] = Future()

    def tell(saved: Future[Results]) -> None:
        error = saved.exception()
        if error is None:
            done.set_result((free,))
        else:
            done.set_exception(error)

    save(studio, call, free, None).add_done_callback(tell)
    return done


@action("/pattern/clear")
@in_turn
def clear(studio: Studio, call: Call, slot: int, bank: int | None) -> Future[Results]:
    """Empty a slot."""
    place = (bank or studio.bank.number, slot)
    at_hand = place[0] == studio.bank.number

    def take_up(held: Slots) -> Future[Results]:
        empty = slot not in studio.bank.occupied() if at_hand else place in held and held[place] is None
        if empty:
            raise CommandRefused(f"Slot {slot} is empty already.")
        return change_slots(studio, {place: None}, Happening("/event/slot_cleared", (slot, place[0])), held=held)

    return with_known(studio, place, take_up)


@action("/pattern/copy")
@in_turn
def copy(studio: Studio, call: Call, source: int, target: int, from_bank: int | None) -> Future[Results]:
    """Let a slot hold what another one holds, which may be one of another bank."""
    bank = studio.bank
    place, source_place = (bank.number, target), (from_bank or bank.number, source)
    told = Happening("/event/slot_copied", (source, target, source_place[0], bank.number))
    _refuse_same(source_place, place)

    def take_up(held: Slots) -> Future[Results]:
        pattern = required(studio, source_place, held)
        return change_slots(studio, {place: pattern}, told, entries=_entries(studio, {place: source_place}))

    return with_held(studio, [source_place], take_up)


@action("/pattern/move")
@in_turn
def move(studio: Studio, call: Call, source: int, target: int, from_bank: int | None) -> Future[Results]:
    """Let a slot hold what another one held, which is empty then and may be one of another bank."""
    bank = studio.bank
    place, source_place = (bank.number, target), (from_bank or bank.number, source)
    told = Happening("/event/slot_moved", (source, target, source_place[0], bank.number))
    _refuse_same(source_place, place)

    def take_up(held: Slots) -> Future[Results]:
        # What is saved comes first, so that at every moment each pattern is in a slot or among the backups.
        holds = {place: required(studio, source_place, held), source_place: None}
        after = _following(studio, {source_place: place}, holds)
        return change_slots(studio, holds, told, after, _entries(studio, {place: source_place}), held)

    return with_held(studio, [source_place], take_up)


@action("/pattern/swap")
@in_turn
def swap(studio: Studio, call: Call, one: int, other: int, other_bank: int | None) -> Future[Results]:
    """Let two slots hold what the other one held; the second may be one of another bank."""
    bank = studio.bank
    first, second = (bank.number, one), (other_bank or bank.number, other)
    told = Happening("/event/slots_swapped", (one, other, first[0], second[0]))
    _refuse_same(first, second)

    def take_up(held: Slots) -> Future[Results]:
        found = {place: held_in(studio, place, held) for place in (first, second)}
        if not any(found.values()):
            raise CommandRefused(f"Slots {one} and {other} are both empty.")
        holds = {first: found[second], second: found[first]}
        holds = dict(sorted(holds.items(), key=lambda change: change[1] is None))
        after = _following(studio, {first: second, second: first}, holds)
        return change_slots(studio, holds, told, after, _entries(studio, {first: second, second: first}), held)

    return with_held(studio, [second], take_up)


@action("/pattern/rename")
@in_turn
def rename(studio: Studio, call: Call, slot: int, text: str, bank: int | None) -> Future[Results]:
    """Give the pattern in a slot another name; the working pattern too where it came from there and bears it."""
    named, place = safe_name(text), (bank or studio.bank.number, slot)
    told = Happening("/event/slot_renamed", (slot, named, place[0]))

    def take_up(held: Slots) -> Future[Results]:
        before = required(studio, place, held)
        renamed = replace(before, name=named)
        after = belonging(studio.session.moment, {place: renamed})
        if after.place == place and after.pattern.name == before.name:
            after = replace(after, pattern=renamed if after.pattern == before else replace(after.pattern, name=named))
        return change_slots(studio, {place: renamed}, told, after, _entries(studio, {place: place}), held)

    return with_held(studio, [place], take_up)


@action("/pattern/backups")
@in_turn
def backups(studio: Studio, call: Call, slot: int, bank: int | None) -> Future[Results]:
    """What was replaced in a slot, the newest first: number, time and name."""
    number = bank or studio.bank.number

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
def restore(studio: Studio, call: Call, slot: int, number: int | None, bank: int | None) -> Future[Results]:
    """Let a slot hold what it held before; what it holds now becomes the newest backup."""
    place = (bank or studio.bank.number, slot)

    def read() -> tuple[Pattern, Slots]:
        return studio.slots.read_backup(*place, number or 1), known(studio, place)

    def take_up(found: tuple[Pattern, Slots]) -> Future[Results]:
        pattern, held = found
        told = Happening("/event/slot_restored", (slot, pattern.name, place[0]))
        return change_slots(studio, {place: pattern}, told, held=held)

    return read_first(studio, read, take_up)


@action("/pattern/reload")
@in_turn
def reload(studio: Studio, call: Call, slot: int, bank: int | None) -> Future[Results]:
    """Let a slot hold what its file holds, which an editor or git changed; where the working pattern was the slot's,
    it follows."""
    place = (bank or studio.bank.number, slot)

    def take_up(found: Slots) -> Results:
        pattern = found[place]
        after = belonging(studio.session.moment, found)
        if after.place == place and pattern is not None and not studio.session.edited:
            after = replace(after, pattern=pattern)
        take_from_disk(studio, place, pattern, after)
        return ("" if pattern is None else pattern.name,)

    return read_first(studio, lambda: {place: read_or_none(studio, place)}, take_up)


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
            change_project(studio.project, bank=number)
        except StoreError as error:
            studio.tell("/event/failed", f"The bank is switched, but not noted for the next start. {error}")
        return (number,)

    def take_up(contents: BankContents) -> Future[Results]:
        studio.bank.take_up(contents)
        return studio.on_disk(remember, None, "/event/bank_switched", number)

    return read_first(
        studio, lambda: read_bank(studio.slots, number, studio.player.clips.numbers), take_up, rest_needs_it=True
    )


def _refuse_same(one: Place, other: Place) -> None:
    if one == other:
        raise CommandRefused(f"Slot {one[1]} is given twice; name two slots.")


def _entries(studio: Studio, sources: dict[Place, Place]) -> dict[Place, int]:
    """The pool's entries in which what slots shall hold is compiled already, by the slots it comes from."""
    bank = studio.bank
    found = {place: bank.entry(slot) for place, (number, slot) in sources.items() if number == bank.number}
    return {place: entry for place, entry in found.items() if entry is not None}


def _following(studio: Studio, ways: dict[Place, Place], holds: Slots) -> Moment:
    """The working pattern, which goes along where its slot does."""
    moment = studio.session.moment
    if moment.place is not None and moment.place in ways:
        number, slot = ways[moment.place]
        moment = replace(moment, bank=number, slot=slot)
    return belonging(moment, holds)
