"""A take made again: file by file, and compared meanwhile with what the take holds.

Each stretch of it is made by one thread, with a sound of its own, and as many are made beside each other as there are
cores. A thread compares its stretch and writes it to its place in the files; so there is never more in memory than a
piece of each stretch.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chronus_tui.engine.journal import NamedClip
from chronus_tui.engine.kernel_cache import open_sound
from chronus_tui.engine.output.hand import CHANNELS, Frames
from chronus_tui.engine.recording.taps import row_of
from chronus_tui.engine.replay.held import Held, frames_of, parts_of
from chronus_tui.engine.replay.sounding import PIECE, SoundAgain
from chronus_tui.engine.replay.stretches import Clips, Stretch, checkpoint_of, stretches_of
from chronus_tui.progress import show_progress
from dsp.kernels.tables import make_tables
from dsp.samples import pack_24
from dsp.sizes import CLIP_FRAMES
from store.clips import read_clip
from store.documents import Take
from store.takes.files import coding_of
from store.takes.formats import FORMATS
from store.takes.performance import Performance
from store.takes.proofs import BlockDigests
from store.wav.samples import samples_of
from store.wav.stretches import WavOfStretches, WavStretch


@dataclass
class MadeTap:
    """What was made of one tap, or of a stretch of it.

    compared  how many frames were compared with those that the take holds
    parts_at  the first frame of the take that is another one
    digests   of what was made, where that is compared by them
    """

    name: str
    compared: int = 0
    parts_at: int | None = None
    digests: BlockDigests | None = None

    def add(self, stretch: "MadeTap") -> None:
        """A later stretch was made."""
        self.compared += stretch.compared
        if self.parts_at is None:
            self.parts_at = stretch.parts_at
        if self.digests is None:
            self.digests = stretch.digests
        elif stretch.digests is not None:
            self.digests.join(stretch.digests)


@dataclass(frozen=True)
class OtherSeam:
    """A seam that does not follow from what came before it: its frame in the take, and what sounds otherwise."""

    frame: int
    what: str


@dataclass
class Made:
    """What was made of a take, and where that is not what the take holds."""

    taps: list[MadeTap]
    other_seams: list[OtherSeam] = field(default_factory=list)


def nobody_asks(made: int, of: int) -> None:
    """Tell nobody how far it is."""


class Again:
    """Makes a take again.

    project   whose clips were played
    folder    in which the take lies
    progress  hears how many frames were made, of how many; one thread calls it at a time, whichever it is
    """

    def __init__(
        self,
        project: Path,
        folder: Path,
        take: Take,
        performance: Performance,
        progress: Callable[[int, int], None] = nobody_asks,
    ) -> None:
        self._take = take
        self._performance = performance
        self._folder = folder
        self._clips = Clips(lambda name: NamedClip(name, read_clip(project, name, CLIP_FRAMES)))
        self._frames = frames_of(take, performance.first)
        self._rows = [row_of(name) for name in take.taps]
        self._stems = [row for row in self._rows if row is not None]
        self._idle: list[SoundAgain] = []
        self._progress = progress
        self._counting = threading.Lock()
        self._counted = 0

    def make(
        self,
        wavs: Sequence[Path],
        bits: int,
        threads: int = 0,
        digests: bool = False,
        begun: Callable[[Sequence[WavOfStretches]], None] = lambda wavs: None,
    ) -> Made:
        """Make all of it, and compare it with the take, unless its format has losses.

        wavs     new files of `bits` bits, one a tap, or none
        threads  at most, 0 for as many as there are cores
        digests  of what is made are given in place of a comparison
        begun    hears of the files before anything is in them

        Raises ChronusError; no file is left then.
        """
        take, performance = self._take, self._performance
        self._counted, self._digests = 0, digests
        stretches = stretches_of(performance, performance.first + take.frames + take.dropped, self._clips)
        # Once, not by each thread.
        open_sound(show_progress)
        make_tables()
        with ExitStack() as opened:
            outs = [opened.enter_context(WavOfStretches(wav, take.rate, CHANNELS, bits, take.frames)) for wav in wavs]
            begun(outs)
            return self._join(self._make_each(stretches, outs, threads or cores()))

    def _make_each(self, stretches: list[Stretch], outs: list[WavOfStretches], threads: int) -> list[Made]:
        """Make the stretches beside each other, the longest first."""
        given_up = threading.Event()
        order = sorted(range(len(stretches)), key=lambda i: stretches[i].begin.frame - stretches[i].end)
        with ThreadPoolExecutor(min(threads, len(stretches)), thread_name_prefix="replay") as pool:
            making = {i: pool.submit(self._make, stretches[i], outs, given_up) for i in order}
            try:
                wait(making.values(), return_when=FIRST_EXCEPTION)
            finally:
                given_up.set()
                pool.shutdown(cancel_futures=True)
            errors = (done.exception() for done in making.values() if not done.cancelled())
            if (error := next(filter(None, errors), None)) is not None:
                raise error
        return [making[i].result() for i in range(len(stretches))]

    def _join(self, stretches: list[Made]) -> Made:
        whole = Made([MadeTap(name) for name in self._take.taps])
        for made in stretches:
            whole.other_seams += made.other_seams
            for tap, part in zip(whole.taps, made.taps, strict=True):
                tap.add(part)
        return whole

    def _make(self, stretch: Stretch, outs: list[WavOfStretches], given_up: threading.Event) -> Made:
        """Make one stretch, or a part of it where it is given up."""
        again = self._sound()
        again.take_up(checkpoint_of(stretch.begin, self._clips), stretch.begin.echoes)
        take, place, at = self._take, self._frames.place(stretch.first), stretch.first
        # One for all taps: so it stays in the processor's cache.
        room = np.empty(PIECE * CHANNELS * take.bits // 8, np.uint8)
        with ExitStack() as opened:
            taps = [
                _TapStretch(self._made_tap(name, place), place, take.bits, out, self._held(opened, name, place, room))
                for name, out in zip(take.taps, self._opened(opened, outs, place), strict=True)
            ]
            for pieces in again.play(stretch.lines, stretch.first, stretch.end):
                if given_up.is_set():
                    break
                self._count(len(pieces[0]))
                held = self._frames.held(at, len(pieces[0]))
                at += len(held)
                if not held.any():
                    continue
                whole = held.all()
                for tap, row in zip(taps, self._rows, strict=True):
                    piece = pieces[0] if row is None else pieces[1 + self._stems.index(row)]
                    tap.take(piece if whole else piece[held])
        made = Made([tap.made for tap in taps])
        if stretch.seam is not None and not given_up.is_set():
            seam = checkpoint_of(stretch.seam, self._clips)
            what = again.first_other(seam, stretch.seam.echoes or 0)
            if what is not None:
                made.other_seams.append(OtherSeam(self._frames.place(seam.frame), what))
        self._idle.append(again)
        return made

    def _count(self, frames: int) -> None:
        with self._counting:
            self._counted += frames
            self._progress(self._counted, self._take.frames + self._take.dropped)

    def _sound(self) -> SoundAgain:
        """One that no stretch is made with."""
        with suppress(IndexError):
            return self._idle.pop()
        performance = self._performance
        return SoundAgain(performance.rate, performance.names, performance.heard, self._folder, self._stems)

    def _opened(self, opened: ExitStack, outs: list[WavOfStretches], place: int) -> list[WavStretch | None]:
        """Where each tap is written from frame `place` on, None for nowhere."""
        return [opened.enter_context(out.stretch(place)) for out in outs] or [None] * len(self._take.taps)

    def _made_tap(self, name: str, place: int) -> MadeTap:
        take = self._take
        lengths, frame_bytes = take.parts or (take.frames,), CHANNELS * take.bits // 8
        return MadeTap(name, digests=BlockDigests(lengths, place, frame_bytes) if self._digests else None)

    def _held(self, opened: ExitStack, name: str, place: int, room: npt.NDArray[np.uint8]) -> Held | None:
        if self._digests or not FORMATS[coding_of(self._take)].lossless:
            return None
        return opened.enter_context(Held(parts_of(self._folder, self._take, name), place, self._take.bits, room))


class _TapStretch:
    """A stretch of one tap: what is made of it, where that goes, and what the take, of `bits` bits, holds beside it."""

    def __init__(self, made: MadeTap, place: int, bits: int, out: WavStretch | None, held: Held | None) -> None:
        self.made = made
        self._place = place
        self._bits = bits
        self._out = out
        self._held = held

    def take(self, frames: Frames) -> None:
        """Write down what was made, and compare it with what the take holds there."""
        if self._out is not None:
            if self._out.bits == 24:
                self._out.write_samples(_samples(frames, 24))
            else:
                self._out.write(frames)
        if self.made.digests is not None:
            self.made.digests.add(_samples(frames, self._bits))
        if self._held is None:
            return
        held, apart = self._held.compare(frames)
        if apart is not None and self.made.parts_at is None:
            self.made.parts_at = self._place + self.made.compared + apart
        self.made.compared += held


def _samples(frames: Frames, bits: int) -> memoryview:
    """Frames as the bytes of a WAV file of 24 bits, or of floats."""
    if bits != 24:
        return samples_of(frames, bits, None)[0]
    samples = np.empty(3 * frames.size, np.uint8)
    pack_24(frames.reshape(-1), samples)
    return samples.data


def cores() -> int:
    """How many threads this process may run at once."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
