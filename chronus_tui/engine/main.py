"""An engine from its start to its end, as `chronus engine` runs it."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from chronus_tui.engine.kernel_cache import is_warm, mark_warm, use_kernel_cache
from chronus_tui.engine.options import PROGRESS, READY, EngineOptions
from store.locks import ProjectLock
from store.project import open_project


def run(project: Path, options: EngineOptions, announce: Callable[[str], None]) -> int:
    """Play `project` until a signal or `/engine/quit` ends it; the exit code.

    announce  hears `progress ...` while the sound is made ready, then `ready`

    Raises ChronusError where the project is in use or cannot be opened, or the OSC port is taken.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ended = threading.Event()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: ended.set())
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal may go; the music does not
    with ProjectLock(project):
        document = open_project(project)
        cache = use_kernel_cache()
        # Only now: numba reads where its cache is when it is imported.
        from chronus_tui.engine.running import RunningEngine
        from chronus_tui.engine.warm import warm_up

        warm = is_warm(cache)

        def say(part: str) -> None:
            if not warm:
                announce(f"{PROGRESS}compiling, on the first start only: {part}")

        engine = RunningEngine(project, document, options, ended)
        try:
            warm_up(options.rate, say)
            mark_warm(cache)
            engine.start()
            announce(READY)
            ended.wait()
        finally:
            engine.close()
    if engine.device_hangs:
        logging.shutdown()
        os._exit(0)  # PortAudio would be waited for on the ordinary way out
    return 0
