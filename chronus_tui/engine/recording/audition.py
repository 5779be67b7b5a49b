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


class Play(msgspec.Struct, eq=False):
    """A take that is to be heard, from a moment on, until `stopped`.

    find     tells the files of the take as they are called now, one after another; any thread. Raises StoreError
    files    what it told first
    seconds  up to where it was read
    """

    name: str
    from_s: float
    find: Callable[[], Sequence[Path]]
    files: Sequence[Path] = ()
    seconds: float = 0.0
    stopped: threading.Event = msgspec.field(default_factory=threading.Event)


class Audition:
    """Plays one take at a time into the mix of `player`. The control thread calls it.

    tell  called from its thread with an event's address and arguments
    """

    def __init__(self, player: Player, tell: Callable[..., None]) -> None:
        self._ring = player.state["audition"]
        self._journal = player.journal
        self._rate = player.rate
        self._tell = tell
        self._asked: queue.SimpleQueue[Play | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # one is asked for while the one before comes to its end
        self._coming: list[Play] = []
        self._now: Play | None = None  # asked for last, and not over

    @property
    def name(self) -> str:
        """Of the take that is heard, or will be as soon as its thread has its turn; empty where none is. Any thread."""
        now = self._now
        return "" if now is None else now.name

    @property
    def seconds(self) -> float:
        """Up to where it was read. Any thread."""
        now = self._now
        return 0.0 if now is None else now.seconds

    def expect(self, play: Play) -> None:
        """Its files are being looked for; what is stopped meanwhile will not be heard. `forget` is to follow."""
        self._coming.append(play)

    def forget(self, play: Play) -> None:
        """Its files are found, or there are none."""
        self._coming.remove(play)

    def play(self, play: Play) -> None:
        """Let it be heard; what plays gives way."""
        with self._lock:
            before, self._now = self._now, play
        if before is not None:
            before.stopped.set()
        self._asked.put(play)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="audition", daemon=True)
            self._thread.start()

    def stop(self) -> bool:
        """Fade out; False where nothing plays, nor was about to."""
        asked = [*self._coming, *([] if self._now is None else [self._now])]
        for play in asked:
            play.stopped.set()
        return bool(asked)

    def close(self, patience_s: float | None = None) -> bool:
        """End the thread. False where a disk holds it up for longer than so many seconds."""
        self.stop()
        self._asked.put(None)
        if self._thread is not None:
            self._thread.join(patience_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        while (play := self._asked.get()) is not None:
            if not play.stopped.is_set():  # nor was another asked for meanwhile
                try:
                    self._play(play)
                except StoreError as error:
                    self._tell("/event/failed", str(error))
                except Exception:  # the thread's edge
                    log.exception("a take could not be played")
                self._fade_out()
            with self._lock:
                if self._now is play:
                    self._now = None
            self._tell("/event/take_played", play.name)

    def _play(self, play: Play) -> None:
        stopped = play.stopped
        while waiting_frames(self._ring) and not stopped.is_set():
            self._pause()  # no sound was made for long: what is left of another take is thrown away first
        open_audition(self._ring, 1)
        for piece in sound_of(self._opened(play), play.from_s, self._rate):
            self._fill(piece, play)
            if stopped.is_set():
                return
        while waiting_frames(self._ring) and not stopped.is_set():
            self._pause()

    def _opened(self, play: Play) -> Iterator[SoundFile]:
        """The files one after another. What each is, is written down before any of it can be heard."""
        files, left_s, told = play.files, play.from_s, False
        for number in range(len(files)):
            try:
                sound = SoundFile(files[number])
            except StoreError:
                files, told = play.find(), False  # an encoding has ended meanwhile, or the take has another name
                if number >= len(files):
                    raise
                sound = SoundFile(files[number])
            if not told and self._journal is not None:
                place = int(self._ring["head"][0])  # no other thread writes it
                self._journal.listens(HeardFiles(place, tuple(files[number:]), left_s))
            told, length_s = True, sound.format.frames / sound.format.rate
            yield sound
            left_s = max(0.0, left_s - length_s)

    def _fill(self, frames: Frames, play: Play) -> None:
        while len(frames) and not play.stopped.is_set():
            taken = int(fill_audition(self._ring, frames))
            play.seconds += taken / self._rate
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


def sound_of(sounds: Iterable[SoundFile], from_s: float, rate: int) -> Iterator[Frames]:
    """The sound of files one after another from a moment on, as it is heard: (frames, 2) float32 at a time, `rate`
    frames a second. Each is closed before the next is asked for. Raises StoreError."""
    left_s = from_s
    for sound in sounds:
        with sound:
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
