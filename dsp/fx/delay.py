"""Echoes in time with the beat, which may bounce between left and right.

Each echo comes back in the next, a little darker and thinner. To a new time, or a new tempo, the place where the line
is read glides as the head of a tape machine does: it speeds up and brakes, what echoes bends in pitch on the way, and
nothing clicks. Without a glide the old place fades into the new, and the pitch stays.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import one_pole_along, one_pole_powers, ramp
from dsp.kernels.eight import WIDTH, anywhere, in_all_places, load, neighbours, store, where, whole
from dsp.kernels.filters import flushed
from dsp.kernels.levels import amount
from dsp.kernels.lines import fader_line, line
from dsp.kernels.shapes import warped
from dsp.kernels.taps import blend_step, move_tap
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

PARAMETERS = (
    Parameter("beats", 0.75, 0.0625, 4.0, "beats", "Time from one echo to the next.", "log"),
    Parameter("feedback", 0.4, 0.0, 0.95, "", "How much of each echo comes back in the next."),
    Parameter("tone", 4500.0, 200.0, 18000.0, "Hz", "What lies above is lost from echo to echo.", "log"),
    Parameter("low_cut", 150.0, 20.0, 2000.0, "Hz", "What lies below is lost from echo to echo.", "log"),
    Parameter("width", 0.7, 0.0, 1.0, "", "How far the echoes bounce between left and right."),
    Parameter("glide", 0.2, 0.0, 2.0, "s", "How long a new time bends what echoes; at 0 it fades over instead."),
    Parameter("level", -3.0, -60.0, 12.0, "dB", "How loud the echoes are; silent at the bottom.", "db"),
)
BEATS = index_of(PARAMETERS, "beats")
FEEDBACK = index_of(PARAMETERS, "feedback")
TONE = index_of(PARAMETERS, "tone")
LOW_CUT = index_of(PARAMETERS, "low_cut")
WIDTH_OF_ECHOES = index_of(PARAMETERS, "width")
GLIDE = index_of(PARAMETERS, "glide")
LEVEL = index_of(PARAMETERS, "level")

LONGEST_S = 12
"""Four beats at 20 beats a minute."""
LINE_FRAMES = LONGEST_S * 96_000 + 4 * QUANTUM
"""At 96 kHz, and a whole number of quanta."""
OVERSHOT_FRAMES = 8192
"""A glide reads no further behind the head than this beyond the furthest time that it was to go to: from its highest
speed it brakes within 1600 frames."""

DELAY = np.dtype(
    [
        ("line", "f4", (2, LINE_FRAMES + QUANTUM)),  # the first quantum once more behind its end
        ("head", "i8"),  # where the next quantum is written
        ("filled", "i8"),  # frames behind the head that were written since the last clearing
        ("quiet", "i8"),  # frames since something audible was written
        ("near", "i8"),
        ("next_near", "i8"),
        ("blend", "f4"),
        ("place", "f8"),  # how far behind the head the line is read while it glides, frames; 0 while it does not,
        ("place_was", "f8"),  # and before the quantum
        ("speed", "f8"),  # frames that it moves in each frame
        ("low", "f4", 2),
        ("rumble", "f4", 2),
    ],
    align=True,
)

_F = np.float32
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_BLEND_S = 0.05
_FASTEST = 1.0
"""Of a glide: what echoes is bent up by an octave at most, or down until it stands."""
_FASTER = 0.01
"""How much faster or slower a glide gets in a quantum: fast at once would be a click."""
_SLOWEST = 0.005
_GLIDES = 0.25
"""Of the glide's time: in four such times an exponential is as good as there."""
_INAUDIBLE = _F(1e-6)
_HIGHEST = _F(0.45)
_FRAMES = np.arange(QUANTUM, dtype=np.float32)


@kernel
def process(memory: Any, settings: Any, send: Any, out: Any, bpm: float, rate: float) -> None:
    """Add the echoes of `send` to `out`, both (2, 32) float32.

    The time is taken from where the setting is going, not from where it is on its way there: one glide or fade
    brings it there, where following it would take many.
    """
    wanted = np.int64(np.float64(settings.target[BEATS]) * 60.0 / max(bpm, 1.0) * rate + 0.5)
    frames = min(max(wanted, np.int64(2 * QUANTUM)), np.int64(LINE_FRAMES - 4 * QUANTUM))
    _move(memory, frames, np.float64(settings.value[GLIDE]) * rate)
    if amount(send[0]) + amount(send[1]) > _ZERO:
        memory.quiet = 0
    if memory.quiet > max(memory.near, memory.next_near, np.int64(memory.place)):
        _pass_in_silence(memory, frames)
    else:
        _echo(memory, settings, send, out, rate)
    memory.head = (memory.head + QUANTUM) % LINE_FRAMES
    memory.filled = min(memory.filled + QUANTUM, LINE_FRAMES)


@kernel
def _move(memory: Any, frames: int, glide_frames: float) -> None:
    """Let the place that is read go on towards `frames` behind the head."""
    resting = memory.near == memory.next_near and memory.place == 0.0
    if resting and memory.near != 0 and memory.near != frames and glide_frames > 0.0:
        memory.place, memory.speed = np.float64(memory.near), 0.0
    if memory.place == 0.0:
        move_tap(memory, frames)
        return
    away = frames - memory.place
    if away == 0.0:
        memory.place = 0.0
        memory.near = memory.next_near = frames
        return
    # As fast as the glide asks, but no faster than it can still brake.
    braking = np.sqrt(2.0 * _FASTER / QUANTUM * abs(away))
    fastest = min(max(abs(away) / max(glide_frames * _GLIDES, QUANTUM), _SLOWEST), braking, _FASTEST)
    wanted = fastest if away > 0.0 else -fastest
    memory.speed += min(max(wanted - memory.speed, -_FASTER), _FASTER)
    memory.place_was = memory.place
    step = memory.speed * QUANTUM
    arrives = abs(memory.speed) <= 2.0 * _FASTER and step / away >= 1.0
    memory.place = np.float64(frames) if arrives else max(memory.place + step, 2.0 * QUANTUM)


