"""The recorder: a thread of its own takes what was made from the tap and streams it to disk.

It may fall behind by as much as the tap holds, some ten seconds, before a frame is lost; what is lost is
counted and shown. The sound does not know that it is there.
"""

import queue
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from chronus_tui.engine.player import Player
from chronus_tui.errors import CommandRefused, StoreError
from chronus_tui.status import RecordingStatus
from dsp.tap import copy_tap, tap_begin, tap_end
from store.documents import Number, Take
from store.takes import TakeFile, session_name

CHUNK = 16_384
"""Frames copied at a time: a third of a second."""
POLL_S = 0.05
LOOK_S = 1.0
"""How often the room on the disk is looked at while nothing is recorded."""
CHANNELS = 2

Results = tuple[Any, ...]


@dataclass(frozen=True)
class _Start:
    name: str | None
    bits: int
    bpm: Number
    slot: int | None
    pattern: str
    first: int
    done: "Future[Results]"


@dataclass(frozen=True)
class _Stop:
    end: int
    done: "Future[Results] | None"


class Recorder:
    """Records what `player` makes into `recordings` of the project.

    tell    called from the recorder's thread with an event's address and arguments
    device  tells the name of the device that plays
    now     tells the local time, after which a take with no name is called
    """

    def __init__(
        self,
        player: Player,
        project: Path,
        tell: Callable[..., None],
        device: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._player = player
        self._recordings = project / "recordings"
        self._temp_dir = project / "patterns" / "temp"
        self._tell = tell
        self._device = device
        self._now = now
        self._asked: queue.SimpleQueue[_Start | _Stop | None] = queue.SimpleQueue()
        self._wanted = False
        self._take: TakeFile | None = None
        self._at = 0
        self._status = RecordingStatus()
        self._show()
        self._chunk = np.zeros((CHUNK, CHANNELS), np.float32)
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def start(self, name: str | None, bits: int, bpm: Number, slot: int | None, pattern: str) -> "Future[Results]":
        """Begin a take with the next frame that is made. Results: its path.

        Called by the control thread. Raises CommandRefused where a take runs.
        """
        if self._wanted:
            raise CommandRefused("A take is being recorded already; stop it first.")
        self._wanted = True
        done: Future[Results] = Future()
        self._asked.put(_Start(name, bits, bpm, slot, pattern, int(tap_end(self._player.state)), done))
        return done

    def stop(self) -> "Future[Results]":
        """Close the take with the last frame that was made. Results: its path and its length in seconds.

        Called by the control thread. Raises CommandRefused where no take runs.
        """
        if not self._wanted:
            raise CommandRefused("No take is being recorded.")
        self._wanted = False
        done: Future[Results] = Future()
        self._asked.put(_Stop(int(tap_end(self._player.state)), done))
        return done

    def status(self) -> RecordingStatus:
        """The running take, or the last one, and the room on the disk."""
        return self._status

    def close(self) -> None:
        """Close a running take and end the thread."""
        if self._wanted:
            self._wanted = False
            self._asked.put(_Stop(int(tap_end(self._player.state)), None))
        self._asked.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                asked = self._asked.get(timeout=POLL_S if self._take else LOOK_S)
            except queue.Empty:
                self._drain(int(tap_end(self._player.state)))
                if self._take is None:
                    self._show()
                continue
            match asked:
                case None:
                    return
                case _Start():
                    self._open(asked)
                case _Stop():
                    self._drain(asked.end)
                    self._close(asked.done)

    def _open(self, asked: _Start) -> None:
        started = self._now()
        note = Take(
            name=asked.name or session_name(started),
            started=started.isoformat(timespec="milliseconds"),
            rate=self._player.rate,
            channels=CHANNELS,
            bits=asked.bits,
            bpm=asked.bpm,
            slot=asked.slot,
            pattern=asked.pattern,
            device=self._device(),
        )
        try:
            self._take = TakeFile(self._recordings, self._temp_dir, note)
        except StoreError as error:
            self._wanted = False
            asked.done.set_exception(error)
            return
        self._at = asked.first
        self._show()
        asked.done.set_result((str(self._take.path),))
        self._tell("/event/take_started", str(self._take.path))

    def _drain(self, end: int) -> None:
        """Write the frames up to `end`."""
        state = self._player.state
        while self._take is not None and self._at < end:
            lost = int(tap_begin(state)) - self._at
            if lost > 0:
                self._at += lost
                self._take.drop(lost)
            chunk = self._chunk[: max(0, min(CHUNK, end - self._at))]
            if not copy_tap(state, self._at, chunk):
                continue  # overwritten while it was copied: the next turn counts it as lost
            try:
                self._take.write(chunk)
            except StoreError as error:
                self._fail(error)
                return
            self._at += len(chunk)
            self._show()

    def _close(self, done: "Future[Results] | None") -> None:
        take, self._take = self._take, None
        if take is None:  # it failed before it was stopped, and that was told
            if done is not None:
                done.set_exception(CommandRefused("The take had ended already."))
            return
        try:
            take.close()
        except StoreError as error:
            self._tell("/event/failed", str(error))
        seconds = take.frames / self._player.rate
        self._show(take)
        if done is not None:
            done.set_result((str(take.path), seconds))
        self._tell("/event/take_closed", str(take.path), seconds)

    def _fail(self, error: StoreError) -> None:
        self._wanted = False
        self._tell("/event/failed", str(error))
        self._close(None)

    def _show(self, closed: TakeFile | None = None) -> None:
        """Write down how the take is doing; `closed` where it has just ended."""
        take = closed or self._take
        if take is not None:
            self._status = RecordingStatus(
                active=closed is None,
                path=str(take.path),
                seconds=take.frames / self._player.rate,
                frames=take.frames,
                dropped=take.dropped,
                size_bytes=take.size_bytes,
                bits=take.take.bits,
            )
        try:
            # Where the folder has gone, the next take makes it again.
            free = shutil.disk_usage(self._recordings if self._recordings.is_dir() else self._recordings.parent).free
        except OSError:
            free = 0
        bytes_a_second = self._player.rate * CHANNELS * self._status.bits // 8
        self._status = replace(self._status, disk_free_bytes=free, disk_left_s=free / bytes_a_second)
