"""Every parameter by the name that people use: `kick decay`, `delay feedback`, `kick pan`.

A module is a track, whose instrument and strip it covers, or an effect. Where a track is called as an effect
is, the track is meant.
"""

import msgspec

from chronus_tui.errors import CommandRefused
from dsp.fx import EFFECTS, Effect
from dsp.parameters import Parameter
from dsp.pattern import OF_EFFECT, OF_SOUND, OF_STRIP
from dsp.strip import STRIP
from dsp.voices import INSTRUMENTS, Instrument
from store.documents import Number, Pattern, Track

INSTRUMENT_NUMBERS = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}
EFFECT_ROWS = {effect.name: row for row, effect in enumerate(EFFECTS)}
STRIP_FIELDS = {"gain": "gain_db", "pan": "pan"}
"""The strip's parameters that are fields of the track itself, and their names there."""
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


class Target(msgspec.Struct, frozen=True):
    """A parameter that an LFO may move, and where the sound finds it.

    kind       OF_SOUND, OF_STRIP or OF_EFFECT
    row        the track's place, or the effect's row
    place      among the parameters of its table
    """

    kind: int
    row: int
    place: int
    parameter: Parameter


def tables_of(track: Track) -> tuple[Parameter, ...]:
    """All that a track can be set to: its instrument's parameters, then its strip's."""
    instrument = instrument_called(track.instrument)
    return (*(instrument.parameters if instrument else ()), *STRIP)


def track_target(track: Track, index: int, name: str) -> Target | None:
    """The parameter called `name` of the track at place `index`, or None."""
    instrument = instrument_called(track.instrument)
    for kind, table in ((OF_SOUND, instrument.parameters if instrument else ()), (OF_STRIP, STRIP)):
        found = parameter_called(name, table)
        if found is not None:
            return Target(kind, index, table.index(found), found)
    return None


def pattern_target(pattern: Pattern, words: str) -> Target | None:
    """The parameter that is called by its module and its name, such as "acid cutoff", or None."""
    module, _, name = words.partition(" ")
    for index, track in enumerate(pattern.tracks):
        if module in (track.name, str(index + 1)):
            return track_target(track, index, name)
    effect = effect_called(module)
    found = parameter_called(name, effect.parameters) if effect else None
    if effect is None or found is None:
        return None
    return Target(OF_EFFECT, EFFECT_ROWS[module], effect.parameters.index(found), found)


def check(name: str, table: tuple[Parameter, ...], module: str, value: Number) -> None:
    """Refuse a value that the parameter called `name` of `module` cannot take, or a name that is not in the table."""
    found = parameter_called(name, table)
    if found is None:
        names = ", ".join(parameter.name for parameter in table)
        raise CommandRefused(f"There is no parameter {name!r} on {module}; there are {names}.")
    if not found.low <= value <= found.high:
        unit = f" {found.unit}" if found.unit else ""
        raise CommandRefused(
            f"{name} of {module} is {value:g}{unit}; it goes from {found.low:g} to {found.high:g}{unit}."
        )
