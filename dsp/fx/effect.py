"""What an effect is, apart from its sound."""

from dataclasses import dataclass

from dsp.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: its name, its table of parameters, and one sentence in a player's words."""

    name: str
    parameters: tuple[Parameter, ...]
    help: str
