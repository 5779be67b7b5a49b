"""Zeroed blocks: sound that stops between one frame and the next, as where a buffer came late and was left empty.

A run of near-zeros is looked at from both of its ends. Music that ends by itself gets smaller first, in a fade of a
millisecond or more, and so does all that is in it; what was cut shows that in one of three ways:

- its last frames are as high as what came before them, or nearly so;
- it jumps to zero: the frame after its last two, going straight on, would have been elsewhere, by far more than the
  sound around it bends, and by more than its last steps would take it;
- it crossed zero there by chance, but what is high in it (its fourth difference) goes on as loud as before to the very
  end, and then is gone.

One cut in fifty hits a frame where none of this is sure. Then the other end shows it, where the sound comes back:
played backwards, it is cut there. But a drum that begins at once, a moment after another sound died away, looks the
same; so that counts only for a pause of `BRIEF_S` or less, and in a recording where next to no sound ever dies away
into nothing, as in a mix.

What it cannot know: a dropout in what is silent anyway, or over the first frames of a sound that begins; a gate or a
cut of a sample that is meant to be as hard as a fault, with a fade of half a millisecond or less, but for a wave that
is made of such pauses; a block that was filled with something else than zeros.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsp.inspect.fault import Samples, Window, certainty
from dsp.inspect.recurring import recurs

ZERO = 1e-4
"""-80 dB of full scale: what 16-bit dither and most codecs make of zeros lies below."""

BLOCK = 16
SHORTEST = 32
"""Frames of a run that is looked at: the smallest block that devices use."""

NEAR = 240
FLOOR = 1e-3
"""Sound lower than this before the run is not missed."""

EXACT = 2e-7
CLEAR = 5e-3
"""Where the sound before is lower than `CLEAR`, only zeros to the bit of 24 count: a low note that dies away is near
zero for a while at each of its crossings."""

COARSE = 1 / 128
AUDIBLE_STEPS = 8
SHORTEST_COARSE = 128
"""The step of 8 bits; what is lower than so many of them is zero for a while by itself, and a run of zeros that is
shorter than so many frames may be rounding."""

EDGE = 8
HIGH = 0.36
"""The last `EDGE` frames against the `NEAR` before: a fade of 1 ms gives 0.17, one of half a millisecond 0.33."""

BENT = 30
JUMP = 2.0
STEPS = 1.5
"""A jump against the highest second difference of the `BENT` frames before, and the highest step of the last ones."""

PART = 16
PARTS = 6
GOES_ON = 0.7
"""The fourth difference of the last `PART` frames against that of the five times as many before: the fades of 1 to 4 ms
give 0.15 to 0.3, noise that is not faded 1, and either seldom half or twice that."""

SHARE = 0.02
"""What is high in the sound against the corner that its end makes: of a low note, its fade alone makes 0.001."""

ROUNDED = 2.5e-4
"""The fourth difference of what is rounded to 16 bits is 7e-5, and no fade makes it less."""

GONE = 0.3

BRIEF_S = 0.1
FADES = 2
"""A recording with more runs of zeros that begin with a fade has pauses of its own."""

DOUBT = 0.5
"""In one that has none, half as much at either end will do."""

Doubles = npt.NDArray[np.float64]


class Gap(NamedTuple):
    """A run of near-zeros in sound. Places are frames of the recording.

    open    it goes on past the window
    cut     how much the sound was cut where it begins, 1 and more where that is sure
    either  the same of the end where that shows more, of a run of `BRIEF_S` or less; else 0
    """

    start: int
    end: int
    open: bool
    cut: float
    either: float


def find_gaps(window: Window) -> list[Gap]:
    """The runs of near-zeros of one channel that begin in the core, in what is no silence."""
    x = window.x
    clear, shortest = (AUDIBLE_STEPS * COARSE, SHORTEST_COARSE) if _is_coarse(x) else (0.0, SHORTEST)
    blocks = len(x) // BLOCK
    quiet = np.abs(x[: blocks * BLOCK]).reshape(blocks, BLOCK).max(axis=1) <= ZERO
    edges = np.flatnonzero(np.diff(quiet, prepend=False, append=False))
    gaps = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start, end = int(first) * BLOCK, int(last) * BLOCK
        while start > 0 and abs(x[start - 1]) <= ZERO:
            start -= 1
        while end < len(x) and abs(x[end]) <= ZERO:
            end += 1
        if end - start >= shortest and start >= BENT + 2 and window.owns(start) and _missed(x, start, end, clear):
            cut = 0.0 if recurs(x, start, window.rate) else _cut(x, start)
            brief = end - start <= BRIEF_S * window.rate
            either = max(cut, _returned(x, start, end, clear)) if brief else 0.0
            gaps.append(Gap(window.origin + start, window.origin + end, end == len(x), cut, either))
    return gaps


def dropouts(channels: list[list[Gap]]) -> list[list[tuple[Gap, float]]]:
    """Those of each channel's gaps that are dropouts, and how sure that is, now that all are known."""
    fades = max((sum(gap.cut < 1.0 for gap in gaps) for gaps in channels), default=0)
    least = DOUBT if fades <= FADES else np.inf
    return [
        [(gap, certainty(max(gap.cut, 1.0), 1.0)) for gap in gaps if gap.cut >= 1.0 or gap.either >= least]
        for gaps in channels
    ]


