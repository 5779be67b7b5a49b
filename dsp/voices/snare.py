"""The snare: two modes of a drumhead, and the wires beneath it, which rattle for longer."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import decibel_line, line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import advance
from dsp.kernels.shapes import semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import BEFORE, GROUND, LEVEL, OWN, PITCH, STRUCK, begin, end, ground_share, overdriven

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
_HIGHEST = _F(0.24)


@kernel
def render(voice: Any, lane: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[RATTLING] = _ACCENT_RATTLE if voice.accent else _ONE
        memory[FALL] = _ONE
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    base = lane.value[TUNE] * frame_s * pitch
    decay = decay_share(lane.value[DECAY], rate)
    rattle = decay_share(lane.value[RATTLE], rate)
    bend = decay_share(_BEND_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(lane.value[COLOR] * frame_s)
    body, body_step = line(lane, BODY)
    wires, wires_step = line(lane, WIRES)
    drive, drive_step = decibel_line(lane, DRIVE)
    phase, phase_high, level, rattling = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[RATTLING]
    rise, fall, low_state, band_state = memory[RISE], memory[FALL], memory[LOW], memory[BAND]
    before, struck = memory[BEFORE], memory[STRUCK]
    seed = voice.seed
    gain = drive
    ground, ground_state = ground_share(frame_s), memory[GROUND]
    for i in range(start, stop):
        n = _F(i + 1)
        seed = next_seed(seed)
        noise = white(seed)
        low, band, band_state, low_state = state_variable(noise, g, _WIRE_DAMPING, band_state, low_state)
        high = noise - _WIRE_DAMPING * band - low
        head = (sine(phase) + _HIGH_SHARE * sine(phase_high)) * level
        buzz = (band + _WIRE_HIGH * high) * rattling * rise
        gain = drive + drive_step * n
        x = (head * (body + body_step * n) + buzz * (wires + wires_step * n)) * gain
        y, ground_state = overdriven(x, before, gain, ground, ground_state)
        out[i] += struck * y
        before = x
        step = min(base * semitones(_BEND_ST * fall), _HIGHEST)
        phase = advance(phase, step)
        phase_high = advance(phase_high, step * _HIGH_MODE)
        rise += (_ONE - rise) * rise_share
        level -= level * decay
        rattling -= rattling * rattle
        fall -= fall * bend
    memory[PHASE], memory[PHASE_HIGH] = phase, phase_high
    memory[LEVEL], memory[RATTLING] = flushed(level), flushed(rattling)
    memory[RISE], memory[FALL] = rise, flushed(fall)
    memory[LOW], memory[BAND], memory[BEFORE] = low_state, band_state, before
    memory[GROUND] = flushed(ground_state)
    voice.seed = seed
    end(voice, max(level, rattling) * gain, stop)
