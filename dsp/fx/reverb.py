"""A room: eight delay lines that feed each other, behind four allpasses that blur what comes in.

All is done a quantum at a time, line by line, which is possible since every line is longer than a quantum.
Source: Jot, Chaigne, "Digital delay networks for designing artificial reverberators", AES 1991; the
diffusers are those of Dattorro, "Effect design, part 1", JAES 45, 1997.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.filters import flushed, one_pole
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
WIDTH = index_of(PARAMETERS, "width")
LEVEL = index_of(PARAMETERS, "level")

QUANTUM = 32
LINES = 8
BLURS = 4
LINE_FRAMES = 8192
BLUR_FRAMES = 2048
PRE_FRAMES = 32768
"""Sizes for 96 kHz, powers of two so that a place is wrapped by a mask."""

REVERB = np.dtype(
    [
        ("lines", "f4", (LINES, LINE_FRAMES)),
        ("blurs", "f4", (2, BLURS, BLUR_FRAMES)),
        ("pre", "f4", (2, PRE_FRAMES)),
        ("work", "f4", (LINES, QUANTUM)),
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
_BLUR_AT_48K = np.array([[229, 173, 613, 449], [241, 181, 599, 463]], np.float32)
_BLUR_GAIN = np.array([0.75, 0.75, 0.625, 0.625], np.float32)
_TO_LEFT = np.array([1, 0, -1, 0, 1, 0, -1, 0], np.float32)
_TO_RIGHT = np.array([0, 1, 0, -1, 0, 1, 0, -1], np.float32)
_EIGHTH_ROOT = _F(1 / np.sqrt(8.0))
_OUT_GAIN = _F(0.9)
_BASE_RATE = _F(48_000.0)
_OCTAVES_PER_60_DB = _F(np.log2(1000.0))
_DRIFT_HZ = _F(0.37)
_WANDER_FRAMES = _F(14.0)
_WANDERERS = 4
"""Only half of the lines wander: reading between samples dulls a little each time round."""
_BLEND_S = 0.05
_INAUDIBLE = _F(1e-7)
_HIGHEST = _F(0.45)


@kernel
def process(memory: Any, settings: Any, send: Any, out: Any, rate: float) -> None:
    """Add the room's answer to `send` to `out`, both (2, 32) float32."""
    loudest = _ZERO
    for i in range(QUANTUM):
        loudest = max(loudest, abs(send[0, i]), abs(send[1, i]))
    if loudest > _ZERO:
        memory.quiet = 0
    elif memory.quiet > LINE_FRAMES + PRE_FRAMES:
        return
    scale = _F(rate) / _BASE_RATE
    _take_in(memory, settings, send, rate)
    for channel in range(2):
        for k in range(BLURS):
            _blur(memory, channel, k, np.int64(_BLUR_AT_48K[channel, k] * scale))
    _read_lines(memory, settings, scale, rate)
    _give_out(memory, settings, out)
    _mix_lines(memory)
    _write_lines(memory)
    memory.head += QUANTUM


@kernel
def _take_in(memory: Any, settings: Any, send: Any, rate: float) -> None:
    """Fill `fed` with what was sent the pre-delay ago, less what lies below the cut."""
    wanted = np.int64(settings.target[PRE_DELAY] * _F(rate) + _HALF) + 1
    move_tap(memory, min(wanted, np.int64(PRE_FRAMES - QUANTUM)))
    near, next_near, step = memory.near, memory.next_near, blend_step(memory, _BLEND_S, rate)
    low_cut = warped(min(settings.value[LOW_CUT] / _F(rate), _HIGHEST))
    blend = memory.blend
    for channel in range(2):
        pre = memory.pre[channel]
        rumble = memory.rumble[channel]
        blend = memory.blend
        for i in range(QUANTUM):
            place = memory.head + i
            pre[place & (PRE_FRAMES - 1)] = send[channel, i]
            x = pre[(place - near + 1) & (PRE_FRAMES - 1)]
            if step > _ZERO:
                blend += step
                x += (pre[(place - next_near + 1) & (PRE_FRAMES - 1)] - x) * blend
            deep, rumble = one_pole(x, low_cut, rumble)
            memory.fed[channel, i] = x - deep
        memory.rumble[channel] = flushed(rumble)
    memory.blend = blend


