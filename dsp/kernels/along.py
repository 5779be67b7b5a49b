"""Eight frames of one sound at a time, in an eight: ramps through them, and filters that go along them.

A filter's output depends on the one before. Here eight of them are found in three steps, each of which doubles how far
back they look: y[n] = x[n] + a y[n-1] = x[n] + a x[n-1] + a^2 y[n-2], and so on.
Source: Blelloch, "Prefix sums and their applications", 1990.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, carried, later_by_1, later_by_2, later_by_4, load, place_of, where

_F = np.float32
_ONE, _TWO, _HALF = _F(1.0), _F(2.0), _F(0.5)
_LAST = WIDTH - 1
_FRAMES = np.arange(1, 65, dtype=np.float32)
_ODD = np.array([0, 1] * 4, np.float32)
_SECOND = np.array([0, 0, 1, 1] * 2, np.float32)
_FOURTH = np.array([0, 0, 0, 0, 1, 1, 1, 1], np.float32)


@kernel
def nth(i: int) -> Any:
    """Frame `i` of a quantum, counted from 1, as a float32. It is read, because to make floats of whole numbers takes
    the unit that brings table reads together, of which there are too few."""
    return _FRAMES[i]


@kernel
def ramp(before: Any, step: Any, first: int) -> Any:
    """A line at eight frames from the quantum's frame `first` on, as `lines.line` gives it."""
    return before + load(_FRAMES, first) * step


@kernel
def last(x: Any) -> Any:
    """The number in the last place."""
    return place_of(x, _LAST)


@kernel
def powers_of(a: Any) -> Any:
    """a, a^2 and a^4, and the eight powers from a to a^8: what `recursive` needs."""
    a2 = a * a
    a4 = a2 * a2
    all_eight = a * where(load(_ODD, 0) > _F(0.0), a, _ONE)
    all_eight *= where(load(_SECOND, 0) > _F(0.0), a2, _ONE)
    all_eight *= where(load(_FOURTH, 0) > _F(0.0), a4, _ONE)
    return a, a2, a4, all_eight


@kernel
def recursive(x: Any, powers: Any, before: Any) -> Any:
    """y[n] = x[n] + a y[n-1] at eight frames.

    powers  of a, by `powers_of`
    before  y one frame before, one number
    """
    a, a2, a4, all_eight = powers
    y = x + later_by_1(x) * a
    y = y + later_by_2(y) * a2
    y = y + later_by_4(y) * a4
    return y + all_eight * before


@kernel
def one_pole_powers(g: Any) -> Any:
    """The share of a one-pole low-pass and its powers, from the integrator's gain `g`, as in `filters.one_pole`."""
    share = g / (_ONE + g)
    return share, powers_of(_ONE - share - share)


@kernel
def one_pole_along(x: Any, pole: Any, s: Any) -> Any:
    """As `filters.one_pole`, of eight frames: the low output, and the new state, one number.

    pole  by `one_pole_powers`
    s     the state before
    """
    share, powers = pole
    states = recursive(x * (share + share), powers, s)
    return (states + carried(states, s)) * _HALF, last(states)
