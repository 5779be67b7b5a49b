"""`chronus stop`: a client of the link that asks the engine to end, and sees it gone."""

import threading
from pathlib import Path

from chronus_tui.errors import ChronusError, EngineUnreachable
from chronus_tui.link import LinkClient
from store.locks import wait_until_free

STOP_S = 30.0
"""Time for the fade, for the last second of a take to reach a slow disk, and for the save."""


def stop(project: Path) -> int:
    """End the engine of `project`, and come back once it has gone and another may start.

    Raises EngineUnreachable where none runs, ChronusError where it does not end in time.
    """
    gone = threading.Event()
    client = LinkClient(project, on_close=gone.set)
    try:
        reply = client.request("/engine/quit")
        if not reply.done:
            raise ChronusError(reply.failure)
    except EngineUnreachable:
        gone.wait(STOP_S)  # it may well have ended before its reply was out
    if not (gone.wait(STOP_S) and wait_until_free(project, STOP_S)):
        raise ChronusError(f"The engine was told to end but still runs after {STOP_S:g} s; see .chronus/engine.log.")
    client.close()
    return 0
