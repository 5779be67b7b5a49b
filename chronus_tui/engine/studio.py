"""Everything that a command can act on, in one place, and what a command is while it is carried out."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from chronus_tui.engine.audition import Audition
from chronus_tui.engine.chain_player import ChainPlayer, Found
from chronus_tui.engine.examiner import Examiner
from chronus_tui.engine.library_history import LibraryHistory
from chronus_tui.engine.morph_player import MorphPlayer
from chronus_tui.engine.osc import Listeners
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.recorder import Recorder
from chronus_tui.engine.results import Results as Results
from chronus_tui.engine.session import Edit, Session
from chronus_tui.engine.slots.bank import Bank
from chronus_tui.engine.work import Works
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.status import Status
from dsp import messages
from dsp.sizes import CLIP_FRAMES
from store.chains import Chains
from store.clips import Clip, read_clip
from store.documents import ChainEntry, Pattern, Project
from store.library.library import Library
from store.presets import Presets
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore

Read = TypeVar("Read")


class Asker(Protocol):
    """Whoever sent a command and hears what became of it. Called by any thread; never waits."""

    def done(self, address: str, results: tuple[Any, ...]) -> None:
        """It was carried out."""

    def failed(self, address: str, sentence: str) -> None:
        """It was refused, and changed nothing."""


class Request(msgspec.Struct, frozen=True):
    """A command on its way to the control thread.

    at      Unix time in seconds at which it shall act, None for at once
    sender  where events for this asker go over OSC, None for others
    client  the screen that asks, known by its identity alone; None for others
    """

    address: str
    arguments: tuple[Any, ...]
    asker: Asker
    at: float | None = None
    sender: Any = None
    client: Any = None


class Call(msgspec.Struct, frozen=True):
    """A command while it is carried out.

    places  what its address names, such as the track
    frame   on which it acts, or AT_ONCE
    now_s   seconds of a clock that never goes back
    """

    request: Request
    places: dict[str, str]
    now_s: float
    frame: int = messages.AT_ONCE


@dataclass
class Studio:
    """The parts of a running engine, as the commands see them.

    disk        runs what touches files, one thing after another
    changes     of slots; used on the disk's thread
    status      tells all about the engine
    quit        ends the engine
    tell        sends an event, its address and arguments, to all who listen
    synced      a future of its number, there once all that was asked before has taken effect
    on_control  lets the control thread call a function soon
    """

    project: Path
    player: Player
    session: Session
    bank: Bank
    slots: SlotStore
    changes: SlotChanges
    library: Library
    presets: Presets
    recorder: Recorder
    disk: Executor
    listeners: Listeners
    status: Callable[[], Status]
    quit: Callable[[], None]
    tell: Callable[..., None]
    on_control: Callable[[Callable[[], None]], None]
    synced: Callable[[int], Future[Results]]
    audition: Audition = field(init=False)
    chain: ChainPlayer = field(init=False)
    chains: Chains = field(init=False)
    morph: MorphPlayer = field(init=False)
    works: Works = field(init=False)
    examiner: Examiner = field(init=False)
    library_history: LibraryHistory = field(init=False)
    settings: Project = Project()  # noqa: RUF009  frozen, as any document
    taps_s: list[float] = field(default_factory=list)
    slot_commands: list[Callable[[Exception | None], None]] | None = None  # see `slots.turns`

    def __post_init__(self) -> None:
        self.audition = Audition(self.session)
        self.chain = ChainPlayer(self.session, self.fetch_entry, self.tell)
        self.chains = Chains(self.project)
        self.morph = MorphPlayer(self.session, self.tell)
        self.works = Works(self._tell_of_library, "/library/cancel")
        self.examiner = Examiner(self.project, self.tell, self.on_control)
        self.library_history = LibraryHistory()

    def _tell_of_library(self, what: str, happened: str, done: int, of: int) -> None:
        self.tell(f"/event/library_{happened}", what, done, of)

    def fetch_entry(self, entry: ChainEntry, take: Callable[[Found | ChronusError], None]) -> None:
        """Hand what an entry's slot holds, or why it does not, to `take`: now, or once the disk has told."""
        if entry.bank == self.bank.number:
            try:
                take((self.bank.require(entry.slot), self.bank.entry(entry.slot)))
            except CommandRefused as error:
                take(error)
            return

        def hand_on(found: Future[Pattern]) -> None:
            error = found.exception()
            if isinstance(error, ChronusError):
                take(error)
            else:
                take((found.result(), None))

        self.afterwards(self.disk.submit(self.slots.read, entry.bank, entry.slot), hand_on)

    def fetch_clips(self) -> None:
        """Let the disk's thread read the clips that patterns began to want; what cannot be read is told."""
        clips = self.player.clips
        for name in clips.numbers.take_wanted():

            def take_up(found: Future[Clip], name: str = name) -> None:
                error = found.exception()
                if error is None:
                    clips.put(name, found.result())
                elif isinstance(error, ChronusError):
                    self.tell("/event/failed", str(error))
                else:
                    raise error

            self.afterwards(self.disk.submit(read_clip, self.project, name, CLIP_FRAMES), take_up)
        clips.follow()

    def on_disk(
        self,
        write: Callable[[], Results],
        take_back: Callable[[], None] | None,
        event: str,
        *arguments: str | int,
    ) -> Future[Results]:
        """Write on the disk's thread. Then `event` is told; where the disk refuses, `take_back` is called
        on the control thread first, so that nothing looks saved that is not."""
        done: Future[Results] = Future()

        def finish(written: Future[Results]) -> None:
            error = written.exception()
            if error is None:
                self.tell(event, *arguments)
                done.set_result(written.result())
                return
            try:
                if take_back is not None:
                    take_back()
            finally:
                done.set_exception(error)

        self.afterwards(self.disk.submit(write), finish)
        return done

    def from_disk(
        self, read: Callable[[], Read], take_up: Callable[[Read], Results | Future[Results]]
    ) -> Future[Results]:
        """Read on the disk's thread; go on with `take_up` on the control thread."""
        done: Future[Results] = Future()

        def finish(found: Future[Read]) -> None:
            try:
                follow(done, take_up(found.result()))
            except Exception as error:  # noqa: BLE001  # a fault of ours, too, is for whoever waits; he tells the log
                done.set_exception(error)

        self.afterwards(self.disk.submit(read), finish)
        return done

    def afterwards(self, future: Future[Any], finish: Callable[[Future[Any]], None]) -> None:
        """Let the control thread go on with `finish` when `future` is there."""
        future.add_done_callback(lambda done: self.on_control(lambda: finish(done)))

    def edit(self, call: Call, change: Edit, key: str = "") -> None:
        """Change the working pattern as part of `call`.

        What is sent to act at a time is published on its frame; the rest once the control thread has heard
        all that has arrived.
        """
        timed = call.frame != messages.AT_ONCE
        if timed:
            self.session.publish()
        self.session.edit(change, key, call.now_s)
        if timed:
            self.session.publish(call.frame)


def follow(done: Future[Results], results: Results | Future[Results] | None) -> None:
    """Let `done` have these results, once they are there."""
    if not isinstance(results, Future):
        done.set_result(results or ())
        return

    def hand_on(found: Future[Results]) -> None:
        error = found.exception()
        if error is None:
            done.set_result(found.result())
        else:
            done.set_exception(error)

    results.add_done_callback(hand_on)
