"""Zeroed blocks: sound that stops between one frame and the next, as where a buffer came late and was left empty.

A run of near-zeros is a dropout where the sound before it was cut rather than faded: its last frames are as high as
what came before them, or nearly so, and the sound comes back as abruptly. Music that ends by itself gets smaller first.

What it cannot know: a dropout in what is silent anyway, or over the first frames of a sound that begins; a gate or a
cut of a sample that is meant to be as hard as a fault; a block that was filled with something else than zeros.
"""

from dataclasses import dataclass

import numpy as np

from dsp.inspect.fault import Samples, Window, certainty

ZERO = 1e-4
"""-80 dB of full scale: what 16-bit dither and most codecs make of zeros lies below."""

BLOCK = 16
SHORTEST = 32
"""Frames of a run that is looked at: the smallest block that devices use."""

EDGE = 8
NEAR = 240
FLOOR = 1e-3
"""Sound lower than this before the run is not missed."""

EXACT = 2e-7
CLEAR = 5e-3
"""Where the sound before is lower than `CLEAR`, only zeros to the bit of 24 count: a low note that dies away is near
zero for a while at each of its crossings."""

CUT = 0.3
"""The last frames against the 5 ms before, where the fall alone shows it: a fade of 1 ms gives 0.2."""

CROSSING = 0.02
"""The same where the sound also comes back at once: the cut may fall on a zero crossing of a low note."""

JOINT = 3.0
JOINT_FLOOR = 5e-5
"""The second difference where the zeros begin against the highest before: the end of a fade has no corner."""

BRIEF_S = 0.1
SHORT_FADE = 0.08
"""The last frames against those before in a fade of 2 ms: after one as short, a corner where the sound comes back, and
that within `BRIEF_S`, is a fault."""

SHORT_S = 0.05
CUT_AT_ZERO = 0.03
BACK = 0.1
"""The same for a pause as short as lost blocks are: it is enough that the sound comes back at a part of its height."""

SOON = 0.05
"""And where the sound before ends harder than a fade of 2 ms: that much of the height within `EDGE` frames, for the
sound may come back at a zero crossing, too."""

LONGEST_S = 0.5
"""A longer pause, after which a sound starts at full height, may be meant."""


@dataclass
class Gap:
    """A run of near-zeros with a hard edge. Places are frames of the recording; `open`: it goes on past the window."""

    start: int
    end: int
    open: bool
    confidence: float


def find_gaps(window: Window) -> list[Gap]:
    """The zeroed blocks of one channel that begin in the core."""
    x = window.x
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
        if end - start >= SHORTEST and start > EDGE and window.owns(start):
            score = _score(x, start, end, window.rate)
            if score >= 1.0:
                gaps.append(Gap(window.origin + start, window.origin + end, end == len(x), certainty(score, 1.0)))
    return gaps


def _score(x: Samples, start: int, end: int, rate: int) -> float:
    """How hard the edges of the run are; 1 and more is a dropout."""
    before = np.abs(x[max(start - NEAR, 0) : start])
    level = float(before.max())
    if level < FLOOR or (level < CLEAR and float(np.abs(x[start:end]).max()) > EXACT):
        return 0.0
    fall = float(before[-EDGE:].max()) / level
    jerk = np.abs(np.diff(x[max(start - NEAR, 0) : start + 2], 2))
    joint = float(jerk[-3:].max()) / max(float(jerk[:-4].max(initial=0.0)), JOINT_FLOOR)
    after = np.abs(x[end : end + NEAR])
    rise = 0.0
    if end - start <= LONGEST_S * rate and len(after) and float(after.max()) >= FLOOR:
        rise = float(after[:2].max()) / float(after.max())
    corner = 0.0
    if end - start <= BRIEF_S * rate and len(after) > EDGE:
        jerk = np.abs(np.diff(x[end - 2 : end + NEAR], 2))
        corner = float(jerk[:3].max()) / max(float(jerk[4:].max()), JOINT_FLOOR)
    lost = 0.0
    if end - start <= SHORT_S * rate and len(after) and float(after.max()) >= FLOOR:
        soon = float(after[:EDGE].max()) / float(after.max())
        lost = max(min(fall / CUT_AT_ZERO, rise / BACK), min(fall / SHORT_FADE, soon / SOON))
    crossed = min(fall / CROSSING, rise / CUT, 2.0)
    return max(fall / CUT, joint / JOINT, crossed, min(fall / SHORT_FADE, corner / JOINT), lost)
