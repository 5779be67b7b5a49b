"""The voices alone, with no sequencer before them and no mixer behind: for who measures an instrument.

It is a door, so that what is measured is the very machine code that plays.
"""

from typing import Any

import numpy as np

from dsp.kernels import ArrayOf, door
from dsp.sizes import QUANTUM
from dsp.state import STATE
from dsp.voices.ensemble import sound


@door(STATE, ArrayOf(np.int64, 1), ArrayOf(np.float32, 2))
def play_alone(state: Any, edges: Any, made: Any) -> None:
    """Make quanta of what the first track's voices sound like.

    edges  0, where each quantum is cut in pieces, and QUANTUM
    made   (quanta, QUANTUM) float32, overwritten
    """
    for quantum in range(made.shape[0]):
        state.track_bus[0, :] = np.float32(0.0)
        for k in range(len(edges) - 1):
            sound(state, edges[k], edges[k + 1])
        for i in range(QUANTUM):
            made[quantum, i] = state.track_bus[0, i]
