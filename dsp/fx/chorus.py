"""A chorus for what the tracks send to it: four slow voices, two a side, each a little late and never quite in tune.

It is a send and no insert of the whole mix, so that a pad can swim while kick and bass stay where they are.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, neighbours, store, whole
from dsp.kernels.levels import amount
from dsp.kernels.lines import PER_FRAME, fader_line, line
from dsp.kernels.oscillators import wrap
from dsp.kernels.shapes import sine
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

PARAMETERS = (
    Parameter("rate", 0.6, 0.05, 8.0, "Hz", "How fast the voices swing.", "log"),
    Parameter("depth", 0.5, 0.0, 1.0, "", "How far the voices swing out of tune."),
    Parameter("width", 1.0, 0.0, 1.0, "", "How far the voices stand apart: 0 is in the middle."),
    Parameter("level", 0.0, -60.0, 12.0, "dB", "How loud the voices are; silent at the bottom.", "db"),
)
RATE = index_of(PARAMETERS, "rate")
DEPTH = index_of(PARAMETERS, "depth")
WIDTH_OF_CHORUS = index_of(PARAMETERS, "width")
LEVEL = index_of(PARAMETERS, "level")

VOICES = 4
LINE_FRAMES = 4096
"""42 ms at 96 kHz, a power of two."""
_MIRROR = 2 * QUANTUM
"""The beginning is written behind the end once more, so that no read is cut by it."""

CHORUS = np.dtype(
    [
        ("line", "f4", (2, LINE_FRAMES + _MIRROR)),
        ("swing", "f4"),  # frames that the voices swing to either side
        ("late", "f4", VOICES),  # frames, at the end of the last quantum
        ("phase", "f4"),
        ("head", "i8"),
        ("quiet", "i8"),  # frames since something was sent
    ],
    align=True,
)

_F = np.float32
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_LATE_S = np.array([0.0117, 0.0131, 0.0173, 0.0159], np.float32)
_TURN = np.array([0.0, 0.25, 0.5, 0.75], np.float32)
_SWING_S = _F(0.004)
_BEND = _F(0.02)
"""The most that a voice is bent out of tune, as a share of its pitch: a third of a semitone."""
_SETTLES = _F(0.005)
"""Share of its way to a new swing in a quantum: in 130 ms at 48 kHz, or a voice would whoop where a knob is turned."""
_TURN_RADIANS = _F(2.0 * np.pi)
_MASK = np.int32(LINE_FRAMES - 1)
_FRAMES = np.arange(QUANTUM, dtype=np.float32)
_GAIN = _F(np.sqrt(0.5))


@kernel
def process(memory: Any, settings: Any, send: Any, out: Any, rate: float) -> None:
    """Add the voices of `send` to `out`, both (2, 32) float32."""
    if amount(send[0]) + amount(send[1]) > _ZERO:
        memory.quiet = 0
    elif memory.quiet >= LINE_FRAMES:
        return
    else:
        memory.quiet += QUANTUM
    place = memory.head & (LINE_FRAMES - 1)
    for channel in range(2):
        row = memory.line[channel]
        for i in range(0, QUANTUM, WIDTH):
            x = load(send[channel], i)
            store(row, place + i, x)
            if place < _MIRROR:
                store(row, place + LINE_FRAMES + i, x)
    hertz = settings.value[RATE]
    memory.phase = wrap(memory.phase + hertz * _F(QUANTUM) / _F(rate))
    swing = settings.value[DEPTH] * min(_SWING_S, _BEND / (_TURN_RADIANS * hertz)) * _F(rate)
    fresh = memory.late[0] == _ZERO
    memory.swing = swing if fresh else memory.swing + (swing - memory.swing) * _SETTLES
    level, level_step = fader_line(settings, LEVEL)
    width, width_step = line(settings, WIDTH_OF_CHORUS)
    for voice in range(VOICES):
        side = voice % 2
        late = _LATE_S[voice] * _F(rate) + memory.swing * sine(wrap(memory.phase + _TURN[voice]))
        was = late if fresh else memory.late[voice]
        memory.late[voice] = late
        step = (late - was) * PER_FRAME
        row = memory.line[side]
        for i in range(0, QUANTUM, WIDTH):
            x = _between(row, load(_FRAMES, i) - ramp(was, step, i), np.int32(place))
            x = x * ramp(level, level_step, i) * _GAIN
            wide = ramp(width, width_step, i)
            near, far = x * (_HALF + wide * _HALF), x * (_HALF - wide * _HALF)
            store(out[side], i, load(out[side], i) + near)
            store(out[1 - side], i, load(out[1 - side], i) + far)
    memory.head += QUANTUM


@kernel
def _between(row: Any, frames: Any, place: Any) -> Any:
    """What lies `frames` from `place` in a line, between its samples: the cubic through the nearest four.

    Source: Catmull and Rom, "A class of local interpolating splines", 1974.
    """
    whole_frames = np.floor(frames)
    t = frames - whole_frames
    at = (whole(whole_frames) + (place - np.int32(1))) & _MASK
    a, b = neighbours(row, at)
    c, d = neighbours(row, at + np.int32(2))
    return b + t * _HALF * ((c - a) + t * ((a + a) - b * _F(5.0) + c * _F(4.0) - d + t * ((b - c) * _F(3.0) + d - a)))


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.line[:, :] = _ZERO
