"""`chronus engine`: plays a project without a screen, and tells whoever started it how far it is."""

import contextlib
import os
import sys
from pathlib import Path

from chronus_tui.engine import main
from chronus_tui.engine.options import PROGRESS, READY, EngineOptions
from chronus_tui.progress import show_progress


def engine(project: Path, options: EngineOptions, announced: bool) -> int:
    """Play `project` until the engine is told to end; returns its exit code.

    `announced`: a client started it and reads what it announces from standard output until it is ready.
    """
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
