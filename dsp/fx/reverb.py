"""A room: eight delay lines that feed each other, behind four allpasses that blur what comes in.

All is done a quantum at a time, which is possible since every line and blur is longer than a quantum.
Source: Jot, Chaigne, "Digital delay networks for designing artificial reverberators", AES 1991; the
diffusers are those of Dattorro, "Effect design, part 1", JAES 45, 1997.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import (
    WIDTH,
    floating,
    hadamard,
    in_all_places,
    load,
    neighbours,
    place_of,
    scatter,
    store,
    total,
    whole,
)
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.levels import amount
from dsp.kernels.lines import PER_FRAME, fader_line, line
from dsp.kernels.oscillators import wrap
from dsp.kernels.shapes import power_of_two, sine, warped
from dsp.kernels.taps import blend_step, move_tap
from dsp.parameters import Parameter, index_of

PARAMETERS = (
    Parameter("decay", 2.2, 0.2, 30.0, "s", "How long the room takes to fall by 60 dB.", "log"),
    Parameter("damping", 6000.0, 500.0, 18000.0, "Hz", "What lies above dies away sooner.", "log"),
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

QUANTUM = 32
LINES = 8
BLURS = 4
LINE_FRAMES = 8192
BLUR_FRAMES = 2048
PRE_FRAMES = 32768
"""Sizes for 96 kHz, powers of two so that a place is wrapped by a mask."""

MIRROR = 2 * QUANTUM
"""The beginning of a line or blur is written behind its end once more, so that a quantum is read in one go."""
LINE_ROW = LINE_FRAMES + MIRROR
BLUR_ROW = BLUR_FRAMES + MIRROR

REVERB = np.dtype(
    [
        ("lines", "f4", LINES * LINE_ROW),
        ("blurs", "f4", (2, BLURS, BLUR_ROW)),
        ("pre", "f4", (2, PRE_FRAMES)),
        ("fed", "f4", (2, QUANTUM)),
        ("damped", "f4", LINES),
        ("rumble", "f4", 2),
        ("drift", "f4"),  # phase of the motion, in cycles
        ("wander", "f4", LINES),  # where the motion has taken each line, frames
        ("head", "i8"),
        ("quiet", "i8"),  # frames since something audible went round
        ("near", "i8"),
        ("next_near", "i8"),
        ("blend", "f4"),
    ],
    align=True,
)

_F = np.float32
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
# Primes, so that few echoes fall together; 21 to 58 ms, the walls of a fair-sized hall.
_LINE_AT_48K = np.array([1031, 1327, 1523, 1871, 2053, 2311, 2539, 2803], np.float32)
_FURTHEST = np.int32(MIRROR - QUANTUM - 2)
_ROWS = np.arange(LINES, dtype=np.float32) * np.float32(LINE_ROW)
_LINE_MASK = np.int32(LINE_FRAMES - 1)
_BLUR_AT_48K = np.array([[229, 173, 613, 449], [241, 181, 599, 463]], np.float32)
_BLUR_GAIN = np.array([0.75, 0.75, 0.625, 0.625], np.float32)
_MIDDLE, _SIDE = 2, 3
"""Left hears the even lines with alternating signs, right the odd ones. Their sum and their difference happen to be
two rows of Hadamard's matrix."""
_EIGHTH_ROOT = _F(1 / np.sqrt(8.0))
_OUT_GAIN = _F(0.9)
_BASE_RATE = _F(48_000.0)
_OCTAVES_PER_60_DB = _F(np.log2(1000.0))
_DRIFT_HZ = _F(0.37)
_WANDER_FRAMES = _F(14.0)
_WANDERS = np.array([1, 1, 1, 1, 0, 0, 0, 0], np.float32)
_WANDER_PHASE = np.array([0, 0.25, 0.5, 0.75, 0, 0, 0, 0], np.float32)
"""Only half of the lines wander: reading between samples dulls a little each time round."""
_FEEDS_LEFT = np.array([1, 0, 1, 0, 1, 0, 1, 0], np.float32) * np.float32(0.5)
_FEEDS_RIGHT = np.array([0, 1, 0, 1, 0, 1, 0, 1], np.float32) * np.float32(0.5)
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
    _take_in(memory, settings, send, rate)
    for channel in range(2):
        for k in range(BLURS):
            _blur(memory, channel, k, np.int64(_BLUR_AT_48K[channel, k] * scale))
    _go_round(memory, settings, out, scale, rate)
    memory.head += QUANTUM


