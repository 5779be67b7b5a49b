"""Every parameter by the name that people use: `kick decay`, `delay feedback`, `kick pan`.

A module is a track, whose instrument and strip it covers, or an effect.
"""

from dsp.fx import EFFECTS, Effect
from dsp.mixer import STRIP
from dsp.parameters import Parameter
from dsp.voices import INSTRUMENTS, Instrument

INSTRUMENT_NUMBERS = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}
EFFECT_ROWS = {effect.name: row for row, effect in enumerate(EFFECTS)}
SENDS = tuple(parameter.name for parameter in STRIP if parameter.name in EFFECT_ROWS)
"""The strip's parameters that send to an effect of the same name."""


def instrument_called(name: str) -> Instrument | None:
    """The instrument called `name`, or None."""
    number = INSTRUMENT_NUMBERS.get(name)
    return None if number is None else INSTRUMENTS[number]


def effect_called(name: str) -> Effect | None:
    """The effect called `name`, or None."""
    row = EFFECT_ROWS.get(name)
    return None if row is None else EFFECTS[row]


def parameter_called(name: str, *tables: tuple[Parameter, ...]) -> Parameter | None:
    """The parameter called `name` in the first of the tables that has it, or None."""
    for table in tables:
        for parameter in table:
            if parameter.name == name:
                return parameter
    return None
