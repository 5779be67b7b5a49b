"""One take under way: reads the memory, writes the take's files, and goes on wherever it can.

It runs on a thread of its own; `step` does what is due. Its sound may lie in the past, all or a part of it, and other
takes may run beside it.
"""

import math
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.recording.loudness import LoudnessMeter
from chronus_tui.engine.recording.memory import Memory, SideBySide
from chronus_tui.engine.recording.overview import Overview
from chronus_tui.engine.recording.performing import Performing
from chronus_tui.engine.recording.take_log import PLAYING, Logged, TakeLog
from chronus_tui.engine.results import Results
from chronus_tui.engine.struck import StruckNotes
from chronus_tui.errors import CommandRefused, StoreError
from store.documents import Take, TakeEvent, Track
from store.errors import DiskFull
from store.played import PlayedFile, finish_notes
from store.take_files import session_name
from store.take_formats import TakeFormat
from store.takes import TakeFile

CHUNK = 16_384
"""Frames at a time: a third of a second."""
LAG_S = 0.25
"""What is younger waits until the control thread has told what happened in it, so long at most."""
LOOK_S = 1.0
"""How often a take sees whether its files are where it made them."""
CHANNELS = 2


@dataclass(frozen=True)
class Order:
    """What a take is to be.

    name         or None, to be called after its start
    wanted       the format it ends up in
    taps         names of the files, each two columns of the memory
    tracks       that there are when it begins
    folder       where it goes, and `default_folder`, where it goes on when that fails
    part_frames  0 for one file
    first        frame of the engine's clock that it begins with
    end          the first frame that is not in it, or None where that is not known yet
    """

    name: str | None
    wanted: TakeFormat
    taps: tuple[str, ...]
    tracks: tuple[Track, ...]
    folder: Path
    default_folder: Path
    temp_dir: Path
    part_frames: int
    first: int
    end: int | None
    rate: int
    device: str


