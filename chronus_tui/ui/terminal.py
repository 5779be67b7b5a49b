"""The end of the terminal: a line that drops must end this process, and leave the engine as it is.

A terminal may go with a signal (SIGHUP), or without one, where only a look at it tells. Textual's own reading
thread does not notice, and its writing thread may be stuck in a terminal that takes nothing any more; so
whatever happens, this process is gone a second after its terminal.
"""

import os
import select
import signal
import threading
from collections.abc import Callable
from types import FrameType

LOOK_S = 1.0
PATIENCE_S = 1.0
HANGUP_STATUS = 128 + signal.SIGHUP if hasattr(signal, "SIGHUP") else 1


def end_with_terminal(leave: Callable[[], None], descriptor: int) -> None:
    """Call `leave` once when the terminal at `descriptor` goes, or this process is told to end; then see to it.

    leave  may be called in a signal handler or on another thread, and must return at once

    Call from the main thread.
    """
    ending = threading.Event()

    def end() -> None:
        if ending.is_set():
            return
        ending.set()
        insist = threading.Timer(PATIENCE_S, os._exit, (HANGUP_STATUS,))
        insist.daemon = True
        insist.start()
        leave()

    def on_signal(number: int, frame: FrameType | None) -> None:
        end()

    for name in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), on_signal)
    if hasattr(select, "poll") and os.isatty(descriptor):
        threading.Thread(target=_watch, args=(descriptor, end, ending), name="watch terminal", daemon=True).start()


def _watch(descriptor: int, end: Callable[[], None], ending: threading.Event) -> None:
    poller = select.poll()
    poller.register(descriptor, 0)
    gone = select.POLLHUP | select.POLLERR | select.POLLNVAL
    while not ending.wait(LOOK_S):
        if any(events & gone for _, events in poller.poll(0)):
            end()
