"""A take made again: file by file, and compared meanwhile with what the take holds.

The sound is made on a thread of its own, while what was made before is compared and written.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.hand import CHANNELS, Frames
from chronus_tui.engine.journal import NamedClip
from chronus_tui.engine.recording.taps import row_of
from chronus_tui.engine.replay.compared import first_apart
from chronus_tui.engine.replay.held import sound_of
from chronus_tui.engine.replay.sounding import replay_of
from dsp.state import CLIP_FRAMES
from store.clips import read_clip
from store.documents import Take
from store.performance import Performance
from store.take_files import coding_of
from store.take_formats import FORMATS
from store.wav import WavWriter

_AHEAD = 8
"""Pieces that may have been made and not been compared yet."""


@dataclass
class MadeTap:
    """One file that is made, and what the take holds beside it.

    row       among the stems, None for the master
    sound     what the take holds, a piece at a time
    compared  how many frames were
    parts_at  the first of them that is another one
    """

    name: str
    row: int | None
    out: WavWriter
    bits: int
    sound: Iterator[Frames]
    compared: int = 0
    parts_at: int | None = None
    _rest: Frames = field(default_factory=lambda: np.zeros((0, CHANNELS), np.float32))

    def take(self, made: Frames) -> None:
        """Write down what was made, and compare it with what the take holds there."""
        self.out.write(made)
        held = self._next(len(made))
        if self.parts_at is None and len(held):
            apart = first_apart(held, made[: len(held)], self.bits)
            self.parts_at = None if apart is None else self.compared + apart
        self.compared += len(held)

    def _next(self, count: int) -> Frames:
        pieces, have = [self._rest], len(self._rest)
        while have < count and (piece := next(self.sound, None)) is not None:
            pieces.append(piece)
            have += len(piece)
        whole = np.concatenate(pieces)
        self._rest = whole[count:]
        return whole[:count]


def make_again(
    project: Path, folder: Path, take: Take, performance: Performance, wavs: Sequence[Path], bits: int, durable: bool
) -> list[MadeTap]:
    """Make all of a take again, and compare it.

    project  whose clips were played
    folder   in which the take lies
    wavs     new files of `bits` bits, one a tap; `durable` where they are to be on the disk when this comes back

    Raises ChronusError.
    """

    def clip(name: str) -> NamedClip:
        return NamedClip(name, read_clip(project, name, CLIP_FRAMES))

    again, lines = replay_of(performance, clip, folder)
    lossless = FORMATS[coding_of(take)].lossless
    taps = [
        MadeTap(
            name,
            row_of(name),
            WavWriter(wav, take.rate, CHANNELS, bits, durable=durable),
            take.bits,
            sound_of(folder, take, name) if lossless else iter(()),
        )
        for name, wav in zip(take.taps, wavs, strict=True)
    ]
    rows = [tap.row for tap in taps if tap.row is not None]
    dropped = [event for event in take.events if event.what == "dropped"]
    first, end = performance.first, performance.first + take.frames + take.dropped
    at = 0  # frames since the take began, those that were dropped as well
    gaps = _gaps([(event.frame, event.count) for event in dropped])
    for pieces in _ahead(again.play(lines, first, end, rows)):
        kept = _kept(gaps, at, len(pieces[0]))
        at += len(pieces[0])
        for tap in taps:
            made = pieces[0] if tap.row is None else pieces[1 + rows.index(tap.row)]
            tap.take(made if kept is None else made[kept])
    for tap in taps:
        tap.out.close()
    return taps


def _ahead(pieces: Iterator[list[Frames]]) -> Iterator[list[Frames]]:
    """The same, made on a thread of its own, a few of them in advance."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="replay") as thread:
        made = deque(thread.submit(next, pieces, None) for _ in range(_AHEAD))
        while (piece := made.popleft().result()) is not None:
            made.append(thread.submit(next, pieces, None))
            yield piece


def _gaps(dropped: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where frames are missing in a take, as it would be with them: begin and end of each stretch."""
    gaps, before = [], 0
    for frame, count in sorted(dropped):
        gaps.append((frame + before, frame + before + count))
        before += count
    return gaps


def _kept(gaps: list[tuple[int, int]], at: int, count: int) -> Any:
    """Which of `count` frames from `at` on the take holds, None for all."""
    inside = [(begin - at, end - at) for begin, end in gaps if begin < at + count and end > at]
    if not inside:
        return None
    kept = np.ones(count, bool)
    for begin, end in inside:
        kept[max(0, begin) : end] = False
    return kept
