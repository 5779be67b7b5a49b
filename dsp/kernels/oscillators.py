"""Periodic waves from `tables`, for one voice or for eight side by side.

A phase is in cycles, 0 <= phase < 1; `step` is cycles a frame, below 1/4. All is float32, and every wave goes
from -1 to 1, but for the ripple of its last harmonics.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import anywhere, bits_of, floating, neighbours, where, whichever_is_left, whole
from dsp.kernels.tables import LOWEST_STEP, PER_OCTAVE, SAW_POINTS, TRIANGLE_POINTS, VERSIONS

_F = np.float32
_ZERO, _ONE, _TWO = _F(0), _F(1), _F(2)
_LOWEST_BITS = np.float32(LOWEST_STEP).view(np.int32)
_VERSIONS_PER_BIT = _F(PER_OCTAVE / 2**23)
_STEEPNESS = _F(16)
_FIRST, _LAST_VERSION = np.int32(0), np.int32(VERSIONS - 2)
_LAST_PLACE = _F(VERSIONS - 1.001)
_NEXT = np.int32(1)
OF_SAW, OF_TRIANGLE = np.int32(SAW_POINTS), np.int32(TRIANGLE_POINTS)
"""Points of a cycle in the tables; a parabola has as many as a triangle."""


@kernel
def wrap(phase: Any) -> Any:
    """The same place in the cycle, 0 <= phase < 1."""
    phase = phase - np.floor(phase)
    # A tiny negative phase rounds to 1 itself.
    return where(phase < _ONE, phase, _ZERO)


@kernel
def advance(phase: Any, step: Any) -> Any:
    """The phase one frame on."""
    phase = phase + step
    return whichever_is_left(phase, phase - _ONE)


@kernel
def version_of(step: Any) -> Any:
    """Which version of a table a pitch takes, an int32, and how much of the next one, 0..1.

    The bits of a float, read as a whole number, rise by the same amount in every octave, on a straight line
    within each: a logarithm that is good enough to tell versions apart, and costs nothing. The next version comes
    in late, so that the harmonics it lacks are weakened only where they are hardly heard, near 20 kHz at 48 kHz.
    """
    place = floating(bits_of(step) - _LOWEST_BITS) * _VERSIONS_PER_BIT
    place = min(max(place, _ZERO), _LAST_PLACE)
    version = min(max(whole(place), _FIRST), _LAST_VERSION)
    return version, max((place - floating(version) - _ONE) * _STEEPNESS + _ONE, _ZERO)


@kernel
def read(table: Any, points: Any, version: Any, blend: Any, phase: Any) -> Any:
    """A wave of the tables, of so many `points` a cycle, in the version that `version_of` gives."""
    place = phase * floating(points)
    # A phase that is not a number must not be read for a place in memory.
    first = min(max(whole(place), _FIRST), points - _NEXT)
    between = place - floating(first)
    at = version * (points + _NEXT) + first
    a, b = neighbours(table, at)
    y = a + (b - a) * between
    # Most notes stand where there is nothing to blend; reading is the greater part of the cost of a wave.
    if anywhere(blend > _ZERO):
        c, d = neighbours(table, at + (points + _NEXT))
        y += (c + (d - c) * between - y) * blend
    return y


@kernel
def saw(tables: Any, version: Any, blend: Any, phase: Any) -> Any:
    """A rising saw, in the version that `version_of` gives."""
    return read(tables.saw, OF_SAW, version, blend, phase)


@kernel
def pulse(tables: Any, version: Any, blend: Any, phase: Any, width: Any) -> Any:
    """A pulse that is high for `width` of its cycle, 0 < width < 1: the difference of two saws."""
    return pulse_of_saw(tables, version, blend, phase, width, saw(tables, version, blend, phase))


@kernel
def pulse_of_saw(tables: Any, version: Any, blend: Any, phase: Any, width: Any, up: Any) -> Any:
    """The same, where the saw, `up`, is known."""
    later = saw(tables, version, blend, wrap(phase + _ONE - width))
    return later - up + (width + width - _ONE)


@kernel
def triangle(tables: Any, version: Any, blend: Any, phase: Any) -> Any:
    """A triangle that starts at 0 and rises, as a sine does."""
    return read(tables.triangle, OF_TRIANGLE, version, blend, phase)


@kernel
def parabola(tables: Any, version: Any, blend: Any, phase: Any) -> Any:
    """phase^2 - phase + 1/6: the wave whose slope is half a saw."""
    return read(tables.parabola, OF_TRIANGLE, version, blend, phase)
