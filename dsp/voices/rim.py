"""The rim shot: the stick on the hoop, two short modes of wood, and a click."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import advance
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
    RISES,
    SOUND,
    begin,
    eights,
    end,
    overdrive,
)

PARAMETERS = (
    Parameter("tune", 480.0, 200.0, 1200.0, "Hz", "The pitch of the drum beneath.", "log"),
    Parameter("hoop", 1720.0, 800.0, 5000.0, "Hz", "The pitch of the hoop.", "log"),
    Parameter("balance", 0.5, 0.0, 1.0, "", "From the drum alone (0) to the hoop alone (1)."),
    Parameter("decay", 0.06, 0.01, 0.5, "s", "How long it rings.", "log"),
    Parameter("click", 0.4, 0.0, 1.0, "", "How much of the stick is heard."),
    Parameter("drive", 8.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TUNE = index_of(PARAMETERS, "tune")
HOOP = index_of(PARAMETERS, "hoop")
BALANCE = index_of(PARAMETERS, "balance")
DECAY = index_of(PARAMETERS, "decay")
CLICK = index_of(PARAMETERS, "click")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, PHASE_HIGH, STICK, STICK_LOW, RISE = range(OWN, OWN + 5)

_F = np.float32
_ONE = _F(1.0)
_GAIN = _F(0.45)
_STICK_S, _STICK_HZ = _F(0.012), _F(3000.0)
_RISE_S, _RISE_FALLS = _F(0.0003), _F(3.0)
_HIGHEST = _F(0.24)


@kernel
def render(voice: Any, lane: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[STICK] = _ONE
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    step = min(lane.value[TUNE] * pitch * frame_s, _HIGHEST)
    step_high = min(lane.value[HOOP] * pitch * frame_s, _HIGHEST)
    decay = decay_share(lane.value[DECAY], rate)
    stick_decay = decay_share(_STICK_S, rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    g = warped(_STICK_HZ * frame_s)
    balance, balance_step = line(lane, BALANCE)
    click, click_step = line(lane, CLICK)
    phase, phase_high, level, stick = memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[STICK]
    stick_low, rise = memory[STICK_LOW], memory[RISE]
    seed = voice.seed
    for i in range(start, stop):
        seed = next_seed(seed)
        low, stick_low = one_pole(white(seed) * stick, g, stick_low)
        work[PHASES, i], work[PHASES_HIGH, i] = phase, phase_high
        work[LEVELS, i], work[NOISES, i], work[RISES, i] = level, low, rise
        phase = advance(phase, step)
        phase_high = advance(phase_high, step_high)
        rise += (_ONE - rise) * rise_share
        level -= level * decay
        stick -= stick * stick_decay
    for i in eights(start, stop):
        drum = sine(load(work[PHASES], i))
        ring = drum + (sine(load(work[PHASES_HIGH], i)) - drum) * ramp(balance, balance_step, i)
        clicked = ring * load(work[LEVELS], i) + load(work[NOISES], i) * ramp(click, click_step, i)
        store(work[SOUND], WIDTH + i, clicked * load(work[RISES], i))
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[PHASE], memory[PHASE_HIGH], memory[LEVEL], memory[STICK] = phase, phase_high, flushed(level), flushed(stick)
    memory[STICK_LOW], memory[RISE] = flushed(stick_low), rise
    voice.seed = seed
    end(voice, max(level, stick) * gain, stop)
