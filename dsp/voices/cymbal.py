"""The cymbal: eight pulses out of tune with each other and noise, in a low band that rings long and a high one that
hisses and fades sooner.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, load, store, total
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import advance, pulse, version_of
from dsp.kernels.shapes import semitones, share, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import LEVEL, OWN, PITCH, STRUCK, begin, end

PARAMETERS = (
    Parameter("tune", 0.0, -24.0, 24.0, "st", "How far the metal is tuned up or down."),
    Parameter("decay", 2.2, 0.1, 8.0, "s", "How long it rings.", "log"),
    Parameter("hiss", 0.5, 0.0, 1.0, "", "From the ringing alone (0) to the hiss alone (1)."),
    Parameter("hiss_decay", 0.9, 0.03, 4.0, "s", "How long it hisses.", "log"),
    Parameter("tone", 4200.0, 1000.0, 10000.0, "Hz", "Where the ringing ends and the hiss begins.", "log"),
    Parameter("metal", 0.7, 0.0, 1.0, "", "From noise (0) to metal (1)."),
    Parameter("bow", 0.001, 0.0005, 1.0, "s", "How long it takes to speak: struck, or swelled.", "log"),
)
TUNE = index_of(PARAMETERS, "tune")
DECAY = index_of(PARAMETERS, "decay")
HISS = index_of(PARAMETERS, "hiss")
HISS_DECAY = index_of(PARAMETERS, "hiss_decay")
TONE = index_of(PARAMETERS, "tone")
METAL = index_of(PARAMETERS, "metal")
BOW = index_of(PARAMETERS, "bow")

# The pulses' phases lie side by side in the first places.
PHASES = OWN
HISSING, RISE, LOW, BAND, LOW_2, BAND_2 = range(PHASES + WIDTH, PHASES + WIDTH + 6)

_F = np.float32
_HZ = np.array([205.3, 284.7, 304.4, 369.6, 411.1, 522.7, 540.0, 800.0], np.float32) * np.float32(1.7)
_ONE, _HALF = _F(1.0), _F(0.5)
_GAIN = _F(0.72)
_PULSE_SHARE = _F(0.36)
_RISE_FALLS = _F(3.0)
_DAMPING = _F(1.1)
_HIGH_PASS = _F(1.4)
_HIGHEST, _FASTEST = _F(0.42), _F(0.24)
_HISS_LEVEL = _F(1.3)


@kernel
def render(voice: Any, lane: Any, tables: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[HISSING] = _ONE
    frame_s = _ONE / _F(rate)
    pitch = semitones(lane.value[TUNE] + memory[PITCH]) * frame_s
    decay = decay_share(lane.value[DECAY], rate)
    hiss_decay = decay_share(lane.value[HISS_DECAY], rate)
    rise_share = share(lane.value[BOW], _RISE_FALLS, rate)
    g = warped(min(lane.value[TONE] * frame_s, _HIGHEST))
    g_high = warped(min(lane.value[TONE] * _HIGH_PASS * frame_s, _HIGHEST))
    metal, metal_step = line(lane, METAL)
    hiss, hiss_step = line(lane, HISS)
    phases = load(memory, PHASES)
    steps = min(load(_HZ, 0) * pitch, _FASTEST)
    version, blend = version_of(steps)
    level, hissing, rise, struck = memory[LEVEL], memory[HISSING], memory[RISE], memory[STRUCK]
    low_state, band_state, low_2, band_2 = memory[LOW], memory[BAND], memory[LOW_2], memory[BAND_2]
    seed = voice.seed
    for i in range(start, stop):
        n = _F(i + 1)
        clang = total(pulse(tables, version, blend, phases, _HALF))
        phases = advance(phases, steps)
        seed = next_seed(seed)
        noise = white(seed)
        x = noise + (clang * _PULSE_SHARE - noise) * (metal + metal_step * n)
        _, ringing, band_state, low_state = state_variable(x, g, _DAMPING, band_state, low_state)
        low, band, band_2, low_2 = state_variable(x, g_high, _DAMPING, band_2, low_2)
        high = (x - _DAMPING * band - low) * hissing * _HISS_LEVEL
        ringing *= level
        rise += (_ONE - rise) * rise_share
        out[i] += struck * rise * (ringing + (high - ringing) * (hiss + hiss_step * n))
        level -= level * decay
        hissing -= hissing * hiss_decay
    store(memory, PHASES, phases)
    memory[LEVEL], memory[HISSING], memory[RISE] = flushed(level), flushed(hissing), rise
    memory[LOW], memory[BAND], memory[LOW_2], memory[BAND_2] = low_state, band_state, low_2, band_2
    voice.seed = seed
    end(voice, max(level, hissing), stop)
