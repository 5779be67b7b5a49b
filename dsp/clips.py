"""The table of clips, recorded sounds that lie outside the state: their addresses, and what may be done with them.

The control thread tells each by a command, so that the table is written by `render` alone. A voice takes a copy of its
clip's entry as it is struck. An array whose entry was replaced is read by those voices alone that were struck before;
the control thread keeps it alive until none of them sounds.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.memory import number_at
from dsp.messages import CLIP_TAKEN, emit


@kernel
def take_clip(state: Any, command: Any, at: int) -> None:
    """Enter the clip that a command tells of, and tell which address its place held before."""
    clip = state.clips[command.a]
    emit(state, at, CLIP_TAKEN, command.a, clip.address)
    clip.address = command.ticket
    clip.frames = command.base
    clip.channels = command.b
    clip.rate = command.x


@kernel
def no_clip(clip: Any) -> None:
    """Make an entry one that holds no sound."""
    clip.address = 0
    clip.frames = 0


@kernel
def frame_of(clip: Any, frame: int) -> Any:
    """One frame of a clip, 0 <= frame < clip.frames: the mean of its channels, float32."""
    if clip.channels == 1:
        return number_at(clip.address, frame)
    y = np.float32(0.0)
    for channel in range(clip.channels):
        y += number_at(clip.address, frame * clip.channels + channel)
    return y / np.float32(clip.channels)
