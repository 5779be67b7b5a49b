"""Values that glide to where they are told to go, so that no turn of a knob clicks.

A ramp is linear and takes RAMP_S, whatever the distance: long enough that a full jump of a level makes
no audible edge, short enough to feel immediate.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.sizes import PARAMETERS, QUANTUM

RAMP_S = 0.02


@kernel
def ramp_quanta(rate: float) -> int:
    """How many quanta a ramp takes."""
    return max(1, int(RAMP_S * rate / QUANTUM))


@kernel
def glide_to(ramps: Any, index: int, target: float, rate: float) -> None:
    """Begin to move one value to `target`; it arrives after RAMP_S."""
    if ramps.target[index] == np.float32(target):
        return
    ramps.target[index] = target
    glide_from(ramps, index, ramps.value[index], rate)


@kernel
def glide_from(ramps: Any, index: int, value: Any, rate: float) -> None:
    """Begin to move one value from `value` to where it belongs; it arrives after RAMP_S."""
    quanta = ramp_quanta(rate)
    ramps.value[index] = value
    ramps.step[index] = (ramps.target[index] - ramps.value[index]) / np.float32(quanta)
    ramps.left[index] = quanta
    ramps.moving = 1


@kernel
def jump_to(ramps: Any, index: int, target: float) -> None:
    """Set one value at once: for a sound that is not yet heard."""
    ramps.target[index] = target
    ramps.value[index] = target
    ramps.was[index] = target
    ramps.left[index] = 0


@kernel
def advance(ramps: Any) -> None:
    """Move all values on by one quantum. Costs nothing where all have arrived."""
    if ramps.moving == 0:
        return
    moving = 0
    for i in range(PARAMETERS):
        ramps.was[i] = ramps.value[i]
        if ramps.left[i] > 0:
            ramps.left[i] -= 1
            # The last step lands on the target itself, free of rounding.
            ramps.value[i] = ramps.target[i] if ramps.left[i] == 0 else ramps.value[i] + ramps.step[i]
            moving = 1
    ramps.moving = moving
