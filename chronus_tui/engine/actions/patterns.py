"""The working pattern: what it is loaded from, its name, the library, undo."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from msgspec.structs import replace

from chronus_tui.engine import step_edits
from chronus_tui.engine.actions.library import opposite_of_save, readable
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.library_history import Opposite
from chronus_tui.engine.session import When
from chronus_tui.engine.slots import changes as slot_changes
from chronus_tui.engine.slots.held import required, with_held
from chronus_tui.engine.slots.turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.documents import Pattern
from store.library.library import UNSORTED
from store.library.tags import begun_from, with_tag, without_tag
from store.moments import Moment, Slots
from store.names import safe_name, safe_words
from store.scales import ROOTS


@action("/pattern/load")
@in_turn
def load(studio: Studio, call: Call, slot: int, when: When | None, number: int | None) -> Future[Results] | None:
    """Load a slot, at the bar unless told otherwise."""
    bank = studio.bank
    if number is None or number == bank.number:
        pattern = bank.require(slot)
        source = studio.slots.path(bank.number, slot)
        _load(studio, call, Moment(pattern, slot, pattern, bank.number), bank.entry(slot), when, source)
        return None

    def take_up(pattern: Pattern) -> None:
        _load(studio, call, Moment(pattern, slot, pattern, number), None, when, studio.slots.path(number, slot))

    return read_first(studio, lambda: studio.slots.read(number, slot), take_up)


@action("/pattern/back")
@in_turn
def back(studio: Studio, call: Call, when: When | None) -> Future[Results] | None:
    """Load the slot that the working pattern belonged to before, at the bar unless told otherwise."""
    place = studio.session.place_before
    if place is None:
        raise CommandRefused("There is no slot to go back to yet; load another one first.")
    number, slot = place
    return load(studio, call, slot, when, number)


@action("/pattern/cancel")
@in_turn
def cancel(studio: Studio, call: Call) -> None:
    """Forget the load that waits."""
    if not studio.session.cancel(call.frame):
        raise CommandRefused("No load is waiting.")


@action("/pattern/name")
def name(studio: Studio, call: Call, text: str) -> None:
    """Name the working pattern."""
    named = safe_name(text)
    studio.edit(call, lambda pattern: replace(pattern, name=named))


@action("/pattern/root")
def set_root(studio: Studio, call: Call, root: str) -> None:
    """Set the note that the scale begins on."""
    studio.edit(call, lambda pattern: replace(pattern, root=ROOTS.index(root)))


@action("/pattern/scale")
def set_scale(studio: Studio, call: Call, scale: str) -> None:
    """Choose the scale."""
    studio.edit(call, lambda pattern: replace(pattern, scale=scale))


@action("/pattern/scale_lock")
def lock_scale(studio: Studio, call: Call, on: int) -> None:
    """Play every note as the nearest one of the scale, or as it is written."""
    studio.edit(call, lambda pattern: replace(pattern, scale_lock=bool(on)))


@action("/pattern/seed")
def set_seed(studio: Studio, call: Call, seed: int) -> None:
    """Set the seed of all that is left to chance."""
    studio.edit(call, lambda pattern: replace(pattern, seed=seed), "seed")


@action("/pattern/lfo")
def set_lfo_target(studio: Studio, call: Call, number: int, target: str) -> None:
    """Let an LFO of the pattern move a parameter."""
    studio.edit(call, lambda pattern: step_edits.with_lfo_target(pattern, number - 1, target))


@action("/pattern/genre")
def genre(studio: Studio, call: Call, text: str) -> None:
    """Tell which genre the working pattern is of; none where that is empty."""
    named = safe_name(text) if text.strip() else ""
    studio.edit(call, lambda pattern: replace(pattern, genre=named))


@action("/pattern/tag")
def tag(studio: Studio, call: Call, text: str) -> None:
    """Give the working pattern a tag."""
    studio.edit(call, lambda pattern: with_tag(pattern, text))


@action("/pattern/untag")
def untag(studio: Studio, call: Call, text: str) -> None:
    """Take a tag from the working pattern."""
    studio.edit(call, lambda pattern: without_tag(pattern, text))


@action("/pattern/about")
def about(studio: Studio, call: Call, text: str) -> None:
    """Say something about the working pattern."""
    said = safe_words(text)
    studio.edit(call, lambda pattern: replace(pattern, about=said))


@action("/pattern/save_file")
@in_turn
def save_file(studio: Studio, call: Call, text: str) -> Future[Results]:
    """Save the working pattern to the library."""
    named = safe_name(text)
    pattern = replace(studio.session.pattern, name=named)

    def write() -> tuple[Results, Opposite]:
        full = f"{pattern.genre.strip() or UNSORTED}/{named}"
        before = readable(studio, full)
        path = studio.library.write(pattern, named)
        return (str(path.relative_to(studio.project)),), opposite_of_save(studio, full, before)

    def take_up(made: tuple[Results, Opposite]) -> Results:
        results, opposite = made
        studio.library_history.note(call.request.address, opposite)
        studio.tell("/event/file_saved", named)
        return results

    return studio.from_disk(write, take_up)


@action("/pattern/load_file")
@in_turn
def load_file(studio: Studio, call: Call, text: str, when: When | None) -> Future[Results]:
    """Load a pattern of the library."""

    def take_up(found: tuple[Pattern, Path]) -> Results:
        pattern, path = found
        _load(studio, call, Moment(begun_from(pattern)), None, when, path)
        studio.disk.submit(studio.library.note_use, text)
        return ()

    return read_first(studio, lambda: (studio.library.read(text), studio.library.path(text)), take_up)


@action("/pattern/morph")
@in_turn
def morph(
    studio: Studio, call: Call, one: int, other: int, amount: float, bank_a: int | None, bank_b: int | None
) -> Future[Results]:
    """Be between two slots."""
    return _between(
        studio,
        (bank_a, one),
        (bank_b, other),
        lambda first, second: studio.morph.set(first, second, amount, call.now_s),
    )


@action("/pattern/morph_over")
@in_turn
def morph_over(
    studio: Studio, call: Call, one: int, other: int, bars: float, bank_a: int | None, bank_b: int | None
) -> Future[Results]:
    """Go from one slot to another over so many bars."""

    def start(first: Pattern, second: Pattern) -> None:
        if not studio.session.playing:
            raise CommandRefused("Nothing plays; a morph over bars needs the transport to run.")
        studio.morph.start(first, second, bars * first.beats_per_bar, call.now_s)

    return _between(studio, (bank_a, one), (bank_b, other), start)


def _between(
    studio: Studio,
    one: tuple[int | None, int],
    other: tuple[int | None, int],
    go: Callable[[Pattern, Pattern], None],
) -> Future[Results]:
    """Go on with what two slots hold, each given by its bank, None for the one at hand, and its number."""
    first, second = ((bank or studio.bank.number, slot) for bank, slot in (one, other))
    kept = studio.morph.ends({place for place in (first, second) if place[0] != studio.bank.number})

    def take_up(read: Slots) -> None:
        held = read if kept is None else kept
        go(required(studio, first, held), required(studio, second, held))
        studio.morph.keep(held)

    return with_held(studio, [first, second] if kept is None else [], take_up)


@action("/pattern/undo")
@in_turn
def undo(studio: Studio, call: Call) -> Future[Results] | None:
    """Take back the last edit, load or change of slots."""
    return slot_changes.undo(studio)


@action("/pattern/redo")
@in_turn
def redo(studio: Studio, call: Call) -> Future[Results] | None:
    """Do again what was taken back."""
    return slot_changes.redo(studio)


def _load(studio: Studio, call: Call, moment: Moment, entry: int | None, when: When | None, file: Path) -> None:
    source = str(file.relative_to(studio.project)) if file.is_relative_to(studio.project) else file.name
    for happening in studio.session.load(moment, entry, when or "bar", call.frame, source=source):
        studio.tell(happening.address, *happening.arguments)
