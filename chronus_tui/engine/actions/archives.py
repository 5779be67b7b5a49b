"""Archives: a selection of the library, or a bank, as one file in `patterns/export`, and back."""

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path

from chronus_tui.engine.actions import answers
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.session import Happening
from chronus_tui.engine.slices import in_slices
from chronus_tui.engine.slots.bank import Compiled, compile_apart
from chronus_tui.engine.slots.changes import change_slots
from chronus_tui.engine.slots.turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio
from store.archive_contents import packed_bank, packed_library, unpack_library
from store.archives import ENDING, Archive, Kind, Packed, Progress, pack, slot_of_member
from store.documents import Pattern
from store.exports import exported
from store.library.filters import query_of
from store.names import safe_name

"""Sentences in a reply: all of it has to fit into one datagram."""


@action("/library/export")
def export(studio: Studio, call: Call, name: str, filters: Sequence[str] | None) -> Future[Results]:
    """Write what the filters find to an archive: its path, how many patterns, and which were left out."""
    query = query_of(filters or ())
    return _pack(studio, name, "library", lambda: packed_library(studio.library, query))


@action("/library/export_bank")
@in_turn
def export_bank(studio: Studio, call: Call, name: str, bank: int | None) -> Future[Results]:
    """Write a bank to an archive: its path, how many patterns, and which were left out."""
    number = bank or studio.bank.number
    return _pack(studio, name, "bank", lambda: packed_bank(studio.slots, number))


@action("/library/files")
def files(studio: Studio, call: Call, words: str | None) -> Future[Results]:
    """The files that can be taken from `patterns/export`."""
    wanted = (words or "").casefold().split()

    def read() -> Results:
        found = exported(studio.project / "patterns" / "export")
        told = (name for name in found if all(word in name.casefold() for word in wanted))
        return answers.names(call, told, "files", "give a word of their names")

    return studio.from_disk(read, lambda names: names)


@action("/library/import")
@in_turn
def import_archive(studio: Studio, call: Call, name: str) -> Future[Results]:
    """Take what is in an archive: the kind, and how many patterns are new.

    A selection goes to the library; a pattern that it has already under that name gets a number. A bank goes to
    the slots of the bank at hand, as one step of undo; slots that the archive has not stay as they are.
    """
    path = _file(studio, name)

    def read() -> _Bank | None:
        with Archive(path) as archive:
            if archive.kind != "bank":
                return None
            patterns = {slot_of_member(member): archive.pattern(member) for member in archive.members}
        return patterns, compile_apart(patterns, studio.player.clips.numbers)

    def take_up(found: _Bank | None) -> Future[Results]:
        if found is not None:
            return _take_bank(studio, path.name, *found)
        return in_slices(studio, f"import {path.name}", _take_library(studio, path))

    return read_first(studio, read, take_up)


_Bank = tuple[dict[int, Pattern], dict[int, Compiled]]
"""The patterns of a bank by slot, and the same compiled."""


def _take_bank(
    studio: Studio, name: str, patterns: dict[int, Pattern], compiled: dict[int, Compiled]
) -> Future[Results]:
    number = studio.bank.number
    holds = {(number, slot): pattern for slot, pattern in patterns.items()}
    done: Future[Results] = Future()

    def finish(written: Future[Results]) -> None:
        error = written.exception()
        if error is None:
            done.set_result(("bank", len(patterns)))
        else:
            done.set_exception(error)

    told = Happening("/event/library_imported", (name, len(patterns)))
    change_slots(studio, holds, told, compiled=compiled).add_done_callback(finish)
    return done


def _take_library(studio: Studio, path: Path) -> Generator[Progress, None, Results]:
    new = yield from unpack_library(studio.library, path)
    studio.tell("/event/library_imported", path.name, new)
    studio.on_control(studio.library_history.forget)
    return "library", new


def _pack(studio: Studio, name: str, kind: Kind, files: Callable[[], Iterable[Packed]]) -> Future[Results]:
    path = _file(studio, name)

    def steps() -> Generator[Progress, None, Results]:
        count, left_out = yield from pack(path, kind, files(), studio.project / "patterns" / "temp")
        studio.tell("/event/library_exported", path.name, count)
        return (str(path.relative_to(studio.project)), count, *answers.shortened(left_out, "that cannot be read"))

    return in_slices(studio, f"export {path.name}", steps())


def _file(studio: Studio, text: str) -> Path:
    """The file that a name means, with or without its ending. Raises BadName where it is a path."""
    name = safe_name(text.strip().removesuffix(ENDING))
    return studio.project / "patterns" / "export" / f"{name}{ENDING}"
