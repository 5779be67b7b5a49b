"""Plays the chain: as soon as an entry begins, the next one is compiled in the pool and waits for its end.

The control thread alone calls this. The chain is played by loads that wait, as any load does; so an entry comes in
on its very frame, and whoever loads something else, cancels what waits, or stops, ends the chain.
"""

from collections.abc import Callable

from chronus_tui.engine.chains import as_played, round_beats
from chronus_tui.engine.player import SoundBusy
from chronus_tui.engine.session import Queued, Session, When
from chronus_tui.errors import ChronusError, CommandRefused, StoreError
from dsp.clock import frame_of_beat
from dsp.pattern import STEPS_PER_BEAT
from store.documents import Chain, ChainEntry, Pattern
from store.moments import Moment

Found = tuple[Pattern, int | None]
"""A slot's pattern, and the entry of the pool that holds it, or None."""
Fetch = Callable[[ChainEntry, Callable[[Found | ChronusError], None]], None]
"""Finds an entry's slot, and hands what it holds, or why it does not, to a function on the control thread."""

STOP_AHEAD_S = 0.2
"""The end of a chain that stops is told to the sound this long before it."""
KEY = "chain"
"""The loads of a chain are one step of undo."""


class ChainPlayer:
    """Plays the chain of `session`.

    fetch  finds what an entry's slot holds
    tell   sends an event, its address and arguments
    """

    def __init__(self, session: Session, fetch: Fetch, tell: Callable[..., None]) -> None:
        self._session = session
        self._fetch = fetch
        self._tell = tell
        self.number = 0
        """Of the entry that plays, from 1; 0 where the chain does not play."""
        self._turn = 0  # goes up whenever what was asked for before no longer counts
        self._awaited: Queued | None = None
        self._awaited_number = 0
        self._ends = False
        self._again: Callable[[], None] | None = None  # prepares what the sound had no room for

    @property
    def playing(self) -> bool:
        """Whether the chain plays, or is about to."""
        return self.number > 0 or self._awaited is not None

    def play(self, number: int, found: Found) -> None:
        """Play from an entry, of which `found` is the slot's pattern: from the next bar on, or at once where stopped.

        Raises PoolFull.
        """
        self.stop()
        session = self._session
        if session.playing:
            self._load(number, found, "bar", 1)
            return
        self._load(number, found, "immediate", 1)
        session.play()
        self._begin(number)

    def stop(self) -> None:
        """Let the pattern that plays go on without the chain."""
        if self._awaited is not None and self._session.queued is self._awaited:
            self._session.cancel()
        self._turn += 1
        was = self.playing
        self._awaited, self._again, self.number, self._ends = None, None, 0, False
        if was:
            self._tell("/event/chain_stopped")

    def follow(self) -> None:
        """Notice that an entry began, or that somebody else took over; called after each turn."""
        session = self._session
        if self._awaited is not None:
            if session.came_in is self._awaited:
                self._awaited = None
                self._begin(self._awaited_number)
            elif session.queued is not self._awaited:
                self._awaited = None
                self.stop_silently()
        elif self.number and not session.playing:
            self.stop_silently()
        if self._ends and self.number:
            self._end_in_time()
        again, self._again = self._again, None
        if again is not None:
            again()

    def stop_silently(self) -> None:
        """The chain was ended by what somebody else did."""
        self._turn += 1
        self._again, self.number, self._ends = None, 0, False
        self._tell("/event/chain_stopped")

    def _begin(self, number: int) -> None:
        chain = self._session.moment.chain
        self.number = number
        if number <= len(chain.entries):
            entry = chain.entries[number - 1]
            self._tell("/event/chain_entry", number, entry.slot, entry.bank)
        self._prepare(number, chain, len(chain.entries))

    def _prepare(self, after: int, chain: Chain, tries: int) -> None:
        """Let the entry that comes after one be ready; one that cannot be read is passed over, and told."""
        following = after + 1
        if following > len(chain.entries):
            if not chain.loop or not chain.entries:
                self._ends = True
                return
            following = 1
        self._turn += 1
        turn, entry = self._turn, chain.entries[following - 1]

        def take(found: Found | ChronusError) -> None:
            if turn != self._turn or not self.number:
                return
            try:
                if isinstance(found, ChronusError):
                    raise found
                self._load(following, found, "end", self._rounds())
            except SoundBusy:
                self._again = lambda: self._prepare(after, chain, tries)
            except (CommandRefused, StoreError) as error:
                self._tell("/event/failed", f"Entry {following} of the chain is passed over. {error}")
                if tries > 1:
                    self._prepare(following, chain, tries - 1)
                else:
                    self._ends = True

        self._fetch(entry, take)

    def _load(self, number: int, found: Found, when: When, rounds: int) -> None:
        session = self._session
        entry = session.moment.chain.entries[number - 1]
        pattern, compiled = found
        played = as_played(pattern, entry)
        # What an entry mutes or plays at another tempo is no longer what the slot holds, and belongs to none.
        moment = Moment(pattern, entry.slot, pattern, entry.bank) if played is pattern else Moment(played)
        told = session.load(moment, compiled if played is pattern else None, when, rounds=rounds, key=KEY)
        for happening in told:
            self._tell(happening.address, *happening.arguments)
        self._awaited, self._awaited_number = session.queued if when != "immediate" else None, number

    def _rounds(self) -> int:
        entries = self._session.moment.chain.entries
        return entries[self.number - 1].repeats if 0 < self.number <= len(entries) else 1

    def _end_in_time(self) -> None:
        """Stop on the frame on which the last entry has been heard."""
        session = self._session
        state = session.player.state
        transport = state["transport"]
        beats = round_beats(session.pattern) * self._rounds()
        end = frame_of_beat(transport, int(transport["origin"]) / STEPS_PER_BEAT + beats, float(state["rate"]))
        if end - session.player.frame < STOP_AHEAD_S * session.player.rate:
            session.stop(max(end, session.player.frame))
            self.stop_silently()
