"""The working pattern: its edits, its history, the slot it came from, and what the sound is told of it.

The control thread alone calls this. A document is never changed: an edit makes a new one, which is compiled
into a spare entry of the pool and swapped in by the sound itself. Each swap has a ticket, and an edit's
swap names the ticket it was made from. Where a queued load came in between, the sound refuses the edit as
stale, and it is made again on the pattern that now plays: no edit is lost, and none brings the old pattern
back.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.history import History
from chronus_tui.engine.player import Player, PlayerEvent, PoolFull, SoundBusy
from chronus_tui.errors import CommandRefused
from dsp import messages
from store.documents import Chain, Pattern
from store.moments import Moment, Place, Slots

Edit = Callable[[Pattern], Pattern]
When = Literal["bar", "beat", "end", "immediate"]
"""When a load comes in: on the next bar line, on the next beat, at the end of the pattern, or at once."""
_LINES: dict[When, int] = {"bar": messages.LINE_BAR, "beat": messages.LINE_BEAT, "end": messages.LINE_END}


class Queued(msgspec.Struct, frozen=True):
    """A load that waits for its line: a bar's, a beat's, or the end of the pattern."""

    moment: Moment
    entry: int
    ticket: int
    when: When
    key: str
    source: str


class InFlight(msgspec.Struct):
    """A swap that the sound has not taken up yet, and the edits that it brings.

    load  number of the queued load that came before it
    """

    entry: int
    edits: list[Edit]
    load: int


class SlotStep(msgspec.Struct, frozen=True):
    """A change of slots, as `change_slots` made it: the moment that undo comes back to, the one that it made,
    and what the slots held."""

    before: Moment
    after: Moment
    held: Slots


class Happening(msgspec.Struct, frozen=True):
    """What the session has to say to whoever listens: an event's address and arguments."""

    address: str
    arguments: tuple[str | int, ...] = ()


