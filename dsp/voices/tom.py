"""The tom: a drumhead that sags in pitch as it rings, its second mode, and the breath of its shell."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.shapes import semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import (
    LEVEL,
    LEVELS,
    LEVELS_HIGH,
    NOISES,
    OWN,
    PHASES,
    PHASES_HIGH,
    PITCH,
    RISES,
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


@kernel
def render(voice: Any, lane: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
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
    bending = decay_share(lane.value[BEND], rate)
    air_decay = decay_share(_AIR_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(_AIR_HZ * frame_s)
    skin, skin_step = line(lane, SKIN)
    breath, breath_step = line(lane, BREATH)
    phase, phase_high, level, high = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[HIGH]
    fall, air, air_low, rise = memory[FALL], memory[AIR], memory[AIR_LOW], memory[RISE]
    seed = voice.seed
    for i in range(start, stop):
        seed = next_seed(seed)
        low, air_low = one_pole(white(seed) * air, g, air_low)
        work[STEPS, i], work[LEVELS, i], work[LEVELS_HIGH, i] = sweep * fall, level, high
        work[NOISES, i], work[RISES, i] = low * _AIR_LEVEL, rise
        rise += (_ONE - rise) * rise_share
        level -= level * decay
        high -= high * decay_high
        fall -= fall * bending
        air -= air * air_decay
    bend(work, base, start, stop)
    phase = swing(work[STEPS], _ONE, phase, work[PHASES], start, stop)
    phase_high = swing(work[STEPS], _SECOND_MODE, phase_high, work[PHASES_HIGH], start, stop)
    for i in eights(start, stop):
        second = sine(load(work[PHASES_HIGH], i)) * load(work[LEVELS_HIGH], i) * ramp(skin, skin_step, i)
        head = sine(load(work[PHASES], i)) * load(work[LEVELS], i) + second
        breathed = head + load(work[NOISES], i) * ramp(breath, breath_step, i)
        store(work[SOUND], WIDTH + i, breathed * load(work[RISES], i))
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[HIGH] = phase, phase_high, flushed(level), flushed(high)
    memory[FALL], memory[AIR], memory[AIR_LOW] = flushed(fall), flushed(air), flushed(air_low)
    memory[RISE] = rise
    voice.seed = seed
    end(voice, max(level, air) * gain, stop)
