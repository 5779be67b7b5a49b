"""MIDI files in the project's `patterns/export`."""

from concurrent.futures import Future
from pathlib import Path

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.session import Moment, When
from chronus_tui.engine.studio import Call, Studio
from store.atomic import write_atomically
from store.files import read_file
from store.midi import Imported, export_midi, import_midi
from store.midi_library import save_new
from store.midi_score import Performance
from store.names import safe_name

ENDING = ".mid"
TOLD_MAX = 20
"""Sentences in a reply: all of it has to fit into one datagram."""


@action("/pattern/export_midi")
def export(studio: Studio, call: Call, text: str, rounds: int | None, notes: str | None) -> Future[Results]:
    """Write the working pattern to a MIDI file."""
    performance = Performance(rounds or 1, everything=notes == "all")
    path = _file(studio, text)
    pattern = studio.session.pattern

    def write() -> Results:
        write_atomically(path, export_midi(pattern, performance), studio.project / "patterns" / "temp")
        return (str(path.relative_to(studio.project)),)

    return studio.on_disk(write, None, "/event/file_saved", path.name)


@action("/pattern/import_midi")
def import_file(studio: Studio, call: Call, text: str, when: When | None) -> Future[Results]:
    """Load a MIDI file: its first pattern becomes the working one, others go to the library.

    The results are how many patterns there are, the names of those in the library, and in sentences what
    could not be taken.
    """
    path = _file(studio, text)

    def read() -> tuple[Imported, list[str]]:
        imported = import_midi(read_file(path), path.stem, str(path.relative_to(studio.project)))
        return imported, [name for name, _ in save_new(studio.library, imported.patterns[1:])]

    def take_up(made: tuple[Imported, list[str]]) -> Results:
        imported, names = made
        moment = Moment(imported.patterns[0])
        for happening in studio.session.load(moment, None, when or "bar", call.frame):
            studio.tell(happening.address, *happening.arguments)
        told = imported.told[:TOLD_MAX]
        more = len(imported.told) - len(told)
        return (len(imported.patterns), *names, *told, *([f"And {more} more of the kind."] if more else []))

    return studio.from_disk(read, take_up)


def _file(studio: Studio, text: str) -> Path:
    """The file that a name means, or genre/name, with or without its ending. Raises BadName where it is a path."""
    genre, _, name = text.strip().removesuffix(ENDING).rpartition("/")
    folder = studio.project / "patterns" / "export"
    return (folder / safe_name(genre) if genre else folder) / f"{safe_name(name)}{ENDING}"