@kernel
def _pass_in_silence(memory: Any, frames: int) -> None:
    _write_silence(memory)
    memory.quiet = min(memory.quiet + QUANTUM, 2 * LINE_FRAMES)
    memory.near = memory.next_near = frames
    memory.blend = _ZERO
    memory.place = 0.0
    _clear_filters(memory)


@kernel
def _write_silence(memory: Any) -> None:
    head = memory.head
    memory.line[:, head : head + QUANTUM] = _ZERO
    if head == 0:
        memory.line[:, LINE_FRAMES:] = _ZERO


@kernel
def _heard(memory: Any, channel: int, frames: int, i: int) -> Any:
    """Eight frames from the quantum's frame i on, as they were `frames` before; silent where nothing was written."""
    place = memory.head + i - frames
    x = load(memory.line[channel], place if place >= 0 else place + LINE_FRAMES)
    return where(load(_FRAMES, i) >= _F(max(frames - memory.filled, 0)), x, _ZERO)


@kernel
def _heard_gliding(memory: Any, channel: int, i: int) -> Any:
    """The same between frames, while the place glides."""
    base = np.int64(min(memory.place_was, memory.place))
    late = ramp(_F(memory.place_was - base), _F((memory.place - memory.place_was) / QUANTUM), i)
    at = load(_FRAMES, i) - late
    frame = np.floor(at)
    index = whole(frame) + np.int32(memory.head - base)
    index = where(index < np.int32(0), index + np.int32(LINE_FRAMES), index)
    here, there = neighbours(memory.line[channel], index)
    return where(at >= _F(max(base - memory.filled, -QUANTUM * 2)), here + (there - here) * (at - frame), _ZERO)


@kernel
def _echo(memory: Any, settings: Any, send: Any, out: Any, rate: float) -> None:
    near, next_near = memory.near, memory.next_near
    blend, step = memory.blend, blend_step(memory, _BLEND_S, rate)
    feedback, feedback_step = line(settings, FEEDBACK)
    width, width_step = line(settings, WIDTH_OF_ECHOES)
    level, level_step = fader_line(settings, LEVEL)
    tone = one_pole_powers(warped(min(settings.value[TONE] / _F(rate), _HIGHEST)))
    low_cut = one_pole_powers(warped(min(settings.value[LOW_CUT] / _F(rate), _HIGHEST)))
    low_0, low_1, rumble_0, rumble_1 = memory.low[0], memory.low[1], memory.rumble[0], memory.rumble[1]
    head = memory.head
    loudest = in_all_places(_ZERO)
    for i in range(0, QUANTUM, WIDTH):
        if memory.place > 0.0:
            left, right = _heard_gliding(memory, 0, i), _heard_gliding(memory, 1, i)
        else:
            left, right = _heard(memory, 0, near, i), _heard(memory, 1, near, i)
        if step > _ZERO:
            share = ramp(blend, step, i)
            left += (_heard(memory, 0, next_near, i) - left) * share
            right += (_heard(memory, 1, next_near, i) - right) * share
        loudness = ramp(level, level_step, i)
        store(out[0], i, load(out[0], i) + left * loudness)
        store(out[1], i, load(out[1], i) + right * loudness)
        left, low_0 = one_pole_along(left, tone, low_0)
        right, low_1 = one_pole_along(right, tone, low_1)
        deep, rumble_0 = one_pole_along(left, low_cut, rumble_0)
        left -= deep
        deep, rumble_1 = one_pole_along(right, low_cut, rumble_1)
        right -= deep
        bounce, back = ramp(width, width_step, i), ramp(feedback, feedback_step, i)
        from_left, from_right = load(send[0], i), load(send[1], i)
        middle = (from_left + from_right) * _HALF
        to_left = from_left + (middle - from_left) * bounce + (left + (right - left) * bounce) * back
        to_right = from_right * (_ONE - bounce) + (right + (left - right) * bounce) * back
        store(memory.line[0], head + i, to_left)
        store(memory.line[1], head + i, to_right)
        if head == 0:
            store(memory.line[0], LINE_FRAMES + i, to_left)
            store(memory.line[1], LINE_FRAMES + i, to_right)
        loudest = max(loudest, max(abs(to_left), abs(to_right)))
    memory.blend = blend + step * _F(QUANTUM)
    memory.low[0], memory.low[1] = flushed(low_0), flushed(low_1)
    memory.rumble[0], memory.rumble[1] = flushed(rumble_0), flushed(rumble_1)
    if anywhere(loudest > _INAUDIBLE):
        memory.quiet = 0
        return
    # So that no echo dwindles into numbers that are not normal, which cost a hundred times as much.
    _write_silence(memory)
    memory.quiet += QUANTUM


@kernel
def clear(memory: Any) -> None:
    """Forget all sound. What lies in the line is not erased, which would take too long here, but never heard again."""
    memory.filled = 0
    _clear_filters(memory)


@kernel
def _clear_filters(memory: Any) -> None:
    for channel in range(2):
        memory.low[channel] = _ZERO
        memory.rumble[channel] = _ZERO
