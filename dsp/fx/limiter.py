"""The end of the chain: the master's gain, and a limiter that sees peaks coming and never lets one through.

The sound leaves two quanta late. In that time the gain falls on straight lines, from one quantum's border
to the next, to where each peak needs it; afterwards it comes back exponentially.

With need(k) = min(1, ceiling / peak of quantum k): m(j) is the least need of quanta j-1, j and j+1; r(j) follows m
down at once and up slowly; and the gain at the border where quantum j begins is G(j) = (r(j-1) + r(j)) / 2.
Both of G's parts look at quanta j-1 and j, so neither end of quantum k's line, G(k) and G(k+1), is above need(k).

A peak is a true peak: that of the wave between the samples as well. The wave around a sample is known only when a few
more have come, so those peaks count for the quantum after; each line arrives early enough for them.
Source: ITU-R BS.1770-5, annex 2.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, in_all_places, load, store, where
from dsp.kernels.levels import highest_of, peak_of
from dsp.kernels.lines import fader_line
from dsp.kernels.shapes import decibels
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

PARAMETERS = (
    Parameter("gain", 0.0, -60.0, 12.0, "dB", "How loud the whole mix is; silent at the bottom.", "db"),
    Parameter("ceiling", -0.3, -24.0, 0.0, "dB", "The level that no peak exceeds, not even between samples.", "db"),
    Parameter("release", 0.12, 0.01, 2.0, "s", "How long the level takes to come back after a peak.", "log"),
)
GAIN = index_of(PARAMETERS, "gain")
CEILING = index_of(PARAMETERS, "ceiling")
RELEASE = index_of(PARAMETERS, "release")

LATENCY = 2 * QUANTUM
"""Frames by which the sound leaves late."""

TAPS = 24
"""Samples from which the wave between two of them is worked out."""
BEHIND = TAPS // 2
"""Frames by which it is known late."""
FRACTIONS = 8


def _between() -> np.ndarray[Any, np.dtype[np.float32]]:
    """(FRACTIONS - 1, TAPS): weights of the samples around a place so many fractions behind the middle one."""
    offsets = np.arange(TAPS) - (BEHIND - 1) - np.arange(1, FRACTIONS)[:, np.newaxis] / FRACTIONS
    window = np.i0(3.0 * np.sqrt(np.maximum(0.0, 1.0 - (offsets / BEHIND) ** 2)))
    weights = np.sinc(offsets) * window
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


LIMITER = np.dtype(
    [
        ("held", "f4", (2, 2, QUANTUM)),  # the last two quanta: quantum, channel, frame
        ("around", "f4", (2, TAPS + QUANTUM)),  # the last samples, and before them those that came before
        ("turn", "i4"),  # which of them is the older
        ("peaks", "f4", 2),  # of the last quantum and the one before
        ("cut", "f4", 2),  # 1 - r(j), of the last border and the one before; 0 where nothing is held back
    ],
    align=True,
)

_F = np.float32
_BETWEEN = _between()
_HIGHEST_BETWEEN = np.float32(np.abs(_BETWEEN).sum(axis=1).max())
"""How far the wave between samples can rise above them all."""
_ARRIVES = QUANTUM - BEHIND
_PER_FRAME = np.float32(1.0 / _ARRIVES)
_MARGIN = np.float32(10.0 ** (-0.22 / 20.0))
"""Eight places a frame, and as many taps, miss the top of the wildest waves by up to 0.2 dB."""
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_LOUDEST = _F(1e9)
"""What is louder is no sound, but a fault; it is taken for silence."""
_SLOWEST_RELEASE_S = _F(0.001)
_NEAR_NOTHING = _F(1e-5)


@kernel
def process(memory: Any, settings: Any, bus: Any, rate: float) -> None:
    """Replace `bus`, (2, 32) float32, by what came two quanta ago, with no sample beyond the ceiling."""
    ceiling = decibels(settings.value[CEILING])
    gain, gain_step = fader_line(settings, GAIN)
    for channel in range(2):
        for i in range(0, QUANTUM, WIDTH):
            x = load(bus[channel], i) * ramp(gain, gain_step, i)
            # A comparison with NaN is never true.
            store(bus[channel], i, where(abs(x) < _LOUDEST, x, _ZERO))
    peak = max(peak_of(bus[0]), peak_of(bus[1]))
    goal = decibels(_ceiling_ahead(settings))
    peak = _true_peak(memory, bus, peak, goal * _MARGIN)
    highest = max(peak, memory.peaks[0], memory.peaks[1])
    least = goal / highest if highest > goal else _ONE
    release = _F(QUANTUM) / (max(settings.value[RELEASE], _SLOWEST_RELEASE_S) * _F(rate))
    recovered = memory.cut[0] * _HALF if release > _ONE else memory.cut[0] * (_ONE - release)
    cut = max(_ONE - least, recovered)
    cut = cut if cut > _NEAR_NOTHING else _ZERO
    begin = _ONE - (memory.cut[1] + memory.cut[0]) * _HALF
    step = (memory.cut[1] - cut) * _HALF * _PER_FRAME
    held = memory.held[memory.turn]
    for channel in range(2):
        for i in range(QUANTUM):
            x = held[channel, i] * (begin + step * _F(min(i + 1, _ARRIVES)))
            held[channel, i] = bus[channel, i]
            # The lines keep every sample below but for rounding.
            bus[channel, i] = min(max(x, -ceiling), ceiling)
    memory.turn = 1 - memory.turn
    memory.peaks[1] = memory.peaks[0]
    memory.peaks[0] = peak
    memory.cut[1] = memory.cut[0]
    memory.cut[0] = cut


@kernel
def _ceiling_ahead(settings: Any) -> Any:
    """Where the ceiling will be when what comes in now goes out: the gain has to come down before a ceiling does."""
    value, was = settings.value[CEILING], settings.was[CEILING]
    if value >= was:
        return value
    return max(settings.target[CEILING], value + (value - was) * _F(LATENCY // QUANTUM + 1))


@kernel
def _true_peak(memory: Any, bus: Any, peak: Any, ceiling: Any) -> Any:
    """The highest that the wave rises in this quantum, but for its last frames, and in the last of the one before.

    peak  the highest sample of this quantum. Where no wave through such samples could reach the ceiling, nothing
          more is worked out.
    """
    around = memory.around
    highest = max(peak, memory.peaks[0])
    for channel in range(2):
        row = around[channel]
        for i in range(TAPS):
            row[i] = row[QUANTUM + i]
        for i in range(QUANTUM):
            row[TAPS + i] = bus[channel, i]
    if highest * _HIGHEST_BETWEEN <= ceiling:
        return peak
    top = in_all_places(_ZERO)
    for channel in range(2):
        row = around[channel]
        for first in range(1, 1 + QUANTUM, WIDTH):
            for k in range(FRACTIONS - 1):
                y = in_all_places(_ZERO)
                for t in range(TAPS):
                    y += load(row, first + t) * _BETWEEN[k, t]
                top = max(top, abs(y))
    return max(peak, highest_of(top)) / _MARGIN


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.held[:, :, :] = _ZERO
    memory.around[:, :] = _ZERO
    memory.peaks[:] = _ZERO
    memory.cut[:] = _ZERO
