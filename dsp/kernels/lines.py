"""How a kernel follows a setting that moves: along a straight line through the quantum, frame by frame."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.shapes import decibels

FADER_LOW_DB = np.float32(-60.0)
"""The lower end of every fader, where it is silent."""

PER_FRAME = np.float32(1 / 32)
"""One over the quantum, which `dsp.state` names; but the state is laid out after the effects, and they after this."""


@kernel
def fader(db: Any) -> Any:
    """The factor of a fader that stands at `db` decibels."""
    return decibels(db) if db > FADER_LOW_DB else np.float32(0.0)


@kernel
def line(ramps: Any, index: int) -> Any:
    """A setting's value before the quantum, and its step: after frame i it is value + step * (i + 1)."""
    before = ramps.was[index]
    return before, (ramps.value[index] - before) * PER_FRAME


@kernel
def decibel_line(ramps: Any, index: int) -> Any:
    """As `line`, for the factor that a setting in dB stands for."""
    before = decibels(ramps.was[index])
    return before, (decibels(ramps.value[index]) - before) * PER_FRAME


@kernel
def fader_line(ramps: Any, index: int) -> Any:
    """As `line`, for the factor of a fader."""
    before = fader(ramps.was[index])
    return before, (fader(ramps.value[index]) - before) * PER_FRAME
