"""Distortion of the whole mix: a soft overdrive, a tone control behind it, and a mix that leaves the mix alone at 0."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import decibel_line, line
from dsp.kernels.shapes import soft, soft_between, warped
from dsp.parameters import Parameter, index_of

PARAMETERS = (
    Parameter("drive", 12.0, 0.0, 36.0, "dB", "How hard the mix is pushed.", "db"),
    Parameter("tone", 9000.0, 500.0, 18000.0, "Hz", "What lies above is taken from the distorted sound.", "log"),
    Parameter("mix", 0.0, 0.0, 1.0, "", "How much of the distorted sound is heard: 0 none, 1 nothing else."),
)
DRIVE = index_of(PARAMETERS, "drive")
TONE = index_of(PARAMETERS, "tone")
MIX = index_of(PARAMETERS, "mix")

DISTORTION = np.dtype([("before", "f4", 2), ("low", "f4", 2)], align=True)

_F = np.float32
_ZERO = _F(0.0)
_KEPT = _F(0.25)
"""A wave of this height keeps it, however hard it is driven."""
_HIGHEST = _F(0.45)


@kernel
def process(memory: Any, settings: Any, bus: Any, rate: float) -> None:
    """Distort `bus`, (2, 32) float32, in place. Where the mix is 0, not a bit of it changes."""
    if settings.value[MIX] == _ZERO and settings.was[MIX] == _ZERO:
        clear(memory)
        return
    mix, mix_step = line(settings, MIX)
    drive, drive_step = decibel_line(settings, DRIVE)
    g = warped(min(settings.value[TONE] / _F(rate), _HIGHEST))
    for channel in range(2):
        before, low_state = memory.before[channel], memory.low[channel]
        for i in range(bus.shape[1]):
            n = _F(i + 1)
            gain = drive + drive_step * n
            dry = bus[channel, i]
            x = dry * gain
            low, low_state = one_pole(soft_between(x, before) * _KEPT / soft(_KEPT * gain), g, low_state)
            before = x
            bus[channel, i] = dry + (low - dry) * (mix + mix_step * n)
        memory.before[channel], memory.low[channel] = before, flushed(low_state)


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    for channel in range(2):
        memory.before[channel] = _ZERO
        memory.low[channel] = _ZERO
