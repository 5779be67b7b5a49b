"""One take under way: reads the memory, writes the take's files, and goes on wherever it can.

It runs on a thread of its own; `step` does what is due. Its sound may lie in the past, all or a part of it, and other
takes may run beside it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from chronus_tui.engine.recording.chronicle import Chronicle
from chronus_tui.engine.recording.loudness import LoudnessMeter
from chronus_tui.engine.recording.memory import Memory, SideBySide
from chronus_tui.engine.recording.memory_ring import Frames
from chronus_tui.engine.recording.order import Growth, Known, Order
from chronus_tui.engine.recording.overview import Overview
from chronus_tui.engine.recording.performing import Performing
from chronus_tui.engine.recording.take_frames import TakeFrames
from chronus_tui.engine.recording.take_log import TakeLog
from chronus_tui.engine.recording.trace import RunningTake, Traces
from chronus_tui.engine.results import Results
from chronus_tui.engine.struck import StruckNotes
from chronus_tui.errors import ChronusError, CommandRefused, StoreError
from store.documents import Take, TakeEvent
from store.errors import DiskFull
from store.takes.files import session_name
from store.takes.played import finish_notes
from store.takes.under_way import TakeFile

CHUNK = 16_384
"""Frames at a time: a third of a second."""
LOOK_S = 1.0
"""How often a take sees whether its files are where it made them."""
CHANNELS = 2


class TakeWriter:
    """Brings one take from `memory` to disk. Who changes what it shall do sets `news`. It calls `over` when it has
    ended, before anybody hears of that: another may be asked for then.

    known    up to where it is known whether the take goes on
    now      tells the local time
    tell     called with an event's address and arguments
    opened   is given the path once there are files
    perform  begins the performance beside a take: its folder, its name, its first frame; None where none is kept
    struck   the notes that could be heard
    traces   where it leaves what the next start must know of it, should this engine be killed
    """

    def __init__(
        self,
        order: Order,
        memory: Memory | SideBySide,
        log: TakeLog,
        known: Known,
        now: Callable[[], datetime],
        tell: Callable[..., None],
        opened: "Future[Results]",
        perform: Callable[[Path, str, int], Performing | None],
        struck: StruckNotes,
        traces: Traces,
    ) -> None:
        self.order = order
        self.memory = memory
        self.end = order.end
        self.at = order.first
        self.strictly_heard = False
        self.ended = False
        self.news = threading.Event()
        self.over: Callable[[], None] = lambda: None
        self.growth: Growth | None = None
        self.finished: list[TakeFile] = []  # more than one where the take had to go on elsewhere
        self._log = log
        self._known = known
        self._now = now
        self._tell = tell
        self._opened = opened
        self._perform = perform
        self._struck = struck
        self._traces = traces
        self._trace = traces.begin()
        self._lock = threading.Lock()  # nobody waits for the end of a take that has ended; and the trace tells its end
        self._closing: list[Future[Results]] = []
        self._meter = LoudnessMeter(order.rate)
        self._overview = Overview()
        self._file: TakeFile | None = None
        self._frames = TakeFrames(order.first)
        self._chronicle: Chronicle | None = None
        self.folder = order.folder  # where its files are, or shall be
        self._looked_at = order.first
        self._room = np.zeros((CHUNK, 0), np.float32)

    def end_at(self, end: int, done: "Future[Results] | None" = None) -> bool:
        """Let the take end before frame `end`, or with what is in memory by now, unless it ends earlier anyway.

        done  learns its path and its seconds, how many frames were lost and how many samples cut off

        Any thread. False where it has ended already.
        """
        with self._lock:
            if self.ended:
                return False
            end = min(end, self.memory.end)
            self.end = end if self.end is None else min(self.end, end)
            if done is not None:
                self._closing.append(done)
            self._leave_trace(self.end)
        self.news.set()
        return True

    def is_at(self, name: str) -> bool:
        """Whether the take of that name is being written. Any thread."""
        file = self._file
        return not self.ended and file is not None and file.take.name.casefold() == name.casefold()

    def step(self) -> None:
        """Do what is due."""
        if self.ended or (self._file is None and not self._open()):
            return
        while self._write_chunk():
            self._show()
        if not self.ended:
            self._show()
            if self.end is not None and self.at >= self.end:
                self._close()

    def break_off(self, error: ChronusError) -> None:
        """After a fault: leave the files to the next start, and let nobody wait."""
        closing = self._end()
        if not self._opened.done():
            self._opened.set_exception(error)
        for done in closing:
            done.set_exception(error)
        with self._lock:
            self._leave_trace(self.at)

    def _open(self) -> bool:
        memory = self.memory
        if not memory.begun and self.end is None:
            return False
        self.at = max(self.at, memory.begin)
        started = self._now() - timedelta(seconds=max(0, memory.end - self.at) / self.order.rate)
        try:
            self._file = self._create(self.order.folder, started, "")
        except StoreError as error:
            self._file = self._create_elsewhere(error, started)
        if self._file is None:
            return False
        self._show()
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
        closing = self._end()
        self._opened.set_exception(error)
        for done in closing:
            done.set_exception(CommandRefused("The take could not begin."))
        return None

    def _create(self, folder: Path, started: datetime, continues: str) -> TakeFile:
        order = self.order
        playing = self._log.pattern_at(self.at)
        take = Take(
            name=f"{continues}_2" if continues else order.name or session_name(started),
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
        file = TakeFile(folder, order.temp_dir, take, order.part_frames, order.default_folder)
        self.folder = folder
        self._frames, self._chronicle = TakeFrames(self.at), None
        with self._lock:  # first of all: the rest takes a while, and all of the take may lie in the past
            self._file, self._trace = file, self._traces.begin()
            self._leave_trace(self.end)
        self._meter, self._overview = LoudnessMeter(order.rate), Overview()
        performing = self._perform(folder, file.take.name, self.at)
        self._chronicle = Chronicle(
            file, folder, self._frames, self._log, self._struck, order.tracks, performing, self._tell
        )
        file.tell(TakeEvent(0, "pattern", playing.name, playing.slot, playing.bank, bpm=playing.bpm))
        with self._lock:
            self._leave_trace(self.end)
        return file

    def _leave_trace(self, end: int | None) -> None:
        """Tell the next start how far the take is to go. The lock is held."""
        file, frames, chronicle = self._file, self._frames, self._chronicle
        if file is None:
            return
        self._trace.leave(
            RunningTake(
                folder=str(self.folder.absolute()),
                name=file.take.name,
                started=file.take.started,
                part_frames=self.order.part_frames,
                first=frames.first,
                end=end,
                lost=frames.lost,
                memories=self.memory.sources,
                line=None if chronicle is None else chronicle.line,
            )
        )

    def _limit(self) -> int:
        """The first frame that is not to be written yet."""
        heard, looked = self._known.heard, self._known.looked
        # What may yet be made of it is looked at last: what was known before that cannot lie behind it.
        limit = heard if self.strictly_heard else looked
        end = self.end
        return min(limit if end is None else end, self.memory.end)

    def _write_chunk(self) -> bool:
        """Write what is there, as much as fits a chunk; whether there may be more."""
        assert self._file is not None
        assert self._chronicle is not None
        limit, memory = self._limit(), self.memory
        self._chronicle.follow(self.at)
        if self.at >= limit:
            return False
        if self._room.shape[1] != memory.channels:
            self._room = np.zeros((CHUNK, memory.channels), np.float32)
        count = memory.copy(self.at, self._room[: min(CHUNK, limit - self.at)])
        if count == 0:
            held = min(memory.next_held(self.at), limit)
            self._file.drop(held - self.at)
            with self._lock:
                self._frames.lose(self.at, held)
                self._leave_trace(self.end)
            self.at = held
            return True
        chunk = self._room[:count]
        taps = [chunk[:, CHANNELS * index : CHANNELS * (index + 1)] for index in range(len(self.order.taps))]
        try:
            before = self._file.frames
            self._file.write(*taps)
        except StoreError as error:
            self.at += self._file.frames - before
            return self._go_on_elsewhere(error)
        self.at += count
        self._measure(np.ascontiguousarray(taps[0]))
        self._look_after_files()
        return not self.ended

    def _measure(self, frames: Frames) -> None:
        self._meter.take(frames)
        self._overview.take(frames)

    def _show(self) -> None:
        """Write down how far it is, in one piece."""
        assert self._file is not None
        file, meter = self._file, self._meter
        peaks = self._overview.peaks
        self.growth = Growth(
            file.path, file.frames, file.dropped, file.clipped, file.size_bytes, meter.lufs, meter.true_peak_db, peaks
        )

    def _look_after_files(self) -> None:
        if self.at - self._looked_at < LOOK_S * self.order.rate:
            return
        self._looked_at = self.at
        assert self._file is not None
        assert self._chronicle is not None
        self._chronicle.save_from_loss()
        if self._file.stands_by_its_name():
            return
        path = self._file.path
        try:
            self._file.save_from_loss()
            self._tell("/event/failed", f"{path} was removed while it grew; it is there again, and the take goes on.")
        except FileExistsError:
            self._go_on_under_another_name()
        except StoreError as error:
            self._go_on_elsewhere(error)

    def _go_on_under_another_name(self) -> None:
        """The name of a file was given to another, to which it is left: go on with all that was written."""
        assert self._file is not None
        assert self._chronicle is not None
        file, path = self._file, self._file.path
        try:
            file.take_another_name()
        except StoreError as error:
            self._go_on_elsewhere(error)
            return
        self._chronicle.move(self.folder, file.take.name)
        with self._lock:
            self._leave_trace(self.end)
        self._tell("/event/failed", f"The name {path} was given to another file; the take goes on in {file.path}.")
        self._tell("/event/take_started", str(file.path))

    def _go_on_elsewhere(self, error: StoreError) -> bool:
        """The files can be written no more: go on in others, where takes go by default. Whether that went well."""
        assert self._file is not None
        cut_off = self._file
        no_room = isinstance(error, DiskFull) and self.folder == self.order.default_folder
        if no_room or cut_off.frames == 0:  # it would fail there again, and again
            self._tell("/event/failed", str(error))
            self._close()
            return False
        started = datetime.fromisoformat(cut_off.take.started) + timedelta(seconds=cut_off.frames / self.order.rate)
        self._finish(cut_off)
        try:
            self._file = self._create(self.order.default_folder, started, cut_off.take.name)
        except StoreError:
            self._tell("/event/failed", str(error))
            self._answer()
            return False
        self._tell_closed(cut_off)
        self._tell("/event/failed", f"{error} The take goes on in {self._file.path}.")
        self._tell("/event/take_started", str(self._file.path))
        return True

    def _close(self) -> None:
        assert self._file is not None
        self._finish(self._file)
        self._answer()

    def _finish(self, file: TakeFile) -> None:
        """Close the files."""
        assert self._chronicle is not None
        with self._lock:
            self._leave_trace(self.at)
        self._chronicle.follow(self.at)
        self._chronicle.close()
        try:
            file.close(self._meter.lufs, self._meter.true_peak_db)
            with self._lock:
                self._trace.remove()
        except StoreError as error:
            self._tell("/event/failed", str(error))
        try:
            finish_notes(self.folder, file.take, self.order.temp_dir)
        except StoreError as error:  # the next start tries again
            self._tell("/event/failed", str(error))
        if clipped := file.take.clipped:
            said = f"{file.take.name} went over full scale in {clipped} samples, which {file.take.coding} cuts off"
            self._tell("/event/failed", f"{said}; record as wav32.")
        self.finished.append(file)

    def _tell_closed(self, file: TakeFile) -> None:
        self._tell("/event/take_closed", str(file.path), file.frames / self.order.rate)

    def _answer(self) -> None:
        """It is over: tell all, and those who wait for it."""
        assert self._file is not None
        self._show()
        file, closing = self._file, self._end()
        self._tell_closed(file)
        for done in closing:
            done.set_result((str(file.path), file.frames / self.order.rate, file.dropped, file.clipped))

    def _end(self) -> "list[Future[Results]]":
        """It has ended from now on; who waits for that."""
        with self._lock:
            self.ended = True
            closing, self._closing = self._closing, []
        self.over()
        return closing
