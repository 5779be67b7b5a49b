"""What a command is: its address, its typed arguments with their ranges, what it does, what it answers.

Light to import, as all of the table: `chronus send` reads it too, and is over in the time that msgspec takes to come.
"""

import math
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from chronus_tui.errors import CommandRefused
from store.limits import SLOTS, STEPS_MAX

Kind = Literal["int", "float", "string", "switch", "choice"]
_OF_LISTENERS = ("/notify", "/ping", "/sync")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def as_written(number: float) -> str:
    """A number as people write it: a whole one with all of its digits."""
    return str(number) if isinstance(number, int) else f"{number:.7g}"


class Argument(NamedTuple):
    """One argument: a "switch" takes 0 or 1, a "choice" one of `choices` or its index.

    A "float" with no range takes any finite number; an optional argument is None where it is not given. The last
    one of a command may be `many`: one or more of its kind.
    """

    name: str
    kind: Kind
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    many: bool = False

    def accept(self, value: Any) -> Any:
        """`value` as this argument's type.

        Ints and floats are taken for each other where the value fits. Raises CommandRefused with a
        sentence where it does not.
        """
        match self.kind:
            case "string":
                return self._string(value)
            case "choice":
                return self._choice(value)
            case "float":
                return self._in_range(self._number(value))
            case "int" | "switch":
                number = self._number(value)
                if number != int(number):
                    raise CommandRefused(f"{self.name} takes a whole number, not {as_written(number)}.")
                return int(self._in_range(number))

    def _number(self, value: Any) -> float:
        if isinstance(value, bool):
            return int(value)
        if not isinstance(value, int | float):
            raise CommandRefused(f"{self.name} takes a number, not {value!r}.")
        if not math.isfinite(value):
            raise CommandRefused(f"{self.name} takes a number, not {value}.")
        return value

    def _in_range(self, value: float) -> float:
        low, high = (0, 1) if self.kind == "switch" else (self.low, self.high)
        if not low <= value <= high:
            unit = f" {self.unit}" if self.unit else ""
            raise CommandRefused(
                f"{self.name} is {as_written(value)}{unit}; it goes from {as_written(low)} to {as_written(high)}{unit}."
            )
        return value

    def _string(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # a name of digits alone arrives as a number from most command lines
        if not isinstance(value, str):
            raise CommandRefused(f"{self.name} takes text, not {value!r}.")
        return value

    def _choice(self, value: Any) -> str:
        if isinstance(value, str) and value in self.choices:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and value in range(len(self.choices)):
            return self.choices[int(value)]
        raise CommandRefused(f"{self.name} is {value!r}; it is one of {', '.join(self.choices)}.")


class Command(NamedTuple):
    """One thing that can be done. `reply` names the results that follow `/done ADDRESS`."""

    address: str
    help: str
    arguments: tuple[Argument, ...] = ()
    reply: str = ""

    @property
    def only_tells(self) -> bool:
        """Whether it asks for something and changes nothing: its help says so."""
        return self.help.startswith("Tell ") or self.address in _OF_LISTENERS

    def accept(self, values: Sequence[Any]) -> list[Any]:
        """The arguments as their types, None for those that were left out.

        Raises CommandRefused with a sentence where there are too many, too few, or one is wrong.
        """
        many = bool(self.arguments) and self.arguments[-1].many
        if len(values) > len(self.arguments) and not many:
            raise CommandRefused(f"{self.address} takes {self.usage() or 'no arguments'}; {len(values)} were given.")
        accepted: list[Any] = []
        for index, argument in enumerate(self.arguments):
            if argument.many and index < len(values):
                accepted.append(tuple(argument.accept(value) for value in values[index:]))
            elif index < len(values):
                accepted.append(argument.accept(values[index]))
            elif argument.optional:
                accepted.append(None)
            else:
                raise CommandRefused(f"{self.address} takes {self.usage()}; {argument.name} is missing.")
        return accepted

    def values(self, words: Sequence[str]) -> list[int | float | str]:
        """Words that a person typed, as values of the arguments: what is to be text stays as it was typed."""
        kinds = [argument.kind for argument in self.arguments]
        if self.arguments and self.arguments[-1].many:
            kinds += kinds[-1:] * (len(words) - len(kinds))
        texts = [kind == "string" for kind in kinds] + [False] * (len(words) - len(kinds))
        return [word if text else value_of(word) for word, text in zip(words, texts, strict=False)]

    def usage(self) -> str:
        """The arguments in words, such as `step on [velocity] [note]`."""
        return " ".join((f"[{a.name}]" if a.optional else a.name) + "..." * a.many for a in self.arguments)


def value_of(word: str) -> int | float | str:
    """A typed word as a number where it looks like one."""
    if _WHOLE.fullmatch(word):
        return int(word)
    return float(word) if _NUMBER.fullmatch(word) else word


def whole(
    name: str, low: float = -math.inf, high: float = math.inf, unit: str = "", optional: bool = False
) -> Argument:
    """An argument that is a whole number."""
    return Argument(name, "int", low, high, unit, optional=optional)


def number(
    name: str, low: float = -math.inf, high: float = math.inf, unit: str = "", optional: bool = False
) -> Argument:
    """An argument that is any number."""
    return Argument(name, "float", low, high, unit, optional=optional)


def text(name: str, optional: bool = False) -> Argument:
    """An argument that is text."""
    return Argument(name, "string", optional=optional)


def switch(name: str) -> Argument:
    """An argument that is 0 or 1."""
    return Argument(name, "switch")


def slot(name: str) -> Argument:
    """An argument that is the number of a slot."""
    return whole(name, 1, SLOTS)


SLOT = slot("slot")
STEP = whole("step", 1, STEPS_MAX)
NOTE = whole("note", 0, 127)
WHEN = Argument("when", "choice", choices=("bar", "immediate", "beat", "end"), optional=True)
"""When a load comes in. The first two keep their numbers, 0 and 1, which stand in people's scripts."""
