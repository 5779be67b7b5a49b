"""Clipping: peaks that were cut off flat.

Three frames in a row at full scale or beyond are clipped, for a peak of music has one frame at the top, seldom two. So
are single frames, as a hat has them, where some that are close together have the highest value there is to the bit,
and those before them have not: for the peaks of a wave are equal only where its periods are. A recording that was
clipped and then turned down shows it as well: its highest level is reached by some runs of three frames and more that
are equal to the bit, or of two, from unlike frames beside them. A limiter that looks ahead holds the peaks at one
level, too, but each with one frame.

What it cannot know: peaks cut softly (a tape, a tube, a lossy codec behind the cut); a pulse wave whose flat top is
the highest level of the recording, which looks clipped but for its hard flanks, and is let pass for these.

Source: EBU Tech 3341 and ITU-R BS.1770 for what full scale means; runs of equal peaks are the measure that
Eaton and Xie, "Audio clipping detection", and common "clip" lamps use.
"""

from typing import NamedTuple

import numpy as np

from dsp.inspect.fault import Samples, Window

FULL = 32_766.0 / 32_768.0
LOWEST = 0.1
"""A cut below -20 dB is not looked for."""

RUN = 3
PAIR = 2
PAIR_CORNER = 1e-3
PAIRS = 2
"""At full scale two frames in a row may be a peak of high pitch that was cut, where there are some of them."""

SINGLES = 3
SINGLE_CORNER = 0.01
UNLIKE = 0.05
"""So much lower are the frames beside a single one that was cut, and so unlike those beside the others, as a share of
the level: the tops of a high sine that are equal at 16 bits have neighbours that are alike to 0.02."""

FLAT_RUNS = 3
"""Below full scale it takes some of them."""

CORNER = 2e-4
"""The frame beside a cut is lower by more than this; the top of a low sine is flat without a corner: where three frames
of it are at full scale, to a step of 16 bits, the next is lower by 1.2e-4 at most."""


class Flat(NamedTuple):
    """Frames in a row of one value, `beside` that of the frame before. `start` is a frame of the recording."""

    start: int
    frames: int
    level: float
    full: bool
    beside: float


def find_flats(window: Window) -> list[Flat]:
    """Peaks of one channel that begin in the core and are flat: at full scale, or at the window's own highest level."""
    x = window.x
    core = x[window.core]
    highest, lowest = (float(core.max()), float(core.min())) if len(core) else (0.0, 0.0)
    flats: list[Flat] = []
    for sign, extreme in ((1.0, highest), (-1.0, -lowest)):
        if extreme < LOWEST:
            continue
        level = min(extreme, FULL)
        full = extreme >= FULL
        top = x >= level if sign > 0 else x <= -level
        edges = np.flatnonzero(np.diff(top, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        long = (ends - starts >= (1 if full else PAIR)) & window.owns(starts)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            if _cut(x, start, end, full) if end - start >= PAIR else _cut_at_one(x, start, sign * extreme):
                beside = float(x[start - 1]) if start else 0.0
                flats.append(Flat(window.origin + start, end - start, sign * extreme, full, beside))
    return flats


def _cut(x: Samples, start: int, end: int, full: bool) -> bool:
    """Whether the sound comes to its flat top with a corner; and, below full scale, does not jump there as a pulse
    wave does."""
    level = abs(float(x[start]))
    before = abs(float(x[start - 1]) - float(x[start])) if start else 0.0
    after = abs(float(x[end]) - float(x[end - 1])) if end < len(x) else 0.0
    corner = CORNER if end - start >= RUN else PAIR_CORNER
    return max(before, after) > corner and (full or max(before, after) <= 0.5 * level)


def _cut_at_one(x: Samples, place: int, extreme: float) -> bool:
    """Whether a single frame has the highest value, and those beside it are well below."""
    beside = np.abs(np.concatenate((x[max(place - 1, 0) : place], x[place + 1 : place + 2])))
    return float(x[place]) == extreme and float(beside.max(initial=0.0)) < abs(extreme) - SINGLE_CORNER


def together(flats: list[Flat]) -> bool:
    """Whether flat peaks that are close together are clipping; those below full scale were counted already."""
    if (
        any(flat.frames >= RUN or not flat.full for flat in flats)
        or sum(flat.frames >= PAIR for flat in flats) >= PAIRS
    ):
        return True
    return len({abs(flat.beside) for flat in flats}) >= SINGLES and _unlike(flats)


def clipped(flats: list[Flat], highest: float, lowest: float) -> list[Flat]:
    """Those of a channel's flat peaks that are clipping, now that its extremes over the whole recording are known."""
    full = [flat for flat in flats if flat.full]
    below = [flat for flat in flats if not flat.full and flat.level in (highest, lowest)]
    if len(below) >= FLAT_RUNS and _unlike(below):
        return full + below
    long = [flat for flat in below if flat.frames >= RUN]
    return full + (long if len(long) >= FLAT_RUNS else [])


def _unlike(flats: list[Flat]) -> bool:
    """Whether the frames beside flat peaks differ, as those beside the tops of a wave do not."""
    beside = [abs(flat.beside) for flat in flats]
    return max(beside) - min(beside) > UNLIKE * max(abs(flat.level) for flat in flats)
