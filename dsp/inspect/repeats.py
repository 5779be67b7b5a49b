"""Repeated blocks: a stretch of sound that stands there twice to the bit, as where a late buffer was played again.

Eight frames at a time are hashed; a quarter of all places, chosen by their hash and so the same in both copies, are
sorted, and equal neighbours in the order tell how far back a copy lies. Each such distance is then tried on the sound.
Sound repeats itself honestly in three ways, and none is told of. A tone whose period is a whole number of frames does,
but it has no seam, or jumps there as it does in each of its periods; a drum that is struck twice does, but it starts
from silence or from another sound's end; and so does a slice that is played again, but it fades in and out. So a
stretch counts where it is as long as it lies apart, as a block is that was played twice; or where its seam shows as a
jump; or where the sound is so noisy that no seam could show, for noise does not repeat.

What it cannot know: a copy that went through a lossy codec, dither or a change of level, for it is not equal any more
(its seams may show as clicks); a block that was lost without another in its place; a copy further back than
LONGEST_LAG; a drum that is struck again, over nothing and to the bit, exactly when its last stroke is cut off; a slice
that is played again with no fade.

Sources: Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", 2003 (places chosen
by content); Karp and Rabin, "Efficient randomized pattern-matching algorithms", 1987 (the hash).
"""

import numpy as np
import numpy.typing as npt

from dsp.inspect.fault import Fault, Samples, Window
from dsp.inspect.recurring import recurs

SHORTEST = 64
"""Frames of the shortest block that is found for sure."""

LONGEST_LAG = 8192
"""How far back a copy is looked for."""

LAGS_TRIED = 24
SEAM = 2.0
STEPS = 2.5
"""How far a seam's jump exceeds all second differences of the block itself, so that a saw's own jumps are none, and all
steps of it and around the seam, so that the corner where a ramp begins to fade is none."""

LONG_LAG = 256
"""A wave as noisy as noise has a shorter period; what is longer may be a block that is played again and again."""

NOISY = 0.25
"""The second difference against the sound itself from which on a seam cannot show; medians, for the jumps of a saw are
few."""

EDGE = 8
FADED = 0.25
"""A slice that fades in and out in a millisecond is lower than this for `EDGE` frames."""

MEETING = 16
"""Frames before and after a block that are as unlike their like as sound is; a wave whose frames are rounded to the one
side or the other now and then is unlike in a few."""

QUIET = 1e-3
AROUND = 96
ENDED = 5e-3
"""A drum that is struck over what is louder, -46 dB, sounds together with it, and so not twice the same."""


def find_repeats(window: Window) -> list[Fault]:
    """The repeated blocks of one channel that begin in the core, as dropouts. Their `channel` is 0."""
    x = window.x
    faults: list[Fault] = []
    taken = np.zeros(len(x) + 1, dtype=bool)
    for lag in _lags(x):
        same = x[lag:] == x[:-lag]
        edges = np.flatnonzero(np.diff(same, prepend=False, append=False))
        starts, ends = edges[::2] + lag, edges[1::2] + lag
        long = np.flatnonzero(ends - starts >= SHORTEST - 4)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            if window.owns(start) and not taken[start:end].any() and _is_copy(x, start, end, lag, window.rate):
                taken[start:end] = True
                detail = f"{end - start} frames repeat what was {lag} frames before"
                faults.append(Fault("dropout", window.origin + start, end - start, 0, 0.99, detail))
    return faults


