"""Where a delay line is read, and how that place is changed without a click: the old place fades into the new.

A memory that has a tap has the fields `near` and `next_near` (int64, frames behind the writing head) and
`blend` (float32, 0..1: how far the fade from the one to the other has come).
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel

_ZERO = np.float32(0.0)
_DONE = np.float32(0.999)
"""The sum of the steps may miss 1 by its rounding."""


@kernel
def move_tap(memory: Any, frames: int) -> None:
    """Let the tap move to `frames` behind the head: at once where it has no place yet, else by a fade.

    To be called once a quantum, before `tap_blend` is used. A fade that has begun goes on to its end first.
    """
    if memory.near == 0:
        memory.near = frames
        memory.next_near = frames
    if memory.blend > _DONE:
        memory.near = memory.next_near
        memory.blend = _ZERO
    if memory.near == memory.next_near:
        memory.next_near = frames


@kernel
def blend_step(memory: Any, seconds: Any, rate: Any) -> Any:
    """How much the fade goes on in each frame, so that it takes about `seconds` and ends with a quantum."""
    if memory.near == memory.next_near:
        return _ZERO
    quanta = max(1.0, np.ceil(seconds * rate / 32.0))
    return np.float32(1.0 / (32.0 * quanta))
