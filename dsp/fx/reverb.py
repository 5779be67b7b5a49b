"""A room: eight delay lines that feed each other, behind four allpasses that blur what comes in.

All is done eight frames at a time, line by line, which is possible since every line and blur is longer than a quantum.
Source: Jot, Chaigne, "Digital delay networks for designing artificial reverberators", AES 1991; the
diffusers are those of Dattorro, "Effect design, part 1", JAES 45, 1997.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import last, one_pole_along, one_pole_powers, powers_of, ramp, recursive
from dsp.kernels.eight import WIDTH, anywhere, floating, in_all_places, load, store, whole
from dsp.kernels.filters import flushed
from dsp.kernels.levels import amount
from dsp.kernels.lines import PER_FRAME, fader_line, line
from dsp.kernels.oscillators import wrap
from dsp.kernels.shapes import power_of_two, sine, warped
from dsp.kernels.taps import blend_step, move_tap
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

PARAMETERS = (
    Parameter("decay", 2.2, 0.2, 30.0, "s", "How long the room takes to fall by 60 dB.", "log"),
    Parameter(
        "damping", 3600.0, 500.0, 18000.0, "Hz", "Where the room falls twice as fast; above it faster still.", "log"
    ),
    Parameter("pre_delay", 0.015, 0.0, 0.2, "s", "How long the room waits before it answers."),
    Parameter("low_cut", 180.0, 20.0, 1000.0, "Hz", "What lies below does not reach the room.", "log"),
    Parameter("motion", 0.4, 0.0, 1.0, "", "How much the room drifts, which keeps long tails from ringing."),
    Parameter("width", 1.0, 0.0, 1.0, "", "How wide the room is: 0 is in the middle."),
    Parameter("level", -3.0, -60.0, 12.0, "dB", "How loud the room is; silent at the bottom.", "db"),
)
DECAY = index_of(PARAMETERS, "decay")
DAMPING = index_of(PARAMETERS, "damping")
PRE_DELAY = index_of(PARAMETERS, "pre_delay")
LOW_CUT = index_of(PARAMETERS, "low_cut")
MOTION = index_of(PARAMETERS, "motion")
WIDTH_OF_ROOM = index_of(PARAMETERS, "width")
LEVEL = index_of(PARAMETERS, "level")

LINES = 8
BLURS = 4
LINE_FRAMES = 16384
BLUR_FRAMES = 2048
PRE_FRAMES = 32768
"""Sizes for 96 kHz, powers of two so that a place is wrapped by a mask. At up to 72 kHz half of a ring is used,
which stays in the processor's nearer memory."""

MIRROR = 3 * QUANTUM
"""The beginning of a ring is written behind its end once more, so that a quantum is read in one go."""

REVERB = np.dtype(
    [
        ("lines", "f4", (LINES, LINE_FRAMES + MIRROR)),
        ("blurs", "f4", (2, BLURS, BLUR_FRAMES + MIRROR)),
        ("pre", "f4", (2, PRE_FRAMES + MIRROR)),
        ("came", "f4", (LINES, QUANTUM)),
        ("becoming", "f4", QUANTUM),
        ("fed", "f4", (2, QUANTUM)),
        ("decay", "f4"),  # the settings that the walls were worked out for
        ("damping", "f4"),
        ("moves", "i4"),  # whether they change in this quantum
        ("gain", "f4", LINES),  # of the walls before the quantum, and after it
        ("pole", "f4", LINES),
        ("next_gain", "f4", LINES),
        ("next_pole", "f4", LINES),
        ("damped", "f4", LINES),
        ("rumble", "f4", 2),
        ("drift", "f4"),  # phase of the motion, in cycles
        ("wander", "f4", LINES),  # how far each line is read ahead before the quantum, frames,
        ("wander_step", "f4", LINES),  # and how that moves in each frame of it
        ("head", "i8"),
        ("quiet", "i8"),  # frames since something audible went round
        ("near", "i8"),
        ("next_near", "i8"),
        ("blend", "f4"),
    ],
    align=True,
)

