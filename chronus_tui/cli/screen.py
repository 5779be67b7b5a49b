"""`chronus`: the screen, with an engine behind it."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from chronus_tui.engine.options import EngineOptions
from chronus_tui.errors import ChronusError
from chronus_tui.launch import ensure_engine, is_running
from chronus_tui.progress import show_progress

LOCAL_FLAGS = 3


def open_screen(project: Path, options: EngineOptions) -> int:
    """Open the screen on `project` and come back when the player leaves it.

    The engine is there before Textual takes the terminal over. Raises ChronusError where there is no
    terminal, EngineUnreachable where the engine does not come up.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise ChronusError("The screen needs a terminal; without one use chronus engine, status and send.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise ChronusError("TERM names no terminal that can move its cursor; try: TERM=xterm-256color chronus")
    with _deaf_terminal():
        # Textual takes as long to import as an engine to start, so both are done at once.
        threading.Thread(target=import_module, args=("chronus_tui.ui.app",), name="ui", daemon=True).start()
        ensure_engine(project, options, show_progress)
        from chronus_tui import ui
    code = ui.run(project, restart=partial(ensure_engine, project, options, _show_nothing))
    if is_running(project):
        print("The engine stays; chronus opens the screen again, chronus stop ends the engine.", file=sys.stderr)
    return code


@contextlib.contextmanager
def _deaf_terminal() -> Iterator[None]:
    """While nothing listens, what is typed is neither shown nor kept: it would act in the screen later."""
    try:
        import termios
    except ImportError:  # Windows keeps no such line of keys
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[LOCAL_FLAGS] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def _show_nothing(progress: str) -> None:
    """While the screen is up, standard error is its canvas."""
