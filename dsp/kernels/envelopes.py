"""Envelopes. They are exponential, as a capacitor is charged, because that is how ears judge level."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import where
from dsp.kernels.shapes import share

_F = np.float32
_ONE = _F(1.0)

RISING, FALLING = _F(0.0), _F(1.0)
"""What an ADSR does while its gate is open: still on its way to the top, or past it."""

SILENT = _F(1e-5)
"""-100 dB: a sound this quiet has ended."""

_OVERSHOOT = _F(1.25)
"""Where an attack aims, so that it reaches 1 steeply, and in the time it was given."""

_ATTACK_FALLS = _F(np.log(5.0))
FALLS_60_DB = _F(np.log(1000.0))
"""A decay or release has fallen by 60 dB in the time it was given."""


@kernel
def attack_share(seconds: Any, rate: Any) -> Any:
    """How much of the way to the top an attack of `seconds` goes in one frame."""
    return share(seconds, _ATTACK_FALLS, rate)


@kernel
def decay_share(seconds: Any, rate: Any) -> Any:
    """How much of its way a decay that takes `seconds` for 60 dB goes in one frame."""
    return share(seconds, FALLS_60_DB, rate)


@kernel
def adsr(held: Any, phase: Any, level: Any, attack: Any, decay: Any, sustain: Any, release: Any) -> Any:
    """One frame of attack, decay, sustain, release: the new phase and level.

    held     whether the gate is open
    phase    RISING or FALLING
    level    0..1
    attack, decay, release   shares a frame, of `attack_share` and `decay_share`
    sustain  0..1
    """
    climbed = level + (_OVERSHOOT - level) * attack
    there = climbed >= _ONE
    climbing = phase == RISING
    open_level = where(climbing, where(there, _ONE, climbed), level + (sustain - level) * decay)
    open_phase = where(climbing, where(there, FALLING, RISING), FALLING)
    return where(held, open_phase, FALLING), where(held, open_level, level - level * release)
