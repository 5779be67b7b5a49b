"""From the tap of the sound into the memory, and what can be heard of it on the way."""

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.loudness import LoudnessMeter
from chronus_tui.engine.recording.memory import Memory, SideBySide
from chronus_tui.engine.recording.memory_ring import CHANNELS, MASTER_ROW, Frames, make_ring
from chronus_tui.engine.recording.taps import Tap
from dsp.sizes import STEM_FRAMES
from dsp.stems import ALL_STEMS
from dsp.tap import arm_stems, copy_stem, copy_tap, stems_begin, tap_begin, tap_end
from store.lasting import LastingFolder

CHUNK = 16_384
OTHERS_MAX_BYTES = 256 * 2**20
"""Of the memory of what is taken elsewhere than at the master: half a minute of all stems."""
SPARE_S = 2.0
"""In which a take is opened on a busy machine, so that it still begins with the oldest that is kept."""
PEAK_HOLD_S = 2.0
"""How long the highest peak stays where it is."""


class Listening:
    """Moves what `player` made into a memory of `seconds`, and measures it.

    What is taken elsewhere than at the master has a memory beside it, which reaches back as far as that, or as
    it may. Where there is a place for it, both outlive the engine in `lasting`.

    Its own thread calls `listen`; the rest may be read by any.
    """

    def __init__(self, player: Player, seconds: float, lasting: LastingFolder | None = None) -> None:
        self._player = player
        self._lasting = lasting
        self._memories = itertools.count(1)
        self._spare = round(SPARE_S * player.rate)
        self.memory = self._remember(round(seconds * player.rate), [MASTER_ROW])
        self.memory.start_at(int(tap_end(player.state)))
        self.lost = 0
        self.meter = LoudnessMeter(player.rate)
        self.held = (0.0, 0.0)
        self._held_until = [0, 0]
        self._chunk = np.zeros((CHUNK, CHANNELS), np.float32)
        self._seconds = seconds
        self.others: Memory | None = None
        self._rows: tuple[int, ...] = ()

    def keep(self, seconds: float) -> None:
        """Remember so much from now on."""
        self._seconds = seconds
        self.memory.resize(round(seconds * self._player.rate))
        if self.others is not None:
            self.others.resize(self._frames_of(self.others.channels))

    def take_at(self, taps: Sequence[Tap]) -> None:
        """Remember what is heard at these taps as well, from now on."""
        self._rows = tuple(tap.row for tap in taps if tap.row is not None)
        if self._rows:
            self._player.make_stem_pages()
        arm_stems(self._player.state, ALL_STEMS if self._rows else 0)
        if not self._rows:
            self.others = None
            return
        channels = CHANNELS * len(self._rows)
        self.others = self._remember(self._frames_of(channels), self._rows)

    @property
    def bytes_when_full(self) -> int:
        """Of memory, once it remembers as much as it may."""
        return self.memory.bytes_when_full + (0 if self.others is None else self.others.bytes_when_full)

    def _frames_of(self, channels: int) -> int:
        return min(round(self._seconds * self._player.rate), OTHERS_MAX_BYTES // (4 * channels))

    def _remember(self, frames: int, rows: Sequence[int]) -> Memory:
        name = f"memory-{next(self._memories)}"
        return Memory(make_ring(frames + self._spare, rows, self._lasting, name), self._spare)

    def kept_at(self, taps: Sequence[Tap]) -> Memory | SideBySide:
        """The memory of those taps, each two channels of it, in their order; the master comes first."""
        others = [tap for tap in taps if tap.row is not None]
        if not others or self.others is None:
            return self.memory
        return self.others if len(others) == len(taps) else SideBySide(self.memory, self.others)

    def listen(self, end: int | None = None) -> None:
        """Take what was made, up to frame `end`, or all of it."""
        state, memory = self._player.state, self.memory
        end = int(tap_end(state)) if end is None else end
        while memory.end < end:
            self._pass_over_lost(memory, int(tap_begin(state)), end)
            chunk = self._chunk[: min(CHUNK, end - memory.end)]
            if not copy_tap(state, memory.end, chunk):
                continue  # overwritten while it was copied: the next turn counts it as lost
            self._measure(chunk, memory.end)
            memory.append(chunk)
        self._listen_elsewhere(end)

    def _listen_elsewhere(self, end: int) -> None:
        state, memory = self._player.state, self.others
        if memory is None:
            return
        if not memory.begun:
            begin = int(stems_begin(state))
            if begin < 0:
                return
            memory.start_at(max(begin, end - STEM_FRAMES + CHUNK))  # what is about to be overwritten is left out
        while memory.end < end:
            self._pass_over_lost(memory, int(stems_begin(state)), end)
            chunk = np.empty((min(CHUNK, end - memory.end), memory.channels), np.float32)
            if self._copy_stems(memory.end, chunk):
                memory.append(chunk)

    def _pass_over_lost(self, memory: Memory, begin: int, end: int) -> None:
        """Where the sound has overwritten what comes next, and holds but what begins with `begin`, go on a chunk later:
        what it is about to overwrite would be gone before it is copied, again and again."""
        if memory.end < begin:
            lost = min(begin + CHUNK, end) - memory.end
            self.lost += lost
            memory.skip(lost)

    def _copy_stems(self, first: int, chunk: Frames) -> bool:
        room = self._chunk[: len(chunk)]
        for place, row in enumerate(self._rows):
            if not copy_stem(self._player.state, row, first, room):
                return False  # the next turn counts it as lost
            chunk[:, CHANNELS * place : CHANNELS * (place + 1)] = room
        return True

    def rises(self, first: int, level: float) -> int | None:
        """The first frame from `first` on whose level is over `level`, linear; None where none is so far."""
        return next((int(frames[0]) for frames in self._over(first, level)), None)

    def last_over(self, first: int, level: float) -> int | None:
        """The last frame from `first` on whose level is over `level`, linear; None where none is."""
        found = None
        for frames in self._over(first, level):
            found = int(frames[-1])
        return found

    def _over(self, first: int, level: float) -> Iterator[npt.NDArray[np.intp]]:
        """The frames from `first` on whose level is over `level`, a chunk's together, where it has any."""
        memory = self.memory
        at = max(first, memory.begin)
        while at < memory.end:
            chunk = np.empty((min(CHUNK, memory.end - at), CHANNELS), np.float32)
            count = memory.copy(at, chunk)
            if count == 0:
                at = memory.next_held(at)
                continue
            loud = np.flatnonzero(np.abs(chunk[:count]).max(axis=1) > level)
            if len(loud):
                yield at + loud
            at += count

    def _measure(self, frames: Frames, first: int) -> None:
        peaks = self.meter.take(frames)
        held = list(self.held)
        for channel, peak in enumerate(peaks):
            if peak >= held[channel] or first >= self._held_until[channel]:
                held[channel] = peak
                self._held_until[channel] = first + round(PEAK_HOLD_S * self._player.rate)
        self.held = (held[0], held[1])


def linear(level_db: float) -> float:
    """A level in dB as a factor."""
    return math.pow(10.0, level_db / 20.0)
