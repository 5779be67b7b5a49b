"""The poly synthesizer's table of parameters, and the places where its parts leave what they hand to each other."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.parameters import Parameter, index_of
from dsp.voices.eights import OWN

_WAVES = ("saw", "pulse", "triangle", "sine")
_MODES = ("low", "band", "high", "notch")
PARAMETERS = (
    Parameter("wave_a", 0.0, 0.0, 3.0, "", "The first oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("wave_b", 0.0, 0.0, 3.0, "", "The second oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("width", 0.5, 0.05, 0.95, "", "How much of its cycle a pulse is high."),
    Parameter("pwm", 0.0, 0.0, 0.45, "", "How far the width of a pulse swings."),
    Parameter("pwm_rate", 0.8, 0.05, 12.0, "Hz", "How fast the width of a pulse swings.", "log"),
    Parameter("interval", 0.0, -24.0, 24.0, "st", "How far above the first the second oscillator is tuned."),
    Parameter("interval_env", 0.0, -48.0, 48.0, "st", "How far the filter's envelope raises the second oscillator."),
    Parameter("detune", 0.12, 0.0, 1.0, "st", "How far the oscillators are pulled apart."),
    Parameter("sync", 0.0, 0.0, 1.0, "", "How much the second oscillator begins anew with each cycle of the first."),
    Parameter("unison", 1.0, 1.0, 7.0, "", "How many copies of both oscillators play each note."),
    Parameter("spread", 0.2, 0.0, 1.0, "st", "How far the copies are pulled apart."),
    Parameter("mix", 0.5, 0.0, 1.0, "", "From the first oscillator alone (0) to the second alone (1)."),
    Parameter("sub", 0.0, 0.0, 1.0, "", "How much of a sine an octave below is added."),
    Parameter("noise", 0.0, 0.0, 1.0, "", "How much noise is added."),
    Parameter("cutoff", 2200.0, 20.0, 18000.0, "Hz", "Where the filter rests.", "log"),
    Parameter("resonance", 0.25, 0.0, 1.0, "", "How much the filter rings."),
    Parameter("mode", 0.0, 0.0, 3.0, "", "What the filter passes.", choices=_MODES, blends=True),
    Parameter("env", 18.0, -72.0, 72.0, "st", "How far the filter's envelope opens it, or closes it."),
    Parameter("follow", 0.4, 0.0, 1.0, "", "How far the filter follows the note."),
    Parameter("attack", 0.005, 0.001, 10.0, "s", "How long a note takes to rise.", "log"),
    Parameter("decay", 0.5, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("sustain", 0.7, 0.0, 1.0, "", "The level that it keeps while it is held."),
    Parameter("release", 0.4, 0.005, 20.0, "s", "How long it takes to die away.", "log"),
    Parameter("filter_attack", 0.005, 0.001, 10.0, "s", "How long the filter takes to open.", "log"),
    Parameter("filter_decay", 0.6, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("filter_sustain", 0.2, 0.0, 1.0, "", "How far it stays open while the note is held."),
    Parameter("filter_release", 0.4, 0.005, 20.0, "s", "How long it takes to close.", "log"),
    Parameter("vibrato", 0.0, 0.0, 2.0, "st", "How far the pitch swings."),
    Parameter("vibrato_rate", 5.0, 0.05, 12.0, "Hz", "How fast the pitch swings.", "log"),
    Parameter("glide", 0.08, 0.005, 2.0, "s", "How long a slide takes.", "log"),
)
SHAPE_A = index_of(PARAMETERS, "wave_a")
SHAPE_B = index_of(PARAMETERS, "wave_b")
WIDTH_OF_PULSE = index_of(PARAMETERS, "width")
PWM = index_of(PARAMETERS, "pwm")
PWM_RATE = index_of(PARAMETERS, "pwm_rate")
INTERVAL = index_of(PARAMETERS, "interval")
INTERVAL_ENV = index_of(PARAMETERS, "interval_env")
DETUNE = index_of(PARAMETERS, "detune")
SYNC = index_of(PARAMETERS, "sync")
UNISON = index_of(PARAMETERS, "unison")
SPREAD = index_of(PARAMETERS, "spread")
MIX = index_of(PARAMETERS, "mix")
SUB = index_of(PARAMETERS, "sub")
NOISE = index_of(PARAMETERS, "noise")
CUTOFF = index_of(PARAMETERS, "cutoff")
RESONANCE = index_of(PARAMETERS, "resonance")
MODE = index_of(PARAMETERS, "mode")
ENV = index_of(PARAMETERS, "env")
FOLLOW = index_of(PARAMETERS, "follow")
ATTACK = index_of(PARAMETERS, "attack")
DECAY = index_of(PARAMETERS, "decay")
SUSTAIN = index_of(PARAMETERS, "sustain")
RELEASE = index_of(PARAMETERS, "release")
FILTER_ATTACK = index_of(PARAMETERS, "filter_attack")
FILTER_DECAY = index_of(PARAMETERS, "filter_decay")
FILTER_SUSTAIN = index_of(PARAMETERS, "filter_sustain")
FILTER_RELEASE = index_of(PARAMETERS, "filter_release")
VIBRATO = index_of(PARAMETERS, "vibrato")
VIBRATO_RATE = index_of(PARAMETERS, "vibrato_rate")
GLIDE = index_of(PARAMETERS, "glide")

COPIES = 7
# The phases of the copies of each oscillator lie side by side.
PHASE_A, PHASE_B = OWN, OWN + COPIES
(
    PHASE_SUB,
    STEP_A,
    STEP_B,
    RATIO,
    RATIO_STEP,
    WIDENING,
    RISING_A,
    RISING_F,
    OPEN,
    G,
    G_STEP,
    BAND,
    LOW,
) = range(OWN + 2 * COPIES, OWN + 2 * COPIES + 13)

GRID = 8
"""Pitch and cutoff are worked out anew every so many frames of the quantum, and the cutoff drawn between them."""

WAVE_A, WAVE_B, WIDTHS, STEPS_A, STEPS_B, RATIOS, GAINS, LEVELS = range(8)
"""Rows of `eight.work`: the oscillators, and the width of their pulses; from a place on the grid on, cycles a frame of
both; how many cycles of the second go into one of the first; the filter's gain; how loud the voices are."""

_ZERO, _ONE = np.float32(0.0), np.float32(1.0)


@kernel
def near(x: Any, middle: Any) -> Any:
    """1 where x is `middle`, falling to 0 at a distance of 1."""
    return max(_ONE - abs(x - middle), _ZERO)


@kernel
def grid_end(first: int, stop: int) -> int:
    """The frame before which everything follows from what was worked out for frame `first`."""
    return min(stop, (first // GRID + 1) * GRID)
