"""The library: finding its patterns, and what is done to them there.

All of it runs on the disk's thread and touches neither the working pattern nor the slots. The way back is the
trash, and the backups of what was changed; undo goes it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.actions import answers
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.library_history import REDO, UNDO, Opposite
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import StoreError
from store.documents import Pattern
from store.library.entries import Entry
from store.library.filters import query_of
from store.library.tags import FAVOURITE, TEMPLATE, with_tag, without_tag
from store.names import safe_words


@action("/pattern/list")
def list_patterns(studio: Studio, call: Call, filters: Sequence[str] | None) -> Future[Results]:
    """The names of what the filters find. A file that cannot be read is told as such."""
    query = query_of(filters or ())

    def read() -> Results:
        found = studio.library.select(query)
        told = (f"{each.full_name} (cannot be read)" if each.problem else each.full_name for each in found)
        return answers.names(call, told, "patterns", "ask for limit=500, then for from=501")

    return studio.from_disk(read, lambda told: told)


@action("/library/browse")
def browse(studio: Studio, call: Call, filters: Sequence[str] | None) -> Future[Results]:
    """All about what the filters find, as JSON: "found", "of", and a "patterns" list as limited."""
    query = query_of(filters or ())

    def read() -> Results:
        entries = studio.library.entries()
        found = studio.library.select(query._replace(limit=None, start=1), entries)
        first = query.start - 1
        shown = found[first : None if query.limit is None else first + query.limit]
        told = {"found": len(found), "of": len(entries), "patterns": [_told(entry) for entry in shown]}
        return (msgspec.json.encode(told).decode(),)

    return studio.from_disk(read, lambda results: results)


@action("/library/audition")
def audition(studio: Studio, call: Call, name: str | None) -> Future[Results] | None:
    """Hear a pattern in place of the working one, or come back."""
    if not name:
        studio.audition.stop(call.frame)
        return None
    wish = studio.audition.wish(call.request.client)

    def read() -> tuple[Pattern, str]:
        return studio.library.read(name), studio.library.full_name(name)

    def take_up(found: tuple[Pattern, str]) -> Results:
        studio.audition.start(wish, *found, call.frame)
        return ()

    done = studio.from_disk(read, take_up)
    done.add_done_callback(lambda _: studio.audition.forget(wish))
    return done


@action("/library/tag")
def tag(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Give a pattern a tag."""
    return _change(studio, call, name, lambda pattern: with_tag(pattern, text))


@action("/library/untag")
def untag(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Take a tag from a pattern."""
    return _change(studio, call, name, lambda pattern: without_tag(pattern, text))


@action("/library/favourite")
def favourite(studio: Studio, call: Call, name: str, on: int) -> Future[Results]:
    """Count a pattern among the favourites, or no longer."""
    return _change(studio, call, name, lambda pattern: (with_tag if on else without_tag)(pattern, FAVOURITE))


@action("/library/template")
def template(studio: Studio, call: Call, name: str, on: int) -> Future[Results]:
    """Let a pattern be a template, or no longer."""
    return _change(studio, call, name, lambda pattern: (with_tag if on else without_tag)(pattern, TEMPLATE))


@action("/library/about")
def about(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Say something about a pattern."""
    said = safe_words(text)
    return _change(studio, call, name, lambda pattern: replace(pattern, about=said))


@action("/library/rename")
def rename(studio: Studio, call: Call, name: str, new: str) -> Future[Results]:
    """Give a pattern another name, or another genre too."""

    def write() -> Made:
        old = studio.library.full_name(name)
        named = studio.library.rename(name, new)
        studio.tell("/event/file_renamed", old, named)
        return (named, f"/library/rename '{named}' '{old}' names it back."), lambda call: rename(
            studio, call, named, old
        )

    return _noted(studio, call, write)


@action("/library/delete")
def delete(studio: Studio, call: Call, name: str) -> Future[Results]:
    """Move a pattern to the trash."""

    def write() -> Made:
        named = studio.library.delete(name)
        studio.tell("/event/file_deleted", named)
        return (named, f"/library/restore '{named}' brings it back."), lambda call: restore(studio, call, named, None)

    return _noted(studio, call, write)


@action("/library/trash")
def trash(studio: Studio, call: Call) -> Future[Results]:
    """What was deleted, the latest first: time and name."""

    def read() -> Results:
        return tuple(f"{each.deleted.astimezone():%Y-%m-%d %H:%M:%S} {each.name}" for each in studio.library.trash())

    return studio.from_disk(read, lambda lines: lines)


@action("/library/restore")
def restore(studio: Studio, call: Call, name: str, number: int | None) -> Future[Results]:
    """Bring back a pattern out of the trash, or what it was before."""

    def write() -> Made:
        before = None if studio.library.was_deleted(name) else readable(studio, name)
        named = studio.library.restore(name, number or 1)
        studio.tell("/event/file_restored", named)
        return (named,), opposite_of_save(studio, named, before)

    return _noted(studio, call, write)


@action(UNDO, REDO)
def take_back(studio: Studio, call: Call) -> Future[Results]:
    """Do the opposite of the last change of the library, or of what was taken back last."""
    return studio.library_history.take(call.request.address)(call)


@action("/library/empty_trash")
def empty_trash(studio: Studio, call: Call) -> Future[Results]:
    """Delete for good what is in the trash."""

    def write() -> Results:
        count = studio.library.empty_trash()
        studio.tell("/event/trash_emptied", count)
        return (count,)

    return studio.from_disk(write, lambda results: results)


Made = tuple[Results, Opposite | None]
"""The results of a change, and its opposite where anything was changed."""


def _noted(studio: Studio, call: Call, write: Callable[[], Made]) -> Future[Results]:
    """Change the library on the disk's thread, and keep what takes that back."""

    def take_up(made: Made) -> Results:
        results, opposite = made
        if opposite is not None:
            studio.library_history.note(call.request.address, opposite)
        return results

    return studio.from_disk(write, take_up)


def _change(studio: Studio, call: Call, name: str, edit: Callable[[Pattern], Pattern]) -> Future[Results]:
    befores: list[Pattern] = []

    def noted(before: Pattern) -> Pattern:
        befores.append(before)
        return edit(before)

    def write() -> Made:
        if not studio.library.change(name, noted):
            return (), None
        named = studio.library.full_name(name)
        studio.tell("/event/file_changed", named)
        told = f"/library/restore '{named}' brings back what it was."
        return (told,), opposite_of_save(studio, named, befores[-1])

    return _noted(studio, call, write)


def opposite_of_save(studio: Studio, name: str, before: Pattern | None) -> Opposite:
    """What lets a pattern be what it was `before`, or not be there where that is None."""
    if before is None:
        return lambda call: delete(studio, call, name)
    return lambda call: _change(studio, call, name, lambda _: before)


def readable(studio: Studio, name: str) -> Pattern | None:
    """What a pattern is, or None where there is none that can be read."""
    with suppress(StoreError):
        return studio.library.read(name)
    return None


def _told(entry: Entry) -> dict[str, object]:
    """An entry as a program reads it."""
    return {
        "name": entry.name,
        "genre": entry.genre,
        "tags": entry.tags,
        "about": entry.about,
        "bpm": entry.bpm,
        "factory": entry.factory,
        "problem": entry.problem,
    }
