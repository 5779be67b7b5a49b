"""The sound and its rings, seen from Python: what is pushed to it, what it tells.

Nothing here waits, and no thread but the control thread calls it; the sound itself is made by whoever calls
`render` on the same state.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from chronus_tui.engine.clips import ClipNumbers, Clips
from chronus_tui.engine.compile.patterns import Compiler
from chronus_tui.engine.journal import Journal, NamedClip
from chronus_tui.engine.kernel_cache import open_sound
from chronus_tui.engine.lasting.state import PAGE_BYTES, LastingState
from chronus_tui.engine.lasting.swaps import ToldSwaps
from chronus_tui.engine.struck import StruckNotes
from chronus_tui.errors import CommandRefused
from chronus_tui.progress import show_progress
from dsp import messages
from dsp.sizes import POOL
from dsp.state import STATE, make_state
from store.documents import Pattern
from store.lasting import LastingFolder


class PlayerEvent(msgspec.Struct, frozen=True):
    """Something that took effect in the sound, on `frame`; `kind` is one of `dsp.messages`."""

    frame: int
    kind: int
    entry: int
    ticket: int


_FIELDS: Any = STATE.fields
_STEMS_BEGIN = _FIELDS["stems"][1]
_STEMS_END = _STEMS_BEGIN + _FIELDS["stems"][0].itemsize


class Player:
    """One state of the sound.

    rate      frames a second
    seed      of all random choices
    progress  hears how far the sound is compiled, where it must be
    journal   whether what it is told is kept, for takes that are to be made again
    lasting   where what it made, was told and struck lately outlives the engine
    """

    def __init__(
        self,
        rate: int,
        seed: int = 1,
        progress: Callable[[str], None] = show_progress,
        journal: bool = False,
        lasting: LastingFolder | None = None,
    ) -> None:
        open_sound(progress)
        self.rate = rate
        self.array = make_state(rate, seed)
        self._lasting = None if lasting is None else LastingState(self.array, rate, lasting)
        self._stems_made = False
        self.stalls = 0  # how often the device asked for nothing, and the silent clock took over; the output counts
        self.state: Any = self.array[0]
        swaps = None if lasting is None else ToldSwaps(lasting)
        self.journal = Journal(self.array, rate, swaps) if journal else None
        self.struck = StruckNotes(self.state)
        self.clips = Clips(self.state, self.push)
        self.pool = Pool(self.state["pool"], self.clips.numbers, self._filled)
        self._room = messages.no_event()

    def make_pages(self) -> None:
        """Let the system give the sound its memory before any is made: in the callback, the first touch of a page would
        wait for that. Of the stems, two thirds of it, no page is touched before they are asked for."""
        _touch(self.array.view(np.uint8)[:_STEMS_BEGIN])
        _touch(self.array.view(np.uint8)[_STEMS_END:])

    def make_stem_pages(self) -> None:
        """The same for stems, before they are asked for."""
        if not self._stems_made:
            if self._lasting is not None:
                self._lasting.make_stems()
            _touch(self.array.view(np.uint8)[_STEMS_BEGIN:_STEMS_END])
            self._stems_made = True

    @property
    def xruns(self) -> int:
        """How often the device went short: blocks that came too late, and times when it asked for none."""
        return int(self.state["counters"]["xruns"]) + self.stalls

    @property
    def frame(self) -> int:
        """The first frame that is not yet made."""
        return int(self.state["frame"])

    def push(
        self,
        kind: int,
        *,
        frame: int = messages.AT_ONCE,
        a: int = 0,
        b: int = 0,
        ticket: int = 0,
        base: int = messages.ANY,
        x: float = 0.0,
        y: float = 0.0,
        clip: NamedClip | None = None,
    ) -> None:
        """Tell the sound one command of `dsp.messages`, to act on `frame`; of a clip, which one lies there.

        Raises SoundBusy where too many wait already.
        """
        if self.journal is not None:
            self.journal.is_pushed(kind, a, ticket)
        if not messages.push_command(self.state["commands"], frame, kind, a, b, ticket, base, float(x), float(y)):
            raise SoundBusy("Too many commands at once; this one was left out. Send fewer, or wait for /done.")
        if self.journal is not None:
            self.journal.pushed(kind, a, ticket, clip)

    def follow(self) -> None:
        """Take down what the sound was told, and what it struck. A take may end with any frame that was made before."""
        self.struck.follow()
        if self.journal is not None:
            self.journal.follow()

    def _filled(self, entry: int, pattern: Pattern) -> None:
        if self.journal is not None:
            self.journal.holds(entry, pattern)

    def events(self) -> Iterator[PlayerEvent]:
        """What took effect since the last call, oldest first."""
        while messages.take_event(self.state["events"], self._room):
            frame, kind, entry, ticket = (int(value) for value in self._room)
            if kind == messages.CLIP_TAKEN:
                self.clips.replaced(ticket)
                continue
            yield PlayerEvent(frame, kind, entry, ticket)


def _touch(memory: npt.NDArray[np.uint8]) -> None:
    memory[::PAGE_BYTES] |= 0
    memory[-1:] |= 0  # its page may begin after the last of those


class Pool:
    """The compiled patterns. An entry is free again when nobody keeps it: no slot, no edit under way, not
    the sound itself.

    records  (POOL,) array of PATTERN, in the state
    clips    gives the clips of tracks numbers
    filled   hears which entry holds which pattern from now on
    """

    def __init__(self, records: Any, clips: ClipNumbers, filled: Callable[[int, Pattern], None]) -> None:
        self.clips = clips
        self._filled = filled
        self._records = records
        self._compiler = Compiler(clips)
        self._keepers = [0] * POOL
        self._problems: dict[int, list[str]] = {}
        self._free = list(range(POOL - 1, -1, -1))

    def compile(self, pattern: Pattern) -> tuple[int, list[str]]:
        """A free entry filled with `pattern` and kept once, and what could not be played as written.

        Raises PoolFull where all entries are kept.
        """
        entry = self._claim(pattern)
        self._problems[entry] = self._compiler.compile(pattern, self._records[entry])
        return entry, self._problems[entry]

    def take(self, record: Any, pattern: Pattern, problems: list[str]) -> int:
        """A free entry filled with a copy of `record`, of PATTERN, that `pattern` was compiled to, and kept once.

        problems  what could not be played as written, as its compiler told

        Raises PoolFull where all entries are kept.
        """
        entry = self._claim(pattern)
        self._records[entry] = record
        self._problems[entry] = problems
        return entry

    def _claim(self, pattern: Pattern) -> int:
        """A free entry, from now on `pattern`'s, and kept once. Raises PoolFull where all entries are kept."""
        if not self._free:
            raise PoolFull("The sound has not taken up the last edits yet; try again.")
        entry = self._free.pop()
        self._keepers[entry] = 1
        self._filled(entry, pattern)
        return entry

    def copy(self, entry: int) -> tuple[Any, list[str]]:
        """The record that a kept entry holds, and what of it could not be played as written."""
        return self._records[entry].copy(), self._problems[entry]

    def problems(self, entry: int) -> list[str]:
        """What of the pattern in a kept entry could not be played as written."""
        return self._problems[entry]

    def room_without(self, entries: Iterable[int]) -> int:
        """How many entries would be free if those who keep `entries`, once for each mention, let go of them."""
        leaving = Counter(entries)
        return len(self._free) + sum(self._keepers[entry] == count for entry, count in leaving.items())

    def keep(self, entry: int) -> None:
        """One more keeper."""
        self._keepers[entry] += 1

    def release(self, entry: int) -> None:
        """One keeper less."""
        self._keepers[entry] -= 1
        if self._keepers[entry] == 0:
            self._free.append(entry)


class SoundBusy(CommandRefused):
    """The sound has no room for this until it has taken up what it was told before."""


class PoolFull(SoundBusy):
    """Every entry of the pool is in use."""
