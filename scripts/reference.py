"""docs/reference.md: its tables of keys, commands and parameters, made from those that the program itself reads.

python scripts/reference.py    writes them, between their marks
"""

import math
import re
from pathlib import Path

from chronus_tui.commands import COMMANDS, Argument, Command
from chronus_tui.commands.command import as_written
from chronus_tui.ui.keymap import Place, keys_of
from dsp import lfos
from dsp.fx import EFFECTS
from dsp.strip import STRIP
from dsp.voices import INSTRUMENTS

REFERENCE = Path(__file__).parents[1] / "docs" / "reference.md"

PLACES: tuple[tuple[Place, str], ...] = (
    ("everywhere", "everywhere"),
    ("tracks", "in the tracks"),
    ("slots", "in the slots"),
    ("pages", "on the sound and effects pages"),
    ("sound", "on the sound page"),
    ("effects", "on the effects page"),
    ("steps", "on the step page"),
    ("library", "in the library"),
    ("chain", "on the chain page"),
    ("find", "while finding in the library"),
    ("takes", "on the takes page"),
    ("recorder", "on the recorder page"),
    ("piano", "as a piano"),
)


def keys() -> list[str]:
    """A row for every key at every place."""
    rows = ["| where | key | does |", "|---|---|---|"]
    for place, words in PLACES:
        for number, key in enumerate(keys_of(place)):
            rows.append(f"| {'' if number else words} | {_code(key.shown)} | {key.help} |")
    return rows


def commands() -> list[str]:
    """A row for every command; addresses that are the same command share one."""
    same: dict[tuple[object, ...], list[Command]] = {}
    for command in COMMANDS:
        same.setdefault((command.help, command.arguments, command.reply), []).append(command)
    rows = ["| address | arguments | does | answers |", "|---|---|---|---|"]
    for group in same.values():
        addresses = ", ".join(f"`{command.address}`" for command in group)
        taken = ", ".join(_argument(argument) for argument in group[0].arguments)
        rows.append(f"| {addresses} | {taken} | {group[0].help} | {group[0].reply} |")
    return rows


def parameters() -> list[str]:
    """A row for every parameter of every instrument, of every track's strip, of LFOs, and of every effect."""
    modules = [
        *((instrument.name, instrument.parameters) for instrument in INSTRUMENTS),
        ("every track", STRIP),
        ("`lfo1`, `lfo2`; of a track `lfo_...`", lfos.PARAMETERS),
        *((f"effect {effect.name}", effect.parameters) for effect in EFFECTS),
    ]
    rows = ["| of | parameter | range | default | does |", "|---|---|---|---|---|"]
    for module, table in modules:
        for number, parameter in enumerate(table):
            allowed = f"{parameter.low:g}..{parameter.high:g} {parameter.unit}".rstrip()
            if parameter.choices:
                named = enumerate(parameter.choices, int(parameter.low))
                allowed = ", ".join(f"{value} {name}" for value, name in named)
            cells = ["" if number else module, f"`{parameter.name}`", allowed, f"{parameter.default:g}", parameter.help]
            rows.append(f"| {' | '.join(cells)} |")
    return rows


TABLES = {"keys": keys, "commands": commands, "parameters": parameters}


def with_tables(reference: str) -> str:
    """`reference` with each table between its marks as it is now."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n\n", f"\n\n<!-- end of {name} -->"
        found = re.search(re.escape(begin) + ".*?" + re.escape(end), reference, flags=re.DOTALL)
        if found is None:
            raise ValueError(f"{REFERENCE.name} has no place for the table of {name}.")
        reference = reference[: found.start()] + begin + "\n".join(table()) + end + reference[found.end() :]
    return reference


def _code(shown: str) -> str:
    return " ".join(f"`{word}`" for word in shown.split(" "))


def _argument(argument: Argument) -> str:
    """Such as `velocity` 0..1, in brackets where it may be left out."""
    said = f"{argument.name}"
    match argument.kind:
        case "choice":
            said += f" {' or '.join(argument.choices)}"
        case "switch":
            said += " 0 or 1"
        case "int" | "float" if -math.inf < argument.low > -(2**31):
            said += f" {as_written(argument.low)}..{as_written(argument.high)} {argument.unit}".rstrip()
    said = f"[{said}]" if argument.optional else said
    return said + "..." * argument.many


def main() -> None:
    """Write the tables."""
    REFERENCE.write_text(with_tables(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
