"""A track's strip of the mixer: what drives and filters the track, its fader and its place, and what it sends.

One filter rather than an equalizer: a single knob that takes away the top on its one side and the bottom on its other
is what hands play with, and what a lock or an LFO can move. Where drive and filter stand at rest, the fader at 0 dB
and the place in the middle, not a bit of the track changes.

The drive works at eight times the rate, and as the mean over the line from one of those samples to the next. A track
that is driven is heard half a millisecond later for it, the undriven share of its sound as well.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import last, one_pole_along, one_pole_powers, ramp
from dsp.kernels.eight import WIDTH, carried, load, store
from dsp.kernels.filters import state_variable
from dsp.kernels.levels import amount, highest_of
from dsp.kernels.lines import PER_FRAME, decibel_line, line
from dsp.kernels.oversampling import AROUND, LATE, OVER, RINGS, back, eight_of, take_in
from dsp.kernels.shapes import power_of_two, soft, soft_between, warped
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

STRIP: tuple[Parameter, ...] = (
    Parameter("gain", 0.0, -60.0, 12.0, "dB", "How loud the track is; at the bottom it is silent.", "db"),
    Parameter("pan", 0.0, -1.0, 1.0, "", "Where the track stands between left and right."),
    Parameter("overdrive", 0.0, 0.0, 36.0, "dB", "How hard the track is driven into saturation.", "db"),
    Parameter("filter", 0.0, -1.0, 1.0, "", "Below 0 ever more of the top is cut off, above 0 of the bottom."),
    Parameter("peak", 0.2, 0.0, 1.0, "", "How much the track's filter rings where it cuts."),
    Parameter("chorus", 0.0, 0.0, 1.0, "", "How much of the track goes to the chorus."),
    Parameter("delay", 0.0, 0.0, 1.0, "", "How much of the track goes to the delay."),
    Parameter("reverb", 0.0, 0.0, 1.0, "", "How much of the track goes to the reverb."),
)
GAIN = index_of(STRIP, "gain")
PAN = index_of(STRIP, "pan")
OVERDRIVE = index_of(STRIP, "overdrive")
FILTER = index_of(STRIP, "filter")
PEAK = index_of(STRIP, "peak")
CHORUS_SEND = index_of(STRIP, "chorus")
DELAY_SEND = index_of(STRIP, "delay")
REVERB_SEND = index_of(STRIP, "reverb")

STRIP_MEMORY = np.dtype(
    [
        ("around", "f4", AROUND),  # the track, and before it what came before
        ("over", "f4", OVER),  # driven, at eight times the rate
        ("before", "f4"),
        ("on", "f4"),  # how far the drive has faded in, 0..1
        ("left", "i4"),  # frames until the drive rings no more
        ("still", "f4"),
        ("band", "f4"),
        ("low", "f4"),
    ],
    align=True,
)

_F = np.float32
_ZERO, _ONE, _TWO = _F(0.0), _F(1.0), _F(2.0)
_KEPT = _F(0.25)
"""A wave of this height keeps it, however hard it is driven."""
_FADES_IN_DB = _F(3.0)
"""The drive fades in over its first decibels, the filter over the first of its way, so that neither clicks."""
_FADES_IN = _F(25.0)
_TOP_HZ, _OCTAVES_DOWN = _F(20_000.0), _F(8.4)
_BOTTOM_HZ, _OCTAVES_UP = _F(20.0), _F(9.0)
_HIGHEST = _F(0.45)
_DAMPING, _LEAST_DAMPING = _F(np.sqrt(2.0)), _F(0.12)
_INAUDIBLE = _F(1e-7)
_STILL_HZ = _F(8.0)
"""Below this the drive lets nothing through: a wave that reaches further to its one side is left with a mean."""
_FADE = _F(1.0 / 30.0)
"""A quantum: what is driven takes the place of what is not, which is heard earlier, in 20 ms."""


@kernel
def drive_and_filter(memory: Any, settings: Any, sound: Any, rate: float) -> bool:
    """Drive and filter one track's `sound`, (32,) float32, in place. False where nothing of it sounds."""
    silent = amount(sound) == _ZERO
    rested = memory.left == 0
    if silent and rested and memory.band == _ZERO and memory.low == _ZERO:
        return False
    memory.left = max(memory.left - QUANTUM, 0) if silent else RINGS
    _drive(memory, settings, sound, rested, rate)
    _filter(memory, settings, sound, memory.left == 0, rate)
    return True


@kernel
def _drive(memory: Any, settings: Any, sound: Any, rested: bool, rate: float) -> None:
    """Drive `sound`. What had rested begins driven; what sounds already fades from the one to the other."""
    was, value = settings.was[OVERDRIVE], settings.value[OVERDRIVE]
    wanted = was > _ZERO or value > _ZERO
    on = (_ONE if wanted else _ZERO) if rested else memory.on
    if not wanted and on == _ZERO:
        memory.on = _ZERO
        return
    memory.on = min(on + _FADE, _ONE) if wanted else max(on - _FADE, _ZERO)
    on_step = (memory.on - on) * PER_FRAME
    gain, gain_step = decibel_line(settings, OVERDRIVE)
    share = min(was / _FADES_IN_DB, _ONE)
    share_step = (min(value / _FADES_IN_DB, _ONE) - share) * PER_FRAME
    around, over = memory.around, memory.over
    take_in(around, over, sound)
    before = memory.before
    for i in range(QUANTUM):
        x = eight_of(around, i)
        hard = gain + gain_step * _F(i + 1)
        driven = soft_between(x * hard, carried(x, before) * hard) * (_KEPT / soft(hard * _KEPT))
        store(over, (LATE + i) * WIDTH, driven)
        before = last(x)
    memory.before = before
    still, still_state = one_pole_powers(warped(_STILL_HZ / _F(rate))), memory.still
    for i in range(0, QUANTUM, WIDTH):
        x, late, driven = load(sound, i), load(around, i), back(over, i)
        mean, still_state = one_pole_along(driven, still, still_state)
        heard = late + (driven - mean - late) * ramp(share, share_step, i)
        store(sound, i, x + (heard - x) * ramp(on, on_step, i))
    memory.still = still_state
    if memory.left == 0 and abs(still_state) > _INAUDIBLE:
        memory.left = QUANTUM
    if memory.on == _ZERO or memory.left == 0:
        _forget_drive(memory)


