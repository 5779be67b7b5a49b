"""What happened while sound was made, by its frame: which pattern began to play, marks, xruns,
commands.

Whoever knows of something tells it here, from any thread; each take picks out what falls into it. It reaches as far
back as the memory, so that a take that begins in the past knows what happened there.
"""

import threading

import msgspec

from chronus_tui.engine.lasting.spool import Spool
from chronus_tui.engine.lately import Lately
from store.documents import Number

LOG = "log"
"""Name of the spool in which an engine leaves it."""
PLAYING = ("pattern", "tempo")
"""What tells which pattern plays, and how fast."""


class Logged(msgspec.Struct, frozen=True):
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
    """Everything that happened lately, in the order in which it was told.

    spool  where it is written down at once, and outlives the engine
    """

    def __init__(self, spool: Spool | None = None) -> None:
        self._spool = spool
        self._entries: Lately[Logged] = Lately()
        self._lock = threading.Lock()  # what is forgotten and what was before it change as one
        self._before = Logged(0, "pattern")

    def tell(self, entry: Logged) -> None:
        """Note that something happened. Any thread."""
        self._entries.add(entry)
        if self._spool is not None:
            self._spool.add(entry)

    def after(self, number: int) -> tuple[list[Logged], int]:
        """What was told since this gave `number`; 0 at first."""
        return self._entries.after(number)

    def pattern_at(self, frame: int) -> Logged:
        """The pattern that played at `frame`, as it was told of."""
        with self._lock:
            found = self._before
            for entry in self._entries.all():
                if entry.what in PLAYING and entry.frame <= frame:
                    found = entry
            return found

    def forget(self, frame: int) -> None:
        """Let go of what happened before `frame`."""
        with self._lock:
            for gone in self._entries.forget(lambda entry: entry.frame < frame):
                if gone.what in PLAYING:
                    self._before = gone
