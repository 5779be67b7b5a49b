"""The takes under way: what each is to be, the thread that it has, and where it goes when it has ended.

Only `run` of each take is on the take's own thread; the rest is called by the recorder's.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.encoder import Encoder
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.memory_ring import CHANNELS
from chronus_tui.engine.recording.order import Known, Order
from chronus_tui.engine.recording.performing import Performing
from chronus_tui.engine.recording.take_log import TakeLog
from chronus_tui.engine.recording.take_writer import TakeWriter
from chronus_tui.engine.recording.taps import called, taps_of
from chronus_tui.engine.recording.trace import Traces
from chronus_tui.engine.results import Results
from chronus_tui.errors import CommandRefused
from store.documents import RecordingSettings, Track
from store.lasting import LastingFolder
from store.takes.formats import TakeFormat

PATIENCE_S = 1.0
"""Of a take that hears nothing new."""
CLOSE_S = 10.0
"""How long a disk is waited for where the engine ends."""
BROKE_OFF = CommandRefused("The take broke off; .chronus/engine.log says why.")

log = logging.getLogger(__name__)


class Writers:
    """Makes takes of what `listening` remembers.

    settings  how takes are made, `taps` where the sound is taken, and `tracks` that there are now
    log       what happened
    known     up to where it is known whether a take goes on
    project   its folder; takes go to `recordings` in it, or where the settings say
    tell      called from any thread with an event's address and arguments
    device    tells the name of the device that plays
    now       tells the local time
    by_hand   no threads: `step` does what they would
    lasting   where running takes leave a trace that outlives the engine
    """

    def __init__(
        self,
        player: Player,
        listening: Listening,
        settings: RecordingSettings,
        log: TakeLog,
        known: Known,
        project: Path,
        tell: Callable[..., None],
        device: Callable[[], str],
        now: Callable[[], datetime],
        by_hand: bool,
        lasting: LastingFolder | None = None,
    ) -> None:
        self.settings = settings
        self.taps = taps_of(settings.taps)
        self.tracks: tuple[Track, ...] = ()
        self.default_folder = project / "recordings"
        self.temp_dir = project / "patterns" / "temp"
        self.encoder = Encoder(self.temp_dir, tell)
        self._player = player
        self._listening = listening
        self._log = log
        self._known = known
        self._tell = tell
        self._device = device
        self._now = now
        self._by_hand = by_hand
        self._traces = Traces(lasting)
        self._under_way: list[TakeWriter] = []
        self._threads: list[threading.Thread] = []

    @property
    def folder(self) -> Path:
        """Where takes go."""
        return Path(self.settings.folder or self.default_folder)

    @property
    def under_way(self) -> tuple[TakeWriter, ...]:
        """The takes that are written now, and those that have just ended."""
        return tuple(self._under_way)

    def make(
        self, name: str | None, wanted: TakeFormat, first: int, end: int | None, done: "Future[Results]"
    ) -> TakeWriter:
        """A take that begins with a frame that may be past, once it is run; `end` where it is a grab.

        done  learns its path
        """
        memory, taps = self._listening.kept_at(self.taps), self.taps
        tracks = self.tracks  # the control thread tells of others meanwhile
        order = Order(
            name=name,
            wanted=wanted,
            taps=called(taps, tracks),
            tracks=tracks,
            folder=self.folder,
            default_folder=self.default_folder,
            temp_dir=self.temp_dir,
            part_frames=part_frames(self.settings, self._player.rate, CHANNELS * wanted.bits // 8),
            first=max(first, memory.first_kept, 0),
            end=end,
            rate=self._player.rate,
            device=self._device(),
        )
        writer = TakeWriter(
            order,
            memory,
            self._log,
            self._known,
            self._now,
            self._tell,
            done,
            self._perform,
            self._player.struck,
            self._traces,
        )
        self._under_way.append(writer)
        return writer

    def run(self, writer: TakeWriter) -> None:
        """Let a take be written, on a thread of its own."""
        if self._by_hand:
            writer.step()
            return

        def run() -> None:
            while not writer.ended:
                try:
                    writer.step()
                except Exception:  # the thread's edge
                    log.exception("a take could not be written")
                    self._tell("/event/failed", str(BROKE_OFF))
                    writer.break_off(BROKE_OFF)
                if not writer.ended:
                    writer.news.wait(PATIENCE_S)
                    writer.news.clear()

        thread = threading.Thread(target=run, name="take", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no more threads to give
            writer.break_off(CommandRefused(f"The take could not begin: {error}; end other programs."))
            return
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]

    def step(self) -> None:
        """Do what is due in each take, by hand."""
        for writer in self._under_way:
            writer.step()

    def wake(self) -> None:
        """There is more to write."""
        for writer in self._under_way:
            writer.news.set()

    def clear_up(self) -> None:
        """Hand what has ended on to the encoder."""
        for writer in self._under_way:
            if writer.ended and writer.order.wanted.container:
                for file in writer.finished:
                    self.encoder.add(file.path.parent, [file.take.name])
        self._under_way = [writer for writer in self._under_way if not writer.ended]

    def first_to_begin(self) -> int:
        """The first frame that a take may still begin with."""
        remembered: int = self._listening.memory.begin
        return min([remembered, *(writer.order.first for writer in self._under_way if writer.growth is None)])

    def first_to_tell(self) -> int:
        """The first frame from which on a take has still to be told what happened, however slow its disk is."""
        return min([self.first_to_begin(), *(writer.at for writer in self._under_way)])

    def join(self) -> bool:
        """Wait until all takes have ended. False where a disk holds one up for too long: the next start finishes it."""
        ends_s = time.monotonic() + CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, ends_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _perform(self, folder: Path, take: str, first: int) -> Performing | None:
        journal = self._player.journal
        if journal is None:
            return None
        player = self._player
        return Performing(journal, lambda: player.clips.numbers.names, folder, take, player.rate, first, self._tell)


def part_frames(settings: RecordingSettings, rate: int, frame_bytes: int) -> int:
    """After how many frames a take goes on in another file, 0 for never."""
    by_time = round(float(settings.split_s) * rate)
    by_size = int(float(settings.split_mb) * 1_000_000) // frame_bytes
    return min((each for each in (by_time, by_size) if each > 0), default=0)
