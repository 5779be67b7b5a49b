"""What the drums share: how a blow sets one up, how it is overdriven, and when it has ended."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import SILENT
from dsp.kernels.filters import one_pole
from dsp.kernels.shapes import soft, soft_between, warped
from dsp.state import FREE, QUANTUM
from dsp.voices.touch import strike

LEVEL, STRUCK, PITCH, BEFORE, GROUND = range(5)
"""Places in the memory of every drum: how much of the ringing is left; how hard it was struck; semitones above the
pitch it was made for; what its overdrive keeps."""

OWN = 5
"""The first place that is a drum's own."""

NOMINAL_NOTE = np.float32(60.0)
"""The note that plays a drum at the pitch it was made for."""

_ONE = np.float32(1.0)
_GROUND_HZ = np.float32(10.0)


@kernel
def begin(voice: Any, gain: Any) -> bool:
    """Set up a drum that was just struck; `gain` makes the drums alike. False where it rings already."""
    if not voice.fresh:
        return False
    voice.fresh = 0
    memory = voice.memory
    memory[LEVEL] = _ONE
    memory[STRUCK] = strike(voice.velocity, voice.accent) * gain
    memory[PITCH] = voice.note - NOMINAL_NOTE
    return True


@kernel
def overdriven(x: Any, before: Any, gain: Any, ground: Any, ground_state: Any) -> Any:
    """x, which `gain` has made louder, saturated and about as loud as it was; and the new `ground_state`.

    before  x of the frame before
    ground  of `ground_share`

    A drum's first half swing is its largest, and many blows would add up to an offset; that is taken away.
    """
    y = soft_between(x, before) / soft(gain)
    low, ground_state = one_pole(y, ground, ground_state)
    return y - low, ground_state


@kernel
def ground_share(frame_s: Any) -> Any:
    """The gain of the integrator that follows the offset, for frames of `frame_s`."""
    return warped(_GROUND_HZ * frame_s)


@kernel
def end(voice: Any, loudness: Any, stop: int) -> None:
    """Free the voice at the end of a quantum in which it fell silent."""
    if stop == QUANTUM and loudness < SILENT:
        voice.stage = FREE
