"""The kick: a sine that falls to its pitch within milliseconds, with a click before it and an overdrive behind it.

A tied step with a note of its own bends the ringing drum to that note.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.shapes import share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import (
    LEVEL,
    LEVELS,
    NOISES,
    NOMINAL_NOTE,
    OWN,
    PHASES,
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
    Parameter("tune", 50.0, 30.0, 120.0, "Hz", "The pitch that it settles on.", "log"),
    Parameter("decay", 0.5, 0.05, 4.0, "s", "How long it rings.", "log"),
    Parameter("sweep", 36.0, 0.0, 72.0, "st", "How far above its pitch it begins."),
    Parameter("bend", 0.11, 0.01, 0.8, "s", "How long it takes to fall to its pitch.", "log"),
    Parameter("click", 0.3, 0.0, 1.0, "", "How much of the beater is heard."),
    Parameter("snap", 4000.0, 500.0, 12000.0, "Hz", "How bright the click is.", "log"),
    Parameter("drive", 4.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TUNE = index_of(PARAMETERS, "tune")
DECAY = index_of(PARAMETERS, "decay")
SWEEP = index_of(PARAMETERS, "sweep")
BEND = index_of(PARAMETERS, "bend")
CLICK = index_of(PARAMETERS, "click")
SNAP = index_of(PARAMETERS, "snap")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, FALL, BEATER, BEATER_LOW, HARD = range(OWN, OWN + 5)

_F = np.float32
_GAIN = _F(0.42)
_BEATER_S = _F(0.018)
_GLIDE_S, _GLIDE_FALLS = _F(0.12), _F(4.0)
_ACCENT_SWEEP = _F(1.2)
_ONE = _F(1.0)


@kernel
def render(voice: Any, lane: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[FALL] = _ONE
        memory[BEATER] = _ONE
        memory[HARD] = _ACCENT_SWEEP if voice.accent else _ONE
    frame_s = _ONE / _F(rate)
    base = lane.value[TUNE] * frame_s
    sweep = lane.value[SWEEP] * memory[HARD]
    decay = decay_share(lane.value[DECAY], rate)
    bending = decay_share(lane.value[BEND], rate)
    beater_decay = decay_share(_BEATER_S, rate)
    glide = share(_GLIDE_S, _GLIDE_FALLS, rate)
    snap = warped(lane.value[SNAP] * frame_s)
    click, click_step = line(lane, CLICK)
    phase, level, fall, beater = memory[PHASE], memory[LEVEL], memory[FALL], memory[BEATER]
    beater_low, pitch = memory[BEATER_LOW], memory[PITCH]
    target = voice.note - NOMINAL_NOTE
    seed = voice.seed
    for i in range(start, stop):
        seed = next_seed(seed)
        low, beater_low = one_pole(white(seed) * beater * beater, snap, beater_low)
        work[STEPS, i], work[LEVELS, i], work[NOISES, i] = pitch + sweep * fall, level, low
        pitch += (target - pitch) * glide
        level -= level * decay
        fall -= fall * bending
        beater -= beater * beater_decay
    bend(work, base, start, stop)
    phase = swing(work[STEPS], _ONE, phase, work[PHASES], start, stop)
    for i in eights(start, stop):
        ringing = sine(load(work[PHASES], i)) * load(work[LEVELS], i)
        store(work[SOUND], WIDTH + i, ringing + load(work[NOISES], i) * ramp(click, click_step, i))
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[PHASE], memory[LEVEL], memory[FALL], memory[BEATER] = phase, flushed(level), flushed(fall), flushed(beater)
    memory[BEATER_LOW], memory[PITCH] = flushed(beater_low), pitch
    voice.seed = seed
    end(voice, level * gain, stop)