_F = np.float32
_ZERO, _QUARTER, _HALF, _ONE = _F(0.0), _F(0.25), _F(0.5), _F(1.0)
# Primes, so that few echoes fall together; 24 to 94 ms: long enough that a slow tail is made of very many tones.
_LINE_AT_48K = np.array([1153, 1543, 1979, 2411, 2909, 3467, 3989, 4513], np.float32)
_BLUR_AT_48K = np.array([[229, 173, 613, 449], [241, 181, 599, 463]], np.float32)
_BLUR_GAIN = np.array([0.75, 0.75, 0.625, 0.625], np.float32)
_MIDDLE, _SIDE = 2, 3
"""Left hears the even lines with alternating signs, right the odd ones. Their sum and their difference happen to be
two rows of Hadamard's matrix."""
_EIGHTH_ROOT = _F(1 / np.sqrt(8.0))
_OUT_GAIN = _F(0.9)
_BASE_RATE = _F(48_000.0)
_HALF_UP_TO = _F(72_000.0)
_OCTAVES_PER_60_DB = _F(np.log2(1000.0))
_DRIFT_HZ = _F(0.37)
_WANDER_FRAMES = _F(24.0)
_WANDER_PHASE = np.array([0, 0.25, 0.5, 0.75, 0.125, 0.625, 0.375, 0.875], np.float32)
_BLEND_S = 0.05
_INAUDIBLE = _F(1e-7)
_HIGHEST = _F(0.45)


@kernel
def process(memory: Any, settings: Any, send: Any, out: Any, rate: float) -> None:
    """Add the room's answer to `send` to `out`, both (2, 32) float32."""
    if amount(send[0]) + amount(send[1]) > _ZERO:
        memory.quiet = 0
    elif memory.quiet > LINE_FRAMES + PRE_FRAMES:
        return
    scale = _F(rate) / _BASE_RATE
    mask = _mask_of(LINE_FRAMES, rate)
    _take_in(memory, settings, send, rate)
    for channel in range(2):
        for k in range(BLURS):
            _blur(memory, channel, k, np.int64(_BLUR_AT_48K[channel, k] * scale))
    _set_walls(memory, settings, scale, rate)
    _wander(memory, settings, scale, rate)
    for k in range(LINES):
        _come(memory, k, np.int64(_LINE_AT_48K[k] * scale), mask)
    _go_round(memory, settings, out, mask)
    memory.head += QUANTUM