class TakeWriter:
    """Brings one take from `memory` to disk.

    memory   gives the memory; another length of it takes the place of the one before
    heard    tells the frame up to which all that happened is in `log`
    now      tells the local time
    tell     called with an event's address and arguments
    opened   is given the path once there are files
    perform  begins the performance beside a take: its folder, its name, its first frame; None where none is kept
    struck   the notes that could be heard
    """

    def __init__(
        self,
        order: Order,
        memory: Callable[[], Memory | SideBySide],
        log: TakeLog,
        heard: Callable[[], int],
        now: Callable[[], datetime],
        tell: Callable[..., None],
        opened: "Future[Results]",
        perform: Callable[[Path, str, int], Performing | None],
        struck: StruckNotes,
    ) -> None:
        self.order = order
        self.end = order.end
        self.strictly_heard = False
        self.ended = False
        self.closing: list[Future[Results]] = []
        self.overview = Overview()
        self.meter = LoudnessMeter(order.rate)
        self.refused = False
        self.finished: list[TakeFile] = []  # more than one where the take had to go on elsewhere
        self._memory = memory
        self._log = log
        self._heard = heard
        self._now = now
        self._tell = tell
        self._opened = opened
        self._perform = perform
        self._performing: Performing | None = None
        self._struck = struck
        self._notes_seen = 0
        self._played: PlayedFile | None = None
        self._file: TakeFile | None = None
        self._folder = order.folder
        self._at = order.first
        self._told = 0
        self._looked_at = order.first
        self._room = np.zeros((CHUNK, 0), np.float32)

    @property
    def file(self) -> TakeFile | None:
        """The take's files, once they are there."""
        return self._file

    @property
    def left_s(self) -> float:
        """How much of what is asked for is not written yet, of a take whose end is known."""
        return max(0, (self.end or self._at) - self._at) / self.order.rate

    def step(self) -> None:
        """Do what is due."""
        if self.ended:
            return
        if self._file is None and not self._open():
            return
        while self._write_chunk():
            pass
        if not self.ended and self.end is not None and self._at >= self.end:
            self._close()

    def _open(self) -> bool:
        memory = self._memory()
        if not memory.begun and self.end is None:
            return False
        self._at = max(self._at, memory.begin)
        started = self._now() - timedelta(seconds=max(0, memory.end - self._at) / self.order.rate)
        try:
            self._file = self._create(self.order.folder, started, "")
        except StoreError as error:
            self._file = self._create_elsewhere(error, started)
        if self._file is None:
            return False
        self._opened.set_result((str(self._file.path),))
        self._tell("/event/take_started", str(self._file.path))
        return True

    def _create_elsewhere(self, error: StoreError, started: datetime) -> TakeFile | None:
        """The files where takes go by default, where another place was wanted; nothing where that fails as well."""
        order = self.order
        if order.folder != order.default_folder:
            try:
                file = self._create(order.default_folder, started, "")
            except StoreError:
                pass  # what the first place said is what there is to mend
            else:
                self._tell("/event/failed", f"{error} The take goes to {file.path} instead.")
                return file
        self.refused = self.ended = True
        self._opened.set_exception(error)
        for done in self.closing:
            done.set_exception(CommandRefused("The take could not begin."))
        return None

    def _create(self, folder: Path, started: datetime, continues: str) -> TakeFile:
        order = self.order
        playing = self._log.pattern_at(self._at)
        take = Take(
            name=order.name or session_name(started),
            started=started.isoformat(timespec="milliseconds"),
            rate=order.rate,
            channels=CHANNELS,
            bits=order.wanted.bits,
            coding=order.wanted.captured,
            encode_to=order.wanted.name if order.wanted.container else "",
            taps=order.taps,
            bpm=playing.bpm,
            slot=playing.slot,
            pattern=playing.name,
            device=order.device,
            continues=continues,
        )
        file = TakeFile(folder, order.temp_dir, take, order.part_frames)
        self._folder = folder
        self._performing = self._perform(folder, file.take.name, self._at)
        self._played = self._note_played(folder, file.take.name)
        file.tell(TakeEvent(0, "pattern", playing.name, playing.slot, playing.bank, bpm=playing.bpm))
        return file

    def _limit(self, memory: Memory | SideBySide) -> int:
        """The first frame that is not to be written yet."""
        if self.end is not None:
            return min(self.end, memory.end)
        if self.strictly_heard:
            return min(self._heard(), memory.end)
        return min(memory.end, max(self._heard(), memory.end - round(LAG_S * self.order.rate)))

    def _write_chunk(self) -> bool:
        """Write what is there, as much as fits a chunk; whether there may be more."""
        memory = self._memory()
        limit = self._limit(memory)
        if self.ended or self._file is None or self._at >= limit:
            self._take_events()
            return False
        if self._room.shape[1] != memory.channels:
            self._room = np.zeros((CHUNK, memory.channels), np.float32)
        count = memory.copy(self._at, self._room[: min(CHUNK, limit - self._at)])
        if count == 0:
            held = min(memory.next_held(self._at), limit)
            self._file.drop(held - self._at)
            self._at = held
            return True
        self._take_events()
        chunk = self._room[:count]
        taps = [chunk[:, CHANNELS * index : CHANNELS * (index + 1)] for index in range(len(self.order.taps))]
        try:
            before = self._file.frames
            self._file.write(*taps)
        except StoreError as error:
            self._at += self._file.frames - before
            return self._go_on_elsewhere(error)
        self._at += count
        self._measure(np.ascontiguousarray(taps[0]))
        self._look_after_files()
        return not self.ended

    def _measure(self, frames: Any) -> None:
        self.meter.take(frames)
        self.overview.take(frames)

    def _take_events(self) -> None:
        """Note in the take what happened in it."""
        assert self._file is not None
        if self._performing is not None:
            self._performing.follow()
        self._take_notes()
        entries, told = self._log.after(self._told)
        if told == self._told:
            return
        self._told = told
        first, last = self.order.first, math.inf if self.end is None else self.end
        # What plays when it begins was told of then.
        inside = [entry for entry in entries if first + (entry.what in PLAYING) <= entry.frame < last]
        self._file.tell(*map(self._event, inside))

    def _event(self, entry: Logged) -> TakeEvent:
        assert self._file is not None
        frame = max(0, self._file.frames + entry.frame - self._at)
        name = f"{float(entry.bpm):g}" if entry.what == "tempo" else entry.name
        bpm = entry.bpm if entry.what in PLAYING else None
        return TakeEvent(frame, entry.what, name, entry.slot, entry.bank, entry.count, bpm)

    def _note_played(self, folder: Path, take: str) -> PlayedFile | None:
        """The file of the notes; a take is worth more than they are, and goes on where it cannot be written."""
        try:
            return PlayedFile(folder, take, self.order.tracks)
        except StoreError as error:
            self._lose_notes(error)
            return None

    def _take_notes(self) -> None:
        """Write down the notes that were struck in the take."""
        assert self._file is not None
        if self._played is None:
            return
        notes, self._notes_seen = self._struck.after(self._notes_seen)
        first, last = self.order.first, math.inf if self.end is None else self.end
        ahead = self._file.frames - self._at
        try:
            self._played.add(
                [
                    replace(note, frame=note.frame + ahead, end=note.end + ahead)
                    for note in notes
                    if first <= note.frame < last and note.frame + ahead >= 0
                ]
            )
        except StoreError as error:
            self._played.close()
            self._played = None
            self._lose_notes(error)

    def _lose_notes(self, error: StoreError) -> None:
        self._tell("/event/failed", f"{error} The take goes on; its MIDI file lacks notes.")

    def _look_after_files(self) -> None:
        if self._at - self._looked_at < LOOK_S * self.order.rate:
            return
        self._looked_at = self._at
        assert self._file is not None
        if self._file.stands_by_its_name():
            return
        path = self._file.path
        try:
            self._file.save_from_loss()
            self._tell("/event/failed", f"{path} was removed while it grew; it is there again, and the take goes on.")
        except FileExistsError:
            self._go_on_elsewhere(StoreError(f"Could not write {path}: its name was given to another file."))
        except StoreError as error:
            self._go_on_elsewhere(error)

    def _go_on_elsewhere(self, error: StoreError) -> bool:
        """The files can be written no more: go on in others, where takes go by default. Whether that went well."""
        assert self._file is not None
        cut_off = self._file
        no_room = isinstance(error, DiskFull) and self._folder == self.order.default_folder
        if no_room or cut_off.frames == 0:  # it would fail there again, and again
            self._fail(error)
            return False
        started = datetime.fromisoformat(cut_off.take.started) + timedelta(seconds=cut_off.frames / self.order.rate)
        self._finish(cut_off)
        try:
            self._file = self._create(self.order.default_folder, started, cut_off.take.name)
        except StoreError:
            self._end()
            self._tell("/event/failed", str(error))
            return False
        self._tell("/event/failed", f"{error} The take goes on in {self._file.path}.")
        self._tell("/event/take_started", str(self._file.path))
        return True

    def _fail(self, error: StoreError) -> None:
        self._tell("/event/failed", str(error))
        self._close()

    def _close(self) -> None:
        assert self._file is not None
        self._take_events()
        self._finish(self._file)
        self._end()

    def _finish(self, file: TakeFile) -> None:
        """Close the files, and tell of it."""
        if self._performing is not None:
            self._performing.close()
        if self._played is not None:
            self._played.close()
            self._played = None
        try:
            file.close(self.meter.lufs, self.meter.true_peak_db)
            finish_notes(self._folder, file.take, self.order.temp_dir)
        except StoreError as error:
            self._tell("/event/failed", str(error))
        if clipped := file.take.clipped:
            said = f"{file.take.name} went over full scale in {clipped} samples, which {file.take.coding} cuts off"
            self._tell("/event/failed", f"{said}; record as wav32.")
        self.finished.append(file)
        self._tell("/event/take_closed", str(file.path), file.frames / self.order.rate)

    def _end(self) -> None:
        assert self._file is not None
        self.ended = True
        for done in self.closing:
            done.set_result((str(self._file.path), self._file.frames / self.order.rate))
