"""The cowbell: two pulses a rough fifth apart through a band, struck hard and soon damped, as drum machines make it."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import line
from dsp.kernels.oscillators import advance, pulse, version_of
from dsp.kernels.shapes import semitones, share, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import LEVEL, OWN, PITCH, SOUND, begin, end, overdrive

PARAMETERS = (
    Parameter("tune", 540.0, 200.0, 1500.0, "Hz", "The lower of its two pitches.", "log"),
    Parameter("interval", 6.8, 0.0, 12.0, "st", "How far above it the other lies."),
    Parameter("decay", 0.4, 0.03, 2.0, "s", "How long it rings.", "log"),
    Parameter("knock", 0.6, 0.0, 1.0, "", "How much louder the blow is than the ringing."),
    Parameter("tone", 1100.0, 400.0, 6000.0, "Hz", "Where it is brightest.", "log"),
    Parameter("focus", 0.35, 0.0, 1.0, "", "How much of it is heard there alone."),
    Parameter("drive", 3.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TUNE = index_of(PARAMETERS, "tune")
INTERVAL = index_of(PARAMETERS, "interval")
DECAY = index_of(PARAMETERS, "decay")
KNOCK = index_of(PARAMETERS, "knock")
TONE = index_of(PARAMETERS, "tone")
FOCUS = index_of(PARAMETERS, "focus")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, PHASE_HIGH, BLOW, LOW, BAND, RISE = range(OWN, OWN + 6)

_F = np.float32
_ONE, _HALF = _F(1.0), _F(0.5)
_GAIN = _F(0.42)
_BLOW_S = _F(0.06)
_RISE_S, _RISE_FALLS = _F(0.0005), _F(3.0)
_WIDEST_DAMPING, _DAMPING_RANGE = _F(1.8), _F(1.5)
_LEVEL = _F(0.7)
_HIGHEST, _FASTEST = _F(0.42), _F(0.24)


@kernel
def render(voice: Any, lane: Any, tables: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[BLOW] = _ONE
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    step = min(lane.value[TUNE] * pitch * frame_s, _FASTEST)
    step_high = min(step * semitones(lane.value[INTERVAL]), _FASTEST)
    version, blend = version_of(step)
    version_high, blend_high = version_of(step_high)
    decay = decay_share(lane.value[DECAY], rate)
    blow_decay = decay_share(_BLOW_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(min(lane.value[TONE] * pitch * frame_s, _HIGHEST))
    damping = _WIDEST_DAMPING - _DAMPING_RANGE * lane.value[FOCUS]
    knock, knock_step = line(lane, KNOCK)
    phase, phase_high, level, blow = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[BLOW]
    low_state, band_state = memory[LOW], memory[BAND]
    rise = memory[RISE]
    for i in range(start, stop):
        n = _F(i + 1)
        bell = pulse(tables, version, blend, phase, _HALF) + pulse(tables, version_high, blend_high, phase_high, _HALF)
        _, band, band_state, low_state = state_variable(bell * _LEVEL, g, damping, band_state, low_state)
        rung = knock + knock_step * n
        work[SOUND, WIDTH + i] = band * damping * (level + (blow - level) * rung) * rise
        phase = advance(phase, step)
        phase_high = advance(phase_high, step_high)
        rise += (_ONE - rise) * rise_share
        # The blow falls into the ringing, which goes on.
        blow -= (blow - level * _HALF) * blow_decay
        level -= level * decay
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[BLOW] = phase, phase_high, flushed(level), flushed(blow)
    memory[LOW], memory[BAND] = flushed(low_state), flushed(band_state)
    memory[RISE] = rise
    end(voice, max(level, blow) * gain, stop)