def _lags(x: Samples) -> list[int]:
    """The distances at which `x` may repeat itself, the most frequent first."""
    bits = x.view(np.uint32)
    two = bits[:-1] * np.uint32(0x9E3779B1) + bits[1:] * np.uint32(0x85EBCA77)
    four = two[:-2] + two[2:] * np.uint32(0xC2B2AE3D)
    eight = four[:-4] + four[4:] * np.uint32(0x27D4EB2F)
    chosen = np.flatnonzero((eight & np.uint32(0x60000000)) == 0)
    chosen = chosen[(bits[chosen] != bits[chosen + 1]) & (np.abs(x[chosen]) > 1e-5)]
    order = np.sort(eight[chosen].astype(np.uint64) << np.uint64(32) | chosen.astype(np.uint64))
    equal = (order[1:] >> np.uint64(32)) == (order[:-1] >> np.uint64(32))
    places = (order & np.uint64(0xFFFFFFFF)).astype(np.int64)
    distances = (places[1:] - places[:-1])[equal]
    lags, counts = np.unique(distances[distances <= LONGEST_LAG], return_counts=True)
    often = counts >= 2
    lags, counts = lags[often], counts[often]
    return [int(lag) for lag in lags[np.argsort(-counts, kind="stable")][:LAGS_TRIED]]


def copies_between(window: Window, jumps: npt.NDArray[np.intp]) -> list[Fault]:
    """Repeated blocks whose two seams are at `jumps`, places in the window: what hashing misses in a steady tone."""
    x = window.x
    faults = []
    for start, end in zip(jumps[:-1].tolist(), jumps[1:].tolist(), strict=True):
        for first in range(start - 2, start + 3):
            for last in range(end - 2, end + 3):
                lag = last - first
                inside = SHORTEST <= lag <= min(LONGEST_LAG, first)
                if inside and np.array_equal(x[first:last], x[first - lag : first]) and window.owns(first):
                    detail = f"{lag} frames repeat what was {lag} frames before"
                    faults.append(Fault("dropout", window.origin + first, lag, 0, 0.99, detail))
                    break
            else:
                continue
            break
    return faults


def _is_copy(x: Samples, start: int, end: int, lag: int, rate: int) -> bool:
    """Whether the stretch that equals what was `lag` frames before got there by a fault."""
    stretch = x[start:end]
    level = float(np.abs(stretch).max())
    if (
        lag < SHORTEST
        or level < QUIET
        or float(np.abs(x[max(start - AROUND, 0) : start]).max(initial=0.0)) < min(0.05 * level, ENDED)
        or np.count_nonzero(np.diff(stretch)) < SHORTEST // 2
    ):
        return False
    if not (_apart(x, start - MEETING, start, lag) and _apart(x, end, end + MEETING, lag)):
        return False
    if -4 <= end - start - lag <= 8:
        return True
    if float(np.median(np.abs(np.diff(stretch, 2)))) > NOISY * float(np.median(np.abs(stretch))):
        slice_again = _faded(x, start, level) and _faded(x, end, level)
        long = min(lag, 2 * SHORTEST) * 0.9 <= end - start and (end - start <= 1.5 * lag or lag >= LONG_LAG)
        return long and not slice_again
    inside = x[start - lag + 3 : end - lag - 3]
    rest = float(np.abs(np.diff(inside, 2)).max(initial=1e-6))
    for place in (start, end):
        sides = inside, x[max(place - EDGE, 0) : place - 1], x[place + 1 : place + EDGE]
        step = max(float(np.abs(np.diff(side)).max(initial=0.0)) for side in sides)
        if _jump(x, place) >= max(SEAM * rest, STEPS * step) and not recurs(x, place - 1, rate):
            return True
    return False


def _faded(x: Samples, place: int, level: float) -> bool:
    """Whether the sound around `place` is low beside `level`."""
    near = np.abs(x[max(place - EDGE, 0) : place + EDGE])
    return float(near.max(initial=0.0)) < FADED * level


def _jump(x: Samples, place: int) -> float:
    """The highest second difference where the frame `place` joins the one before."""
    return float(np.abs(np.diff(x[max(place - 3, 0) : place + 3], 2)).max(initial=0.0))


def _apart(x: Samples, first: int, last: int, lag: int) -> bool:
    """Whether the frames from `first` to `last` are others than those `lag` before; so are those that are not there."""
    if first - lag < 0:
        return False
    here = x[first:last]
    unlike = np.abs(here - x[first - lag : first - lag + len(here)]) > 1e-5
    return int(np.count_nonzero(unlike)) >= 0.75 * len(here)
