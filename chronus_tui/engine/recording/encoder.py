"""Makes of finished takes what was asked for, one after another, on a thread that gives way to all others.

A take that a crash cut off is measured first: nobody knows its loudness, nor which of its taps are silent.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path

from msgspec.structs import replace

from chronus_tui.engine.priorities import ENCODER, give_way
from chronus_tui.engine.recording.loudness import LoudnessMeter
from chronus_tui.errors import StoreError
from store.codec import decode_take
from store.documents import Take
from store.errors import DiskFull
from store.files import read_file
from store.sound_files import SoundFile
from store.takes.encoding import BLOCK, Stopped, claimed, encode
from store.takes.files import NOTE_ENDING, all_paths, coding_of, write_note
from store.takes.formats import TakeFormat, format_named
from store.takes.proofs import proof_of
from store.takes.silent_taps import remove_taps, silent_taps
from store.takes.tags import Tags, tags_of

TOLD_TIMES = 10
"""How often at most it is told how far a take is."""

log = logging.getLogger(__name__)


class Encoder:
    """Encodes what `add` names.

    temp_dir  the project's folder for temporary files
    tell      called with an event's address and arguments
    """

    def __init__(self, temp_dir: Path, tell: Callable[..., None]) -> None:
        self._temp_dir = temp_dir
        self._tell = tell
        self._waiting: queue.SimpleQueue[tuple[Path, str] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._unfinished: list[str] = []  # one may be there twice, in two folders
        self.name = ""
        self.share = 0.0

    def is_at(self, name: str) -> bool:
        """Whether the take of that name is being finished, or will be. Any thread."""
        return name.casefold() in self._unfinished

    def add(self, recordings: Path, names: Iterable[str]) -> None:
        """Let the takes of these names become what their notes say."""
        for name in names:
            self._unfinished.append(name.casefold())
            self._waiting.put((recordings, name))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Wait until all that was added is encoded."""
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def close(self, patience_s: float | None = None) -> bool:
        """Give up what is under way; the WAV stands, and the next start begins anew. False where a disk holds that up
        for longer than so many seconds."""
        self._stopped.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(patience_s)
        return self._thread is None or not self._thread.is_alive()

    def work(self, recordings: Path, name: str) -> None:
        """Finish one take."""
        try:
            self._finish(recordings, name)
        except Stopped:
            return
        except DiskFull as error:
            self._tell("/event/failed", f"{error} The WAV is kept, and the next start tries again.")
        except StoreError as error:
            self._tell("/event/failed", f"{error} The WAV is kept.")
        finally:
            self.name, self.share = "", 0.0
            self._unfinished.remove(name.casefold())

    def _run(self) -> None:
        give_way(ENCODER)
        while (asked := self._waiting.get()) is not None and not self._stopped.is_set():
            try:
                self.work(*asked)
            except Exception:  # the thread's edge: the next take is encoded all the same
                log.exception("a take was not encoded")

    def _finish(self, recordings: Path, name: str) -> None:
        with claimed(all_paths(recordings, _noted(recordings, name))[0]) as ours:
            if not ours:  # another engine finishes it
                return
            take = _noted(recordings, name)  # or has done so
            if take.true_peak is None:
                take = self._measured(recordings, take)
                take, _ = remove_taps(recordings, take, silent_taps(recordings, take, self._go_on))
                write_note(recordings, take, self._temp_dir)
                self._tell("/event/takes_changed")
            if take.encode_to:
                self.name = name
                self._encode(recordings, take, format_named(take.encode_to, take.rate))

    def _measured(self, recordings: Path, take: Take) -> Take:
        """The take with the loudness and the true peak of its first tap."""
        meter = LoudnessMeter(take.rate)
        for path in all_paths(recordings, take, coding_of(take))[: max(1, len(take.parts))]:
            with SoundFile(path) as sound:
                for piece in sound.pieces(BLOCK):
                    self._go_on()
                    meter.take(piece)
        return replace(take, lufs=meter.lufs, true_peak=meter.true_peak_db)

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    def _encode(self, recordings: Path, take: Take, wanted: TakeFormat) -> None:
        wavs = all_paths(recordings, take, coding_of(take))
        targets = all_paths(recordings, take, wanted.name)
        spans = [*zip(accumulate(take.parts, initial=0), take.parts or (take.frames,), strict=False)]
        made: list[Path] = []
        proofs = {(proof.tap, proof.part): proof for proof in take.proofs}
        try:
            for number, (wav, target) in enumerate(zip(wavs, targets, strict=True)):
                if not wav.is_file() and target.is_file():
                    continue  # an engine that was killed had got as far as that
                made_now = not target.exists()
                tap, part = divmod(number, len(spans))
                tags = tags_of(take, *spans[part], wanted)
                self._encode_file(take, wav, target, wanted, tags, number, len(wavs))
                made.append(target)
                if made_now and not wanted.plain:
                    proof = proof_of(take.taps[tap], part + 1, wav, target, self._go_on)
                    proofs[proof.tap, proof.part] = proof
        except StoreError as error:
            if not isinstance(error, DiskFull):
                self._give_up(recordings, take, made)
            raise
        if proofs:
            take = replace(take, proofs=tuple(proofs.values()))
            write_note(recordings, take, self._temp_dir)  # where a WAV is gone there is nothing to prove by
        for wav in reversed(wavs):  # the first one tells others that it is being done
            wav.unlink(missing_ok=True)
        write_note(recordings, replace(take, coding=wanted.name, encode_to=""), self._temp_dir)
        where = recordings / take.name if take.in_folder else targets[0]
        self._tell("/event/take_encoded", str(where))

    def _give_up(self, recordings: Path, take: Take, made: Iterable[Path]) -> None:
        """Let the take stay a WAV."""
        write_note(recordings, replace(take, encode_to=""), self._temp_dir)
        for path in made:
            path.unlink(missing_ok=True)

    def _encode_file(
        self, take: Take, wav: Path, target: Path, wanted: TakeFormat, tags: Tags, number: int, count: int
    ) -> None:
        def progress(share: float) -> None:
            before = int(self.share * TOLD_TIMES)
            self.share = (number + share) / count
            if int(self.share * TOLD_TIMES) > before:
                self._tell("/event/encoding", take.name, round(100 * self.share))

        encode(wav, target, wanted, tags, progress, self._stopped.is_set)


def _noted(recordings: Path, name: str) -> Take:
    """What is noted of a take. Raises StoreError."""
    note = recordings / f"{name}{NOTE_ENDING}"
    return replace(decode_take(read_file(note), str(note)), name=name)