@kernel
def _mask_of(frames: int, rate: float) -> int:
    """The mask that wraps a place in a ring of `frames`, which is that long for 96 kHz."""
    return (frames // 2 if rate <= _HALF_UP_TO else frames) - 1


@kernel
def _take_in(memory: Any, settings: Any, send: Any, rate: float) -> None:
    """Fill `fed` with what was sent the pre-delay ago, less what lies below the cut."""
    # A tap is at least a frame away; here that frame is the one that comes in.
    wanted = np.int64(settings.target[PRE_DELAY] * _F(rate) + _HALF) + 1
    mask = _mask_of(PRE_FRAMES, rate)
    move_tap(memory, min(wanted, mask + 1 - QUANTUM))
    near, next_near, step = memory.near, memory.next_near, blend_step(memory, _BLEND_S, rate)
    low_cut = one_pole_powers(warped(min(settings.value[LOW_CUT] / _F(rate), _HIGHEST)))
    place = memory.head & mask
    behind, next_behind = (memory.head + 1 - near) & mask, (memory.head + 1 - next_near) & mask
    for channel in range(2):
        ring, fed, rumble = memory.pre[channel], memory.fed[channel], memory.rumble[channel]
        for i in range(0, QUANTUM, WIDTH):
            x = load(send[channel], i)
            store(ring, place + i, x)
            if place < MIRROR:
                store(ring, place + mask + 1 + i, x)
        for i in range(0, QUANTUM, WIDTH):
            x = load(ring, behind + i)
            if step > _ZERO:
                x += (load(ring, next_behind + i) - x) * ramp(memory.blend, step, i)
            deep, rumble = one_pole_along(x, low_cut, rumble)
            store(fed, i, x - deep)
        memory.rumble[channel] = flushed(rumble)
    memory.blend += step * _F(QUANTUM)


@kernel
def _blur(memory: Any, channel: int, k: int, frames: int) -> None:
    """Send `fed` through one allpass of `frames`, more than a quantum: so eight frames go side by side."""
    ring = memory.blurs[channel, k]
    gain = _BLUR_GAIN[k]
    fed = memory.fed[channel]
    place = memory.head & (BLUR_FRAMES - 1)
    behind = (memory.head - frames) & (BLUR_FRAMES - 1)
    for i in range(0, QUANTUM, WIDTH):
        late = load(ring, behind + i)
        kept = load(fed, i) - late * gain
        store(ring, place + i, kept)
        if place < MIRROR:
            store(ring, place + BLUR_FRAMES + i, kept)
        store(fed, i, late + kept * gain)


@kernel
def _set_walls(memory: Any, settings: Any, scale: Any, rate: float) -> None:
    """Work out, for the eight lines side by side, what each takes from the sound that goes through it.

    A line of n frames is left 60 dB * n / (decay * rate) weaker by its gain. The one-pole low-pass behind it takes as
    much once more at the damping's frequency, so that the room falls twice as fast there, whichever lines the sound
    goes through: (1 - b)^2 = gain^2 |1 - b e^-jw|^2, solved for its pole b.
    Source: Jot, "Digital delay networks", AES 1991.
    """
    decay, damping = settings.value[DECAY], settings.value[DAMPING]
    store(memory.gain, 0, load(memory.next_gain, 0))
    store(memory.pole, 0, load(memory.next_pole, 0))
    memory.moves = decay != memory.decay or damping != memory.damping
    if not memory.moves:
        return
    frames = whole(load(_LINE_AT_48K, 0) * scale)
    lasts = floating(frames) * (-_OCTAVES_PER_60_DB / _F(rate))
    gain = power_of_two(lasts / decay)
    cosine = sine(min(damping / _F(rate), _HIGHEST) + _QUARTER)
    square = gain * gain
    a, b = _ONE - square * cosine, _ONE - square
    pole = b / (a + np.sqrt((a - b) * (a + b)))
    store(memory.next_gain, 0, gain * (_ONE - pole))
    store(memory.next_pole, 0, pole)
    memory.decay, memory.damping = decay, damping


@kernel
def _wander(memory: Any, settings: Any, scale: Any, rate: float) -> None:
    """Let the lines that wander go on, by a sine each: fill `wander` and `wander_step`."""
    memory.drift = wrap(memory.drift + _DRIFT_HZ * _F(QUANTUM) / _F(rate))
    before = load(memory.wander, 0) + load(memory.wander_step, 0) * _F(QUANTUM)
    depth = settings.value[MOTION] * _WANDER_FRAMES * scale * _HALF
    ahead = (_ONE + sine(wrap(load(_WANDER_PHASE, 0) + memory.drift))) * depth
    store(memory.wander, 0, before)
    store(memory.wander_step, 0, (ahead - before) * PER_FRAME)


@kernel
def _come(memory: Any, k: int, frames: int, mask: int) -> None:
    """Fill `came` with what comes out of line `k`, of `frames`, as much weaker and duller as its length asks."""
    ring, came = memory.lines[k], memory.came[k]
    wander, wander_step = memory.wander[k], memory.wander_step[k]
    passed: Any = max(np.int64(min(wander, wander + wander_step * _F(QUANTUM))), 0)
    behind = ((memory.head - frames) & mask) + passed
    still = wander == _ZERO and wander_step == _ZERO
    # In a quantum it wanders far less than a frame, but perhaps past one.
    past = max(wander, wander + wander_step * _F(QUANTUM)) - _F(passed) > _ONE
    for i in range(0, QUANTUM, WIDTH):
        x = load(ring, behind + i)
        if not still:
            ahead = ramp(wander - _F(passed), wander_step, i)
            here = load(ring, behind + i + 1)
            x += (here - x) * min(ahead, _ONE)
            if past:
                x += (load(ring, behind + i + 2) - here) * max(ahead - _ONE, _ZERO)
        store(came, i, x)
    if memory.moves:
        _damp_moving(memory, k)
    else:
        memory.damped[k] = flushed(_damp(came, came, memory.gain[k], memory.pole[k], memory.damped[k]))


@kernel
def _damp(x: Any, y: Any, gain: Any, pole: Any, before: Any) -> Any:
    """Let one line's quantum `x` go through its wall into `y`, overwritten, and give the wall's new state."""
    powers = powers_of(pole)
    for i in range(0, QUANTUM, WIDTH):
        damped = recursive(load(x, i) * gain, powers, before)
        before = last(damped)
        store(y, i, damped)
    return before


@kernel
def _damp_moving(memory: Any, k: int) -> None:
    """The same while the wall changes: from what it was to what it becomes, both of which are worked out."""
    came, becoming, before = memory.came[k], memory.becoming, memory.damped[k]
    after = _damp(came, becoming, memory.next_gain[k], memory.next_pole[k], before)
    _damp(came, came, memory.gain[k], memory.pole[k], before)
    for i in range(0, QUANTUM, WIDTH):
        y = load(came, i)
        store(came, i, y + (load(becoming, i) - y) * ramp(_ZERO, PER_FRAME, i))
    memory.damped[k] = flushed(after)


@kernel
def _turned(came: Any, i: int) -> Any:
    """Eight frames from `i` on of all lines, turned by Hadamard's matrix times the root of eight."""
    a, b, c, d = load(came[0], i), load(came[1], i), load(came[2], i), load(came[3], i)
    e, f, g, h = load(came[4], i), load(came[5], i), load(came[6], i), load(came[7], i)
    a, b, c, d, e, f, g, h = a + b, a - b, c + d, c - d, e + f, e - f, g + h, g - h
    a, b, c, d, e, f, g, h = a + c, b + d, a - c, b - d, e + g, f + h, e - g, f - h
    return a + e, b + f, c + g, d + h, a - e, b - f, c - g, d - h


@kernel
def _go_round(memory: Any, settings: Any, out: Any, mask: int) -> None:
    """Give out what came from the lines, and send it in again, turned, which loses no energy, with what is fed."""
    place = memory.head & mask
    level, level_step = fader_line(settings, LEVEL)
    width, width_step = line(settings, WIDTH_OF_ROOM)
    loudest = in_all_places(_ZERO)
    for i in range(0, QUANTUM, WIDTH):
        turned = _turned(memory.came, i)
        middle = turned[_MIDDLE] * _HALF
        side = turned[_SIDE] * _HALF * ramp(width, width_step, i)
        loudness = ramp(level, level_step, i) * _OUT_GAIN
        store(out[0], i, load(out[0], i) + (middle + side) * loudness)
        store(out[1], i, load(out[1], i) + (middle - side) * loudness)
        from_left, from_right = load(memory.fed[0], i) * _HALF, load(memory.fed[1], i) * _HALF
        loudest = max(loudest, max(abs(from_left), abs(from_right)))
        for k, goes in enumerate(turned):
            again = goes * _EIGHTH_ROOT + (from_right if k % 2 else from_left)
            loudest = max(loudest, abs(again))
            _send_in(memory.lines[k], place, i, again, mask)
    if anywhere(loudest > _INAUDIBLE):
        memory.quiet = 0
        return
    # So that no tail dwindles into numbers that are not normal, which cost a hundred times as much.
    _write_silence(memory, place, mask)
    memory.quiet += QUANTUM


@kernel
def _send_in(ring: Any, place: int, i: int, x: Any, mask: int) -> None:
    store(ring, place + i, x)
    if place < MIRROR:
        store(ring, place + mask + 1 + i, x)


@kernel
def _write_silence(memory: Any, place: int, mask: int) -> None:
    nothing = in_all_places(_ZERO)
    blurred = memory.head & (BLUR_FRAMES - 1)
    for i in range(0, QUANTUM, WIDTH):
        for k in range(LINES):
            _send_in(memory.lines[k], place, i, nothing, mask)
        for k in range(BLURS):
            for channel in range(2):
                store(memory.blurs[channel, k], blurred + i, nothing)
                if blurred < MIRROR:
                    store(memory.blurs[channel, k], blurred + BLUR_FRAMES + i, nothing)


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.lines[:] = _ZERO
    memory.blurs[:, :, :] = _ZERO
    memory.pre[:, :] = _ZERO
    memory.damped[:] = _ZERO
    memory.rumble[:] = _ZERO
