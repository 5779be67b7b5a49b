"""The same thing done to many patterns of the library: told as it goes, cancelled when asked, one work at a time.

What is made goes to `patterns/export/GENRE/NAME`, as the library's own files lie.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Future
from pathlib import Path

from chronus_tui.engine.actions import answers
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.apart.asking import ask_apart
from chronus_tui.engine.apart.questions import RenderEach
from chronus_tui.engine.slices import in_slices
from chronus_tui.engine.studio import Call, Studio
from store.archives import Progress
from store.library.batch import Batch, Steps, convert_each, edit_each, export_midi_each
from store.library.filters import batch_query
from store.library.tags import with_tag, without_tag
from store.names import safe_tag

"""Sentences in a reply: all of it has to fit into one datagram."""
TAIL_S = 2.0


@action("/library/tag_many")
def tag_many(studio: Studio, call: Call, tag: str, filters: Sequence[str]) -> Future[Results]:
    """Give a tag to all that the filters find."""
    tag = safe_tag(tag)
    return _tagged(studio, call, f"tag {tag}", edit_each(studio.library, batch_query(filters), with_tag, tag))


@action("/library/untag_many")
def untag_many(studio: Studio, call: Call, tag: str, filters: Sequence[str]) -> Future[Results]:
    """Take a tag from all that the filters find."""
    tag = safe_tag(tag)
    return _tagged(studio, call, f"untag {tag}", edit_each(studio.library, batch_query(filters), without_tag, tag))


@action("/library/convert")
def convert(studio: Studio, call: Call, filters: Sequence[str]) -> Future[Results]:
    """Write all that the filters find in the current format."""
    return _work(studio, "convert", convert_each(studio.library, batch_query(filters)))


@action("/library/midi")
def midi(studio: Studio, call: Call, filters: Sequence[str]) -> Future[Results]:
    """Write all that the filters find to MIDI files."""
    return _work(studio, "MIDI files", export_midi_each(studio.library, batch_query(filters), _folder(studio)))


@action("/library/render")
def render(studio: Studio, call: Call, bars: int, filters: Sequence[str]) -> Future[Results]:
    """Write all that the filters find to sound files, in a process of its own."""
    query = batch_query(filters)
    work = studio.works.begin("render")
    done: Future[Results] = Future()

    def start(found: Future[list[str]]) -> None:
        try:
            if work.cancelled:
                raise work.refusal()
            names = tuple(found.result())
            if not names:
                end(_told(studio, "render", Batch()))
                return
            work.go_on(0, len(names))
            folder = str(_folder(studio))
            question = RenderEach(str(studio.project), names, folder, bars, TAIL_S, studio.player.rate)
            studio.afterwards(ask_apart(question, Batch, work, studio.on_control), finish)
        except Exception as error:  # noqa: BLE001  # handed on to whoever asked; the next may ask then
            end(error)

    def finish(made: Future[Batch]) -> None:
        error = made.exception()
        if work.cancelled:
            end(work.refusal())
        else:
            end(_told(studio, "render", made.result()) if error is None else error)

    def end(became: Results | BaseException) -> None:
        studio.works.end()
        if isinstance(became, BaseException):
            done.set_exception(became)
        else:
            done.set_result(became)

    studio.afterwards(studio.disk.submit(lambda: [entry.full_name for entry in studio.library.select(query)]), start)
    return done


@action("/library/cancel")
def cancel(studio: Studio, call: Call) -> Results:
    """Cancel what is under way: what it was, how many were done, of how many."""
    work = studio.works.cancel()
    return work.what, work.done, work.of


def _tagged(studio: Studio, call: Call, what: str, steps: Steps) -> Future[Results]:
    """Tag or untag each; the opposite is done to those alone that were changed."""
    does, _, tag = what.partition(" ")
    opposite = untag_many if does == "tag" else tag_many

    def noted() -> Steps:
        made = yield from steps
        if made.changed:
            names = tuple(f"name={name}" for name in made.changed)
            asked = call.request.address
            studio.on_control(
                lambda: studio.library_history.note(asked, lambda call: opposite(studio, call, tag, names))
            )
        return made

    return _work(studio, what, noted())


def _work(studio: Studio, what: str, steps: Steps) -> Future[Results]:
    def told() -> Generator[Progress, None, Results]:
        return _told(studio, what, (yield from steps))

    return in_slices(studio, what, told())


def _told(studio: Studio, what: str, made: Batch) -> Results:
    """How many were changed, of how many, and which were not and why."""
    studio.tell("/event/library_done", what, len(made.changed), made.found)
    return (len(made.changed), made.found, *answers.shortened(made.problems, "that could not be done"))


def _folder(studio: Studio) -> Path:
    return studio.project / "patterns" / "export"
