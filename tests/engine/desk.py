"""A control thread with no thread: commands are sent, and turns taken, by hand."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

from playing import RATE

from chronus_tui.engine.autosave import Autosave, resumed
from chronus_tui.engine.control import Control
from chronus_tui.engine.factory import library_of, presets_of
from chronus_tui.engine.osc import Listeners
from chronus_tui.engine.output.hand import HandDevice
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.recorder import Recorder
from chronus_tui.engine.session import Happening, Session
from chronus_tui.engine.slots.bank import Bank
from chronus_tui.engine.slots.changes import save_on_switch
from chronus_tui.engine.studio import Request, Studio
from chronus_tui.engine.timeline import Timeline
from chronus_tui.status import Status
from store.documents import Pattern
from store.history import HistoryFile
from store.lasting import LastingFolder
from store.moments import Moment
from store.project import open_project
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore

STARTED = datetime(2026, 11, 21, 21, 0, 0)


class AtOnce(Executor):
    """Runs what it is given before it comes back."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()

        def run() -> None:
            try:
                done.set_result(function(*args, **kwargs))
            except Exception as error:  # noqa: BLE001  # an executor hands on whatever was raised
                done.set_exception(error)

        self.begin(run)
        return done

    def begin(self, run: Callable[[], None]) -> None:
        """Its turn has come."""
        run()


class Later(AtOnce):
    """Runs what it is given when it is told to: a job is called."""

    def __init__(self, jobs: list[Any]) -> None:
        self._jobs = jobs

    def begin(self, run: Callable[[], None]) -> None:
        self._jobs.append(run)


@dataclass
class Answer:
    """What became of one command."""

    results: tuple[Any, ...] | None = None
    failure: str = ""

    def done(self, address: str, results: tuple[Any, ...]) -> None:
        self.results = results

    def failed(self, address: str, sentence: str) -> None:
        self.failure = sentence


@dataclass(eq=False)
class Desk:
    """An engine's parts around a hand-driven device, and a clock that `turn` moves on."""

    project: Path
    first: Pattern
    now_s: float = 1000.0
    recorder_by_hand: bool = False
    happened: list[Happening] = field(default_factory=list)
    again: bool = False
    lasting: LastingFolder | None = None

    def __post_init__(self) -> None:
        DESKS.add(self)
        document = open_project(self.project)
        self.player = Player(RATE, journal=True, lasting=self.lasting)
        self.device = HandDevice(self.player, 256)
        self.slots = SlotStore(self.project, gzip=document.gzip)
        history_file = HistoryFile(self.project)
        last = resumed(self.slots, history_file.read()) if self.again else None
        self.session = Session(self.player, *last) if last else Session(self.player, Moment(self.first))
        self.autosave = Autosave(self.session, self.slots, AtOnce(), history_file)
        self.bank = Bank(self.player.pool, self.slots, document.bank)
        self.control = Control(Timeline(RATE), self.happened.append)
        self.recorder = Recorder(
            self.player,
            self.project,
            document.recording,
            self._tell,
            lambda: "by hand",
            lambda: STARTED,
            self.recorder_by_hand,
            self.lasting,
        )
        self.quit = False
        self.sent: list[tuple[Any, ...]] = []
        self.studio = self.control.studio = Studio(
            project=self.project,
            player=self.player,
            session=self.session,
            bank=self.bank,
            slots=self.slots,
            changes=SlotChanges(self.project, self.slots),
            library=library_of(self.project),
            presets=presets_of(self.project),
            recorder=self.recorder,
            disk=AtOnce(),
            listeners=Listeners(lambda *message: self.sent.append(message)),
            status=lambda: Status(str(self.project), "test"),
            quit=self._quit,
            tell=self._tell,
            on_control=self.control.call_soon,
            synced=self.control.synced,
            settings=document,
        )
        save_on_switch(self.studio)

    def restarted(self) -> "Desk":
        """The desk of a new engine, where this one was cut off after its last autosave."""
        self.recorder.close()
        return Desk(self.project, self.first, self.now_s, again=True)

    def ask(self, address: str, *arguments: Any, at: float | None = None, sender: Any = None) -> Answer:
        """Send one command; `turn` carries it out."""
        answer = Answer()
        self.control.submit(Request(address, arguments, answer, at, sender))
        return answer

    def hold(self, documents: dict[tuple[int, int], Pattern]) -> None:
        """Lay patterns into slots, each by bank and slot, as if they had been there at the start; bank 1 is taken up
        with them."""
        for place, document in documents.items():
            self.slots.write(*place, document)
        self.do("/pattern/bank", 2)
        self.do("/pattern/bank", 1)

    def turn(self, frames: int = 256) -> Any:
        """Carry out what was asked, make some sound, hear what took effect."""
        self._turn_all()
        sound = self.device.make(frames)
        self.now_s += frames / RATE
        self._turn_all()
        return sound

    def _turn_all(self) -> None:
        self.control.turn(self.now_s, self.now_s)
        if self.recorder_by_hand:
            self.recorder.turn(self.now_s)

    def do(self, address: str, *arguments: Any) -> tuple[Any, ...]:
        """Send one command and carry it out; its results. It must not fail."""
        answer = self.ask(address, *arguments)
        self.turn()
        assert answer.failure == ""
        assert answer.results is not None, f"{address} was not answered"
        return answer.results

    def refuse(self, address: str, *arguments: Any) -> str:
        """Send one command that must be refused and must change nothing; the sentence."""
        before = self.session.moment
        answer = self.ask(address, *arguments)
        self.turn()
        assert answer.results is None
        assert self.session.moment == before
        assert answer.failure.endswith(".")
        return answer.failure

    def _tell(self, address: str, *arguments: Any) -> None:
        self.happened.append(Happening(address, arguments))

    def _quit(self) -> None:
        self.quit = True


DESKS: WeakSet[Desk] = WeakSet()
"""All there are."""
