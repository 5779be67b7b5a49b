"""Long work, on many patterns or on a take: one at a time, told as it goes, and ended when asked.

The control thread alone touches it.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Literal

import msgspec

from chronus_tui.errors import CommandRefused
from chronus_tui.status import WorkStatus

TOLD_S = 0.25
"""How often progress is told at most."""


Told = Literal["progress", "cancelled"]


class Work(msgspec.Struct):
    """What is under way, and how far.

    tell  lets all who listen know of "progress", or that it was "cancelled", and how much is done of how much
    stop  ends at once what does not look at `cancelled` by itself
    """

    what: str
    tell: Callable[[Told, int, int], None]
    done: int = 0
    of: int = 0
    cancelled: bool = False
    stop: Callable[[], None] | None = None
    told_s: float = 0.0

    def go_on(self, done: int, of: int) -> None:
        """So many are done of so many, which is told now and then."""
        self.done, self.of = done, of
        now_s = time.monotonic()
        if now_s - self.told_s >= TOLD_S:
            self.told_s = now_s
            self.tell("progress", done, of)

    def cancel(self) -> None:
        """Let it end soon."""
        self.cancelled = True
        if self.stop is not None:
            self.stop()

    def refusal(self) -> CommandRefused:
        """What whoever asked for the work hears where it was cancelled; others hear it as an event."""
        self.tell("cancelled", self.done, self.of)
        return CommandRefused(f"{self.what} was cancelled after {self.done} of {self.of}.")

    def status(self) -> WorkStatus:
        """How far it is, as the engine's status tells it."""
        return WorkStatus(self.what, self.done, self.of)


class Works:
    """The work that is under way, or none.

    tell          as that of `Work`, with what the work is before the rest
    cancelled_by  the command that does it
    """

    def __init__(self, tell: Callable[[str, Told, int, int], None], cancelled_by: str) -> None:
        self.now: Work | None = None
        self._tell = tell
        self._cancelled_by = cancelled_by

    def begin(self, what: str) -> Work:
        """Begin some work, which `end` ends. Raises CommandRefused where other work is under way."""
        if self.now is not None:
            raise CommandRefused(f"{self.now.what} is under way; wait for its end, or cancel it: {self._cancelled_by}.")
        self.now = Work(what, partial(self._tell, what), told_s=time.monotonic())
        return self.now

    def end(self) -> None:
        """What was under way has ended."""
        self.now = None

    def cancel(self) -> Work:
        """Let what is under way end soon. Raises CommandRefused where nothing is."""
        if self.now is None:
            raise CommandRefused("Nothing is under way that could be cancelled.")
        self.now.cancel()
        return self.now
