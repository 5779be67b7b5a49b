"""From settings by name to the rows of numbers that the sound reads."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dsp.parameters import Parameter
from dsp.sizes import LOCKS, PARAMETERS
from dsp.strip import GAIN, STRIP
from store.documents import Number, Track

SILENT_DB = STRIP[GAIN].low


class Table:
    """A table of parameters, found by name.

    places    of each parameter in the table
    """

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.places = {parameter.name: place for place, parameter in enumerate(parameters)}
        self._parameters = tuple(parameters)
        self._defaults = [parameter.default for parameter in parameters] + [0.0] * (PARAMETERS - len(parameters))

    def values(self, settings: Mapping[str, Number], where: str, problems: list[str]) -> list[float]:
        """The values of all parameters in order, padded: as set, or clamped, or their defaults."""
        values = self._defaults.copy()
        for name, value in settings.items():
            place = self.places.get(name)
            if place is None:
                problems.append(f"There is no parameter {name!r} on {where}.")
            else:
                values[place] = clamped(self._parameters[place], value, where, problems)
        return values

    def clamped(self, name: str, value: Number, where: str, problems: list[str]) -> float:
        """`value` in the range of a parameter that the table has; told where it lies outside."""
        return clamped(self._parameters[self.places[name]], value, where, problems)


class Locks(NamedTuple):
    """What the steps of a track lock, step by step.

    places  of the instrument's parameters, or PARAMETERS and more for the strip's
    values  as many
    steps   by the index of a step, where its own begin and how many they are
    """

    places: list[int]
    values: list[float]
    steps: dict[int, tuple[int, int]]


def compile_locks(track: Track, own: Table, strip: Table, problems: list[str]) -> Locks:
    """The locks of all steps of a track; those that name nothing are told and left out.

    own, strip  the parameters of its instrument and its strip
    """
    locks = Locks([], [], {})
    for index, step in enumerate(track.steps):
        if step.locks:
            first = len(locks.places)
            _compile_locks_of(step.locks, f"step {index + 1} of track {track.name}", own, strip, locks, problems)
            locks.steps[index] = first, len(locks.places) - first
    return locks


def _compile_locks_of(
    settings: Mapping[str, Number], where: str, own: Table, strip: Table, locks: Locks, problems: list[str]
) -> None:
    full = len(locks.places) + LOCKS
    for name, value in settings.items():
        table = own if name in own.places else strip
        if name not in table.places:
            problems.append(f"{where} locks {name!r}, and the track has no such parameter.")
        elif len(locks.places) == full:
            problems.append(f"{where} has more than {LOCKS} locks; {name} is left out.")
        else:
            place = table.places[name] + (PARAMETERS if table is strip else 0)
            number = table.clamped(name, value, where, problems)
            locks.places.append(place)
            locks.values.append(amplitude(number) if place == PARAMETERS + GAIN else number)


def clamped(parameter: Parameter, value: Number, where: str, problems: list[str]) -> float:
    """`value` in the parameter's range; told where it lies outside."""
    if not parameter.low <= value <= parameter.high:
        unit = f" {parameter.unit}" if parameter.unit else ""
        problems.append(
            f"{parameter.name} of {where} is {value:g}; it goes from {parameter.low:g} to {parameter.high:g}{unit}, "
            "and plays at the nearest."
        )
    return parameter.clamp(value)


def amplitude(gain_db: float) -> float:
    """The factor that so many decibels are; none at the fader's low end."""
    return 0.0 if gain_db <= SILENT_DB else float(10.0 ** (gain_db / 20.0))
