"""Filters that stay stable while their cutoff is swept fast. Each steps one frame; the caller keeps the state.

`g` is the integrator's gain, `shapes.warped(cutoff in cycles a frame)`. All is float32.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import where

_F = np.float32
_ONE, _TWO = _F(1.0), _F(2.0)
_TINY = _F(1e-15)
"""Below it a filter's memory is set to zero: floats that small are no longer normal numbers after some
more frames, and those cost a hundred times as much to compute with."""


@kernel
def flushed(x: Any) -> Any:
    """x, or zero where it is too small to matter."""
    return where(abs(x) > _TINY, x, _F(0.0))


@kernel
def one_pole(x: Any, g: Any, s: Any) -> Any:
    """Low-pass, 6 dB an octave: the low output and the new state. The high output is x less the low one.

    Source: Zavalishin, "The Art of VA Filter Design", 2018, 3.10.
    """
    share = g / (_ONE + g)
    away = x - s
    return s + away * share, s + away * (share + share)


@kernel
def state_variable(x: Any, g: Any, damping: Any, s1: Any, s2: Any) -> Any:
    """Two-pole filter, 12 dB an octave: its low and band outputs and the two new states.

    damping  1 / Q, > 0. The high output is x - damping * band - low; the band output has the gain Q at the cutoff.

    Source: Simper, "Linear trapezoidal integrated SVF", 2013.
    """
    a1 = _ONE / (_ONE + g * (g + damping))
    a2 = g * a1
    v3 = x - s2
    band = a1 * s1 + a2 * v3
    low = s2 + a2 * s1 + g * a2 * v3
    return low, band, _TWO * band - s1, _TWO * low - s2


@kernel
def ladder(x: Any, g: Any, resonance: Any, s1: Any, s2: Any, s3: Any, s4: Any) -> Any:
    """Four poles in a loop, 24 dB an octave, saturating at its input: its output and the four new states.

    resonance  >= 0; above 4 it sings by itself at the cutoff, no louder than the saturation lets it.

    The loop is solved with the saturation in it, by two of Newton's steps from the linear filter's answer: no delay in
    it, and no neglect of what the saturation takes away, detunes the song. As the gain round the loop is small from
    one frame to the next, 0.2 at the highest cutoff, the second step is off by less than a float32 can tell.

    One frame has to wait for the one before, so what counts is the longest chain from the old states to the new ones:
    all that does not follow from the input's saturation is worked out beside it.
    Source: Zavalishin, "The Art of VA Filter Design", 2018, 5.3 and 6.5.
    """
    one = _ONE / (_ONE + g)
    pass_on = g * one
    p2 = pass_on * pass_on
    p3, p4 = p2 * pass_on, p2 * p2
    # What comes out of each pole where nothing comes in.
    rest_1 = one * s1
    rest_2 = one * s2 + pass_on * rest_1
    rest_3 = one * s3 + pass_on * rest_2
    rest_4 = one * ((s4 + pass_on * s3) + (p2 * s2 + p3 * s1))
    gain, enters = resonance * p4, x - resonance * rest_4
    drive = enters * (_ONE / (_ONE + gain))
    square = _ONE + drive * drive
    root = np.sqrt(square)
    drive += (square * (enters - drive) * root - square * gain * drive) / (square * root + gain)
    square = _ONE + drive * drive
    root = np.sqrt(square)
    # Of the second step, the saturation's slope tells enough: what enters, saturated, without one more root.
    u = (drive + ((enters - drive) * root - gain * drive) / (square * root + gain)) * (_ONE / root)
    s1 = (rest_1 + rest_1 - s1) + (pass_on + pass_on) * u
    s2 = (rest_2 + rest_2 - s2) + (p2 + p2) * u
    s3 = (rest_3 + rest_3 - s3) + (p3 + p3) * u
    s4 = (rest_4 + rest_4 - s4) + (p4 + p4) * u
    return rest_4 + p4 * u, s1, s2, s3, s4
