"""The screen: a client of the engine in a terminal. It never sees the engine's insides, only its link."""

import os
from collections.abc import Callable
from pathlib import Path


def run(project: Path, restart: Callable[[], None]) -> int:
    """Show the screen of `project`, whose engine runs, until one leaves. Returns the exit status.

    restart  makes sure that an engine runs; called on a thread of its own when the engine has gone
    """
    from functools import partial

    from chronus_tui.link import LinkClient
    from chronus_tui.ui.app import ChronusApp

    for told in ("COLUMNS", "LINES"):  # Textual would believe them for ever, whatever size the terminal has
        os.environ.pop(told, None)
    app = ChronusApp(partial(LinkClient, project), restart, own_terminal=True)
    app.run(mouse=False)
    return app.return_code or 0
