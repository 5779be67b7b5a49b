"""Where a beat lies in time. The frame counter is the only clock: beats follow from the last tempo anchor,
a frame whose beat is known, so that nothing drifts; a change of tempo makes a new anchor.
"""

from typing import Any

import numpy as np

from dsp.kernels import door, kernel
from dsp.pattern import STEPS_PER_BEAT
from dsp.state import TRANSPORT


@door(TRANSPORT, float, float)
def beat_of_frame(transport: Any, frame: float, rate: float) -> float:
    """The beat of the song at `frame`, with its fraction."""
    return transport.anchor_beat + (frame - transport.anchor_frame) * transport.bpm / (60.0 * rate)


@kernel
def exact_frame_of_beat(transport: Any, beat: float, rate: float) -> float:
    """The frame at which `beat` lies, with its fraction."""
    return transport.anchor_frame + (beat - transport.anchor_beat) * 60.0 * rate / transport.bpm


@kernel
def frame_of_beat(transport: Any, beat: float, rate: float) -> int:
    """The frame nearest to `beat`."""
    return int(np.floor(exact_frame_of_beat(transport, beat, rate) + 0.5))


@kernel
def beat_of_step(transport: Any, step: int) -> float:
    """The beat at which the song's step `step` (from 0) begins: every second one late by the swing."""
    late = transport.swing if step & 1 else 0.0
    return (step + late) / STEPS_PER_BEAT


@kernel
def next_line(transport: Any, frame: int, rate: float, first: float, apart: float) -> float:
    """The first beat at `frame` or later among those that lie `apart` beats from each other, `first` being one."""
    lines = np.floor((beat_of_frame(transport, frame, rate) - first) / apart)
    if frame_of_beat(transport, first + lines * apart, rate) < frame:
        lines += 1
    return first + lines * apart


@kernel
def set_tempo(transport: Any, bpm: float, frame: float, beat: float) -> None:
    """Go on at `bpm` from `frame`, which is `beat`."""
    transport.anchor_frame = frame
    transport.anchor_beat = beat
    transport.bpm = bpm
