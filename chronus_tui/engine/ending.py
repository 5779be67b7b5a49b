"""When an engine shall end: a signal says so, or `/engine/quit`."""

import contextlib
import signal
import socket

_TOLD = b"\0"
_SIGNALS = ("SIGINT", "SIGTERM")


class Ending:
    """Made and waited for by the main thread.

    Signals come through a socket. A `threading.Event` may hold its lock when a signal's handler wants to set it, and a
    signal that comes as the main thread is about to wait for a lock does not wake it: either way the engine would never
    end.
    """

    def __init__(self) -> None:
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _SIGNALS]
        for number in numbers:
            signal.signal(number, lambda *_: None)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal may go; the music does not
        self._words = {_TOLD, *(bytes([number]) for number in numbers)}

    def tell(self) -> None:
        """It shall end. Any thread."""
        with contextlib.suppress(BlockingIOError):  # then it was told more than often enough
            self._told.send(_TOLD)

    def wait(self) -> None:
        """Wait until it shall end."""
        while self._heard.recv(1) not in self._words:
            pass
