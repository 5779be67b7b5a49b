"""The library: finding its patterns, and what is done to them there.

All of it runs on the disk's thread and touches neither the working pattern nor the slots. The way back is the
trash, and the backups of what was changed.
"""

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.actions import answers
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.studio import Call, Studio
from store.documents import Pattern
from store.library_entries import Entry
from store.library_search import query_of
from store.library_tags import FAVOURITE, TEMPLATE, with_tag, without_tag
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
        found = studio.library.select(dataclasses.replace(query, limit=None, start=1), entries)
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

    def read() -> tuple[Pattern, str]:
        return studio.library.read(name), studio.library.full_name(name)

    def take_up(found: tuple[Pattern, str]) -> Results:
        studio.audition.start(*found, call.frame)
        studio.audition.client = call.request.client
        return ()

    return studio.from_disk(read, take_up)


@action("/library/tag")
def tag(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Give a pattern a tag."""
    return _change(studio, name, lambda pattern: with_tag(pattern, text))


@action("/library/untag")
def untag(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Take a tag from a pattern."""
    return _change(studio, name, lambda pattern: without_tag(pattern, text))


@action("/library/favourite")
def favourite(studio: Studio, call: Call, name: str, on: int) -> Future[Results]:
    """Count a pattern among the favourites, or no longer."""
    return _change(studio, name, lambda pattern: (with_tag if on else without_tag)(pattern, FAVOURITE))


@action("/library/template")
def template(studio: Studio, call: Call, name: str, on: int) -> Future[Results]:
    """Let a pattern be a template, or no longer."""
    return _change(studio, name, lambda pattern: (with_tag if on else without_tag)(pattern, TEMPLATE))


@action("/library/about")
def about(studio: Studio, call: Call, name: str, text: str) -> Future[Results]:
    """Say something about a pattern."""
    said = safe_words(text)
    return _change(studio, name, lambda pattern: replace(pattern, about=said))


@action("/library/rename")
def rename(studio: Studio, call: Call, name: str, new: str) -> Future[Results]:
    """Give a pattern another name, or another genre too."""

    def write() -> Results:
        old = studio.library.full_name(name)
        named = studio.library.rename(name, new)
        studio.tell("/event/file_renamed", old, named)
        return named, f"/library/rename '{named}' '{old}' names it back."

    return studio.from_disk(write, lambda results: results)


@action("/library/delete")
def delete(studio: Studio, call: Call, name: str) -> Future[Results]:
    """Move a pattern to the trash."""

    def write() -> Results:
        named = studio.library.delete(name)
        studio.tell("/event/file_deleted", named)
        return named, f"/library/restore '{named}' brings it back."

    return studio.from_disk(write, lambda results: results)


@action("/library/trash")
def trash(studio: Studio, call: Call) -> Future[Results]:
    """What was deleted, the latest first: time and name."""

    def read() -> Results:
        return tuple(f"{each.deleted.astimezone():%Y-%m-%d %H:%M:%S} {each.name}" for each in studio.library.trash())

    return studio.from_disk(read, lambda lines: lines)


@action("/library/restore")
def restore(studio: Studio, call: Call, name: str, number: int | None) -> Future[Results]:
    """Bring back a pattern out of the trash, or what it was before."""

    def write() -> Results:
        named = studio.library.restore(name, number or 1)
        studio.tell("/event/file_restored", named)
        return (named,)

    return studio.from_disk(write, lambda results: results)


@action("/library/empty_trash")
def empty_trash(studio: Studio, call: Call) -> Future[Results]:
    """Delete for good what is in the trash."""

    def write() -> Results:
        count = studio.library.empty_trash()
        studio.tell("/event/trash_emptied", count)
        return (count,)

    return studio.from_disk(write, lambda results: results)


def _change(studio: Studio, name: str, edit: Callable[[Pattern], Pattern]) -> Future[Results]:
    def write() -> Results:
        if not studio.library.change(name, edit):
            return ()
        named = studio.library.full_name(name)
        studio.tell("/event/file_changed", named)
        return (f"/library/restore '{named}' brings back what it was.",)

    return studio.from_disk(write, lambda results: results)


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