def _is_coarse(x: Samples) -> bool:
    """Whether all of it lies on the steps of 8 bits. Most of what does not shows that soon."""
    return all(bool((part % COARSE == 0.0).all()) for part in (x[:: len(x) // 64 + 1], x))


def _returned(x: Samples, start: int, end: int, clear: float) -> float:
    """How much the sound after the run was cut, played backwards."""
    back, after = x[start:][::-1], len(x) - end
    return _cut(back, after) if after >= BENT + 2 and _missed(back, after, len(back), clear) else 0.0


def _missed(x: Samples, start: int, end: int, clear: float) -> bool:
    """Whether the sound before the run is loud enough to be missed, `clear` at least."""
    level = float(np.abs(x[max(start - NEAR, 0) : start]).max())
    return level >= max(FLOOR, clear) and (level >= CLEAR or float(np.abs(x[start:end]).max()) <= EXACT)


def _cut(x: Samples, start: int) -> float:
    """How much the sound before `start`, where near-zeros begin, was cut; 1 and more where that is sure."""
    before = x[max(start - NEAR, 0) : start].astype(np.float64)
    height = float(np.abs(before[-EDGE:]).max() / np.abs(before).max()) / HIGH
    bends = np.diff(x[start - 3 : start + 3].astype(np.float64), 2)[1:3]
    bent = float(np.abs(np.diff(before[-BENT - 2 :], 2)).max())
    step = float(np.abs(np.diff(before[-EDGE - 1 :])).max())
    jump = min(abs(float(bends[0])) / max(bent, 0.5 * ZERO) / JUMP, abs(float(bends[0])) / max(step, ZERO) / STEPS)
    return max(height, jump, _goes_on(before, x[start : start + 2 * PART], float(np.abs(bends).max())))


def _goes_on(before: Doubles, run: Samples, corner: float) -> float:
    """How much what is high in the sound goes on to the end of `before`, 1 and more where it was cut there.

    corner  the second difference where it ends

    Medians, for the jumps of a saw that fades are few, and no more than its fade.
    """
    fourth = np.abs(np.diff(before, 4))[-PART * PARTS :]
    if len(fourth) < PART * PARTS:
        return 0.0
    parts = np.median(fourth.reshape(PARTS, PART), axis=1)
    last, usual = float(parts[-1]), float(parts[:-1].mean())
    gone = float(np.median(np.abs(np.diff(run.astype(np.float64), 4)))) < GONE * last
    heard = last >= ROUNDED and last >= SHARE * corner
    return last / max(usual, 1e-9) / GOES_ON if gone and heard else 0.0
