"""The curves that sound is made of: sines, powers of two, saturation, and the units that need them.

All of them are polynomials in float32, made so that they give the same bits on every machine and cost
a few nanoseconds. `x` and results are float32, one or eight side by side.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import bits_of, floating, from_bits, whole

_F = np.float32

_QUARTER = _F(0.25)
_HALF = _F(0.5)
_ONE = _F(1.0)
_TWO = _F(2.0)
_FOUR = _F(4.0)

# sin(pi/2 t) / t over 0 <= t^2 <= 1, interpolated at Chebyshev's nodes: 7e-9 off at most.
_S0, _S1, _S2, _S3, _S4 = _F(1.57079632), _F(-0.64596376), _F(0.0796899183), _F(-0.00467414384), _F(0.000151671704)

# Taylor's series of 2^x over -1/2..1/2: 2e-7 off at most, and exact at 0, so that 0 dB is 1.
_E1, _E2, _E3 = _F(0.693147181), _F(0.240226507), _F(0.0555041087)
_E4, _E5, _E6 = _F(0.00961812911), _F(0.00133335581), _F(0.000154035304)

_EXPONENT_BIAS = np.int32(127)
_EXPONENT_SHIFT = np.int32(23)
_POWER_LOW, _POWER_HIGH = _F(-126.0), _F(126.0)

# log2(m) / u over u = (m - 1) / (m + 1), m from sqrt(1/2) to sqrt(2), in powers of u^2: 4e-10 off at most.
_L0, _L1, _L2, _L3 = _F(2.88539004), _F(0.961798847), _F(0.576714516), _F(0.431733012)
_ROOT_OF_HALF = np.int32(0x3F3504F3)
_DECIBELS_PER_OCTAVE = _F(20.0 * np.log10(2.0))

_DOUBLE_LOG2_E = _F(2.0 * np.log2(np.e))
_OCTAVES_PER_DB = _F(np.log2(10.0) / 20.0)
_OCTAVES_PER_SEMITONE = _F(1.0 / 12.0)
_A4_NOTE, _A4_HZ = _F(69.0), _F(440.0)


@kernel
def sine(phase: Any) -> Any:
    """Sine of a phase in cycles, 0 <= phase < 1."""
    away = phase - _QUARTER
    away = abs(away - np.floor(away + _HALF))
    t = _ONE - _FOUR * away
    u = t * t
    return t * (_S0 + u * (_S1 + u * (_S2 + u * (_S3 + u * _S4))))


@kernel
def power_of_two(x: Any) -> Any:
    """Two to the power of x, for x in -126..126; beyond, the value at the border."""
    x = min(max(x, _POWER_LOW), _POWER_HIGH)
    nearest = np.floor(x + _HALF)
    f = x - nearest
    fraction = _ONE + f * (_E1 + f * (_E2 + f * (_E3 + f * (_E4 + f * (_E5 + f * _E6)))))
    return fraction * from_bits((whole(nearest) + _EXPONENT_BIAS) << _EXPONENT_SHIFT)


@kernel
def decibels_of(factor: Any) -> Any:
    """The decibels that a factor is, of a normal number above 0: 1e-6 off at most."""
    bits = bits_of(factor)
    one = _EXPONENT_BIAS << _EXPONENT_SHIFT
    exponent = ((bits + (one - _ROOT_OF_HALF)) >> _EXPONENT_SHIFT) - _EXPONENT_BIAS
    m = from_bits(bits - (exponent << _EXPONENT_SHIFT))
    u = (m - _ONE) / (m + _ONE)
    v = u * u
    return (floating(exponent) + u * (_L0 + v * (_L1 + v * (_L2 + v * _L3)))) * _DECIBELS_PER_OCTAVE


@kernel
def decibels(db: Any) -> Any:
    """The factor that is `db` decibels."""
    return power_of_two(db * _OCTAVES_PER_DB)


@kernel
def semitones(st: Any) -> Any:
    """The factor of frequency that is `st` semitones."""
    return power_of_two(st * _OCTAVES_PER_SEMITONE)


@kernel
def note_hz(note: Any) -> Any:
    """The frequency in Hz of a MIDI note, which may lie between two: 69 is 440 Hz."""
    return _A4_HZ * semitones(note - _A4_NOTE)


@kernel
def warped(freq_norm: Any) -> Any:
    """tan(pi f), the gain of an integrator whose filter shall be tuned to f cycles a frame, 0 < f < 0.49."""
    half_turn = freq_norm * _HALF
    return sine(half_turn) / sine(half_turn + _QUARTER)


@kernel
def tanh(x: Any) -> Any:
    """Saturate by the hyperbolic tangent: 3e-7 off at most."""
    return _ONE - _TWO / (power_of_two(x * _DOUBLE_LOG2_E) + _ONE)


@kernel
def soft(x: Any) -> Any:
    """Saturate: x where it is small, and never beyond -1..1. x / sqrt(1 + x^2)."""
    return x / np.sqrt(_ONE + x * x)


@kernel
def soft_between(x: Any, before: Any) -> Any:
    """Saturate as `soft` does, averaged over the straight line from the sample before to this one.

    It aliases far less than `soft` itself, for half a frame of delay. The mean of f over the line is
    (F(x) - F(x')) / (x - x'), and F = sqrt(1 + x^2) lets the difference be divided out.
    Source: Parker, Zavalishin, Le Bivic, "Reducing the aliasing of nonlinear waveshaping", DAFx-16.
    """
    return (x + before) / (np.sqrt(_ONE + x * x) + np.sqrt(_ONE + before * before))


@kernel
def share(seconds: Any, falls: Any, rate: Any) -> Any:
    """How much of the way to its target an exponential goes in one frame.

    After `seconds` there are e^-falls of the way left. Takes 1 - e^-x = x / (1 + x/2 + x^2/12), which is
    good to 0.1 % up to x = 1, that is, as long as `seconds` spans more than `falls` frames.
    """
    x = falls / (seconds * np.float32(rate))
    return x / (_ONE + x * (_HALF + x * _F(1.0 / 12.0)))
