"""The README's tables of keys and of OSC commands, made from the tables that the program itself reads.

python tests/readme_tables.py    writes them into the README, between their marks
"""

import math
import re
from pathlib import Path

from chronus_tui.commands import COMMANDS, Argument, Command
from chronus_tui.ui.keymap import Place, keys_of

README = Path(__file__).parents[1] / "README.md"

PLACES: tuple[tuple[Place, str], ...] = (
    ("everywhere", "everywhere"),
    ("tracks", "in the tracks"),
    ("slots", "in the slots"),
    ("pages", "on the sound and effects pages"),
    ("sound", "on the sound page"),
    ("effects", "on the effects page"),
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


TABLES = {"keys": keys, "commands": commands}


def with_tables(readme: str) -> str:
    """`readme` with each table between its marks as it is now."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n\n", f"\n\n<!-- end of {name} -->"
        found = re.search(re.escape(begin) + ".*?" + re.escape(end), readme, flags=re.DOTALL)
        if found is None:
            raise ValueError(f"{README.name} has no place for the table of {name}.")
        readme = readme[: found.start()] + begin + "\n".join(table()) + end + readme[found.end() :]
    return readme


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
            said += f" {argument.low:g}..{argument.high:g} {argument.unit}".rstrip()
    return f"[{said}]" if argument.optional else said


def main() -> None:
    """Write the tables."""
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
