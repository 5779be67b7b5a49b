"""The recorder: what people ask of it, and the thread that carries it out.

Commands are asked by the control thread, which never waits; the recorder's thread carries them out in `turn`. When a
take begins and ends is the `schedule`'s, how it gets to the disk the `writers`', what there is to see `showing`'s.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.lasting.spool import Spool
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.audition import Audition
from chronus_tui.engine.recording.count_in import CountIn
from chronus_tui.engine.recording.disk_watch import DiskWatch
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.order import Known
from chronus_tui.engine.recording.rules import Wish
from chronus_tui.engine.recording.schedule import Schedule
from chronus_tui.engine.recording.showing import Showing
from chronus_tui.engine.recording.take_log import LOG, Logged, TakeLog
from chronus_tui.engine.recording.take_writer import TakeWriter
from chronus_tui.engine.recording.taps import taps_of
from chronus_tui.engine.recording.writers import CLOSE_S, Writers
from chronus_tui.engine.results import Results
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.status import RecordingStatus
from dsp.messages import AT_ONCE
from dsp.tap import tap_end
from store.documents import RecordingSettings
from store.lasting import LastingFolder
from store.moments import Moment
from store.takes.formats import TakeFormat, format_named
from store.takes.repair import left_to_finish

POLL_S, BUSY_POLL_S = 0.05, 0.02
"""How often what was made is taken into memory: while a take runs, what is not on the disk could be lost."""
STALL = "silent clock"
"""The name of an xrun after which that played: the device asked for no sound."""
KEEP_MIN_S, KEEP_MAX_S = 10.0, 900.0
LAG_S = 0.25
"""What is younger waits until the control thread has told what happened in it, so long at most."""

log = logging.getLogger(__name__)


class _Asked(msgspec.Struct, frozen=True):
    """A piece of work for the recorder's thread, and who waits for it."""

    act: Callable[["Future[Results]"], None]
    done: "Future[Results]"


