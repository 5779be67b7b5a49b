"""A device driven by hand: makes sound when it is told to. The offline renderer is one, and so is every test
of the sound.
"""

import numpy as np
import numpy.typing as npt

from chronus_tui.engine.player import Player
from dsp.render import render

CHANNELS = 2
BLOCK = 4096

Frames = npt.NDArray[np.float32]


class HandDevice:
    """Takes from `player` what is asked for, `block` frames at a time."""

    def __init__(self, player: Player, block: int = BLOCK) -> None:
        self._player = player
        self._block = block

    def make(self, frames: int) -> Frames:
        """The next frames, (frames, 2) float32."""
        out = np.empty((frames, CHANNELS), np.float32)
        for at in range(0, frames, self._block):
            piece = out[at : at + self._block]
            render(self._player.state, piece, len(piece))
        return out
