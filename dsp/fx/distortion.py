"""Distortion of the whole mix, of several characters, with a tone control behind it.

The mix is distorted at eight times its rate, and each character as the mean over the line from one of those samples to
the next, so that what lies beyond hearing does not fold back into it. The fold needs no such mean, for its spectrum
ends by itself. The crush folds back by nature: that is its sound.

What is distorted comes some frames late. The dry sound that is heard beside it waits as long, and only while the
distortion is on: where the mix is 0, not a bit of it changes.
Source: Parker, Zavalishin, Le Bivic, "Reducing the aliasing of nonlinear waveshaping", DAFx-16.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import last, one_pole_along, one_pole_powers, ramp
from dsp.kernels.eight import WIDTH, anywhere, carried, in_all_places, load, place_of, store, where
from dsp.kernels.filters import flushed
from dsp.kernels.levels import amount
from dsp.kernels.lines import PER_FRAME, decibel_line, line
from dsp.kernels.oversampling import AROUND, LATE, OVER, RINGS, back, eight_of, take_in
from dsp.kernels.shapes import power_of_two, sine, soft, soft_between, warped
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

_CHARACTERS = ("soft", "hard", "fold", "tube", "crush")
PARAMETERS = (
    Parameter(
        "character", 0.0, 0.0, 4.0, "", "How it distorts; between two it is both.", choices=_CHARACTERS, blends=True
    ),
    Parameter("drive", 12.0, 0.0, 36.0, "dB", "How hard the mix is pushed.", "db"),
    Parameter("bits", 8.0, 1.0, 16.0, "", "How many bits the crush leaves of a sample."),
    Parameter("crush_rate", 12000.0, 500.0, 48000.0, "Hz", "How many samples a second the crush leaves.", "log"),
    Parameter("tone", 9000.0, 500.0, 18000.0, "Hz", "What lies above is taken from the distorted sound.", "log"),
    Parameter("mix", 0.0, 0.0, 1.0, "", "How much of the distorted sound is heard: 0 none, 1 nothing else."),
)
CHARACTER = index_of(PARAMETERS, "character")
DRIVE = index_of(PARAMETERS, "drive")
BITS = index_of(PARAMETERS, "bits")
CRUSH_RATE = index_of(PARAMETERS, "crush_rate")
TONE = index_of(PARAMETERS, "tone")
MIX = index_of(PARAMETERS, "mix")
SOFT, HARD, FOLD, TUBE, CRUSH = range(len(_CHARACTERS))

DISTORTION = np.dtype(
    [
        ("around", "f4", (2, AROUND)),  # the mix, and before it what came before
        ("over", "f4", (2, OVER)),  # distorted, at eight times the rate
        ("before", "f4", 2),
        ("waited", "f4", 2),  # share of a sample that the crush has waited for its next
        ("kept", "f4", 2),  # the sample that the crush keeps
        ("low", "f4", 2),
        ("still", "f4", 2),
        ("on", "f4"),  # how far it has faded in, 0..1
        ("left", "i8"),  # frames until it rests; 0 while it does
    ],
    align=True,
)

_F = np.float32
_ZERO, _HALF, _ONE, _TWO = _F(0.0), _F(0.5), _F(1.0), _F(2.0)
_QUARTER = _F(0.25)
_KEPT = _F(0.25)
"""A wave of this height keeps it, however hard it is driven."""
_HIGHEST = _F(0.45)
_STILL_HZ = _F(8.0)
"""Below this nothing is let through: a wave that is bent more on its one side has a mean."""
_FADE = _F(1.0 / 30.0)
"""A quantum: it fades in and out in 20 ms."""
_INAUDIBLE = _F(1e-7)


@kernel
def process(memory: Any, settings: Any, bus: Any, rate: float) -> None:
    """Distort `bus`, (2, 32) float32, in place. Where the mix is 0, not a bit of it changes."""
    silent = amount(bus[0]) + amount(bus[1]) == _ZERO
    resting = memory.left == 0
    if silent and resting:
        return
    memory.left = max(memory.left - QUANTUM, 0) if silent else np.int64(RINGS)
    wanted = settings.value[MIX] > _ZERO or settings.was[MIX] > _ZERO
    on = (_ONE if wanted else _ZERO) if resting else memory.on
    if not wanted and on == _ZERO:
        return
    memory.on = min(on + _FADE, _ONE) if wanted else max(on - _FADE, _ZERO)
    on_step = (memory.on - on) * PER_FRAME
    mix, mix_step = line(settings, MIX)
    tone = one_pole_powers(warped(min(settings.value[TONE] / _F(rate), _HIGHEST)))
    still = one_pole_powers(warped(_STILL_HZ / _F(rate)))
    loudest = in_all_places(_ZERO)
    for channel in range(2):
        around, over, row = memory.around[channel], memory.over[channel], bus[channel]
        take_in(around, over, row)
        _distort(memory, settings, channel, rate)
        low_state, still_state = memory.low[channel], memory.still[channel]
        for i in range(0, QUANTUM, WIDTH):
            low, low_state = one_pole_along(back(over, i), tone, low_state)
            mean, still_state = one_pole_along(low, still, still_state)
            wet = low - mean
            loudest = max(loudest, abs(wet))
            late = load(around, i)
            x = load(row, i)
            heard = late + (wet - late) * ramp(mix, mix_step, i)
            store(row, i, x + (heard - x) * ramp(on, on_step, i))
        memory.low[channel], memory.still[channel] = flushed(low_state), flushed(still_state)
    if anywhere(loudest > _INAUDIBLE):
        memory.left = np.int64(RINGS)
    if memory.on == _ZERO or memory.left == 0:
        clear(memory)


@kernel
def _distort(memory: Any, settings: Any, channel: int, rate: float) -> None:
    """Fill the last quantum of `over`."""
    around, over = memory.around[channel], memory.over[channel]
    drive, drive_step = decibel_line(settings, DRIVE)
    character, character_step = line(settings, CHARACTER)
    steps = power_of_two(settings.value[BITS] - _ONE)
    pace = settings.value[CRUSH_RATE] / _F(rate)
    before = memory.before[channel]
    for i in range(QUANTUM):
        store(over, (LATE + i) * WIDTH, eight_of(around, i))
    for i in range(QUANTUM):
        n = _F(i + 1)
        x = load(over, (LATE + i) * WIDTH)
        earlier = carried(x, before)
        before = last(x)
        gain = drive + drive_step * n
        kind = min(max(character + character_step * n, _ZERO), _F(CRUSH))
        first = np.int64(kind)
        share = kind - _F(first)
        if kind > _F(TUBE):
            _keep_sample(memory, channel, place_of(x, np.int32(0)) * gain, steps, pace)
        y = _shaped(first, x, earlier, gain, memory.kept[channel])
        if share > _ZERO:
            y += (_shaped(first + 1, x, earlier, gain, memory.kept[channel]) - y) * share
        store(over, (LATE + i) * WIDTH, y)
    memory.before[channel] = before


@kernel
def _shaped(character: int, x: Any, before: Any, gain: Any, kept: Any) -> Any:
    """Eight samples, bent.

    before  the sample before each of them
    kept    what the crush keeps of them, driven
    """
    if character == SOFT:
        return soft_between(x * gain, before * gain) * (_KEPT / soft(_KEPT * gain))
    if character == HARD:
        return _clipped_between(x * gain, before * gain) * (_KEPT / min(_KEPT * gain, _ONE))
    if character == FOLD:
        folds = np.sqrt(gain) * _QUARTER
        height = sine(min(_KEPT * folds, _QUARTER))
        turn = x * folds
        return sine(turn - np.floor(turn)) * (_KEPT / height)
    if character == TUBE:
        bias = _F(0.4) + _F(0.1) * gain
        height = (soft(bias + _KEPT * gain) - soft(bias - _KEPT * gain)) * _HALF
        return (soft_between(x * gain + bias, before * gain + bias) - soft(bias)) * (_KEPT / height)
    return in_all_places(kept * (_KEPT / min(_KEPT * gain, _ONE)))


@kernel
def _clipped_between(x: Any, before: Any) -> Any:
    """The mean of a clipped line: of clip(x) = (|x + 1| - |x - 1|) / 2."""
    return (_magnitude_between(x + _ONE, before + _ONE) - _magnitude_between(x - _ONE, before - _ONE)) * _HALF


@kernel
def _magnitude_between(x: Any, before: Any) -> Any:
    """The mean of |u| over the line from `before` to `x`, worked out so that nothing cancels."""
    away = abs(x) + abs(before)
    across = (x * x + before * before) / max(away + away, _F(1e-30))
    return where(x * before < _ZERO, across, away * _HALF)


@kernel
def _keep_sample(memory: Any, channel: int, x: Any, steps: Any, pace: Any) -> None:
    """Let the crush take its next sample, where it is time for it: clipped, and rounded to one of its steps."""
    waited = memory.waited[channel] + min(pace, _ONE)
    if waited >= _ONE:
        waited -= _ONE
        memory.kept[channel] = np.floor(min(max(x, -_ONE), _ONE) * steps + _HALF) / steps
    memory.waited[channel] = waited


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.around[:, :] = _ZERO
    memory.over[:, :] = _ZERO
    for channel in range(2):
        memory.before[channel], memory.kept[channel] = _ZERO, _ZERO
        memory.low[channel], memory.still[channel] = _ZERO, _ZERO
