"""Periodic waves, band-limited: what folds back over half the sample rate is too weak to be heard in music.

A phase is in cycles, 0 <= phase < 1; `step` is cycles a frame, below 1/4. All is float32, and every
wave goes from -1 to 1.
Source: Valimaki, Pekonen, Nam, "Perceptually informed synthesis of bandlimited classical waveforms using
integrated polynomial interpolation", JASA 131, 2012.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.shapes import sine

_F = np.float32
_ZERO, _THIRD, _HALF, _ONE, _TWO, _FOUR = _F(0), _F(1 / 3), _F(0.5), _F(1), _F(2), _F(4)
_QUARTER = _F(0.25)


@kernel
def wrap(phase: Any) -> Any:
    """The same place in the cycle, 0 <= phase < 1."""
    phase -= np.floor(phase)
    # A tiny negative phase rounds to 1 itself.
    return phase if phase < _ONE else _ZERO


@kernel
def _step_residue(phase: Any, step: Any) -> Any:
    """What makes an upward step of height 2 at phase 0 a band-limited one, to be added (polyBLEP)."""
    if phase < step:
        t = phase / step
        return t + t - t * t - _ONE
    if phase > _ONE - step:
        t = (phase - _ONE) / step
        return t * t + t + t + _ONE
    return _ZERO


@kernel
def _bend_residue(phase: Any, step: Any) -> Any:
    """What rounds a bend at phase 0 where the slope rises by 2 a frame, to be added (polyBLAMP)."""
    if phase < step:
        t = _ONE - phase / step
        return t * t * t * _THIRD
    if phase > _ONE - step:
        t = (phase - _ONE) / step + _ONE
        return t * t * t * _THIRD
    return _ZERO


@kernel
def saw(phase: Any, step: Any) -> Any:
    """A rising saw."""
    return phase + phase - _ONE - _step_residue(phase, step)


@kernel
def pulse(phase: Any, step: Any, width: Any) -> Any:
    """A pulse that is high for `width` of its cycle, 0 < width < 1."""
    flat = _ONE if phase < width else -_ONE
    return flat + _step_residue(phase, step) - _step_residue(wrap(phase + _ONE - width), step)


@kernel
def triangle(phase: Any, step: Any) -> Any:
    """A triangle that starts at 0 and rises, as a sine does."""
    from_low = wrap(phase + _QUARTER)
    from_high = wrap(phase + _QUARTER + _HALF)
    plain = _ONE - _FOUR * abs(from_low - _HALF)
    # The slope turns by 8 a cycle at either end.
    return plain + (_bend_residue(from_low, step) - _bend_residue(from_high, step)) * _FOUR * step


@kernel
def wave(shape: Any, phase: Any, step: Any, width: Any) -> Any:
    """A blend of two neighbours among saw (0), pulse (1), triangle (2) and sine (3)."""
    if shape < _ONE:
        first = saw(phase, step)
        if shape <= _ZERO:
            return first
        return first + (pulse(phase, step, width) - first) * shape
    if shape < _TWO:
        first = pulse(phase, step, width)
        if shape <= _ONE:
            return first
        return first + (triangle(phase, step) - first) * (shape - _ONE)
    first = triangle(phase, step)
    return first + (sine(phase) - first) * (shape - _TWO)
