"""The recorder: what people ask of it, when takes begin and end, and what there is to show.

Commands are asked by the control thread, which never waits; the recorder's thread carries them out in `turn`. Each
take has a thread of its own (`take_writer`), and what is to be encoded goes to another one (`encoder`).
"""

import contextlib
import logging
import queue
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from dataclasses import replace as become
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.audition import Audition
from chronus_tui.engine.recording.count_in import CountIn
from chronus_tui.engine.recording.encoder import Encoder
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.performing import Performing
from chronus_tui.engine.recording.rules import ATTACK_S, Ending, Waiting, Wish
from chronus_tui.engine.recording.take_log import Logged, TakeLog
from chronus_tui.engine.recording.take_writer import Order, TakeWriter
from chronus_tui.engine.recording.taps import called, taps_of
from chronus_tui.engine.results import Results
from chronus_tui.engine.session import Moment
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.status import RecordingStatus
from dsp.messages import AT_ONCE
from dsp.tap import tap_end
from store.documents import RecordingSettings, Track
from store.take_formats import TakeFormat, format_named
from store.take_repair import left_to_encode

POLL_S = 0.05
LOOK_S = 1.0
"""How often the room on the disk is looked at."""
LOW_DISK_S = 60.0
"""With room for so much less of a take there is a warning."""
KEEP_MIN_S, KEEP_MAX_S = 10.0, 900.0
TAKES_MAX = 8
"""More takes at once than a person can mean."""
CHANNELS = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Asked:
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
    ) -> None:
        self.settings = settings
        self.log = TakeLog()
        self.count_in = CountIn(player)
        self.audition = Audition(player, tell)
        self._player = player
        self.default_folder = project / "recordings"
        self.temp_dir = project / "patterns" / "temp"
        self._tell = tell
        self._device = device
        self._now = now
        self._by_hand = by_hand
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._listening = Listening(player, _kept_s(settings))
        self._reach(settings)
        self._taps = taps_of(settings.taps)
        self._listening.take_at(self._taps)
        self._tracks: tuple[Track, ...] = ()
        self.encoder = Encoder(self.temp_dir, tell)
        self._wanted = False
        self._playing = Logged(0, "")
        self._heard = 0
        self._waiting: Waiting | None = None
        self._ending = Ending()
        self._main: TakeWriter | None = None
        self._others: list[TakeWriter] = []
        self._threads: list[threading.Thread] = []
        self._xruns = int(player.state["counters"]["xruns"])
        self._looked_s = -LOOK_S
        self._free_bytes = 0
        self._warned = False
        self._status = RecordingStatus()
        self._show(0.0)
        self._thread: threading.Thread | None = None
        if not by_hand:
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    @property
    def folder(self) -> Path:
        """Where takes go."""
        return Path(self.settings.folder) if self.settings.folder else self.default_folder

    @property
    def wanted(self) -> bool:
        """Whether a take runs, or waits to begin."""
        return self._wanted

    def start(self, wish: Wish, moment: Moment) -> "Future[Results]":
        """Begin a take, with the next frame that is made, or when its time comes. Results: its path, or nothing.

        moment  what plays, and the slot that it belongs to

        Called by the control thread. Raises ChronusError where a take runs, or what is wished for cannot be.
        """
        if self._wanted:
            raise CommandRefused("A take is being recorded already; stop it first.")
        self._format(wish)
        self._wanted = True
        first = int(tap_end(self._player.state))
        self.hear_pattern(first, moment)
        self._tracks = moment.pattern.tracks
        return self._ask(lambda done: self._start(wish, first, done))

    def stop(self, at_bar: bool = False) -> "Future[Results]":
        """Close the take with the last frame that was made, or with the bar. Results: its path and its seconds.

        A take that still waits is forgotten. Called by the control thread. Raises CommandRefused where no take runs.
        """
        if not self._wanted:
            raise CommandRefused("No take is being recorded.")
        self.count_in.end()
        end = int(tap_end(self._player.state))
        self._player.follow()
        main = self._main
        if at_bar and main is not None:
            main.strictly_heard = True  # from now on: what is written cannot be taken back
            return self._ask(lambda done: self._stop_at_bar(end, done))
        self._wanted = False
        return self._ask(lambda done: self._stop(end, done))

    def grab(self, seconds: float | None, name: str | None, moment: Moment) -> "Future[Results]":
        """Make a take of the last `seconds`, or of all that is in memory. Results: its path.

        Nothing is interrupted. `moment` is what plays. Called by the control thread.
        """
        wanted = self._format(Wish())
        self._tracks = moment.pattern.tracks
        end = int(tap_end(self._player.state))
        self._player.follow()
        return self._ask(lambda done: self._grab(end, seconds, name, wanted, done))

    def mark(self, name: str) -> None:
        """Set a mark where the sound is now. Called by the control thread."""
        self.log.tell(Logged(int(tap_end(self._player.state)), "mark", name))

    def hear_command(self, frame: int, address: str, arguments: Sequence[object]) -> None:
        """A command was carried out, which acts on `frame`, or at once. Called by the control thread."""
        at = int(tap_end(self._player.state)) if frame == AT_ONCE else frame
        self.log.tell(Logged(at, "command", " ".join((address, *map(str, arguments)))))

    def follow_settings(self, settings: RecordingSettings) -> None:
        """Make takes like that from now on. Called by the control thread."""
        before, self.settings = self.settings, settings
        if _kept_s(before) != _kept_s(settings):
            self._ask(lambda done: self._listening.keep(_kept_s(settings)))
            self._reach(settings)
        if before.taps != settings.taps:
            self._ask(lambda done: self._take_at(settings.taps))

    def _reach(self, settings: RecordingSettings) -> None:
        if self._player.journal is not None:
            self._player.journal.reach(_kept_s(settings))

    def encode_what_is_left(self) -> list[str]:
        """Go on with the takes that the last engine had not encoded yet; their names."""
        left: list[str] = []
        for folder in dict.fromkeys((self.default_folder, self.folder)):
            names = left_to_encode(folder)
            self.encoder.add(folder, names)
            left += names
        return left

    def heard_until(self, frame: int) -> None:
        """All that happened before `frame` was told. Called by the control thread, again and again."""
        self._heard = frame

    def hear_bar(self, frame: int) -> None:
        """A bar began on `frame`. Called by the control thread."""
        self._ask(lambda done: self._bar(frame))

    def hear_pattern(self, frame: int, moment: Moment) -> None:
        """What plays from `frame` on is this moment's pattern. Called by the control thread."""
        pattern, before = moment.pattern, self._playing
        playing = Logged(frame, "pattern", pattern.name, moment.slot, moment.bank if moment.slot else 0, 0, pattern.bpm)
        if (playing.name, playing.slot, playing.bank) == (before.name, before.slot, before.bank):
            if playing.bpm == before.bpm:
                return
            playing = become(playing, what="tempo")
        self._playing = playing
        self.log.tell(playing)

    def status(self) -> RecordingStatus:
        """The running take, or the last one, and the room on the disk."""
        return self._status

    def close(self) -> None:
        """Close the takes and end the threads."""
        end = int(tap_end(self._player.state))
        self._wanted = False
        if self._by_hand:
            self._end_all(end)
            self.turn(0.0)
        elif self._thread is not None and self._thread.is_alive():
            self._ask(lambda done: self._end_all(end))
            self._asked.put(None)
            self._thread.join()
        for thread in self._threads:
            thread.join()
        self.encoder.close()
        self.audition.close()

    def turn(self, now_s: float) -> None:
        """Do what is due; `now_s` are seconds of a clock that never goes back."""
        while not self._asked.empty():
            asked = self._asked.get()
            if asked is not None:
                self._carry_out(asked)
        self._look(now_s)
        if self._by_hand:
            for writer in self.writers():
                writer.step()
            self._look(now_s)

    def _run(self) -> None:
        while True:
            try:
                asked = self._asked.get(timeout=POLL_S)
            except queue.Empty:
                self._try(lambda: self._look(time.monotonic()))
                continue
            if asked is None:
                return
            self._carry_out(asked)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:  # the thread's edge: what was heard is still in memory, and the next turn goes on
            log.exception("a turn of the recorder failed")

    def _ask(self, act: Callable[["Future[Results]"], None]) -> "Future[Results]":
        done: Future[Results] = Future()
        self._asked.put(_Asked(act, done))
        return done

    def _carry_out(self, asked: _Asked) -> None:
        try:
            asked.act(asked.done)
        except ChronusError as error:
            asked.done.set_exception(error)

    def writers(self) -> list[TakeWriter]:
        """The takes under way, and those that have just ended."""
        return [*self._others, *([self._main] if self._main is not None else [])]

    def _format(self, wish: Wish) -> TakeFormat:
        return format_named(wish.form or self.settings.format, self._player.rate)

    def _start(self, wish: Wish, first: int, done: "Future[Results]") -> None:
        if not wish.waits:
            self._begin(wish, first, done)
            return
        self._waiting = Waiting(wish, first)
        self._show_now()
        done.set_result(())

    def _begin(self, wish: Wish, frame: int, done: "Future[Results]") -> None:
        """Let the take begin with `frame`, or earlier by its preroll."""
        self._waiting = None
        if self._main is not None:
            self._others.append(self._main)
        preroll_s = float(self.settings.preroll_s) if wish.preroll_s is None else wish.preroll_s
        if wish.level is not None:
            preroll_s = max(preroll_s, ATTACK_S)
        first = frame - round(preroll_s * self._player.rate)
        self._main = self._writer(wish.name, self._format(wish), first, None, done)
        self._main.strictly_heard = wish.bars is not None
        self._ending = Ending(after=frame, looked=frame, loud=frame)
        if wish.bars is not None:
            self._ending.bars_left = wish.bars - 1
        if wish.silence_s is not None and wish.level is not None:
            self._ending.level = wish.level
            self._ending.silence_frames = round(wish.silence_s * self._player.rate)
        self._run_writer(self._main)

    def _writer(
        self, name: str | None, wanted: TakeFormat, first: int, end: int | None, done: "Future[Results]"
    ) -> TakeWriter:
        settings, taps = self.settings, self._taps
        memory = self._listening.kept_at(taps)
        order = Order(
            name=name,
            wanted=wanted,
            taps=called(taps, self._tracks),
            tracks=self._tracks,
            folder=self.folder,
            default_folder=self.default_folder,
            temp_dir=self.temp_dir,
            part_frames=part_frames(settings, self._player.rate, CHANNELS * wanted.bits // 8),
            first=max(first, memory.begin, 0),
            end=end,
            grabbed=end is not None,
            rate=self._player.rate,
            device=self._device(),
        )
        return TakeWriter(
            order,
            lambda: self._listening.kept_at(taps),
            self.log,
            lambda: self._heard,
            self._now,
            self._tell,
            done,
            self._perform,
            self._player.struck,
        )

    def _perform(self, folder: Path, take: str, first: int) -> Performing | None:
        journal = self._player.journal
        if journal is None:
            return None
        player = self._player
        return Performing(journal, lambda: player.clips.numbers.names, folder, take, player.rate, first, self._tell)

    def _run_writer(self, writer: TakeWriter) -> None:
        if self._by_hand:
            writer.step()
            return

        def run() -> None:
            while not writer.ended:
                try:
                    writer.step()
                except Exception:  # the thread's edge
                    log.exception("a take could not be written")
                    self._tell("/event/failed", "The take broke off; .chronus/engine.log says why.")
                    writer.ended = True
                if not writer.ended:
                    time.sleep(POLL_S)

        thread = threading.Thread(target=run, name="take", daemon=True)
        thread.start()
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]

    def _stop(self, end: int, done: "Future[Results]") -> None:
        if self._waiting is not None:
            self._waiting = None
            self._show_now()
            self._tell("/event/take_cancelled")
            done.set_result(())
            return
        if self._main is None or self._main.ended:  # it failed before it was stopped, and that was told
            raise CommandRefused("The take had ended already.")
        self._listening.listen(end)
        self._end(self._main, end, done)

    def _stop_at_bar(self, asked: int, done: "Future[Results]") -> None:
        if self._main is None or self._main.ended:
            raise CommandRefused("The take had ended already.")
        self._ending.after, self._ending.bars_left = asked - 1, 0
        done.set_result(())
        self._show_now()

    def _end(self, writer: TakeWriter, end: int, done: "Future[Results] | None" = None) -> None:
        if done is not None:
            writer.closing.append(done)
        writer.end = end

    def _end_all(self, end: int) -> None:
        self._waiting = None
        self._listening.listen(end)
        if self._main is not None and not self._main.ended:
            self._end(self._main, end)

    def _grab(
        self, end: int, seconds: float | None, name: str | None, wanted: TakeFormat, done: "Future[Results]"
    ) -> None:
        if sum(not writer.ended for writer in self._others) >= TAKES_MAX:
            raise CommandRefused(f"{TAKES_MAX} takes are being written already; wait a moment.")
        self._listening.listen(end)
        memory = self._listening.kept_at(self._taps)
        first = memory.begin if seconds is None else max(memory.begin, end - round(seconds * self._player.rate))
        if first >= end:
            raise CommandRefused("Nothing was heard yet; play something first.")
        writer = self._writer(name, wanted, first, end, done)
        self._others.append(writer)
        self._run_writer(writer)

    def _bar(self, frame: int) -> None:
        self._listening.listen()
        if self._waiting is not None and self._waiting.hear_bar(frame):
            self._begin(self._waiting.wish, frame, Future())
        elif self._main is not None and not self._main.ended and self._ending.hear_bar(frame):
            self._finish_by_itself(frame)

    def _finish_by_itself(self, end: int) -> None:
        assert self._main is not None
        self._ending = Ending()
        self._end(self._main, end)
        self._wanted = False

    def _take_at(self, words: Sequence[str]) -> None:
        self._taps = taps_of(words)
        self._listening.take_at(self._taps)
        self._show_now()

    def _look(self, now_s: float) -> None:
        """What comes up by itself: sound to be remembered, levels that begin or end a take, the disk."""
        listening = self._listening
        listening.listen()
        self.log.forget(listening.memory.begin)
        if self._player.journal is not None:
            self._player.journal.forget(self._needed())
        self._player.struck.forget(self._needed())
        self._look_for_xruns()
        self._look_at_levels()
        if self._main is not None and self._main.ended:
            self._take_ended(self._main)
        for writer in self._others:
            if writer.ended:
                self._to_encoder(writer)
        self._others = [writer for writer in self._others if not writer.ended]
        self._show(now_s)

    def _needed(self) -> int:
        """The first frame that a take may still ask for."""
        remembered: int = self._listening.memory.begin
        return min([remembered, *(writer.order.first for writer in self.writers() if writer.file is None)])

    def _take_ended(self, writer: TakeWriter) -> None:
        self._show_now()
        self._main = None
        if self._ending.after or writer.refused or writer.end is None:
            self._ending = Ending()
        if writer.end is None or writer.refused:  # nobody asked for that
            self._wanted = False
        self._to_encoder(writer)

    def _to_encoder(self, writer: TakeWriter) -> None:
        if writer.order.wanted.container:
            for file in writer.finished:
                self.encoder.add(file.path.parent, [file.take.name])

    def _look_for_xruns(self) -> None:
        xruns = int(self._player.state["counters"]["xruns"])
        if xruns > self._xruns:
            self.log.tell(Logged(self._listening.memory.end, "xrun", count=xruns - self._xruns))
            self._xruns = xruns

    def _look_at_levels(self) -> None:
        listening = self._listening
        if self._waiting is not None and self._waiting.wish.level is not None:
            frame = listening.rises(self._waiting.asked, self._waiting.wish.level)
            if frame is not None:
                self._begin(self._waiting.wish, frame, Future())
            else:
                self._waiting.asked = listening.memory.end
        ending = self._ending
        if ending.silence_frames is None or self._main is None or self._main.ended:
            return
        loud = listening.last_over(ending.looked, ending.level)
        ending.loud = ending.loud if loud is None else loud
        ending.looked = listening.memory.end
        if ending.looked - ending.loud >= ending.silence_frames:
            self._finish_by_itself(ending.loud + ending.silence_frames)

    def _show_now(self) -> None:
        self._show(self._looked_s)

    def _show(self, now_s: float) -> None:
        """Write down how the takes are doing."""
        if now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._look_at_disk()
        status = self._status
        writer = self._main
        if writer is not None and writer.file is not None:
            file = writer.file
            status = replace(
                status,
                path=str(file.path),
                seconds=file.frames / self._player.rate,
                frames=file.frames,
                dropped=file.dropped,
                size_bytes=file.size_bytes,
                format=writer.order.wanted.name,
                bits=writer.order.wanted.bits,
                lufs=writer.meter.lufs,
                true_peak_db=writer.meter.true_peak_db,
                waveform=writer.overview.peaks,
            )
        elif writer is None and not self._wanted:
            wanted = self.settings.format
            with contextlib.suppress(ChronusError):
                status = replace(status, format=format_named(wanted, self._player.rate).name)
        listening = self._listening
        self._status = replace(
            status,
            active=writer is not None and not writer.ended,
            waiting=self._words_of_waiting(),
            taps=self.settings.taps,
            disk_free_bytes=self._free_bytes,
            disk_left_s=self._free_bytes / self._bytes_a_second(),
            peak_hold=listening.held,
            rms_db=listening.meter.rms_db,
            kept_s=(listening.memory.end - listening.memory.begin) / self._player.rate,
            lost=listening.lost,
            encoding=self.encoder.name,
            encoded=self.encoder.share,
            auditioned=self.audition.name,
            auditioned_s=self.audition.seconds,
        )

    def _words_of_waiting(self) -> str:
        if self._waiting is not None:
            return "level" if self._waiting.wish.level is not None else "bar"
        if self._main is not None and self._ending.bars_left is not None:
            return "end"
        return ""

    def _bytes_a_second(self) -> int:
        writer = self._main
        bits = writer.order.wanted.bits if writer is not None else self._status.bits
        taps = len(writer.order.taps) if writer is not None else len(self._taps)
        return self._player.rate * CHANNELS * taps * bits // 8

    def _look_at_disk(self) -> None:
        folder = self.folder
        try:
            # Where the folder has gone, the next take makes it again.
            self._free_bytes = shutil.disk_usage(folder if folder.is_dir() else folder.parent).free
        except OSError:
            self._free_bytes = 0
        left_s = self._free_bytes / self._bytes_a_second()
        if self._main is None or left_s >= LOW_DISK_S:
            self._warned = False
        elif not self._warned:
            self._warned = True
            self._tell("/event/disk_low", left_s)


def part_frames(settings: RecordingSettings, rate: int, frame_bytes: int) -> int:
    """After how many frames a take goes on in another file, 0 for never."""
    by_time = round(float(settings.split_s) * rate)
    by_size = int(float(settings.split_mb) * 1_000_000) // frame_bytes
    return min((each for each in (by_time, by_size) if each > 0), default=0)


def _kept_s(settings: RecordingSettings) -> float:
    return min(max(float(settings.keep_s), KEEP_MIN_S), KEEP_MAX_S)
