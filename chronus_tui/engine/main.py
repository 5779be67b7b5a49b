"""An engine from its start to its end, as `chronus engine` runs it."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from chronus_tui.engine.ending import Ending
from chronus_tui.engine.options import PROGRESS, READY, EngineOptions
from chronus_tui.engine.osc import refuse_taken_port
from chronus_tui.engine.priorities import put_engine_first
from store.locks import ProjectLock
from store.project import open_project


def run(project: Path, options: EngineOptions, announce: Callable[[str], None]) -> int:
    """Play `project` until a signal or `/engine/quit` ends it; the exit code.

    announce  hears `progress ...` while the sound is made ready, then `ready`

    Raises ChronusError where the project is in use or cannot be opened, or the OSC port is taken.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ending = Ending()
    if not project.exists():
        refuse_taken_port(options.osc_host, options.osc_port)  # else a new project would be left behind
    put_engine_first()
    with ProjectLock(project):
        document = open_project(project)
        from chronus_tui.engine.running import RunningEngine  # only now: a project in use is refused at once

        engine = RunningEngine(project, document, options, ending.tell, lambda line: announce(f"{PROGRESS}{line}"))
        try:
            engine.start()
            announce(READY)
            ending.wait()
        finally:
            engine.close()
    if engine.hangs:
        logging.shutdown()
        os._exit(0)  # PortAudio, or a disk, would be waited for on the ordinary way out
    return 0
