"""The tom: a drumhead that sags in pitch as it rings, its second mode, and the breath of its shell."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import decibel_line, line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import advance
from dsp.kernels.shapes import semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import BEFORE, GROUND, LEVEL, OWN, PITCH, STRUCK, begin, end, ground_share, overdriven

PARAMETERS = (
    Parameter("tune", 110.0, 50.0, 400.0, "Hz", "The pitch that it settles on.", "log"),
    Parameter("decay", 0.45, 0.05, 3.0, "s", "How long it rings.", "log"),
    Parameter("sweep", 7.0, 0.0, 36.0, "st", "How far above its pitch it begins."),
    Parameter("bend", 0.18, 0.01, 1.0, "s", "How long it takes to fall to its pitch.", "log"),
    Parameter("skin", 0.3, 0.0, 1.0, "", "How much of the drumhead's second mode is heard."),
    Parameter("breath", 0.25, 0.0, 1.0, "", "How much air is heard with the blow."),
    Parameter("drive", 3.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TUNE = index_of(PARAMETERS, "tune")
DECAY = index_of(PARAMETERS, "decay")
SWEEP = index_of(PARAMETERS, "sweep")
BEND = index_of(PARAMETERS, "bend")
SKIN = index_of(PARAMETERS, "skin")
BREATH = index_of(PARAMETERS, "breath")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, PHASE_HIGH, HIGH, FALL, AIR, AIR_LOW, RISE = range(OWN, OWN + 7)

_F = np.float32
_ONE = _F(1.0)
_GAIN = _F(0.42)
_SECOND_MODE = _F(1.593)
"""Of a circular membrane: the ratio of its first two modes."""
_HIGH_SHARE_OF_DECAY = _F(0.4)
_AIR_S, _AIR_HZ = _F(0.12), _F(1800.0)
_AIR_LEVEL = _F(1.6)
_RISE_S, _RISE_FALLS = _F(0.0006), _F(3.0)
_ACCENT_SWEEP = _F(1.3)
_HIGHEST = _F(0.24)


@kernel
def render(voice: Any, lane: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[HIGH] = _ONE
        memory[FALL] = _ACCENT_SWEEP if voice.accent else _ONE
        memory[AIR] = _ONE
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    base = lane.value[TUNE] * pitch * frame_s
    sweep = lane.value[SWEEP]
    decay = decay_share(lane.value[DECAY], rate)
    decay_high = decay_share(lane.value[DECAY] * _HIGH_SHARE_OF_DECAY, rate)
    bend = decay_share(lane.value[BEND], rate)
    air_decay = decay_share(_AIR_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(_AIR_HZ * frame_s)
    skin, skin_step = line(lane, SKIN)
    breath, breath_step = line(lane, BREATH)
    drive, drive_step = decibel_line(lane, DRIVE)
    phase, phase_high, level, high = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[HIGH]
    fall, air, air_low = memory[FALL], memory[AIR], memory[AIR_LOW]
    before, struck, rise = memory[BEFORE], memory[STRUCK], memory[RISE]
    seed = voice.seed
    gain = drive
    ground, ground_state = ground_share(frame_s), memory[GROUND]
    for i in range(start, stop):
        n = _F(i + 1)
        seed = next_seed(seed)
        low, air_low = one_pole(white(seed) * air, g, air_low)
        head = sine(phase) * level + sine(phase_high) * high * (skin + skin_step * n)
        gain = drive + drive_step * n
        x = (head + low * _AIR_LEVEL * (breath + breath_step * n)) * rise * gain
        y, ground_state = overdriven(x, before, gain, ground, ground_state)
        out[i] += struck * y
        before = x
        step = min(base * semitones(sweep * fall), _HIGHEST)
        phase = advance(phase, step)
        phase_high = advance(phase_high, step * _SECOND_MODE)
        rise += (_ONE - rise) * rise_share
        level -= level * decay
        high -= high * decay_high
        fall -= fall * bend
        air -= air * air_decay
    memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[HIGH] = phase, phase_high, flushed(level), flushed(high)
    memory[FALL], memory[AIR], memory[AIR_LOW] = flushed(fall), flushed(air), flushed(air_low)
    memory[BEFORE], memory[RISE] = flushed(before), rise
    memory[GROUND] = flushed(ground_state)
    voice.seed = seed
    end(voice, max(level, air) * gain, stop)
