"""The subcommands that need what makes sound: `chronus engine`, `render`, `bench` and `schema`."""

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from chronus_tui.engine.options import PROGRESS, READY, EngineOptions
from chronus_tui.progress import show_progress


def engine(project: Path, options: EngineOptions, announced: bool) -> int:
    """Play `project` until the engine is told to end; returns its exit code.

    `announced`: a client started it and reads what it announces from standard output until it is ready.
    """
    from chronus_tui.engine import main

    return main.run(project, options, _announce if announced else _tell)


def _announce(line: str) -> None:
    with contextlib.suppress(OSError):  # who started us may have left; the engine is wanted all the same
        print(line, flush=True)
    if line.startswith(READY):
        # No one reads any more; whatever a library may print later must not meet a closed pipe.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _tell(line: str) -> None:
    show_progress("Ready; Ctrl+C ends it." if line.startswith(READY) else line.removeprefix(PROGRESS))


def render(project: Path, arguments: argparse.Namespace) -> int:
    """Write patterns to a sound file."""
    from chronus_tui.engine import offline

    began_s = time.monotonic()
    made = offline.render(
        project,
        arguments.sources,
        arguments.out,
        arguments.bars,
        arguments.tail,
        arguments.rate,
        arguments.stems,
    )
    for problem in made["problems"]:
        print(problem, file=sys.stderr)
    if arguments.json:
        print(json.dumps(made))
    else:
        for file in made["files"]:
            print(f"{file['path']}: {file['seconds']:.1f} s, {made['rate']} Hz, {made['bits']}-bit")
        print(f"Rendered in {time.monotonic() - began_s:.1f} s.")
    return 0


def replay(project: Path, arguments: argparse.Namespace) -> int:
    """Make a take again."""
    from chronus_tui import cli_replay

    return cli_replay.replay(project, arguments)


def bench(arguments: argparse.Namespace) -> int:
    """Measure the standard patch."""
    from chronus_tui.engine import bench as benchmark

    _show(benchmark.run(arguments.voices, arguments.seconds, arguments.out), arguments.json)
    return 0


def schema(as_json: bool) -> int:
    """List commands and parameters."""
    from chronus_tui.cli_schema import show
    from chronus_tui.engine.schema import schema as read_schema

    return show(read_schema(), as_json)


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
