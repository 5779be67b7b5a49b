"""The instruments: each a file with its table of parameters and its kernel; the poly synth takes three."""

from functools import partial

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

_drum = partial(Instrument, mono=True, pitched=False)

INSTRUMENTS: tuple[Instrument, ...] = (
    _drum("kick", kick.PARAMETERS, "A bass drum, from a soft thud to a driven punch."),
    _drum("snare", snare.PARAMETERS, "A snare drum: a drumhead and the wires beneath it."),
    _drum("clap", clap.PARAMETERS, "Several hands, and the room that they are in."),
    _drum(
        "closed_hat",
        closed_hat.PARAMETERS,
        "A hi-hat struck while it is closed.",
        chokes=("closed_hat", "open_hat"),
    ),
    _drum("open_hat", open_hat.PARAMETERS, "A hi-hat that rings until a closed one is struck."),
    Instrument("acid", acid.PARAMETERS, "A squelching bass with slides and accents.", default_note=36, mono=True),
    Instrument("poly", poly_settings.PARAMETERS, "Chords, leads, pads and plucks."),
    _drum("tom", tom.PARAMETERS, "A tom: a drumhead that sags in pitch as it rings."),
    _drum("rim", rim.PARAMETERS, "A stick on the hoop of a drum."),
    _drum("cowbell", cowbell.PARAMETERS, "A cowbell of the drum machines."),
    _drum("cymbal", cymbal.PARAMETERS, "A cymbal, crashed or swelled."),
    Instrument("fm", fm.PARAMETERS, "Electric pianos, bells and basses from four sines."),
    Instrument("pluck", pluck.PARAMETERS, "A plucked string."),
    Instrument("sampler", sampler.PARAMETERS, "A sound file of the project, at any pitch."),
)
"""In the order of their numbers in compiled patterns."""
