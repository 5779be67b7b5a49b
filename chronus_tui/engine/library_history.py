"""What takes back the changes of the library that were made over this engine: for each, its own opposite.

The library is shared with other programs, so an opposite may have become impossible, and is refused then. The control
thread alone uses this.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from chronus_tui.engine.results import Results
from chronus_tui.errors import CommandRefused

Opposite = Callable[[Any], Future[Results]]
"""Takes back one change as part of the call that it is given, and notes what takes that back in turn."""
UNDO, REDO = "/library/undo", "/library/redo"
KEPT = 200


class LibraryHistory:
    """The opposites of what was done last, and of what was taken back last."""

    def __init__(self) -> None:
        self._past: list[Opposite] = []
        self._future: list[Opposite] = []

    def note(self, asked: str, opposite: Opposite) -> None:
        """Keep the opposite of a change that was made as part of the command `asked`."""
        if asked == UNDO:
            self._future.append(opposite)
            return
        self._past = [*self._past, opposite][-KEPT:]
        if asked != REDO:
            self._future.clear()

    def take(self, asked: str) -> Opposite:
        """What undo or redo has to do, once. Raises CommandRefused where there is nothing."""
        opposites = self._past if asked == UNDO else self._future
        if not opposites:
            raise CommandRefused(
                "No change of the library is left to take back; u outside of it takes back edits and loads."
                if asked == UNDO
                else "Nothing that was taken back in the library is left to be done again."
            )
        return opposites.pop()

    def forget(self) -> None:
        """Something was done that has no opposite; what came before it is not taken back past it."""
        self._past.clear()
        self._future.clear()
