"""The performance beside a take: what the sound is told while it runs, for a replay.

A take is worth more than its performance: where that cannot be written, it is told, and the take goes on.
"""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from chronus_tui.engine.journal import Checkpoint, HeardFiles, Journal, Line, NamedClip
from chronus_tui.engine.kernel_cache import sound_name
from chronus_tui.engine.recording.seams import Seam, Seams
from chronus_tui.errors import StoreError
from dsp.likeness import with_echoes
from store.documents import Pattern
from store.packed_words import PackedWords, pack
from store.takes.performance import ENDING, ClipMark, FilesMark, PerformanceFile, Sounding, ToldLine


class Performing:
    """Writes down the performance of one take, on the take's thread; seams are packed beside it.

    journal  of the sound
    names    tells the clips by their numbers
    path     of the take's note; the performance lies beside it
    first    frame of the engine's clock that the take begins with
    tell     called with an event's address and arguments
    line     number of the first line of the journal that is written down, None where nothing is
    """

    def __init__(
        self,
        journal: Journal,
        names: Callable[[], tuple[str, ...]],
        folder: Path,
        take: str,
        rate: int,
        first: int,
        tell: Callable[..., None],
    ) -> None:
        self._journal = journal
        self._names = names
        self._tell = tell
        self._marks: dict[int, tuple[NamedClip, ClipMark]] = {}
        self._folder = folder
        self._told = 0
        self._files_told = 0
        self._begin = 0
        self.line: int | None = None
        self._file: PerformanceFile | None = None
        self._packing: deque[tuple[Seam, Future[PackedWords]]] = deque()
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="seams")
        checkpoint = journal.before(first)
        if checkpoint is None:
            self._lose("What sounded when the take began was not kept.")
            return
        self._begin = checkpoint.frame
        self._seams = Seams(journal, rate, self._begin, first)
        try:
            self._file = PerformanceFile(folder / f"{take}{ENDING}", rate, sound_name())
            self._file.begin(first, self._sounding(checkpoint, pack(checkpoint.words)))
            self.line = journal.number_at(self._begin)
        except StoreError as error:
            self._lose(str(error))

    def follow(self, ended: bool = False) -> None:
        """Write down what the sound received since the last time, and the seams that are packed by now, or all of them
        where the take has ended."""
        if self._file is None:
            return
        self._seams.look()
        lines, self._told = self._journal.lines(self._told)
        files, self._files_told = self._journal.heard_files(self._files_told)
        for seam in self._seams.follow(lines, ended):
            self._packing.append((seam, self._beside.submit(_packed, seam)))
        try:
            self._file.tell_files(map(self._heard, files))
            self._file.tell([self._line(line) for line in lines if line.at >= self._begin], self._names())
            while self._packing and (ended or self._packing[0][1].done()):
                seam, packed = self._packing.popleft()
                self._file.seam(self._sounding(seam.checkpoint, packed.result(), seam.echoes))
        except StoreError as error:
            self._lose(str(error))

    def save_from_loss(self) -> None:
        """Put the file back where its name was taken away."""
        if self._file is not None:
            try:
                self._file.save_from_loss()
            except StoreError as error:
                self._lose(str(error))

    def move(self, take: str) -> None:
        """Go on beside the take under another name."""
        if self._file is not None:
            try:
                self._file.move(self._folder / f"{take}{ENDING}")
            except StoreError as error:
                self._lose(str(error))

    def close(self) -> None:
        """The take has ended."""
        self.follow(ended=True)
        self._beside.shutdown(cancel_futures=True)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _lose(self, reason: str) -> None:
        if self._file is not None:
            self._file.remove()
            self._file = self.line = None
        self._tell("/event/failed", f"{reason} The take goes on; it cannot be replayed.")

    def _sounding(self, checkpoint: Checkpoint, packed: PackedWords, echoes: int | None = None) -> Sounding:
        clips = {number: self._mark(clip) for number, clip in checkpoint.clips.items()}
        sounding = {address: self._mark(clip) for address, clip in checkpoint.sounding.items()}
        return Sounding(checkpoint.frame, packed, checkpoint.patterns, clips, sounding, echoes)

    def _line(self, line: Line) -> ToldLine:
        speaks_of = line.speaks_of
        pattern = speaks_of if isinstance(speaks_of, Pattern) else None
        clip = self._mark(speaks_of) if isinstance(speaks_of, NamedClip) else None
        return ToldLine(line.at, line.command, pattern, clip)

    def _heard(self, heard: HeardFiles) -> FilesMark:
        paths = tuple(os.path.relpath(path, self._folder) for path in heard.files)
        return FilesMark(heard.place, paths, heard.from_s)

    def _mark(self, clip: NamedClip) -> ClipMark:
        known = self._marks.get(id(clip))
        if known is None:
            known = self._marks[id(clip)] = clip, ClipMark(clip.name, clip.digest)
        return known[1]


def _packed(seam: Seam) -> PackedWords:
    return pack(with_echoes(seam.checkpoint.words, seam.echoes))
