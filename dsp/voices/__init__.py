"""The instruments: each a file with its table of parameters and its kernel; the poly synth takes three."""

from dsp.voices import (
    acid,
    clap,
    closed_hat,
    cowbell,
    cymbal,
    fm,
    kick,
    open_hat,
    pluck,
    poly_settings,
    rim,
    sampler,
    snare,
    tom,
)
from dsp.voices.instrument import Instrument

__all__ = ["INSTRUMENTS", "Instrument"]

INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument(
        "kick", kick.PARAMETERS, 60, True, (), "A bass drum, from a soft thud to a driven punch.", pitched=False
    ),
    Instrument(
        "snare", snare.PARAMETERS, 60, True, (), "A snare drum: a drumhead and the wires beneath it.", pitched=False
    ),
    Instrument("clap", clap.PARAMETERS, 60, True, (), "Several hands, and the room that they are in.", pitched=False),
    Instrument(
        "closed_hat",
        closed_hat.PARAMETERS,
        60,
        True,
        ("closed_hat", "open_hat"),
        "A hi-hat struck while it is closed.",
        pitched=False,
    ),
    Instrument(
        "open_hat",
        open_hat.PARAMETERS,
        60,
        True,
        (),
        "A hi-hat that rings until a closed one is struck.",
        pitched=False,
    ),
    Instrument("acid", acid.PARAMETERS, 36, True, (), "A squelching bass with slides and accents."),
    Instrument("poly", poly_settings.PARAMETERS, 60, False, (), "Chords, leads, pads and plucks."),
    Instrument("tom", tom.PARAMETERS, 60, True, (), "A tom: a drumhead that sags in pitch as it rings.", pitched=False),
    Instrument("rim", rim.PARAMETERS, 60, True, (), "A stick on the hoop of a drum.", pitched=False),
    Instrument("cowbell", cowbell.PARAMETERS, 60, True, (), "A cowbell of the drum machines.", pitched=False),
    Instrument("cymbal", cymbal.PARAMETERS, 60, True, (), "A cymbal, crashed or swelled.", pitched=False),
    Instrument("fm", fm.PARAMETERS, 60, False, (), "Electric pianos, bells and basses from four sines."),
    Instrument("pluck", pluck.PARAMETERS, 60, False, (), "A plucked string."),
    Instrument("sampler", sampler.PARAMETERS, 60, False, (), "A sound file of the project, at any pitch."),
)
"""In the order of their numbers in compiled patterns."""
