"""Morphs the working pattern from one slot to another while bars go by.

The control thread alone calls this. Each step of the way is an edit, all of them one step of undo; whoever edits or
loads meanwhile takes over, and the morph ends where it is.
"""

from collections.abc import Callable, Collection

import msgspec

from chronus_tui.engine.morph import morph
from chronus_tui.engine.session import Session
from dsp.clock import beat_of_frame
from store.documents import Pattern
from store.moments import Place, Slots

EVERY_S = 0.05
"""Settings glide for 20 ms to each new value, so this often is heard as one movement."""
KEY = "morph"


class _Way(msgspec.Struct):
    """Where a morph goes, over how many beats, and since which beat; `made` is what it made last."""

    a: Pattern
    b: Pattern
    beats: float
    since: float
    made: Pattern


class MorphPlayer:
    """Morphs the pattern of `session`. `tell` sends an event, its address and arguments."""

    def __init__(self, session: Session, tell: Callable[..., None]) -> None:
        self._session = session
        self._tell = tell
        self._way: _Way | None = None
        self._due_s = 0.0
        self._ends: Slots = {}
        self._made: Pattern | None = None

    def ends(self, places: Collection[Place]) -> Slots | None:
        """What slots of other banks hold, as `keep` was told; None where something else was done since the last move
        of the fader, or where one of them is not known, and the disk must tell."""
        if self._session.pattern is not self._made or not set(places) <= set(self._ends):
            return None
        return {place: self._ends[place] for place in places}

    def keep(self, ends: Slots) -> None:
        """Have at hand what slots of other banks hold: a fader asks for the same two at each of its moves."""
        self._ends = dict(ends)

    def forget(self, places: Collection[Place]) -> None:
        """These slots hold something else now."""
        self._ends = {place: held for place, held in self._ends.items() if place not in places}

    def set(self, a: Pattern, b: Pattern, amount: float, now_s: float) -> None:
        """Be there at once: what lies `amount` of the way is the working pattern from now on."""
        self._way = None
        self._make(morph(a, b, amount), now_s)

    def start(self, a: Pattern, b: Pattern, beats: float, now_s: float) -> None:
        """Go all the way over so many beats from now on. The transport plays."""
        self._make(a, now_s)
        self._way = _Way(a, b, beats, self._beat(), self._session.pattern)
        self._due_s = now_s

    def follow(self, now_s: float) -> None:
        """Go on where it is time to; called after each turn."""
        way, session = self._way, self._session
        if way is None or now_s < self._due_s:
            return
        self._due_s = now_s + EVERY_S
        if session.pattern is not way.made or not session.playing:
            self._end()
            return
        amount = min(max((self._beat() - way.since) / way.beats, 0.0), 1.0)
        self._make(morph(way.a, way.b, amount), now_s)
        way.made = session.pattern
        if amount == 1.0:
            self._end()

    def _make(self, pattern: Pattern, now_s: float) -> None:
        self._session.edit(lambda _: pattern, KEY, now_s)
        self._made = self._session.pattern

    def _end(self) -> None:
        self._way = None
        self._tell("/event/morph_ended")

    def _beat(self) -> float:
        player = self._session.player
        return float(beat_of_frame(player.state["transport"], player.frame, player.rate))