@kernel
def _blur(memory: Any, channel: int, k: int, frames: int) -> None:
    """Send `fed` through one allpass of `frames`."""
    ring = memory.blurs[channel, k]
    gain = _BLUR_GAIN[k]
    fed = memory.fed[channel]
    head = memory.head
    for i in range(QUANTUM):
        place = head + i
        late = ring[(place - frames) & (BLUR_FRAMES - 1)]
        kept = fed[i] - gain * late
        ring[place & (BLUR_FRAMES - 1)] = kept
        fed[i] = late + gain * kept


@kernel
def _read_lines(memory: Any, settings: Any, scale: Any, rate: float) -> None:
    """Fill `work` with the ends of the lines, each as much weaker and duller as its length asks."""
    drift = wrap(memory.drift + _DRIFT_HZ * _F(QUANTUM) / _F(rate))
    memory.drift = drift
    damping = warped(min(settings.value[DAMPING] / _F(rate), _HIGHEST))
    head = memory.head
    for k in range(LINES):
        frames = np.int64(_LINE_AT_48K[k] * scale)
        lasts = _OCTAVES_PER_60_DB * _F(frames) / _F(rate)
        gain = power_of_two(-lasts / settings.was[DECAY])
        gain_step = (power_of_two(-lasts / settings.value[DECAY]) - gain) * PER_FRAME
        wander, wander_step = memory.wander[k], _ZERO
        if k < _WANDERERS:
            depth = settings.value[MOTION] * _WANDER_FRAMES * scale * _HALF
            goal = depth * (_ONE + sine(wrap(drift + _F(k) / _F(_WANDERERS))))
            wander_step = (goal - wander) * PER_FRAME
        ring = memory.lines[k]
        damped = memory.damped[k]
        for i in range(QUANTUM):
            n = _F(i + 1)
            place = head + i - frames
            x = ring[place & (LINE_FRAMES - 1)]
            if k < _WANDERERS:
                ahead = wander + wander_step * n
                whole = np.int64(ahead)
                x = ring[(place + whole) & (LINE_FRAMES - 1)]
                x += (ring[(place + whole + 1) & (LINE_FRAMES - 1)] - x) * (ahead - _F(whole))
            low, damped = one_pole(x, damping, damped)
            memory.work[k, i] = low * (gain + gain_step * n)
        memory.damped[k] = flushed(damped)
        memory.wander[k] = wander + wander_step * _F(QUANTUM)


@kernel
def _give_out(memory: Any, settings: Any, out: Any) -> None:
    level, level_step = fader_line(settings, LEVEL)
    width, width_step = line(settings, WIDTH)
    work = memory.work
    loudest = _ZERO
    for i in range(QUANTUM):
        n = _F(i + 1)
        left, right = _ZERO, _ZERO
        for k in range(LINES):
            left += work[k, i] * _TO_LEFT[k]
            right += work[k, i] * _TO_RIGHT[k]
        loudest = max(loudest, abs(left), abs(right), abs(memory.fed[0, i]), abs(memory.fed[1, i]))
        middle = (left + right) * _HALF
        side = (left - right) * _HALF * (width + width_step * n)
        loudness = (level + level_step * n) * _OUT_GAIN
        out[0, i] += (middle + side) * loudness
        out[1, i] += (middle - side) * loudness
    memory.quiet = 0 if loudest > _INAUDIBLE else memory.quiet + QUANTUM


@kernel
def _mix_lines(memory: Any) -> None:
    """Turn `work` by Hadamard's matrix, which loses no energy and lets every line feed every other."""
    work = memory.work
    span = 1
    while span < LINES:
        for k in range(LINES):
            if k & span == 0:
                for i in range(QUANTUM):
                    a, b = work[k, i], work[k + span, i]
                    work[k, i] = a + b
                    work[k + span, i] = a - b
        span *= 2


@kernel
def _write_lines(memory: Any) -> None:
    place = memory.head & (LINE_FRAMES - 1)
    for k in range(LINES):
        fed = memory.fed[k & 1]
        for i in range(QUANTUM):
            memory.lines[k, place + i] = memory.work[k, i] * _EIGHTH_ROOT + fed[i] * _HALF


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.lines[:, :] = _ZERO
    memory.blurs[:, :, :] = _ZERO
    memory.pre[:, :] = _ZERO
    memory.damped[:] = _ZERO
    memory.rumble[:] = _ZERO
