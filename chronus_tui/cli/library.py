"""`chronus library`: finding patterns of the library, and doing something to many of them at once, on the disk.

What `chronus library list` tells with some filters is what every other word acts on with the same filters. A running
engine is not disturbed: the library may be read and written by several programs. Only the slots are its own.
"""

import argparse
import json
import sys
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from chronus_tui.engine.factory import factory_library, library_of
from chronus_tui.engine.kernel_cache import use_kernel_cache
from chronus_tui.errors import ChronusError
from store.archive_contents import packed_bank, packed_library, unpack_library
from store.archives import Archive, Progress, pack, slot_of_member
from store.errors import ProjectInUse
from store.library.batch import Batch, convert_each, edit_each, export_midi_each
from store.library.entries import Entry
from store.library.filters import batch_query, query_of
from store.library.tags import with_tag, without_tag
from store.locks import ProjectLock
from store.slots.changes import SlotChanges
from store.slots.factory import fill_with_factory
from store.slots.slots import SlotStore

Result = TypeVar("Result")
Steps = Generator[Progress, None, Result]


def run(project: Path, arguments: argparse.Namespace) -> int:
    """Carry out one of the words behind `chronus library`; returns the exit code. Raises ChronusError."""
    made, lines = WAYS[arguments.way](project, arguments)
    problems = made.get("problems", [])
    if arguments.json:
        print(json.dumps(made))
    else:
        print("\n".join(lines))
        for problem in problems:
            print(problem, file=sys.stderr)
    return 1 if problems else 0


Made = tuple[dict[str, Any], list[str]]
"""What was made, as JSON tells it, and as lines for people; `problems` are sentences."""


def _list(project: Path, arguments: argparse.Namespace) -> Made:
    entries = library_of(project).select(query_of(arguments.filters))
    told = [
        {
            "name": entry.full_name,
            "genre": entry.genre,
            "tags": list(entry.tags),
            "about": entry.about,
            "bpm": entry.bpm,
            "factory": entry.factory,
            "problem": entry.problem,
        }
        for entry in entries
    ]
    return {"patterns": told}, [_line(entry) for entry in entries] or ["No pattern is found."]


def _line(entry: Entry) -> str:
    if entry.problem:
        return f"{entry.full_name}  (cannot be read: {entry.problem})"
    return "  ".join(filter(None, (entry.full_name, f"{entry.bpm:g}", " ".join(entry.tags), entry.about)))


def _tag(on: bool) -> Callable[[Path, argparse.Namespace], Made]:
    def act(project: Path, arguments: argparse.Namespace) -> Made:
        edit = with_tag if on else without_tag
        steps = edit_each(library_of(project), batch_query(arguments.filters), edit, arguments.tag)
        return _batch(arguments, "tagged" if on else "untagged", steps)

    return act


def _convert(project: Path, arguments: argparse.Namespace) -> Made:
    return _batch(arguments, "converted", convert_each(library_of(project), batch_query(arguments.filters)))


def _midi(project: Path, arguments: argparse.Namespace) -> Made:
    steps = export_midi_each(library_of(project), batch_query(arguments.filters), arguments.out)
    return _batch(arguments, "written", steps)


def _render(project: Path, arguments: argparse.Namespace) -> Made:
    use_kernel_cache()
    from chronus_tui.engine.offline.renderer import render_each

    library = library_of(project)
    entries = library.select(batch_query(arguments.filters))
    steps = render_each(library, entries, project, arguments.out, arguments.bars, arguments.tail, arguments.rate)
    return _batch(arguments, "rendered", steps)


def _export(project: Path, arguments: argparse.Namespace) -> Made:
    temp_dir = project / "patterns" / "temp"
    if arguments.bank is not None:
        if arguments.filters:
            raise ChronusError("A bank is exported whole; leave out the filters, or --bank.")
        steps = pack(arguments.out, "bank", packed_bank(SlotStore(project), arguments.bank), temp_dir)
    else:
        files = packed_library(library_of(project), query_of(arguments.filters))
        steps = pack(arguments.out, "library", files, temp_dir)
    count, left_out = _with_bar("export", steps)
    made = {"path": str(arguments.out), "count": count, "problems": left_out}
    return made, [f"{arguments.out}: {count} patterns"]


def _import(project: Path, arguments: argparse.Namespace) -> Made:
    with Archive(arguments.file) as archive:
        kind, count = archive.kind, len(archive.members)
        if kind == "bank":
            _import_bank(project, arguments.bank or 1, archive)
            return {"kind": kind, "bank": arguments.bank or 1, "count": count}, [
                f"{count} slots of bank {arguments.bank or 1}; what was there is among their backups"
            ]
    if arguments.bank is not None:
        raise ChronusError(f"{arguments.file} holds a selection of the library, and no bank; leave out --bank.")
    new = _with_bar("import", unpack_library(library_of(project), arguments.file))
    return {"kind": kind, "count": count, "new": new}, [f"{new} new patterns, {count - new} that were there already"]


def _import_bank(project: Path, bank: int, archive: Archive) -> None:
    try:
        with ProjectLock(project):
            fill_with_factory(project, factory_library())  # a bank that is there already gets none later
            slots = SlotStore(project)
            changes = SlotChanges(project, slots)
            changes.make({(bank, slot_of_member(member)): archive.pattern(member) for member in archive.members})
            changes.settle()
    except ProjectInUse as error:
        raise ChronusError(
            "The project's engine runs, and the slots are its own; put the archive into patterns/export and let it do "
            "that: chronus send /library/import NAME"
        ) from error


def _batch(arguments: argparse.Namespace, done: str, steps: Steps[Batch]) -> Made:
    """What was done to all that the filters find."""
    batch = _with_bar(arguments.way, steps)
    made = {"found": batch.found, done: batch.changed, "problems": batch.problems}
    return made, [*batch.changed, f"{len(batch.changed)} of {batch.found} patterns {done}."]


def _with_bar(what: str, steps: Steps[Result]) -> Result:
    """Go through all steps, with a bar on standard error where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        while True:
            try:
                done, total = next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            bar.update(task, completed=done, total=total)


WAYS: dict[str, Callable[[Path, argparse.Namespace], Made]] = {
    "list": _list,
    "tag": _tag(on=True),
    "untag": _tag(on=False),
    "convert": _convert,
    "midi": _midi,
    "render": _render,
    "export": _export,
    "import": _import,
}
HELP: Iterable[tuple[str, str]] = (
    ("list", "tell which patterns the filters find"),
    ("tag", "give a tag to all that the filters find"),
    ("untag", "take a tag from all that the filters find"),
    ("convert", "write all that the filters find in the current format; what was there is kept as a backup"),
    ("midi", "write all that the filters find to MIDI files"),
    ("render", "write all that the filters find to sound files"),
    ("export", "write all that the filters find, or a bank, to one archive"),
    ("import", "take the patterns of an archive"),
)
