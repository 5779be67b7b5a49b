"""Hard sync: a wave that begins anew whenever another one, its master, does.

What repeats with the master and is made of straight lines is a sum of the master's saws, one for each step in it, and
of its parabolas, one for each corner. So a synced saw, pulse or triangle is as free of stray tones as the tables are.
A synced sine keeps its own shape; the step and the corner that the new beginning cuts into it are exchanged for
band-limited ones, and its higher derivatives stay as they are cut.

`phase`, `version` and `blend` are the master's, as `dsp.kernels.oscillators` takes them; `ratio`, > 0, tells how many
cycles of the wave go into one of the master's. Each wave has no mean.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import anywhere, where
from dsp.kernels.oscillators import parabola, saw, wrap
from dsp.kernels.shapes import sine

_F = np.float32
_ZERO, _QUARTER, _HALF, _ONE, _TWO, _FOUR = _F(0), _F(0.25), _F(0.5), _F(1), _F(2), _F(4)
_SIXTH = _F(1 / 6)
_TURN = _F(2 * np.pi)


@kernel
def synced_saw(tables: Any, version: Any, blend: Any, phase: Any, ratio: Any, begin: Any) -> Any:
    """A saw that goes back to its place `begin`, 0..1, when the master begins a cycle."""
    y = saw(tables, version, blend, phase) * (wrap(ratio + begin) - begin)
    fall = _ONE - begin
    while anywhere(fall <= ratio):
        there = saw(tables, version, blend, wrap(phase - min(fall / ratio, _ONE)))
        y += where(fall <= ratio, there, _ZERO)
        fall += _ONE
    return y


@kernel
def _corners(tables: Any, version: Any, blend: Any, phase: Any, ratio: Any, at: Any) -> Any:
    """The sum of parabolas whose corners lie where a wave passes its place `at`, 0..1, in every cycle."""
    y = phase * _ZERO
    while anywhere(at < ratio):
        there = parabola(tables, version, blend, wrap(phase - min(at / ratio, _ONE)))
        y += where(at < ratio, there, _ZERO)
        at += _ONE
    return y


@kernel
def synced_triangle(tables: Any, version: Any, blend: Any, phase: Any, ratio: Any) -> Any:
    """A triangle that starts at 0 and rises."""
    end = wrap(ratio)
    falls = abs(end - _HALF) < _QUARTER
    height = where(falls, _TWO - _FOUR * end, where(end < _HALF, _FOUR * end, _FOUR * end - _FOUR))
    y = saw(tables, version, blend, phase) * height * _HALF
    tops = _corners(tables, version, blend, phase, ratio, _QUARTER)
    y += _FOUR * ratio * (tops - _corners(tables, version, blend, phase, ratio, _HALF + _QUARTER))
    return y - where(falls, _FOUR * ratio, _ZERO) * parabola(tables, version, blend, phase)


@kernel
def synced_sine(tables: Any, version: Any, blend: Any, phase: Any, ratio: Any) -> Any:
    """A sine that starts at 0 and rises."""
    end = wrap(ratio)
    height = sine(end)
    rest = _ONE - sine(wrap(end + _QUARTER))
    y = sine(wrap(phase * ratio)) - rest / (_TURN * ratio)
    y += height * _HALF * (saw(tables, version, blend, phase) - (phase + phase - _ONE))
    bow = phase * (phase - _ONE) + _SIXTH
    return y - _HALF * _TURN * ratio * rest * (parabola(tables, version, blend, phase) - bow)
