"""What only tests of the engine need; there where CHRONUS_DEBUG is set, and in no list of commands."""

import json
import threading
import time

from chronus_tui.engine.actions.registry import action
from chronus_tui.engine.studio import Call, Studio

HOG_S = 60.0


@action("/debug/hog")
def hog(studio: Studio, call: Call, seconds: float) -> None:
    """Hold the interpreter's lock in long calls from another thread, the worst neighbour there is."""
    until = time.monotonic() + min(seconds, HOG_S)
    big = [{"a": number, "b": [number] * 10} for number in range(100_000)]

    def run() -> None:
        while time.monotonic() < until:
            json.dumps(big)

    threading.Thread(target=run, name="hog", daemon=True).start()
