"""The parts of one engine, put together in the order in which they need each other, and taken apart in the
other order.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from chronus_tui.engine.autosave import Autosave, resumed
from chronus_tui.engine.control import Control
from chronus_tui.engine.factory import factory_library, library_of, presets_of
from chronus_tui.engine.history import History
from chronus_tui.engine.options import EngineOptions
from chronus_tui.engine.osc import Listeners, OscRequest, OscServer
from chronus_tui.engine.osc_asker import request_of
from chronus_tui.engine.output.output import Output
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.left_takes import finish_takes
from chronus_tui.engine.recording.recorder import Recorder
from chronus_tui.engine.report import status_of
from chronus_tui.engine.server import LinkServer
from chronus_tui.engine.session import Happening, Session
from chronus_tui.engine.slots.bank import Bank
from chronus_tui.engine.slots.changes import save_on_switch
from chronus_tui.engine.slots.watching import Watch
from chronus_tui.engine.studio import Studio
from chronus_tui.engine.timeline import Timeline
from chronus_tui.errors import StoreError
from chronus_tui.link import ENDING, ChainMessage, Event, Message, PatternMessage, SlotsMessage, StatusMessage
from chronus_tui.runtime_note import OscPlace, RuntimeNote, read_note, remove_note, write_note
from chronus_tui.status import OscStatus, Status
from dsp import messages
from store.codec import encode_chain, encode_pattern
from store.documents import Chain, Pattern, Project
from store.history import HistoryFile
from store.lasting import folders_left, folders_of_others, make_folder, places
from store.moments import Moment
from store.slots.changes import SlotChanges
from store.slots.factory import fill_with_factory
from store.slots.slots import SlotStore

STATUS_S = 0.05
PATTERN_S = 0.02
"""How often a client is told of edits at most: a knob swept by a script must not flood a screen."""
FADE_S = 0.05
FADE_WAIT_S = 0.5
FIRST_SLOT = 1

log = logging.getLogger(__name__)

Read = TypeVar("Read")


class RunningEngine:
    """Everything that runs while `project` is played. The caller holds the project's lock.

    end       is called for `/engine/quit`
    progress  hears how far the sound is compiled, where it must be

    Raises ChronusError where the OSC port or the link's socket cannot be had.
    """

    def __init__(
        self,
        project: Path,
        document: Project,
        options: EngineOptions,
        end: Callable[[], None],
        progress: Callable[[str], None],
    ) -> None:
        self._project = project
        self._options = options
        self._control = Control(Timeline(options.rate), self._announce)
        self._stopped = threading.Event()
        self._ending = False
        self._thread = threading.Thread(
            target=self._control.run, args=(self._stopped.is_set, self._follow), name="control", daemon=True
        )
        # The port comes first of all: where it is taken, nothing else need be made.
        self._osc = OscServer(options.osc_host, options.osc_port, self._hear_osc)
        self._osc.start()  # only now, for whoever hears a message answers by it
        self._listeners = Listeners(self._osc.reply)
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")
        self._output: Output | None = None
        self._server: LinkServer | None = None
        slots = SlotStore(project, gzip=document.gzip)
        changes = SlotChanges(project, slots)
        self._told: list[Happening] = []
        self._prepare_project(changes, document.recording.folder)
        self._lasting = make_folder(project, places())
        player = Player(options.rate, progress=progress, journal=True, lasting=self._lasting)
        player.make_pages()
        bank = Bank(player.pool, slots, document.bank)
        history_file = HistoryFile(project)
        kept = self._read(history_file.read)
        moment, history = self._read(lambda: resumed(slots, kept)) or (self._first_moment(bank), History())
        self._session = Session(player, moment, history)
        self._autosave = Autosave(self._session, slots, self._disk, history_file)
        self._recorder = Recorder(
            player,
            project,
            document.recording,
            self._tell,
            lambda: self._device_name,
            datetime.now,
            lasting=self._lasting,
        )
        if left := self._recorder.finish_what_is_left():
            self._told.append(Happening("/event/take_encoding", tuple(left)))
        self._studio = self._control.studio = Studio(
            project=project,
            player=player,
            session=self._session,
            bank=bank,
            slots=slots,
            changes=changes,
            library=library_of(project),
            presets=presets_of(project),
            recorder=self._recorder,
            disk=self._disk,
            listeners=self._listeners,
            status=self._status,
            quit=end,
            tell=self._tell,
            on_control=self._control.call_soon,
            synced=self._control.synced,
            settings=document,
        )
        save_on_switch(self._studio)
        self._watch = Watch(self._session, bank, slots, self._disk, self._tell)
        self._died = read_note(project)
        self._noted_playing = False
        self._status_due_s = 0.0
        self._pattern_due_s = 0.0
        self._told_revision = -1
        self._told_bank = -1
        self._told_chain: Chain | None = None

    def start(self) -> None:
        """Begin to sound, to listen and to answer."""
        self._session.publish()
        self._studio.player.follow()  # what sounds before the first frame is known, for takes that reach back to it
        self._output = Output(self._studio.player, self._options.device, self._options.block)
        self._output.start()
        if self._died is not None and self._died.playing:
            self._session.play()
            self._told.append(Happening("/event/resumed"))
        for happening in self._told:
            log.info("%s %s", happening.address, happening.arguments)
        control = self._control
        self._server = LinkServer(self._project, control.submit, self._welcome, control.call_soon, self._client_left)
        self._note_down()
        self._thread.start()  # last: all that this uses is the control thread's from now on

    def close(self) -> None:
        """Fade out, close a running take, save, end all threads."""
        if self._output is not None:
            self._ending = True
            self._tell(ENDING)
            self._control.call_soon(self._fade_out)
            self._wait_for_silence()
        self._recorder.close()
        self._control.call_soon(self._end_work)
        if self._thread.is_alive():
            self._control.call_soon(self._stopped.set)
            self._thread.join()
        self._autosave.write()
        self._disk.shutdown(wait=True)
        if self._output is not None:
            self._output.close()
        remove_note(self._project)
        if self._lasting is not None and not self._recorder.hangs:
            self._lasting.close()
        self._osc.close()
        if self._server is not None:
            self._server.close()

    @property
    def hangs(self) -> bool:
        """Whether the device, or the disk of a take, keeps the process from ending."""
        return self._recorder.hangs or (self._output is not None and self._output.hangs)

    @property
    def _device_name(self) -> str:
        return self._output.name if self._output else ""

    def _prepare_project(self, changes: SlotChanges, takes: str) -> None:
        """Fill an unused bank, and finish what a crash cut off: a change of slots, takes."""
        try:
            fill_with_factory(self._project, factory_library())
        except StoreError as error:
            self._told.append(Happening("/event/failed", (str(error),)))
        try:
            changes.finish()
        except StoreError as error:
            self._told.append(Happening("/event/failed", (str(error),)))
        left, others = (find(self._project, places()) for find in (folders_left, folders_of_others))
        repaired, problems = finish_takes(self._project, takes, left, others)
        self._told += [Happening("/event/take_repaired", (name,)) for name in repaired]
        self._told += [Happening("/event/failed", (problem,)) for problem in problems]

    def _read(self, read: Callable[[], Read | None]) -> Read | None:
        """What was kept of the last time; None where there is nothing, or it cannot be read, which is told."""
        try:
            return read()
        except StoreError as error:
            self._told.append(Happening("/event/failed", (str(error),)))
            return None

    def _first_moment(self, bank: Bank) -> Moment:
        """The first slot, else an empty pattern: where nothing was worked on yet."""
        first = bank.pattern(FIRST_SLOT)
        return Moment(first, FIRST_SLOT, first, bank.number) if first else Moment(Pattern())

    def _hear_osc(self, message: OscRequest) -> None:
        self._control.submit(request_of(message, self._osc))

    def _status(self) -> Status:
        assert self._output is not None
        clients = self._server.clients if self._server else 0
        osc = OscStatus(self._osc.host, self._osc.port, self._osc.malformed, self._osc.dropped)
        return status_of(self._studio, self._output, self._options.block, clients, osc)

    def _tell(self, address: str, *arguments: Any) -> None:
        """Send an event to all who listen, from any thread."""
        self._control.call_soon(lambda: self._announce(Happening(address, arguments)))

    def _announce(self, happening: Happening) -> None:
        """Send an event to all who listen, from the control thread."""
        if self._server is not None:
            self._server.send(Event(happening.address, happening.arguments))
        self._listeners.broadcast(time.monotonic(), happening.address, *happening.arguments)

    def _welcome(self) -> list[Message]:
        told = [Event(happening.address, happening.arguments) for happening in self._told]
        self._told = []  # the first to come hears what happened before anyone was there
        return [
            StatusMessage(self._status()),
            self._pattern_message(),
            self._slots_message(),
            self._chain_message(),
            *told,
            *([Event(ENDING)] if self._ending else []),  # who comes now shall not start again what was told to end
        ]

    def _pattern_message(self) -> PatternMessage:
        return PatternMessage(encode_pattern(self._session.pattern))

    def _chain_message(self) -> ChainMessage:
        return ChainMessage(encode_chain(self._session.moment.chain))

    def _slots_message(self) -> SlotsMessage:
        bank = self._studio.bank
        return SlotsMessage(bank.number, bank.lines())

    def _follow(self, now_s: float) -> None:
        """What comes after each turn of the control thread: tell clients what changed, save by itself."""
        assert self._server is not None
        failure = self._autosave.follow(now_s)
        if failure:
            self._announce(Happening("/event/failed", (failure,)))
        self._watch.follow(now_s)
        if self._session.revision != self._told_revision and now_s >= self._pattern_due_s:
            self._told_revision = self._session.revision
            self._pattern_due_s = now_s + PATTERN_S
            self._server.send(self._pattern_message())
        if self._studio.bank.revision != self._told_bank:
            self._told_bank = self._studio.bank.revision
            self._server.send(self._slots_message())
        if self._session.moment.chain is not self._told_chain:
            self._told_chain = self._session.moment.chain
            self._server.send(self._chain_message())
        if self._session.playing != self._noted_playing:
            self._note_down()
        if now_s >= self._status_due_s:
            self._status_due_s = now_s + STATUS_S
            if self._server.clients:
                self._server.send(StatusMessage(self._status()))

    def _fade_out(self) -> None:
        self._studio.player.push(messages.FADE_OUT, ticket=round(FADE_S * self._options.rate))

    def _client_left(self, client: object) -> None:
        self._control.call_soon(lambda: self._studio.audition.leave(client))

    def _end_work(self) -> None:
        for works in (self._studio.works, self._studio.examiner.works):
            if works.now is not None:
                works.cancel()

    def _wait_for_silence(self) -> None:
        ends_s = time.monotonic() + FADE_WAIT_S
        while self._studio.player.state["fade"] > 0 and time.monotonic() < ends_s:
            time.sleep(FADE_S / 10)

    def _note_down(self) -> None:
        """Tell where this engine is found, and what one that takes its place must know."""
        self._noted_playing = self._session.playing
        osc = OscPlace(self._osc.host, self._osc.port)
        write_note(self._project, RuntimeNote(os.getpid(), osc, self._options, self._noted_playing))
