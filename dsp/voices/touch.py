"""How hard a note is struck, and what that does to its level. The same for all instruments."""

from typing import Any

import numpy as np

from dsp.kernels import kernel

ACCENT_GAIN = np.float32(1.41)
"""An accent is 3 dB louder; what else it does, each instrument decides."""

_ONE = np.float32(1.0)


@kernel
def strike(velocity: Any, accent: int) -> Any:
    """The level of a note of `velocity` 0..1: 1 at full velocity without an accent.

    The power 1.5 lies between a level that follows velocity, where soft notes stay too loud, and its
    square, where they are lost in a mix.
    """
    level = velocity * np.sqrt(velocity)
    return level * ACCENT_GAIN if accent else level * _ONE
