"""One way in to all the instruments, for the mixer, which knows them by number."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.voices import (
    INSTRUMENTS,
    acid,
    clap,
    cowbell,
    cymbal,
    fm,
    hat,
    kick,
    pluck,
    poly,
    rim,
    sampler,
    snare,
    tom,
)

MONO = np.array([instrument.mono for instrument in INSTRUMENTS])
"""(instruments,) bool: a new note on the track fades the one before."""

CHOKES = np.array([[other.name in instrument.chokes for other in INSTRUMENTS] for instrument in INSTRUMENTS])
"""(instruments, instruments) bool: [a, b] where a note of a silences b."""

KICK, SNARE, CLAP, CLOSED_HAT, OPEN_HAT, ACID, POLY = range(7)
TOM, RIM, COWBELL, CYMBAL, FM, PLUCK, SAMPLER = range(7, len(INSTRUMENTS))

IN_EIGHTS = np.array([number in (POLY, FM) for number in range(len(INSTRUMENTS))])
"""(instruments,) bool: its voices are rendered eight side by side, by `play_eight`, the others by `play`."""


@kernel
def play(
    voice: Any, lane: Any, tables: Any, string: Any, work: Any, out: Any, start: int, stop: int, rate: float
) -> None:
    """Add frames `start`..`stop` of the voice's sound to `out`, (32,) float32, by its instrument.

    tables  the waves of `dsp.kernels.tables`
    string  (STRING,) float32, the voice's own
    work    (WORK, WIDTH + 32) float32, overwritten

    Whatever types of numbers come in, the instruments are compiled for one alone: each more would cost seconds
    at the first start.
    """
    _play(voice, lane, tables, string, work, out[:], np.int64(start), np.int64(stop), np.float32(rate))


@kernel
def _play(
    voice: Any, lane: Any, tables: Any, string: Any, work: Any, out: Any, start: Any, stop: Any, rate: Any
) -> None:
    instrument = voice.instrument
    if instrument == KICK:
        kick.render(voice, lane, work, out, start, stop, rate)
    elif instrument == SNARE:
        snare.render(voice, lane, work, out, start, stop, rate)
    elif instrument == CLAP:
        clap.render(voice, lane, work, out, start, stop, rate)
    elif instrument in (CLOSED_HAT, OPEN_HAT):
        hat.render(voice, lane, tables, out, start, stop, rate)
    elif instrument == ACID:
        acid.render(voice, lane, tables, out, start, stop, rate)
    elif instrument == TOM:
        tom.render(voice, lane, work, out, start, stop, rate)
    elif instrument == RIM:
        rim.render(voice, lane, work, out, start, stop, rate)
    elif instrument == COWBELL:
        cowbell.render(voice, lane, tables, work, out, start, stop, rate)
    elif instrument == CYMBAL:
        cymbal.render(voice, lane, tables, out, start, stop, rate)
    elif instrument == PLUCK:
        pluck.render(voice, lane, string, out, start, stop, rate)
    elif instrument == SAMPLER:
        sampler.render(voice, lane, out, start, stop, rate)


@kernel
def play_eight(instrument: int, eight: Any, tables: Any, start: int, stop: int, rate: float) -> None:
    """Fill frames `start`..`stop` of `eight.out` with the sound of eight voices of an instrument."""
    if instrument == POLY:
        poly.render(eight, tables, np.int64(start), np.int64(stop), np.float32(rate))
    elif instrument == FM:
        fm.render(eight, np.int64(start), np.int64(stop), np.float32(rate))
