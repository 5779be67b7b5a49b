"""The line that tells how far a first start has come."""

import sys

CELLS = 20


def progress_bar(share: float) -> str:
    """A bar for the share that is done, 0..1, with its percentage."""
    filled = int(CELLS * min(max(share, 0.0), 1.0))
    return f"[{'#' * filled}{'.' * (CELLS - filled)}] {100 * filled // CELLS:3d} %"


def show_progress(line: str) -> None:
    """Print a line to standard error; on a terminal, a bar takes the place of the one before and is gone when full."""
    if not (line.startswith("[") and sys.stderr.isatty()):
        print(line, file=sys.stderr, flush=True)
    elif line.startswith(progress_bar(1.0)):
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    else:
        print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)