@kernel
def _forget_drive(memory: Any) -> None:
    memory.around[:] = _ZERO
    memory.over[:] = _ZERO
    memory.before, memory.still, memory.on = _ZERO, _ZERO, _ZERO


@kernel
def _filter(memory: Any, settings: Any, sound: Any, silent: bool, rate: float) -> None:
    was, value = settings.was[FILTER], settings.value[FILTER]
    if was == _ZERO and value == _ZERO:
        memory.band, memory.low = _ZERO, _ZERO
        return
    g = _integrator(was if was != _ZERO else value, rate)
    g_step = (_integrator(value if value != _ZERO else was, rate) - g) * PER_FRAME
    damping = _damping(settings.was[PEAK])
    damping_step = (_damping(settings.value[PEAK]) - damping) * PER_FRAME
    lows = min(max(-was * _FADES_IN, _ZERO), _ONE)
    lows_step = (min(max(-value * _FADES_IN, _ZERO), _ONE) - lows) * PER_FRAME
    highs = min(max(was * _FADES_IN, _ZERO), _ONE)
    highs_step = (min(max(value * _FADES_IN, _ZERO), _ONE) - highs) * PER_FRAME
    band_state, low_state = memory.band, memory.low
    for i in range(sound.shape[0]):
        n = _F(i + 1)
        x = sound[i]
        damp = damping + damping_step * n
        low, band, band_state, low_state = state_variable(x, g + g_step * n, damp, band_state, low_state)
        to_low, to_high = lows + lows_step * n, highs + highs_step * n
        sound[i] = x + (low - x) * to_low - (damp * band + low) * to_high
    if silent and abs(band_state) + abs(low_state) < _INAUDIBLE:
        band_state, low_state = _ZERO, _ZERO
    memory.band, memory.low = band_state, low_state


@kernel
def _integrator(place: Any, rate: float) -> Any:
    """The filter's gain where its knob stands at `place`, which is not 0."""
    if place < _ZERO:
        hertz = _TOP_HZ * power_of_two(place * _OCTAVES_DOWN)
    else:
        hertz = _BOTTOM_HZ * power_of_two(place * _OCTAVES_UP)
    return warped(min(hertz / _F(rate), _HIGHEST))


@kernel
def _damping(peak: Any) -> Any:
    return _DAMPING + (_LEAST_DAMPING - _DAMPING) * peak


@kernel
def fade_and_place(settings: Any, sound: Any, out: Any) -> Any:
    """Give `sound`, (32,) float32, its level and place in `out`, (2, 32), overwritten, and tell the highest sample."""
    left, right = pan_gains(settings.was[GAIN], settings.was[PAN])
    left_is, right_is = left, right
    if settings.value[GAIN] != settings.was[GAIN] or settings.value[PAN] != settings.was[PAN]:
        left_is, right_is = pan_gains(settings.value[GAIN], settings.value[PAN])
    left_step, right_step = (left_is - left) * PER_FRAME, (right_is - right) * PER_FRAME
    top = abs(load(sound, 0)) * _ZERO
    for i in range(0, sound.shape[0], WIDTH):
        x = load(sound, i)
        to_left, to_right = x * ramp(left, left_step, i), x * ramp(right, right_step, i)
        store(out[0], i, to_left)
        store(out[1], i, to_right)
        top = max(top, max(abs(to_left), abs(to_right)))
    return highest_of(top)


@kernel
def add(sound: Any, out: Any) -> None:
    """Add `sound` to `out`, both (2, 32) float32."""
    for channel in range(2):
        for i in range(0, sound.shape[1], WIDTH):
            store(out[channel], i, load(out[channel], i) + load(sound[channel], i))


@kernel
def copy(sound: Any, out: Any) -> None:
    """Write `sound` over `out`, both (2, 32) float32. A slice that is assigned might lie within what it is taken from,
    so numba would allocate a copy of it first."""
    for channel in range(2):
        for i in range(0, sound.shape[1], WIDTH):
            store(out[channel], i, load(sound[channel], i))


@kernel
def send(settings: Any, index: int, sound: Any, out: Any) -> None:
    """Add `sound`, (2, 32) float32, to what is sent to an effect, as much as the setting says."""
    if settings.was[index] == _ZERO and settings.value[index] == _ZERO:
        return
    share, step = line(settings, index)
    for channel in range(2):
        for i in range(0, sound.shape[1], WIDTH):
            store(out[channel], i, load(out[channel], i) + load(sound[channel], i) * ramp(share, step, i))


@kernel
def pan_gains(gain: Any, pan: Any) -> Any:
    """Left and right gains of a pan of constant power that leaves the centre as it is."""
    angle = (pan + 1.0) * (np.pi / 4.0)
    return np.float32(gain * np.sqrt(2.0) * np.cos(angle)), np.float32(gain * np.sqrt(2.0) * np.sin(angle))


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    _forget_drive(memory)
    memory.left = 0
    memory.band, memory.low = _ZERO, _ZERO
