"""Every command and every parameter, as data: what `chronus schema`, `/engine/schema` and the screen read."""

import math
from collections.abc import Sequence
from typing import Any

from chronus_tui import __version__
from chronus_tui.commands import COMMANDS, Argument, Command
from dsp import lfos
from dsp.fx import EFFECTS
from dsp.parameters import Parameter
from dsp.strip import STRIP
from dsp.voices import INSTRUMENTS


def schema() -> dict[str, Any]:
    """`commands`, `instruments` and `effects`, the `strip` and the `lfo` that every track has, with parameters."""
    return {
        "version": __version__,
        "commands": [_command(command) for command in COMMANDS],
        "instruments": [
            {
                "name": instrument.name,
                "help": instrument.help,
                "default_note": instrument.default_note,
                "parameters": _parameters(instrument.parameters),
            }
            for instrument in INSTRUMENTS
        ],
        "effects": [
            {"name": effect.name, "help": effect.help, "parameters": _parameters(effect.parameters)}
            for effect in EFFECTS
        ],
        "strip": _parameters(STRIP),
        "lfo": _parameters(lfos.PARAMETERS),
    }


def _command(command: Command) -> dict[str, Any]:
    return {
        "address": command.address,
        "help": command.help,
        "arguments": [_argument(argument) for argument in command.arguments],
        "reply": command.reply,
    }


def _argument(argument: Argument) -> dict[str, Any]:
    said: dict[str, Any] = {"name": argument.name, "type": argument.kind, "optional": argument.optional}
    if argument.many:
        said["many"] = True
    if math.isfinite(argument.low):
        said |= {"low": argument.low, "high": argument.high}
    if argument.unit:
        said["unit"] = argument.unit
    if argument.choices:
        said["choices"] = list(argument.choices)
    return said


def _parameters(table: Sequence[Parameter]) -> list[dict[str, Any]]:
    return [
        {
            "name": parameter.name,
            "default": parameter.default,
            "low": parameter.low,
            "high": parameter.high,
            "unit": parameter.unit,
            "scale": parameter.scale,
            "help": parameter.help,
        }
        | ({"choices": list(parameter.choices), "blends": parameter.blends} if parameter.choices else {})
        for parameter in table
    ]
