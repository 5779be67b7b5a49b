"""`chronus bench`: how long the standard patch takes, for people a line each, with --json for programs."""

import argparse
import json
from typing import Any

from chronus_tui.engine import bench as benchmark


def bench(arguments: argparse.Namespace) -> int:
    """Measure the standard patch."""
    _show(benchmark.run(arguments.voices, arguments.seconds, arguments.out), arguments.json)
    return 0


def _show(made: dict[str, Any], as_json: bool) -> None:
    print(json.dumps(made, default=str) if as_json else "\n".join(_lines(made)))


def _lines(value: Any, indent: str = "") -> list[str]:
    """A JSON-like value for people: a name and its value a line, what is inside further in."""
    lines: list[str] = []
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value, 1):
        if isinstance(inner, dict | list | tuple) and any(isinstance(each, dict | list | tuple) for each in inner):
            lines += [f"{indent}{name}", *_lines(inner, indent + "  ")]
        elif isinstance(inner, dict):
            lines.append(f"{indent}{name}: " + ", ".join(f"{key} {_text(each)}" for key, each in inner.items()))
        else:
            lines.append(f"{indent}{name}: {_text(inner)}")
    return lines


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(map(_text, value)) if isinstance(value, list | tuple) else str(value)
