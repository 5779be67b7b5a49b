"""How the device's callback and the silent clock take turns, so that never both make sound at once.

The callback says that it is inside before it looks whether it owns the sound; who takes the sound from it
says so before looking whether it is inside. Whatever the order, at least one of them sees the other.
"""

from typing import Any

import numpy as np

from dsp.kernels import SOUND, Address, door
from dsp.memory import exchange, load_acquire, load_in_order, sound_at
from dsp.render import render
from dsp.state import STATE

OUTPUT_UNDERFLOW = 4
"""PortAudio's flag for a block that came too late."""


@door(STATE, SOUND, int, bool)
def serve(state: Any, out: Any, frames: int, underflowed: bool) -> None:
    """Fill what a device asks for: with sound while it owns it, else with silence.

    out  (frames, 2) float32, overwritten
    """
    exchange(state.device.inside, 0, 1)
    if load_in_order(state.device.owns, 0):
        render(state, out, frames)
        state.counters.blocks += 1
        if underflowed:
            state.counters.xruns += 1
    else:
        out[:, :] = np.float32(0.0)
    exchange(state.device.asked, 0, load_acquire(state.device.asked, 0) + 1)
    exchange(state.device.inside, 0, 0)


@door(Address, Address, int, Address, int, STATE)
def device_callback(_input: Any, output: Any, frames: int, _time: Any, flags: int, state: Any) -> int:
    """What PortAudio calls. Its buffer holds whatever was there before, so every path fills it."""
    serve(state, sound_at(output, frames), frames, (flags & OUTPUT_UNDERFLOW) != 0)
    return 0


@door(STATE)
def give_to_device(state: Any) -> None:
    """Let the device make the sound from its next block on. Nobody else may call `render` any more."""
    exchange(state.device.owns, 0, 1)


@door(STATE)
def take_from_device(state: Any) -> bool:
    """Let the device make sound no more. False while it is still in the midst of a block."""
    exchange(state.device.owns, 0, 0)
    return load_in_order(state.device.inside, 0) == 0


@door(STATE)
def times_asked(state: Any) -> int:
    """How often the device has asked for a block."""
    return load_acquire(state.device.asked, 0)
