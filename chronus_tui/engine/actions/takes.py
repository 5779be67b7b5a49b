"""The takes that there are."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import msgspec

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.recording.audition import Play
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.takes.shelf import TakeShelf


@action("/takes/list")
def tell_takes(studio: Studio, call: Call) -> Future[Results]:
    """All takes, as JSON."""
    return _read(studio, lambda shelf: (msgspec.json.encode(shelf.lines()).decode(),))


@action("/takes/rename")
def rename(studio: Studio, call: Call, take: str, name: str) -> Future[Results]:
    """Give a take another name."""
    refuse_unfinished(studio, take)
    return _change(studio, lambda shelf: (shelf.rename(take, name),), "renamed", take, name)


@action("/takes/delete")
def delete(studio: Studio, call: Call, take: str) -> Future[Results]:
    """Throw a take away."""
    refuse_unfinished(studio, take)

    def throw_away(shelf: TakeShelf) -> Results:
        shelf.delete(take)
        return ()

    return _change(studio, throw_away, "deleted", take)


@action("/takes/restore")
def restore(studio: Studio, call: Call, take: str) -> Future[Results]:
    """Bring a take back."""
    return _change(studio, lambda shelf: (shelf.restore(take),), "restored", take)


@action("/takes/trash")
def tell_trash(studio: Studio, call: Call) -> Future[Results]:
    """What was thrown away."""
    return _read(studio, lambda shelf: tuple(shelf.trashed()))


@action("/takes/empty_trash")
def empty_trash(studio: Studio, call: Call) -> Future[Results]:
    """Delete for good what was thrown away."""
    return _change(studio, lambda shelf: (shelf.empty_trash(),), "emptied")


@action("/takes/waveform")
def waveform(studio: Studio, call: Call, take: str, columns: int) -> Future[Results]:
    """The peaks of a take."""
    return _read(studio, lambda shelf: tuple(shelf.peaks(take, columns)))


@action("/takes/play")
def play(studio: Studio, call: Call, take: str, from_s: float | None) -> Future[Results]:
    """Play a take."""
    audition = studio.recorder.audition
    asked = Play(take, from_s or 0.0, lambda: shelf_of(studio).files(take), seconds=from_s or 0.0)

    def begin(files: list[Path]) -> Results:
        asked.files = files
        audition.play(asked)
        return ()

    audition.expect(asked)
    done = studio.from_disk(lambda: shelf_of(studio).files(take), begin)
    done.add_done_callback(lambda _: audition.forget(asked))
    return done


@action("/takes/stop")
def stop(studio: Studio, call: Call) -> None:
    """Stop playing."""
    if not studio.recorder.audition.stop():
        raise CommandRefused("No take is being played.")


def refuse_unfinished(studio: Studio, take: str) -> None:
    """Raise CommandRefused where something is done to the take that must come to its end first."""
    # The MIDI file of one that ends is made after its note says that it is complete.
    under_way = [writer for writer in studio.recorder.under_way if writer.is_at(take)]
    if any(writer.end is None for writer in under_way):
        raise CommandRefused(f"Take {take!r} is being recorded; stop it first.")
    if under_way or studio.recorder.encoder.is_at(take):
        raise CommandRefused(f"Take {take!r} is being finished; wait until it is done.")
    studio.examiner.refuse_if_at(take)


def shelf_of(studio: Studio) -> TakeShelf:
    """Where the takes are."""
    recorder = studio.recorder
    return TakeShelf((recorder.folder, recorder.default_folder), recorder.temp_dir)


def _read(studio: Studio, read: Callable[[TakeShelf], Results]) -> Future[Results]:
    return studio.from_disk(lambda: read(shelf_of(studio)), lambda results: results)


def _change(studio: Studio, change: Callable[[TakeShelf], Results], *what: str) -> Future[Results]:
    return studio.on_disk(lambda: change(shelf_of(studio)), None, "/event/takes_changed", *what)
