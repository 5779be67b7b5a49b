"""What a player's hand does, the same for all instruments: how hard a note is struck, and how it slides to the next."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import where

ACCENT_GAIN = np.float32(1.41)
"""An accent is 3 dB louder; what else it does, each instrument decides."""

_ZERO, _ONE = np.float32(0.0), np.float32(1.0)


@kernel
def strike(velocity: Any, accent: int) -> Any:
    """The level of a note of `velocity` 0..1: 1 at full velocity without an accent.

    The power 1.5 lies between a level that follows velocity, where soft notes stay too loud, and its
    square, where they are lost in a mix.
    """
    level = velocity * np.sqrt(velocity)
    return level * ACCENT_GAIN if accent else level * _ONE


@kernel
def head_for(note: Any, heading: Any, away: Any, left: Any) -> Any:
    """Let the pitch head for `note`: the new `heading`, `away` and `left`. For one voice, or eight side by side.

    heading  the note that the pitch headed for until now
    away     semitones from it at which the slide began
    left     share of that which is still left, 1..0: the pitch is heading + away * left

    What is left runs out in the same time however far the slide goes, and at its end the pitch is the note's, free of
    rounding.
    """
    same = note == heading
    return note, where(same, away, heading + away * left - note), where(same, left, _ONE)
