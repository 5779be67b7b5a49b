"""`chronus`: the screen, with an engine behind it."""

import os
import sys
from functools import partial
from pathlib import Path

from chronus_tui.engine.options import EngineOptions
from chronus_tui.errors import ChronusError
from chronus_tui.launch import ensure_engine


def open_screen(project: Path, options: EngineOptions) -> int:
    """Open the screen on `project` and come back when the player leaves it.

    The engine is there before Textual takes the terminal over. Raises ChronusError where there is no
    terminal, EngineUnreachable where the engine does not come up.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise ChronusError("The screen needs a terminal; without one use chronus engine, status and send.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise ChronusError("TERM names no terminal that can move its cursor; try: TERM=xterm-256color chronus")
    ensure_engine(project, options, _show)
    from chronus_tui import ui

    return ui.run(project, restart=partial(ensure_engine, project, options, _show_nothing))


def _show(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _show_nothing(progress: str) -> None:
    """While the screen is up, standard error is its canvas."""