class Recorder:
    """Records what `player` makes.

    project   its folder; takes go to `recordings` in it, or where the settings say
    settings  how takes are made
    tell      called from any of its threads with an event's address and arguments
    device    tells the name of the device that plays
    now       tells the local time, after which a take with no name is called
    by_hand   no threads: `turn` does what all of them would
    lasting   where what was heard and told lately outlives the engine, and what takes need of it
    """

    def __init__(
        self,
        player: Player,
        project: Path,
        settings: RecordingSettings,
        tell: Callable[..., None],
        device: Callable[[], str],
        now: Callable[[], datetime],
        by_hand: bool = False,
        lasting: LastingFolder | None = None,
    ) -> None:
        self.log = TakeLog(None if lasting is None else Spool(lasting, LOG))
        self.count_in = CountIn(player)
        self.audition = Audition(player, tell)
        self._player = player
        self._settings = settings
        self._by_hand = by_hand
        self._asked: queue.SimpleQueue[_Asked] = queue.SimpleQueue()
        self._ended = False
        self.hangs = False  # a take keeps the process from ending
        self._lock = threading.Lock()
        self._wish: Wish | None = None
        self._playing = Logged(0, "")
        self._heard = 0
        self._known = Known()
        self._listening = Listening(player, _kept_s(settings), lasting)
        self._reach(settings)
        self._writers = Writers(
            player, self._listening, settings, self.log, self._known, project, tell, device, now, by_hand, lasting
        )
        self.encoder = self._writers.encoder
        self._listening.take_at(self._writers.taps)
        self._schedule = Schedule(self._writers, self._listening, player.rate, tell, self._want_no_more)
        self._disk = DiskWatch(tell, by_hand)
        self._showing = Showing(player.rate, self._listening, self._writers, self._schedule, self.audition, self._disk)
        self._xruns = player.xruns
        self._stalls = player.stalls
        self._show(0.0)
        self._thread: threading.Thread | None = None
        if not by_hand:
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    @property
    def settings(self) -> RecordingSettings:
        """How takes are made that are asked for now. The control thread's: the recorder's learns of a change after all
        that was asked before."""
        return self._settings

    @property
    def folder(self) -> Path:
        """Where takes go that are asked for now."""
        return Path(self._settings.folder or self.default_folder)

    @property
    def default_folder(self) -> Path:
        """Where they go unless the settings say otherwise."""
        return self._writers.default_folder

    @property
    def temp_dir(self) -> Path:
        """The project's folder for temporary files."""
        return self._writers.temp_dir

    @property
    def wanted(self) -> bool:
        """Whether a take runs, or waits to begin."""
        return self._wish is not None

    @property
    def under_way(self) -> tuple[TakeWriter, ...]:
        """The takes that are written now, and those that have just ended."""
        return self._writers.under_way

    def start(self, wish: Wish, moment: Moment) -> "Future[Results]":
        """Begin a take, with the next frame that is made, or when its time comes. Results: its path, or nothing.

        moment  what plays, and the slot that it belongs to

        Called by the control thread. Raises ChronusError where a take runs, or what is wished for cannot be.
        """
        self._form(wish)
        with self._lock:
            if self._wish is not None:
                raise CommandRefused("A take is being recorded already; stop it first.")
            self._wish = wish
        if self._player.journal is not None:
            self._player.journal.copy_now()
        first = int(tap_end(self._player.state))
        self.hear_pattern(first, moment)
        return self._ask(lambda done: self._schedule.start(wish, first, done))

    def stop(self, at_bar: bool = False) -> "Future[Results]":
        """Close the take with the last frame that was made, or with the bar. Results: its path and its seconds,
        how many frames were lost and how many samples cut off.

        A take that still waits is forgotten. Called by the control thread. Raises CommandRefused where no take runs.
        """
        with self._lock:
            if self._wish is None:
                raise CommandRefused("No take is being recorded.")
            if not at_bar:
                self._wish = None
        self.count_in.end()
        if at_bar and (main := self._schedule.main) is not None:
            main.strictly_heard = True  # first of all: what is written cannot be taken back
        end = int(tap_end(self._player.state))
        self._player.follow()
        if at_bar:
            return self._ask(lambda done: self._schedule.stop_at_bar(end, done))
        return self._ask(lambda done: self._schedule.stop(end, done))

    def grab(self, seconds: float | None, name: str | None) -> "Future[Results]":
        """Make a take of the last `seconds`, or of all that is in memory. Results: its path.

        Nothing is interrupted. Called by the control thread.
        """
        wanted = self._form(Wish())
        end = int(tap_end(self._player.state))
        self._player.follow()
        return self._ask(lambda done: self._schedule.grab(end, seconds, name, wanted, done))

    def mark(self, name: str) -> None:
        """Set a mark where the sound is now. Called by the control thread."""
        self.log.tell(Logged(int(tap_end(self._player.state)), "mark", name))

    def hear_command(self, frame: int, address: str, arguments: Sequence[object]) -> None:
        """A command was carried out, which acts on `frame`, or at once. Called by the control thread."""
        at = int(tap_end(self._player.state)) if frame == AT_ONCE else frame
        self.log.tell(Logged(at, "command", " ".join((address, *map(str, arguments)))))

    def follow_settings(self, settings: RecordingSettings) -> None:
        """Make takes like that from now on. Called by the control thread."""
        if self.wanted:  # no more is heard at other taps, also where those in use were refused by the disk
            settings = replace(settings, taps=self._settings.taps)
        before, self._settings = self._settings, settings
        self._ask(lambda done: self._follow(before, settings))

    def finish_what_is_left(self) -> list[str]:
        """Encode the takes that the last engine had not encoded yet, and tell their names.

        Those that were cut off before they were measured are measured.
        """
        left: list[str] = []
        for folder in dict.fromkeys((self.default_folder, self.folder)):
            takes = left_to_finish(folder)
            self.encoder.add(folder, [take.name for take in takes])
            left += [take.name for take in takes if take.encode_to]
        return left

    def heard_until(self, frame: int) -> None:
        """All that happened before `frame` was told. Called by the control thread, again and again."""
        self._heard = frame

    def hear_bar(self, frame: int) -> None:
        """A bar began on `frame`. Called by the control thread."""
        self._ask(lambda done: self._schedule.hear_bar(frame))

    def hear_pattern(self, frame: int, moment: Moment) -> None:
        """What plays from `frame` on is this moment's pattern. Called by the control thread."""
        pattern, before = moment.pattern, self._playing
        self._writers.tracks = pattern.tracks
        playing = Logged(frame, "pattern", pattern.name, moment.slot, moment.bank if moment.slot else 0, 0, pattern.bpm)
        if (playing.name, playing.slot, playing.bank) == (before.name, before.slot, before.bank):
            if playing.bpm == before.bpm:
                return
            playing = replace(playing, what="tempo")
        self._playing = playing
        self.log.tell(playing)

    def hear_silenced(self, frame: int) -> None:
        """The sound broke in the quantum that begins at `frame`. Called by the control thread."""
        self.log.tell(Logged(frame, "silenced"))

    def status(self) -> RecordingStatus:
        """The running take, or the last one, and the room on the disk."""
        return self._showing.status

    def close(self) -> None:
        """Close the takes and end the threads."""
        end = int(tap_end(self._player.state))
        self._ask(lambda done: self._end(end))
        if self._thread is None:
            self.turn(0.0)
        else:
            self._thread.join()
        self.hangs = not all((self._writers.join(), self.encoder.close(CLOSE_S), self.audition.close(CLOSE_S)))
        if self.hangs:
            log.warning("the disk of a take does not answer; what reached it is finished at the next start")

    def turn(self, now_s: float) -> None:
        """Do what is due; `now_s` are seconds of a clock that never goes back."""
        heard = self._heard  # before the bars that were told by then are taken into account
        for _ in range(self._asked.qsize()):
            self._carry_out(self._asked.get())
        self._look(now_s, heard)
        if self._by_hand:
            self._writers.step()
            self._look(now_s, heard)

    def _run(self) -> None:
        while not self._ended:
            try:
                with contextlib.suppress(queue.Empty):
                    self._carry_out(self._asked.get(timeout=BUSY_POLL_S if self.under_way else POLL_S))
                self.turn(time.monotonic())
            except Exception:  # the thread's edge: what was heard is still in memory, and the next turn goes on
                log.exception("a turn of the recorder failed")

    def _ask(self, act: Callable[["Future[Results]"], None]) -> "Future[Results]":
        done: Future[Results] = Future()
        self._asked.put(_Asked(act, done))
        return done

    def _carry_out(self, asked: _Asked) -> None:
        self._look_for_xruns()  # before a take ends that they belong to
        try:
            asked.act(asked.done)
        except ChronusError as error:
            asked.done.set_exception(error)
        except Exception as error:
            asked.done.set_exception(error)
            raise

    def _end(self, end: int) -> None:
        self._wish = None
        try:
            self._schedule.end_all(end)
        finally:
            self._ended = True

    def _form(self, wish: Wish) -> TakeFormat:
        """The format of a take that is asked for now. Raises StoreError where it cannot be."""
        return format_named(wish.form or self._settings.format, self._player.rate)

    def _follow(self, before: RecordingSettings, settings: RecordingSettings) -> None:
        self._writers.settings = settings
        if _kept_s(before) != _kept_s(settings):
            self._listening.keep(_kept_s(settings))
            self._reach(settings)
        if before.taps != settings.taps:
            self._take_at(settings.taps)

    def _want_no_more(self, wish: Wish) -> None:
        with self._lock:  # a new one may be wanted by now
            if self._wish is wish:
                self._wish = None

    def _reach(self, settings: RecordingSettings) -> None:
        if self._player.journal is not None:
            self._player.journal.reach(_kept_s(settings))

    def _take_at(self, words: Sequence[str]) -> None:
        self._writers.taps = taps_of(words)
        self._listening.take_at(self._writers.taps)

    def _look(self, now_s: float, heard: int) -> None:
        """What comes up by itself: sound to be remembered, levels that begin or end a take, the disk."""
        memory = self._listening.memory
        self._listening.listen()
        untold = self._writers.first_to_tell()
        self.log.forget(untold)
        self._player.struck.forget(untold)
        if self._player.journal is not None:
            self._player.journal.forget(self._writers.first_to_begin(), untold)
        self._look_for_xruns()
        self._schedule.look_at_levels()
        self._known.heard = heard
        self._known.looked = max(heard, memory.end - round(LAG_S * self._player.rate))
        self._writers.wake()
        if (ended := self._schedule.ended) is not None:
            self._showing.keep(ended)
            self._schedule.forget_ended()
        self._show(now_s)
        self._writers.clear_up()

    def _look_for_xruns(self) -> None:
        stalls, xruns = self._player.stalls, self._player.xruns  # the first are among the second
        if xruns > self._xruns:
            name = STALL if stalls > self._stalls else ""
            heard = max(0, self._listening.memory.end - 1)  # the last frame, for a take that ends with it
            self.log.tell(Logged(heard, "xrun", name, count=xruns - self._xruns))
            self._stalls, self._xruns = stalls, xruns

    def _show(self, now_s: float) -> None:
        showing, main = self._showing, self._schedule.main
        folder = main.folder if main is not None else self._writers.folder
        self._disk.look(now_s, folder, showing.bytes_a_second, main is not None)
        showing.show(self.wanted)


def _kept_s(settings: RecordingSettings) -> float:
    return min(max(float(settings.keep_s), KEEP_MIN_S), KEEP_MAX_S)
