"""Telling a wave that jumps by itself, such as a saw or a pulse, from a single fault: a wave comes again."""

import numpy as np

from dsp.inspect.fault import Indices, Samples

SHAPE = 16
"""Frames before and after a place by whose shape it is known again."""

LIKE_SHAPE = 0.9
LIKE_HEIGHT = 0.6
"""How alike, and how high in comparison, a place must be to be the same again."""

LONGEST_PERIOD_S = 0.06
"""A wave that jumps comes back within this; 17 Hz is below all notes."""

GLIDE = 0.06
"""How much a period may differ from the next, as where a note slides."""


def recurs(x: Samples, place: int, rate: int) -> bool:
    """Whether the second difference at `place` comes again after one period and two, or on either side.

    A matched filter: likeness of shape, by the normalised correlation, and of height.
    """
    longest = int(LONGEST_PERIOD_S * rate)
    first = max(place - 2 * longest - SHAPE, 0)
    signed = np.diff(x[first : place + 2 * longest + SHAPE], 2).astype(np.float64)
    at = place - first
    shape = signed[max(at - SHAPE, 0) : at + SHAPE + 1]
    power = float(shape @ shape)
    if at < SHAPE or len(signed) <= at + SHAPE or power <= 0.0:
        return False
    match = np.correlate(signed, shape, "valid") / power
    energy = np.convolve(signed * signed, np.ones(len(shape)), "valid") / power
    away = np.flatnonzero((match > LIKE_HEIGHT) & (match > LIKE_SHAPE * np.sqrt(energy))) - (at - SHAPE)
    away = away[np.diff(away, prepend=away[0] - SHAPE) >= SHAPE]  # itself is among them, at 0
    before, after = -away[away < -SHAPE], away[away > SHAPE]
    return _equal(before, after) or _equal(2 * before, before) or _equal(2 * after, after)


def _equal(some: Indices, others: Indices) -> bool:
    """Whether one of `some` distances is one of `others`, but for a glide."""
    return bool((np.abs(some[:, None] - others[None, :]) <= GLIDE * others[None, :] + 1).any())