@kernel
def _take_in(memory: Any, settings: Any, send: Any, rate: float) -> None:
    """Fill `fed` with what was sent the pre-delay ago, less what lies below the cut."""
    wanted = np.int64(settings.target[PRE_DELAY] * _F(rate) + _HALF) + 1
    move_tap(memory, min(wanted, np.int64(PRE_FRAMES - QUANTUM)))
    near, next_near, step = memory.near, memory.next_near, blend_step(memory, _BLEND_S, rate)
    low_cut = warped(min(settings.value[LOW_CUT] / _F(rate), _HIGHEST))
    blend = memory.blend
    pre, fed = memory.pre, memory.fed
    rumble_0, rumble_1 = memory.rumble[0], memory.rumble[1]
    for i in range(QUANTUM):
        place = memory.head + i
        pre[0, place & (PRE_FRAMES - 1)] = send[0, i]
        pre[1, place & (PRE_FRAMES - 1)] = send[1, i]
        at = (place - near + 1) & (PRE_FRAMES - 1)
        left, right = pre[0, at], pre[1, at]
        if step > _ZERO:
            blend += step
            at = (place - next_near + 1) & (PRE_FRAMES - 1)
            left += (pre[0, at] - left) * blend
            right += (pre[1, at] - right) * blend
        deep, rumble_0 = one_pole(left, low_cut, rumble_0)
        fed[0, i] = left - deep
        deep, rumble_1 = one_pole(right, low_cut, rumble_1)
        fed[1, i] = right - deep
    memory.rumble[0], memory.rumble[1] = flushed(rumble_0), flushed(rumble_1)
    memory.blend = blend


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
def _go_round(memory: Any, settings: Any, out: Any, scale: Any, rate: float) -> None:
    """Let the sound go through the eight lines, side by side: each gives out what reaches its end, as much weaker
    and duller as its length asks, and it comes back turned by Hadamard's matrix, which loses no energy.
    """
    drift = wrap(memory.drift + _DRIFT_HZ * _F(QUANTUM) / _F(rate))
    memory.drift = drift
    damping = warped(min(settings.value[DAMPING] / _F(rate), _HIGHEST))
    frames = whole(load(_LINE_AT_48K, 0) * scale)
    lasts = floating(frames) * (_OCTAVES_PER_60_DB / _F(rate))
    gain = power_of_two(-lasts / settings.was[DECAY])
    gain_step = (power_of_two(-lasts / settings.value[DECAY]) - gain) * PER_FRAME
    depth = load(_WANDERS, 0) * (settings.value[MOTION] * _WANDER_FRAMES * scale * _HALF)
    wander = load(memory.wander, 0)
    wander_step = (depth * (_ONE + sine(wrap(load(_WANDER_PHASE, 0) + drift))) - wander) * PER_FRAME
    rows = whole(load(_ROWS, 0))
    place = np.int32(memory.head & (LINE_FRAMES - 1))
    ends = ((place - frames) & _LINE_MASK) + rows
    begins = rows + place
    mirrored = place < MIRROR
    feeds_left, feeds_right = load(_FEEDS_LEFT, 0), load(_FEEDS_RIGHT, 0)
    level, level_step = fader_line(settings, LEVEL)
    width, width_step = line(settings, WIDTH_OF_ROOM)
    damped = load(memory.damped, 0)
    loudest = in_all_places(_ZERO)
    for i in range(QUANTUM):
        n = _F(i + 1)
        ahead = wander + wander_step * n
        passed = min(max(whole(ahead), np.int32(0)), _FURTHEST)
        here, there = neighbours(memory.lines, ends + passed + np.int32(i))
        low, damped = one_pole(here + (there - here) * (ahead - floating(passed)), damping, damped)
        came = low * (gain + gain_step * n)
        loudest = max(loudest, abs(came))
        turned = hadamard(came)
        middle = place_of(turned, _MIDDLE) * _HALF
        side = place_of(turned, _SIDE) * _HALF * (width + width_step * n)
        loudness = (level + level_step * n) * _OUT_GAIN
        out[0, i] += (middle + side) * loudness
        out[1, i] += (middle - side) * loudness
        goes = turned * _EIGHTH_ROOT + (feeds_left * memory.fed[0, i] + feeds_right * memory.fed[1, i])
        scatter(memory.lines, begins + np.int32(i), goes)
        if mirrored:
            scatter(memory.lines, begins + np.int32(LINE_FRAMES + i), goes)
    store(memory.damped, 0, flushed(damped))
    store(memory.wander, 0, wander + wander_step * _F(QUANTUM))
    audible = total(loudest) + amount(memory.fed[0]) + amount(memory.fed[1]) > _INAUDIBLE
    memory.quiet = 0 if audible else memory.quiet + QUANTUM


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.lines[:] = _ZERO
    memory.blurs[:, :, :] = _ZERO
    memory.pre[:, :] = _ZERO
    memory.damped[:] = _ZERO
    memory.rumble[:] = _ZERO
