"""The snare: two modes of a drumhead, and the wires beneath it, which rattle for longer."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.shapes import semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import (
    LEVEL,
    LEVELS,
    NOISES,
    OWN,
    PHASES,
    PHASES_HIGH,
    PITCH,
    SOUND,
    STEPS,
    begin,
    bend,
    eights,
    end,
    overdrive,
    swing,
)

PARAMETERS = (
    Parameter("tune", 180.0, 80.0, 400.0, "Hz", "The pitch of the drumhead.", "log"),
    Parameter("decay", 0.16, 0.03, 1.0, "s", "How long the drumhead rings.", "log"),
    Parameter("body", 0.6, 0.0, 1.0, "", "How much of the drumhead is heard."),
    Parameter("wires", 0.7, 0.0, 1.0, "", "How much of the wires is heard."),
    Parameter("rattle", 0.28, 0.03, 2.0, "s", "How long the wires rattle.", "log"),
    Parameter("color", 4200.0, 800.0, 10000.0, "Hz", "Where the wires are brightest.", "log"),
    Parameter("drive", 3.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TUNE = index_of(PARAMETERS, "tune")
DECAY = index_of(PARAMETERS, "decay")
BODY = index_of(PARAMETERS, "body")
WIRES = index_of(PARAMETERS, "wires")
RATTLE = index_of(PARAMETERS, "rattle")
COLOR = index_of(PARAMETERS, "color")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, PHASE_HIGH, RATTLING, RISE, FALL, LOW, BAND = range(OWN, OWN + 7)

_F = np.float32
_ONE = _F(1.0)
_GAIN = _F(0.44)
_HIGH_MODE = _F(1.78)
_HIGH_SHARE = _F(0.5)
_BEND_ST, _BEND_S = _F(7.0), _F(0.03)
_RISE_S, _RISE_FALLS = _F(0.0005), _F(3.0)
_WIRE_DAMPING = _F(1.3)
_WIRE_HIGH = _F(0.45)
_ACCENT_RATTLE = _F(1.3)


@kernel
def render(voice: Any, lane: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[RATTLING] = _ACCENT_RATTLE if voice.accent else _ONE
        memory[FALL] = _ONE
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    base = lane.value[TUNE] * frame_s * pitch
    decay = decay_share(lane.value[DECAY], rate)
    rattle = decay_share(lane.value[RATTLE], rate)
    bending = decay_share(_BEND_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(lane.value[COLOR] * frame_s)
    body, body_step = line(lane, BODY)
    wires, wires_step = line(lane, WIRES)
    phase, phase_high, level, rattling = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[RATTLING]
    rise, fall, low_state, band_state = memory[RISE], memory[FALL], memory[LOW], memory[BAND]
    seed = voice.seed
    for i in range(start, stop):
        seed = next_seed(seed)
        noise = white(seed)
        low, band, band_state, low_state = state_variable(noise, g, _WIRE_DAMPING, band_state, low_state)
        high = noise - _WIRE_DAMPING * band - low
        work[STEPS, i], work[LEVELS, i] = _BEND_ST * fall, level
        work[NOISES, i] = (band + _WIRE_HIGH * high) * rattling * rise
        rise += (_ONE - rise) * rise_share
        level -= level * decay
        rattling -= rattling * rattle
        fall -= fall * bending
    bend(work, base, start, stop)
    phase = swing(work[STEPS], _ONE, phase, work[PHASES], start, stop)
    phase_high = swing(work[STEPS], _HIGH_MODE, phase_high, work[PHASES_HIGH], start, stop)
    for i in eights(start, stop):
        head = (sine(load(work[PHASES], i)) + sine(load(work[PHASES_HIGH], i)) * _HIGH_SHARE) * load(work[LEVELS], i)
        buzz = load(work[NOISES], i)
        store(work[SOUND], WIDTH + i, head * ramp(body, body_step, i) + buzz * ramp(wires, wires_step, i))
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[PHASE], memory[PHASE_HIGH] = phase, phase_high
    memory[LEVEL], memory[RATTLING] = flushed(level), flushed(rattling)
    memory[RISE], memory[FALL] = rise, flushed(fall)
    memory[LOW], memory[BAND] = low_state, band_state
    voice.seed = seed
    end(voice, max(level, rattling) * gain, stop)
