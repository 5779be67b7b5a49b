"""One way in to all the instruments, for the mixer, which knows them by number."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.voices import INSTRUMENTS, acid, clap, hat, kick, poly, snare

MONO = np.array([instrument.mono for instrument in INSTRUMENTS])
"""(instruments,) bool: a new note on the track fades the one before."""

CHOKES = np.array([[other.name in instrument.chokes for other in INSTRUMENTS] for instrument in INSTRUMENTS])
"""(instruments, instruments) bool: [a, b] where a note of a silences b."""

KICK, SNARE, CLAP, CLOSED_HAT, OPEN_HAT, ACID, POLY = range(len(INSTRUMENTS))


@kernel
def play(voice: Any, lane: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the voice's sound to `out`, (32,) float32, by its instrument.

    Whatever types of numbers come in, the instruments are compiled for one alone: each more would cost seconds
    at the first start.
    """
    _play(voice, lane, out[:], np.int64(start), np.int64(stop), np.float32(rate))


@kernel
def _play(voice: Any, lane: Any, out: Any, start: Any, stop: Any, rate: Any) -> None:
    instrument = voice.instrument
    if instrument == KICK:
        kick.render(voice, lane, out, start, stop, rate)
    elif instrument == SNARE:
        snare.render(voice, lane, out, start, stop, rate)
    elif instrument == CLAP:
        clap.render(voice, lane, out, start, stop, rate)
    elif instrument in (CLOSED_HAT, OPEN_HAT):
        hat.render(voice, lane, out, start, stop, rate)
    elif instrument == ACID:
        acid.render(voice, lane, out, start, stop, rate)
    elif instrument == POLY:
        poly.render(voice, lane, out, start, stop, rate)
