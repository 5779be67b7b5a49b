"""`chronus schema`: every command and every parameter, for people a line each, with --json for programs."""

import json
from collections.abc import Iterator
from typing import Any

from chronus_tui.commands.command import as_written
from chronus_tui.engine.schema import schema as read_schema


def schema(as_json: bool) -> int:
    """List commands and parameters."""
    made = read_schema()
    print(json.dumps(made) if as_json else "\n".join(_lines(made)))
    return 0


def _lines(schema: dict[str, Any]) -> Iterator[str]:
    yield "COMMANDS"
    for command in schema["commands"]:
        taken = " ".join(_argument(argument) for argument in command["arguments"])
        answer = f" -> {command['reply']}" if command["reply"] else ""
        yield f"  {' '.join(filter(None, (command['address'], taken)))}{answer}"
        yield f"      {command['help']}"
    yield from ("", "STRIP of every track, as /mod/TRACK/NAME")
    yield from _parameters(schema["strip"])
    for kind, reached in (("instruments", "TRACK"), ("effects", "EFFECT")):
        for module in schema[kind]:
            yield from ("", f"{module['name'].upper()}, one of the {kind}, as /mod/{reached}/NAME: {module['help']}")
            yield from _parameters(module["parameters"])


def _argument(argument: dict[str, Any]) -> str:
    said = str(argument["name"])
    if argument.get("choices"):
        said += "=" + "|".join(argument["choices"])
    elif argument["type"] == "switch":
        said += "=0|1"
    elif "low" in argument:
        said += f"={as_written(argument['low'])}..{as_written(argument['high'])}"
    if argument.get("unit"):
        said += f" {argument['unit']}"
    said = f"[{said}]" if argument["optional"] else f"<{said}>"
    return f"{said}..." if argument.get("many") else said


def _parameters(table: list[dict[str, Any]]) -> Iterator[str]:
    for one in table:
        span = f"{one['low']:g}..{one['high']:g} {one['unit']}".rstrip()
        yield f"  {one['name']:18} {span:22} {one['default']:<8g} {one['help']}"
