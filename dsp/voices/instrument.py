"""What an instrument is, apart from its sound."""

from typing import NamedTuple

from dsp.parameters import Parameter


class Instrument(NamedTuple):
    """One instrument.

    parameters    its table; a lane holds their values in this order
    help          one sentence in a player's words
    default_note  MIDI note of a new track; for a drum 60 is the pitch it was made for
    mono          a new note on the track fades the one before
    chokes        names of the instruments that a note of this one silences
    pitched       whether it plays notes of a scale; a drum does not
    """

    name: str
    parameters: tuple[Parameter, ...]
    help: str
    default_note: int = 60
    mono: bool = False
    chokes: tuple[str, ...] = ()
    pitched: bool = True
