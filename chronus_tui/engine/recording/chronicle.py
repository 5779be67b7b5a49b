"""What happened in a take, beside its sound: the events in its note, the notes that were played, the performance.

A take is worth more than what is told of it: where that cannot be written, a sentence says so, and the take goes on.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from chronus_tui.engine.recording.performing import Performing
from chronus_tui.engine.recording.take_frames import TakeFrames
from chronus_tui.engine.recording.take_log import PLAYING, Logged, TakeLog
from chronus_tui.engine.struck import StruckNotes
from chronus_tui.errors import StoreError
from store.documents import TakeEvent, Track
from store.takes.played import PlayedFile, PlayedNote
from store.takes.under_way import TakeFile

Happened = TypeVar("Happened", Logged, PlayedNote)


class Chronicle:
    """Follows one take's files.

    file        of the take
    frames      where in it the frames of the engine's clock lie
    log         what happens
    struck      the notes that could be heard
    tracks      that there were when the take began
    performing  writes the performance, where one is kept
    tell        called with an event's address and arguments
    """

    def __init__(
        self,
        file: TakeFile,
        folder: Path,
        frames: TakeFrames,
        log: TakeLog,
        struck: StruckNotes,
        tracks: tuple[Track, ...],
        performing: Performing | None,
        tell: Callable[..., None],
    ) -> None:
        self._file = file
        self._frames = frames
        self._log = log
        self._told = 0
        self._entries: list[Logged] = []
        self._struck = struck
        self._notes_seen = 0
        self._notes: list[PlayedNote] = []
        self._performing = performing
        self._tell = tell
        self._played: PlayedFile | None = None
        try:
            self._played = PlayedFile(folder, file.take.name, tracks)
        except StoreError as error:
            self._lose_notes(error)

    @property
    def line(self) -> int | None:
        """Number of the first line of the journal that its performance holds, None where it has none."""
        return None if self._performing is None else self._performing.line

    def follow(self, until: int) -> None:
        """Write down what happened before frame `until` of the engine's clock: what is lost before that is known."""
        if self._performing is not None:
            self._performing.follow()
        entries, self._told = self._log.after(self._told)
        self._entries, ripe = _parted([*self._entries, *entries], until)
        self._file.tell(*events_of(ripe, self._frames))
        notes, self._notes_seen = self._struck.after(self._notes_seen)
        self._notes, struck = _parted([*self._notes, *notes], until)
        self._write_notes(struck)

    def save_from_loss(self) -> None:
        """Put the files back where their names were taken away."""
        if self._performing is not None:
            self._performing.save_from_loss()
        if self._played is not None:
            try:
                self._played.save_from_loss()
            except StoreError as error:
                self._stop_notes(error)

    def move(self, folder: Path, take: str) -> None:
        """Go on beside the take under another name."""
        if self._performing is not None:
            self._performing.move(take)
        if self._played is not None:
            try:
                self._played.move(folder, take)
            except StoreError as error:
                self._stop_notes(error)

    def close(self) -> None:
        """The take has ended."""
        if self._performing is not None:
            self._performing.close()
        if self._played is not None:
            self._played.close()
            self._played = None

    def _write_notes(self, notes: list[PlayedNote]) -> None:
        if self._played is None:
            return
        try:
            self._played.add(notes_of(notes, self._frames))
        except StoreError as error:
            self._stop_notes(error)

    def _stop_notes(self, error: StoreError) -> None:
        if self._played is not None:
            self._played.close()
            self._played = None
        self._lose_notes(error)

    def _lose_notes(self, error: StoreError) -> None:
        self._tell("/event/failed", f"{error} The take goes on; its MIDI file lacks notes.")


def events_of(entries: Iterable[Logged], frames: TakeFrames) -> Iterator[TakeEvent]:
    """What the note tells of what happened in the take; what plays when it begins was told of then."""
    for entry in entries:
        place = frames.place(entry.frame)
        if place > 0 or (place == 0 and entry.what not in PLAYING):
            name = f"{float(entry.bpm):g}" if entry.what == "tempo" else entry.name
            bpm = entry.bpm if entry.what in PLAYING else None
            yield TakeEvent(place, entry.what, name, entry.slot, entry.bank, entry.count, bpm)


def notes_of(notes: Iterable[PlayedNote], frames: TakeFrames) -> Iterator[PlayedNote]:
    """The notes of the take, by its frames."""
    for note in notes:
        if (place := frames.place(note.frame)) >= 0:
            yield replace(note, frame=place, end=frames.place(note.end))


def _parted(things: list[Happened], until: int) -> tuple[list[Happened], list[Happened]]:
    """What happened on frame `until` or later, and what before."""
    return [each for each in things if each.frame >= until], [each for each in things if each.frame < until]
