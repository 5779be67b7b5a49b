"""Playing a take: a thread reads its files and fills the ring from which the sound mixes it in."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from chronus_tui.engine.journal import HeardFiles
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.memory_ring import Frames
from chronus_tui.errors import StoreError
from dsp.audition import fill_audition, open_audition, waiting_frames
from store.sound_files import SoundFile

BLOCK = 8192
PAUSE_S = 0.05
CHANNELS = 2

log = logging.getLogger(__name__)


class _Play(msgspec.Struct, frozen=True):
    """Files to be played one after another, from a moment on, until `stopped`."""

    name: str
    files: Sequence[Path]
    from_s: float
    stopped: threading.Event


class Audition:
    """Plays one take at a time into the mix of `player`.

    tell  called from its thread with an event's address and arguments
    """

    def __init__(self, player: Player, tell: Callable[..., None]) -> None:
        self._ring = player.state["audition"]
        self._journal = player.journal
        self._rate = player.rate
        self._tell = tell
        self._asked: queue.SimpleQueue[_Play | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()  # of what was asked for last
        self.name = ""
        self.seconds = 0.0

    def play(self, name: str, files: Sequence[Path], from_s: float) -> None:
        """Play these files, one after another, from a moment on; what plays gives way."""
        self._stopped.set()
        self._stopped = threading.Event()
        self._asked.put(_Play(name, files, from_s, self._stopped))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="audition", daemon=True)
            self._thread.start()

    def stop(self) -> bool:
        """Fade out; False where nothing plays."""
        self._stopped.set()
        return bool(self.name)

    def close(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._asked.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            if asked.stopped.is_set():
                continue  # another was asked for meanwhile
            self.name, self.seconds = asked.name, asked.from_s
            try:
                self._play(asked)
            except StoreError as error:
                self._tell("/event/failed", str(error))
            except Exception:  # the thread's edge
                log.exception("a take could not be played")
            self._fade_out()
            self.name = ""
            self._tell("/event/take_played", asked.name)

    def _play(self, asked: _Play) -> None:
        stopped = asked.stopped
        if self._journal is not None:
            place = int(self._ring["head"][0])  # no other thread writes it
            self._journal.listens(HeardFiles(place, tuple(asked.files), asked.from_s))
        open_audition(self._ring, 1)
        for piece in sound_of(asked.files, asked.from_s, self._rate):
            self._fill(piece, stopped)
            if stopped.is_set():
                return
        while waiting_frames(self._ring) and not stopped.is_set():
            self._pause()

    def _fill(self, frames: Frames, stopped: threading.Event) -> None:
        while len(frames) and not stopped.is_set():
            taken = int(fill_audition(self._ring, frames))
            self.seconds += taken / self._rate
            frames = frames[taken:]
            if len(frames):
                self._pause()

    def _fade_out(self) -> None:
        """Let what is still in the ring be thrown away; where no sound is made any more, do not wait for that."""
        open_audition(self._ring, 0)
        for _ in range(20):
            if waiting_frames(self._ring) == 0:
                return
            self._pause()

    def _pause(self) -> None:
        time.sleep(PAUSE_S)


def sound_of(files: Iterable[Path], from_s: float, rate: int) -> Iterator[Frames]:
    """The sound of files one after another from a moment on, as it is heard: (frames, 2) float32 at a time, `rate`
    frames a second. Raises StoreError."""
    left_s = from_s
    for path in files:
        with SoundFile(path) as sound:
            length_s = sound.format.frames / sound.format.rate
            if left_s >= length_s:
                left_s -= length_s
                continue
            sound.go_to(round(left_s * sound.format.rate))
            left_s = 0.0
            for piece in sound.pieces(BLOCK):
                yield at_rate(in_stereo(piece), sound.format.rate, rate)


def in_stereo(frames: Frames) -> Frames:
    """The first two channels, or the one twice; (frames, 2), contiguous."""
    return np.ascontiguousarray(np.repeat(frames, 2, axis=1)[:, :2] if frames.shape[1] == 1 else frames[:, :2])


def at_rate(frames: Frames, rate: int, wanted: int) -> Frames:
    """The same at another rate, on straight lines between the samples: good enough to find a take by ear."""
    if rate == wanted or not len(frames):
        return frames
    count = max(1, round(len(frames) * wanted / rate))
    places = np.arange(count) * (len(frames) / count)
    return np.stack(
        [np.interp(places, np.arange(len(frames)), frames[:, channel]) for channel in range(CHANNELS)], axis=1
    ).astype(np.float32)
