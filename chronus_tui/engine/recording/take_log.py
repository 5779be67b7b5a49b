"""What happened while sound was made, by its frame: which pattern began to play, marks, xruns,
commands.

Whoever knows of something tells it here, from any thread; each take picks out what falls into it. It reaches as far
back as the memory, so that a take that begins in the past knows what happened there.
"""

import threading
from dataclasses import dataclass

from store.documents import Number

PLAYING = ("pattern", "tempo")
"""What tells which pattern plays, and how fast."""


@dataclass(frozen=True)
class Logged:
    """One thing that happened on `frame` of the engine's clock; the rest as `TakeEvent` has it.

    bpm  of the pattern that plays from then on
    """

    frame: int
    what: str
    name: str = ""
    slot: int | None = None
    bank: int = 0
    count: int = 0
    bpm: Number = 120.0


class TakeLog:
    """Everything that happened lately, in the order in which it was told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Logged] = []
        self._forgotten = 0
        self._before = Logged(0, "pattern")

    def tell(self, entry: Logged) -> None:
        """Note that something happened. Any thread."""
        with self._lock:
            self._entries.append(entry)

    def after(self, number: int) -> tuple[list[Logged], int]:
        """What was told since this gave `number`; 0 at first."""
        with self._lock:
            return self._entries[max(0, number - self._forgotten) :], self._forgotten + len(self._entries)

    def pattern_at(self, frame: int) -> Logged:
        """The pattern that played at `frame`, as it was told of."""
        with self._lock:
            found = self._before
            for entry in self._entries:
                if entry.what in PLAYING and entry.frame <= frame:
                    found = entry
            return found

    def forget(self, frame: int) -> None:
        """Let go of what happened before `frame`."""
        with self._lock:
            while self._entries and self._entries[0].frame < frame:
                oldest = self._entries.pop(0)
                self._forgotten += 1
                if oldest.what in PLAYING:
                    self._before = oldest
