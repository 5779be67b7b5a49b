"""What a person may turn: the declaration of one parameter, and of a table of them.

A parameter is declared once, beside the sound that reads it. File keys, OSC paths, ranges, widgets
and the reference page all follow from that declaration. Nothing here makes sound or imports numba,
so that a table can be read anywhere.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Scale = Literal["linear", "log", "db"]


class Parameter(NamedTuple):
    """One value of an instrument, an effect or a mixer strip.

    name     its key in files and the last word of its OSC path
    default  in `unit`, as are `low` and `high`, the inclusive range
    unit     "Hz", "s", "dB", "st" (semitones), "beats", or "" for a plain number
    help     one sentence in a player's words
    scale    how a knob moves through the range: evenly, by ratio ("log"), or in decibels
    choices  names of what the whole numbers from `low` to `high` stand for, such as "saw", each in at most 8
             letters; none where the value is a quantity
    blends   whether a value between two choices is a mix of both; elsewhere the nearer one counts
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    help: str
    scale: Scale = "linear"
    choices: tuple[str, ...] = ()
    blends: bool = False

    def clamp(self, value: float) -> float:
        """The nearest value in range."""
        return min(max(float(value), self.low), self.high)


def index_of(parameters: Sequence[Parameter], name: str) -> int:
    """The place of the parameter called `name` in its table, as the kernels index it.

    Raises KeyError where the table has no such parameter.
    """
    for index, parameter in enumerate(parameters):
        if parameter.name == name:
            return index
    raise KeyError(name)
