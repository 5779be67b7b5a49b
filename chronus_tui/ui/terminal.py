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


def end_with_terminal(leave: Callable[[], None], descriptor: int) -> None:
    """Call `leave` once when the terminal at `descriptor` goes, or this process is told to end; then see to it.

    leave  may be called in a signal handler or on another thread, and must return at once

    Call from the main thread.
    """
    first = threading.Lock()  # never waited for: a signal may come amid the handler of another

    def end() -> None:
        if first.acquire(blocking=False):
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, PATIENCE_S)
            leave()

    def on_signal(number: int, frame: FrameType | None) -> None:
        end()

    for name in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), on_signal)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends who does not leave, whatever it waits for
    if hasattr(select, "poll") and os.isatty(descriptor):
        threading.Thread(target=_watch, args=(descriptor, end), name="watch terminal", daemon=True).start()


def _watch(descriptor: int, end: Callable[[], None]) -> None:
    poller = select.poll()
    poller.register(descriptor, 0)  # so that nothing is told of it but that it has gone
    while not poller.poll(1000 * LOOK_S):
        pass
    end()
