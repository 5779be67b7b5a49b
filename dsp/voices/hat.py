"""What the closed and the open hat have in common: six pulses out of tune with each other, and noise, high-passed.

The pulses are those of the drum machines of 1980, whose clang comes from nothing else.
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


def parameters(decay_s: float) -> tuple[Parameter, ...]:
    """The table of a hat that rings for `decay_s` unless told otherwise."""
    return (
        Parameter("tune", 0.0, -24.0, 24.0, "st", "How far the metal is tuned up or down."),
        Parameter("decay", decay_s, 0.02, 4.0, "s", "How long it rings.", "log"),
        Parameter("tone", 7000.0, 1000.0, 14000.0, "Hz", "What lies below is cut away.", "log"),
        Parameter("ring", 0.3, 0.0, 1.0, "", "How much it rings at the edge of the cut."),
        Parameter("metal", 0.6, 0.0, 1.0, "", "From noise (0) to metal (1)."),
        Parameter("stick", 0.4, 0.0, 1.0, "", "How hard the stick is heard before the ringing."),
    )


_TABLE = parameters(0.1)
TUNE = index_of(_TABLE, "tune")
DECAY = index_of(_TABLE, "decay")
TONE = index_of(_TABLE, "tone")
RING = index_of(_TABLE, "ring")
METAL = index_of(_TABLE, "metal")
STICK = index_of(_TABLE, "stick")

# The pulses' phases lie side by side in the first places.
PHASES = OWN
RISE, STRIKE, LOW, BAND, LOW_2, BAND_2 = range(PHASES + WIDTH, PHASES + WIDTH + 6)

_F = np.float32
_HZ = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0, 800.0, 800.0], np.float32)
_HEARD = np.array([1, 1, 1, 1, 1, 1, 0, 0], np.float32)
"""Six pulses, in a unit that has room for eight."""
_ONE, _HALF = _F(1.0), _F(0.5)
_GAIN = _F(0.62)
_PULSE_SHARE = _F(0.42)
_STICK_S = _F(0.02)
_STICK_LEVEL = _F(1.2)
_RISE_S, _RISE_FALLS = _F(0.0004), _F(3.0)
_DAMPING, _RING_DAMPING = _F(1.4), _F(1.1)
_HIGHEST, _FASTEST = _F(0.42), _F(0.24)


@kernel
def render(voice: Any, lane: Any, tables: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[STRIKE] = _ONE
    frame_s = _ONE / _F(rate)
    pitch = semitones(lane.value[TUNE] + memory[PITCH]) * frame_s
    decay = decay_share(lane.value[DECAY], rate)
    stick_decay = decay_share(_STICK_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(min(lane.value[TONE] * frame_s, _HIGHEST))
    damping = _DAMPING - _RING_DAMPING * lane.value[RING]
    metal, metal_step = line(lane, METAL)
    stick, stick_step = line(lane, STICK)
    phases, heard = load(memory, PHASES), load(_HEARD, 0)
    steps = min(load(_HZ, 0) * pitch, _FASTEST)
    version, blend = version_of(steps)
    level, rise, hit = memory[LEVEL], memory[RISE], memory[STRIKE]
    low_state, band_state, low_2, band_2 = memory[LOW], memory[BAND], memory[LOW_2], memory[BAND_2]
    struck = memory[STRUCK]
    seed = voice.seed
    for i in range(start, stop):
        n = _F(i + 1)
        clang = total(pulse(tables, version, blend, phases, _HALF) * heard)
        phases = advance(phases, steps)
        seed = next_seed(seed)
        noise = white(seed)
        x = noise + (clang * _PULSE_SHARE - noise) * (metal + metal_step * n)
        low, band, band_state, low_state = state_variable(x, g, damping, band_state, low_state)
        x = x - damping * band - low
        low, band, band_2, low_2 = state_variable(x, g, _DAMPING, band_2, low_2)
        x = x - _DAMPING * band - low
        rise += (_ONE - rise) * rise_share
        out[i] += struck * x * rise * (level + (stick + stick_step * n) * _STICK_LEVEL * hit)
        level -= level * decay
        hit -= hit * stick_decay
    store(memory, PHASES, phases)
    memory[LEVEL], memory[RISE], memory[STRIKE] = flushed(level), rise, flushed(hit)
    memory[LOW], memory[BAND], memory[LOW_2], memory[BAND_2] = low_state, band_state, low_2, band_2
    voice.seed = seed
    end(voice, max(level, hit), stop)
