"""The same thing done to many patterns of the library, one after another: what one of them refuses is told, and the
rest goes on.

Each function is a generator of steps: whoever goes through them may stop after any, and shows how far it is.
"""

from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import msgspec

from store.archives import Progress
from store.atomic import make_folder, write_atomically
from store.documents import Pattern
from store.errors import StoreError
from store.library.entries import Entry
from store.library.filters import Query
from store.library.library import Library
from store.midi.patterns import export_midi
from store.names import safe_tag


class Batch(msgspec.Struct, frozen=True):
    """What became of many patterns.

    found     how many there were
    changed   the full names of those to which something was done
    problems  why it was refused elsewhere, in sentences
    """

    found: int = 0
    changed: list[str] = msgspec.field(default_factory=list)
    problems: list[str] = msgspec.field(default_factory=list)


Steps = Generator[Progress, None, Batch]


def each(entries: Iterable[Entry], act: Callable[[Entry], bool]) -> Steps:
    """Let `act` do something to each; it tells whether that changed anything, and raises StoreError where it cannot."""
    chosen = list(entries)
    made = Batch(len(chosen))
    for number, entry in enumerate(chosen, 1):
        try:
            if act(entry):
                made.changed.append(entry.full_name)
        except StoreError as error:
            made.problems.append(str(error))
        yield number, len(chosen)
    return made


def edit_each(library: Library, query: Query, edit: Callable[[Pattern, str], Pattern], tag: str) -> Steps:
    """Let `edit` give each a tag, or take it. Raises BadName, before anything is done, where it is none."""
    tag = safe_tag(tag)
    entries = library.select(query)
    return (yield from each(entries, lambda entry: library.change(entry.full_name, lambda was: edit(was, tag))))


def convert_each(library: Library, query: Query) -> Steps:
    """Write each file anew that is of an older version or laid out otherwise; factory files stay as they are."""
    entries = library.select(query)
    return (yield from each(entries, lambda entry: not entry.factory and library.rewrite(entry.full_name)))


def export_midi_each(library: Library, query: Query, folder: Path) -> Steps:
    """Write each to a MIDI file below `folder`; what is there under its name is replaced."""

    def write(entry: Entry) -> bool:
        out = file_of(folder, entry.genre, entry.name, ".mid")
        write_atomically(out, export_midi(library.read(entry.full_name)), out.parent)
        return True

    entries = library.select(query)
    return (yield from each(entries, write))


def file_of(folder: Path, genre: str, name: str, ending: str) -> Path:
    """The file that is made of a pattern, by its genre and name below `folder`. Raises StoreError where the
    genre's folder cannot be made."""
    make_folder(folder / genre)
    return folder / genre / f"{name}{ending}"