@dataclass
class Session:
    """The one working pattern of an engine."""

    player: Player
    moment: Moment = field(default_factory=lambda: Moment(Pattern()))
    history: History[Moment] = field(default_factory=History)
    playing: bool = False
    filling: bool = False
    queued: Queued | None = None
    problems: list[str] = field(default_factory=list)
    revision: int = 0  # goes up whenever the working pattern or its slot changes
    leave: Callable[[Moment], None] = lambda _: None  # hears what is loaded, before the working pattern goes

    def __post_init__(self) -> None:
        self.place_before: Place | None = None  # where "back" goes
        self.came_in: Queued | None = None  # the last load that waited for its line, and came in there
        self._unpublished: list[Edit] = []
        self._dirty = True
        self._in_flight: dict[int, InFlight] = {}
        self._ticket = 0
        self._last_ticket = 0
        self._current_entry: int | None = None
        self._loads = 0
        self._not_before = messages.AT_ONCE
        self._held_back = False

    @property
    def pattern(self) -> Pattern:
        """The working pattern."""
        return self.moment.pattern

    @property
    def slot(self) -> int | None:
        """The slot that the working pattern was loaded from or saved to, or None."""
        return self.moment.slot

    @property
    def edited(self) -> bool:
        """Whether the working pattern differs from its slot."""
        return self.moment.pattern is not self.moment.saved and self.moment.pattern != self.moment.saved

    @property
    def is_told(self) -> bool:
        """Whether the sound was told of all that it is to play now."""
        return not self._dirty or self._held_back

    def edit(self, change: Edit, key: str = "", now_s: float = 0.0) -> None:
        """Change the working pattern; `publish` lets it be heard.

        change  gives a new pattern, or raises CommandRefused; it may be called again on another pattern
        key     changes of one key that follow closely are one step of undo
        """
        after = change(self.pattern)
        if after is self.pattern or after == self.pattern:
            return
        self.history.record(self.moment, key, now_s)
        self._become(replace(self.moment, pattern=after))
        if not self._held_back:
            self._unpublished.append(change)
        self._dirty = True

    def publish(self, frame: int = messages.AT_ONCE) -> None:
        """Let the sound take up the edits since the last time, on `frame`.

        Where the pool or the sound has no room they stay unpublished, and the next call tries again.
        """
        if not self._dirty or self._held_back:
            return
        try:
            entry, self.problems = self.player.pool.compile(self.pattern)
        except PoolFull:
            return
        first = self._current_entry is None and not self._in_flight
        base = messages.ANY if first else self._ticket
        with contextlib.suppress(SoundBusy):
            self._swap(entry, frame, base, self._unpublished)
            self._unpublished = []
            self._dirty = False

    def load(
        self,
        moment: Moment,
        entry: int | None,
        when: When = "bar",
        frame: int = messages.AT_ONCE,
        rounds: int = 1,
        key: str = "",
        source: str = "",
    ) -> list[Happening]:
        """Let another pattern become the working one, at once where nothing plays.

        entry   the pool's entry that holds it compiled, or None where it is to be compiled now
        rounds  of the pattern that plays, where `when` is its end
        key     loads of one key that follow each other are one step of undo
        source  the file that it was read from, which is named where something in it cannot be played as written

        It takes the place of a load that waits. Gives what there is to say already; of a load that waits for
        its line that comes with its event. Raises SoundBusy where the sound has no room for it.
        """
        self.publish(frame)
        if entry is None:
            entry, _ = self.player.pool.compile(moment.pattern)
        else:
            self.player.pool.keep(entry)
        if when != "immediate" and self.playing:
            ticket = self._push(messages.SWAP_AT_LINE, entry, frame, b=_LINES[when], x=rounds)
            self.queued = Queued(moment, entry, ticket, when, key, source)
            return []
        if self.queued is not None or self._held_back:
            try:
                self.player.push(messages.CANCEL, frame=frame)
            except SoundBusy:
                self.player.pool.release(entry)
                raise
        self.leave(moment)
        self._swap(entry, frame, messages.ANY, [])
        self.history.record(self.moment, key)
        self._become(replace(moment, slots=self.moment.slots, chain=self.moment.chain))
        self._unpublished = []
        self._dirty = False
        return [loaded(moment), *self._problems_told(entry, source)]

    def change_chain(self, chain: Chain, key: str = "", now_s: float = 0.0) -> None:
        """Edit the chain, as one step of undo; `key` and `now_s` as `edit` takes them."""
        if chain != self.moment.chain:
            self.history.record(self.moment, key, now_s)
            self._become(replace(self.moment, chain=chain))

    def cancel(self, frame: int = messages.AT_ONCE) -> bool:
        """Forget the load that waits. False where none does."""
        if self.queued is None:
            return False
        self.player.push(messages.CANCEL, frame=frame)
        return True

    def audition(self, pattern: Pattern, frame: int = messages.AT_ONCE) -> int:
        """Let `pattern` be heard from the next bar on, while the working pattern stays; the ticket of its swap.

        Nothing is published until `hold_back` ends it. Raises SoundBusy as `load` does.
        """
        self.publish(frame)
        entry, _ = self.player.pool.compile(pattern)
        ticket = self._push(messages.SWAP_AT_LINE, entry, frame, b=messages.LINE_BAR)
        self.hold_back(True)
        return ticket

    def come_back(self, frame: int = messages.AT_ONCE) -> int:
        """Let the working pattern be heard again from the next bar on; the ticket of its swap.

        Raises SoundBusy as `load` does.
        """
        entry, self.problems = self.player.pool.compile(self.pattern)
        ticket = self._push(messages.SWAP_AT_LINE, entry, frame, b=messages.LINE_BAR)
        self._in_flight[ticket] = InFlight(entry, [], self._loads)
        self._ticket = ticket
        self._dirty = False
        return ticket

    def hold_back(self, on: bool) -> None:
        """Publish nothing while something else is heard, or publish again."""
        self._dirty = self._dirty or on
        self._held_back = on

    def change_slots(self, held: Slots, holds: Slots, after: Moment) -> "SlotStep":
        """Slots hold something else from now on, as one step that undo takes back.

        held   what they held, where that is known
        holds  what they hold now
        after  the working pattern and where it belongs, which may follow
        """
        before = replace(self.moment, slots={**self.moment.slots, **held})
        self.history.record(before)
        self._take_up(replace(after, slots={**before.slots, **holds}, chain=before.chain))
        return SlotStep(before, self.moment, held)

    def take_back(self, step: "SlotStep") -> None:
        """The disk refused what `change_slots` told of: nothing of it shall be left, nor undone to."""

        def without(moment: Moment) -> Moment:
            now = replace(moment, slots={**moment.slots, **step.held})
            if moment.pattern is step.after.pattern:
                now = replace(now, pattern=step.before.pattern)
            if (moment.place, moment.saved) == (step.after.place, step.after.saved):
                now = replace(now, slot=step.before.slot, bank=step.before.bank, saved=step.before.saved)
            return now

        self.history.forget(step.before, without)
        self._take_up(without(self.moment))

    def slots_hold(self, slots: Slots) -> None:
        """These slots hold what is said, and not what undo or redo made of them."""
        self._become(replace(self.moment, slots={**self.moment.slots, **slots}))

    def undo(self) -> bool:
        """Bring back what was before the last edit or load. False where nothing was."""
        return self._return_to(self.history.undo(self.moment))

    def redo(self) -> bool:
        """Do again what was taken back. False where nothing was."""
        return self._return_to(self.history.redo(self.moment))

    def compiled_entry(self) -> int | None:
        """The entry that holds the working pattern as it is, or None where it is not compiled."""
        if self._dirty:
            return None
        newest = self._in_flight.get(self._ticket)
        return newest.entry if newest else self._current_entry

    def play(self, frame: int = messages.AT_ONCE) -> None:
        """Start the transport."""
        self.player.push(messages.PLAY, frame=frame)
        self.playing = True

    def stop(self, frame: int = messages.AT_ONCE) -> None:
        """Stop the transport; a queued load comes in at once then."""
        self.player.push(messages.STOP, frame=frame)
        self.playing = False

    def fill(self, on: bool, frame: int = messages.AT_ONCE) -> None:
        """Hold the fill that steps may wait for, or let it go."""
        self.player.push(messages.FILL, frame=frame, a=int(on))
        self.filling = on

    def take(self, event: PlayerEvent) -> list[Happening]:
        """Learn what took effect in the sound, and tell what people should hear of."""
        match event.kind:
            case messages.SWAPPED:
                return self._swapped(event)
            case messages.STALE:
                return self._stale(event)
            case messages.CANCELLED:
                self.player.pool.release(event.entry)
                if self._in_flight.pop(event.ticket, None) is not None:
                    self._dirty = True
                if self.queued is not None and self.queued.ticket == event.ticket:
                    self.queued = None
                    return [Happening("/event/load_cancelled")]
        return []

    def _swapped(self, event: PlayerEvent) -> list[Happening]:
        load = self.queued if self.queued is not None and self.queued.ticket == event.ticket else None
        if load is not None:
            self.leave(load.moment)
        if self._current_entry is not None:
            self.player.pool.release(self._current_entry)
        self._current_entry = event.entry
        self._in_flight.pop(event.ticket, None)
        if load is None:
            return []
        moment, self.queued, self.came_in = load.moment, None, load
        self._ticket = event.ticket
        self._loads += 1
        self.history.record(self.moment, load.key)
        self._become(replace(moment, slots=self.moment.slots, chain=self.moment.chain))
        edits, self._unpublished = self._unpublished, []
        self._dirty = False
        return [loaded(moment), *self._problems_told(event.entry, load.source), *self._edit_again(edits)]

    def _problems_told(self, entry: int, source: str) -> list[Happening]:
        """What of a pattern that was loaded cannot be played as written: the first of it, with its file, and how much
        more there is, which the status tells when the first is mended."""
        self.problems = self.player.pool.problems(entry)
        if not self.problems:
            return []
        more = f" ({len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return [Happening("/event/failed", (f"{source}: {self.problems[0]}{more}" if source else self.problems[0],))]

    def _stale(self, event: PlayerEvent) -> list[Happening]:
        self.player.pool.release(event.entry)
        lost = self._in_flight.pop(event.ticket, None)
        if lost is None or lost.load == self._loads:
            self._dirty = True  # the working pattern still holds these edits; the sound does not
            return []
        return self._edit_again(lost.edits)

    def _edit_again(self, edits: list[Edit]) -> list[Happening]:
        """Make edits on the pattern that came in between."""
        told = []
        for change in edits:
            try:
                self.edit(change)
            except CommandRefused as refusal:
                told.append(Happening("/event/failed", (str(refusal),)))
        return told

    def _return_to(self, moment: Moment | None) -> bool:
        if moment is None:
            return False
        self._take_up(moment)
        return True

    def _take_up(self, moment: Moment) -> None:
        """Become a moment that no edit made; what sounds follows where it is another pattern."""
        if moment.pattern is not self.pattern:
            # To be made again after a load that came in between would bring the old pattern back.
            self._unpublished = []
            self._dirty = True
        self._become(moment)

    def _become(self, moment: Moment) -> None:
        if self.moment.place is not None and moment.place != self.moment.place:
            self.place_before = self.moment.place
        self.moment = moment
        self.revision += 1

    def _swap(self, entry: int, frame: int, base: int, edits: list[Edit]) -> None:
        """Let the sound take up a pool entry that brings `edits`. Raises as `_push` does."""
        if frame == messages.AT_ONCE and self._not_before > self.player.frame:
            frame = self._not_before  # behind a swap that has its time, for it builds on that one
        ticket = self._push(messages.SWAP_NOW, entry, frame, base=base)
        self._not_before = frame
        self._in_flight[ticket] = InFlight(entry, edits, self._loads)
        self._ticket = ticket

    def _push(self, kind: int, entry: int, frame: int, **more: Any) -> int:
        """Tell the sound to take up a pool entry; the ticket. Raises SoundBusy, having let go of the entry."""
        ticket = self._next_ticket()
        try:
            self.player.push(kind, frame=frame, a=entry, ticket=ticket, **more)
        except SoundBusy:
            self.player.pool.release(entry)
            raise
        return ticket

    def _next_ticket(self) -> int:
        self._last_ticket += 1
        return self._last_ticket


def loaded(moment: Moment) -> Happening:
    """The event of a pattern that became the working one."""
    if moment.slot is None:
        return Happening("/event/pattern_loaded", (moment.pattern.name,))
    return Happening("/event/slot_loaded", (moment.slot, moment.pattern.name, moment.bank))
