"""The part of the engine's schema that the screen reads: instruments, effects, and what they can be set to."""

from typing import Literal

import msgspec

Scale = Literal["linear", "log", "db"]


class Setting(msgspec.Struct, frozen=True):
    """A parameter as the engine tells of it: its default and inclusive range in `unit`, and how a knob moves.

    choices  what its whole numbers from `low` on are called, where they are kinds of something
    blends   whether what lies between two of them is a mix of both
    whole    whether only whole numbers are taken
    stops    where a step goes, the lowest first; none where the unit or the knob's way tells
    nought   what 0 is called, where it is no amount
    """

    name: str
    default: float = 0.0
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    scale: Scale = "linear"
    help: str = ""
    choices: tuple[str, ...] = ()
    blends: bool = False
    whole: bool = False
    stops: tuple[float, ...] = ()
    nought: str = ""


class Module(msgspec.Struct, frozen=True):
    """An instrument or an effect."""

    name: str
    help: str = ""
    parameters: tuple[Setting, ...] = ()


class Schema(msgspec.Struct, frozen=True):
    """`/engine/schema`, as far as the screen needs it; `strip` is what every track has, `lfo` every LFO."""

    instruments: tuple[Module, ...] = ()
    effects: tuple[Module, ...] = ()
    strip: tuple[Setting, ...] = ()
    lfo: tuple[Setting, ...] = ()

    def instrument(self, name: str) -> Module | None:
        """The instrument called `name`, or None where this engine has none of that name."""
        return next((module for module in self.instruments if module.name == name), None)

    @property
    def sends(self) -> tuple[str, ...]:
        """Effects that hear what the tracks send them, in their order; the others hear the whole mix."""
        own = {setting.name for setting in self.strip}
        return tuple(effect.name for effect in self.effects if effect.name in own)


def decode_schema(text: str | bytes) -> Schema:
    """The schema; an empty one where the text is none."""
    try:
        return msgspec.json.decode(text, type=Schema)
    except msgspec.DecodeError:
        return Schema()
