"""What the drums share: how a blow sets one up, how it is overdriven, and when it has ended."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import SILENT
from dsp.kernels.shapes import soft, soft_between
from dsp.state import FREE, QUANTUM
from dsp.voices.touch import strike

LEVEL, STRUCK, PITCH = range(3)
"""Places in the memory of every drum: how much of the ringing is left; how hard it was struck; semitones above the
pitch it was made for."""

OWN = 3
"""The first place that is a drum's own."""

NOMINAL_NOTE = np.float32(60.0)
"""The note that plays a drum at the pitch it was made for."""

_ONE = np.float32(1.0)


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
def overdriven(x: Any, before: Any, gain: Any) -> Any:
    """x, which `gain` has made louder, saturated and about as loud as it was; `before` is x of the frame before."""
    return soft_between(x, before) / soft(gain)


@kernel
def end(voice: Any, loudness: Any, stop: int) -> None:
    """Free the voice at the end of a quantum in which it fell silent."""
    if stop == QUANTUM and loudness < SILENT:
        voice.stage = FREE
