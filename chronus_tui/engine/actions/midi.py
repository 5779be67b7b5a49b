"""MIDI files in the project's `patterns/export`."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from chronus_tui.engine.actions import answers
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.session import Happening, When
from chronus_tui.engine.slots.changes import change_slots
from chronus_tui.engine.slots.held import required, with_held
from chronus_tui.engine.slots.turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio, follow
from store.atomic import write_atomically
from store.documents import Pattern
from store.exports import MIDI_ENDING
from store.files import read_file
from store.midi.library import save_new
from store.midi.patterns import Imported, export_midi, import_midi
from store.midi.score import Performance
from store.midi.slots import save_as_chain, slots_for
from store.moments import Moment
from store.names import genre_and_name

"""Sentences in a reply: all of it has to fit into one datagram."""


@action("/pattern/export_midi")
@in_turn
def export(
    studio: Studio, call: Call, text: str, rounds: int | None, notes: str | None, slot: int | None, bank: int | None
) -> Future[Results]:
    """Write the working pattern, or what a slot holds, to a MIDI file."""
    performance = Performance(rounds or 1, everything=notes == "all")
    path = _file(studio, text)
    if slot is None:
        return _write(studio, path, studio.session.pattern, performance)
    place = (bank or studio.bank.number, slot)
    return with_held(studio, [place], lambda held: _write(studio, path, required(studio, place, held), performance))


def _write(studio: Studio, path: Path, pattern: Pattern, performance: Performance) -> Future[Results]:
    def write() -> Results:
        write_atomically(path, export_midi(pattern, performance), studio.project / "patterns" / "temp")
        return (str(path.relative_to(studio.project)),)

    return studio.on_disk(write, None, "/event/file_written", path.name)


@action("/pattern/import_midi")
@in_turn
def import_file(studio: Studio, call: Call, text: str, when: When | None, slot: int | None) -> Future[Results]:
    """Load a MIDI file: its first pattern becomes the working one, others go to the library; or all of them to slots.

    With a slot, the first goes there and the others to the next slots of the bank that are empty, as one step of
    undo, and a chain of them is saved. The results are how many patterns there are, the names of those in the
    library or of the chain, and in sentences what could not be taken.
    """
    path = _file(studio, text)

    def read() -> tuple[Imported, list[str]]:
        imported = import_midi(read_file(path), path.stem, str(path.relative_to(studio.project)))
        rest = () if slot is not None else imported.patterns[1:]
        return imported, [name for name, _ in save_new(studio.library, rest)]

    def take_up(made: tuple[Imported, list[str]]) -> Results | Future[Results]:
        imported, names = made
        if slot is not None:
            return _to_slots(studio, call, path.stem, imported, slot, when or "bar")
        _load(studio, call, Moment(imported.patterns[0]), None, when or "bar")
        return (len(imported.patterns), *names, *answers.shortened(imported.told, "of the kind"))

    return read_first(studio, read, take_up)


def _to_slots(studio: Studio, call: Call, name: str, imported: Imported, first: int, when: When) -> Future[Results]:
    bank, patterns = studio.bank, imported.patterns
    number = bank.number
    slots = slots_for(len(patterns), first, bank.occupied())
    holds = {(number, slot): pattern for slot, pattern in zip(slots, patterns, strict=True)}
    told = Happening("/event/bank_slots_changed", (number, *slots))
    done: Future[Results] = Future()

    def save_chain() -> Results:
        chain = save_as_chain(studio.chains, name, number, slots)
        return (len(patterns), chain, *answers.shortened(imported.told, "of the kind"))

    def finish(written: Future[Results]) -> None:
        error = written.exception()
        if error is not None:
            done.set_exception(error)
            return
        entry = bank.entry(first) if bank.number == number and bank.pattern(first) is patterns[0] else None
        _load(studio, call, Moment(patterns[0], first, patterns[0], number), entry, when)
        if len(slots) == 1:
            done.set_result((1, *answers.shortened(imported.told, "of the kind")))
        else:
            follow(done, studio.from_disk(save_chain, _saved(studio)))

    change_slots(studio, holds, told).add_done_callback(finish)
    return done


def _saved(studio: Studio) -> Callable[[Results], Results]:
    def tell(results: Results) -> Results:
        studio.tell("/event/chain_saved", results[1])
        return results

    return tell


def _load(studio: Studio, call: Call, moment: Moment, entry: int | None, when: When) -> None:
    for happening in studio.session.load(moment, entry, when, call.frame):
        studio.tell(happening.address, *happening.arguments)


def _file(studio: Studio, text: str) -> Path:
    """The file that a name means, or genre/name, with or without its ending. Raises BadName where it is a path."""
    genre, name = genre_and_name(text.strip().removesuffix(MIDI_ENDING))
    return studio.project / "patterns" / "export" / genre / f"{name}{MIDI_ENDING}"
