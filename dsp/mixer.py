"""From notes to the master: voices into tracks, tracks through their strips, the effects, the limiter."""

from typing import Any

import numpy as np

from dsp.allocation import begin_note
from dsp.fx import delay, distortion, limiter, reverb
from dsp.fx.order import DELAY_ROW, DISTORTION_ROW, MASTER_ROW, REVERB_ROW
from dsp.kernels import kernel
from dsp.parameters import Parameter, index_of
from dsp.state import QUANTUM, TRACKS
from dsp.voices.ensemble import sound

STRIP: tuple[Parameter, ...] = (
    Parameter("gain", 0.0, -60.0, 12.0, "dB", "How loud the track is; at the bottom it is silent.", "db"),
    Parameter("pan", 0.0, -1.0, 1.0, "", "Where the track stands between left and right."),
    Parameter("delay", 0.0, 0.0, 1.0, "", "How much of the track goes to the delay."),
    Parameter("reverb", 0.0, 0.0, 1.0, "", "How much of the track goes to the reverb."),
)
GAIN = index_of(STRIP, "gain")
PAN = index_of(STRIP, "pan")
DELAY_SEND = index_of(STRIP, "delay")
REVERB_SEND = index_of(STRIP, "reverb")

METER_FALL_DB_PER_S = 26.0
"""How fast a meter falls back, as a PPM does (IEC 60268-10)."""


@kernel
def mix(state: Any) -> None:
    """Make the next quantum in `state.dry_bus`, (2, QUANTUM), overwritten, up to the limiter."""
    state.track_bus[:, :] = np.float32(0.0)
    at = np.int64(0)
    for i in range(state.notes_count):
        note = state.notes[i]
        if note.offset > at:
            sound(state, at, np.int64(note.offset))
            at = np.int64(note.offset)
        begin_note(state, note)
    sound(state, at, np.int64(QUANTUM))  # one type of frame number: each type is compiled anew
    state.dry_bus[:, :] = np.float32(0.0)
    state.delay_bus[:, :] = np.float32(0.0)
    state.reverb_bus[:, :] = np.float32(0.0)
    for t in range(TRACKS):
        _strip(state, t)
    bus = state.dry_bus
    distortion.process(state.distortion, state.effects[DISTORTION_ROW], bus, np.float32(state.rate))
    delay.process(
        state.delay, state.effects[DELAY_ROW], state.delay_bus, bus, state.transport.bpm, np.float32(state.rate)
    )
    reverb.process(state.reverb, state.effects[REVERB_ROW], state.reverb_bus, bus, np.float32(state.rate))


@kernel
def limit(state: Any) -> None:
    """Bring the quantum in `state.dry_bus` to its last level, under the limiter's ceiling. It is finite."""
    limiter.process(state.limiter, state.effects[MASTER_ROW], state.dry_bus, np.float32(state.rate))


@kernel
def _strip(state: Any, t: int) -> None:
    """Send one track through its fader, pan and sends, and measure it."""
    strip = state.strips[t]
    source = state.track_bus[t]
    fall = np.float32(10.0 ** (-METER_FALL_DB_PER_S / 20.0 * QUANTUM / state.rate))
    peak = np.float32(0.0)
    for i in range(QUANTUM):
        peak = max(peak, abs(source[i]))
    if peak == 0.0:
        state.meters.tracks[t] *= fall
        return
    left_was, right_was = _pan_gains(strip.was[GAIN], strip.was[PAN])
    left_is, right_is = _pan_gains(strip.value[GAIN], strip.value[PAN])
    left_step = (left_is - left_was) / np.float32(QUANTUM)
    right_step = (right_is - right_was) / np.float32(QUANTUM)
    delay_was = strip.was[DELAY_SEND]
    delay_step = (strip.value[DELAY_SEND] - delay_was) / np.float32(QUANTUM)
    reverb_was = strip.was[REVERB_SEND]
    reverb_step = (strip.value[REVERB_SEND] - reverb_was) / np.float32(QUANTUM)
    dry, to_delay, to_reverb = state.dry_bus, state.delay_bus, state.reverb_bus
    peak = np.float32(0.0)
    for i in range(QUANTUM):
        n = np.float32(i + 1)
        left = source[i] * (left_was + left_step * n)
        right = source[i] * (right_was + right_step * n)
        dry[0, i] += left
        dry[1, i] += right
        delay_send = delay_was + delay_step * n
        to_delay[0, i] += left * delay_send
        to_delay[1, i] += right * delay_send
        reverb_send = reverb_was + reverb_step * n
        to_reverb[0, i] += left * reverb_send
        to_reverb[1, i] += right * reverb_send
        peak = max(peak, abs(left), abs(right))
    state.meters.tracks[t] = max(peak, state.meters.tracks[t] * fall)


@kernel
def _pan_gains(gain: Any, pan: Any) -> Any:
    """Left and right gains of a pan of constant power that leaves the centre as it is."""
    angle = (pan + 1.0) * (np.pi / 4.0)
    return np.float32(gain * np.sqrt(2.0) * np.cos(angle)), np.float32(gain * np.sqrt(2.0) * np.sin(angle))


@kernel
def fall_back(level: Any, peak: Any, rate: float) -> Any:
    """A meter's next reading, one quantum on."""
    return max(np.float32(peak), np.float32(level * 10.0 ** (-METER_FALL_DB_PER_S / 20.0 * QUANTUM / rate)))
