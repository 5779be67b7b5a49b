"""What an effect is, apart from its sound."""

from typing import NamedTuple

from dsp.parameters import Parameter


class Effect(NamedTuple):
    """One effect: its name, its table of parameters, and one sentence in a player's words."""

    name: str
    parameters: tuple[Parameter, ...]
    help: str
