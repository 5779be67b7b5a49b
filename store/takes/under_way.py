"""A take under way: the audio of each tap, cut into parts where that is wanted, and the note beside it.

The note is written when the take begins, with `complete` false, whenever something happens, and when the take ends. A
take whose note says that it is not complete was cut off by a crash: it plays as it is, and is finished at the next
start (`repair`).

A thread of the take's own brings what was written to the disk: as the take begins, every two seconds, so that a loss of
power costs no more, and where a part ends. Whoever writes the audio only hands it to the system, from where no kill
takes it, and waits for no disk.
"""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from store.atomic import temp_folder
from store.codec import decode_take
from store.documents import Take, TakeEvent
from store.errors import StoreError, disk_failure
from store.files import read_file
from store.names import safe_name
from store.takes.aside import Aside
from store.takes.files import (
    NOTE_ENDING,
    about,
    audio_path,
    cues,
    is_taken,
    naming,
    note_path,
    numbered,
    write_note,
)
from store.takes.reserve import Reserve
from store.takes.silent_taps import remove_taps
from store.wav.samples import Frames
from store.wav.writer import WavWriter

_SYNC_S = 2
_EVENTS_A_SECOND = 2000
"""The note of a take in which so much happened is written a second less often."""


class TakeFile:
    """A take under way.

    recordings   the folder of the takes
    temp_dir     the project's folder for temporary files
    take         what is known of it at the start; where its name is taken, `_2`, `_3` is added
    part_frames  after so many a new part begins, 0 for never
    beside       another folder of takes, where its name is not to be another's either

    Raises BadName where the name cannot name a file, StoreError where the disk refuses.
    """

    def __init__(
        self,
        recordings: Path,
        temp_dir: Path,
        take: Take,
        part_frames: int = 0,
        beside: Path | None = None,
    ) -> None:
        self._recordings = recordings
        self._named_in = [recordings]
        if beside is not None and beside != recordings and beside.is_dir():
            self._named_in.append(beside)
        self._temp_dir = temp_dir
        self._part_frames = part_frames
        reserve_folder = temp_folder(recordings / NOTE_ENDING, temp_dir)
        split = part_frames > 0
        self.take = replace(take, split=split, in_folder=split or len(take.taps) > 1)
        self._writers: list[WavWriter] = []
        self._aside = Aside("take")
        self._reserve: Reserve | None = None
        self._synced_frames = 0
        self._noted_frames = 0
        self._told: list[TakeEvent] = []
        self._finished_frames = 0
        self._finished_bytes = 0
        self._sounding: set[int] = set()
        with naming(recordings):
            self._create()
        try:
            self._reserve = Reserve(reserve_folder, note_path(recordings, self.take))
            write_note(self._recordings, self.take, self._temp_dir, synced=False)
        except StoreError:
            self._abandon()
            raise
        self._noted = self.take
        self._sync_aside(self.take)

    @property
    def path(self) -> Path:
        """The audio file, or the folder of several."""
        return self._recordings / self.take.name if self.take.in_folder else self._path(0)

    @property
    def frames(self) -> int:
        """How many each tap holds."""
        return self._finished_frames + (self._writers[0].frames if self._writers else 0)

    @property
    def size_bytes(self) -> int:
        """How large the audio files are."""
        return self._finished_bytes + sum(writer.size_bytes for writer in self._writers)

    @property
    def dropped(self) -> int:
        """How many frames were lost on the way here."""
        return self.take.dropped

    @property
    def clipped(self) -> int:
        """How many samples went over full scale, and were cut off."""
        return self.take.clipped + sum(writer.clipped for writer in self._writers)

    def write(self, *taps: Frames) -> None:
        """Append audio, (frames, channels) float32 for each tap, all as long.

        Raises DiskFull, or StoreError, where the disk takes no more: what fitted is kept, and the take is to
        be closed.
        """
        at, count = 0, len(taps[0])
        while at < count:
            if not self._writers:
                raise StoreError(f"Could not go on with {self.path}: it has ended.")
            room = self._part_frames - self._writers[0].frames if self._part_frames else count
            if room == 0:
                self._next_part()
                continue
            end = min(count, at + room)
            try:
                for writer, frames in zip(self._writers, taps, strict=True):
                    writer.write(frames[at:end])
            except StoreError:
                self._even_out()
                raise
            at = end
        self._sync_now_and_then()

    def tell(self, *events: TakeEvent) -> None:
        """Note what happened."""
        self._told += events
        dropped = sum(event.count for event in events if event.what == "dropped")
        xruns = sum(event.count for event in events if event.what == "xrun")
        if dropped or xruns:
            self.take = replace(self.take, dropped=self.take.dropped + dropped, xruns=self.take.xruns + xruns)

    def drop(self, frames: int) -> None:
        """Note that `frames` frames were lost here and the files hold none of them."""
        self.tell(TakeEvent(self.frames, "dropped", count=frames))

    def stands_by_its_name(self) -> bool:
        """Whether its files are still where they were made; False where someone removed or replaced them."""
        return all(writer.stands for writer in self._writers)

    def save_from_loss(self) -> None:
        """Put files that were removed while they grew back into their place.

        Raises FileExistsError where their name was given to another, StoreError where the disk refuses.
        """
        for writer in self._writers:
            if not writer.stands:
                writer.save_from_loss()
        self._take_up_told()
        write_note(self._recordings, self.take, self._temp_dir, synced=False)
        self._sync_aside(self.take)

    def take_another_name(self) -> None:
        """Go on under a name that is free, with all that was written: that of its files was given to others.

        Raises StoreError where the disk refuses.
        """
        before = self.take
        with naming(self._recordings):
            for name in self._free(numbered(before.name)):
                with contextlib.suppress(FileExistsError):
                    self._move_to(replace(before, name=name))
                    break
        self._take_up_told()
        write_note(self._recordings, self.take, self._temp_dir, synced=False)
        self._remove_note(before)
        self._aside.do(partial(self._remove_note, before))  # the thread beside may be about to write it
        self._sync_aside(self.take)

    def _move_to(self, named: Take) -> None:
        """Let all files be those of `named`. Raises FileExistsError, StoreError."""
        before, self.take = self.take, named
        if named.in_folder:
            self._make_folder()
        for tap in named.taps:
            for part in range(1, len(named.parts) + 1):
                with contextlib.suppress(OSError):  # somebody has removed it
                    path = audio_path(self._recordings, before, tap, part)
                    path.rename(audio_path(self._recordings, named, tap, part))
        for index, writer in enumerate(self._writers):
            writer.move(self._path(index))
        if named.in_folder:
            with contextlib.suppress(OSError):
                (self._recordings / before.name).rmdir()

    def _remove_note(self, before: Take) -> None:
        """Remove the note under a name that the take has no more, unless that is somebody else's by now."""
        path = note_path(self._recordings, before)
        with contextlib.suppress(OSError, StoreError):
            if decode_take(read_file(path), str(path)).started == before.started:
                path.unlink()

    def close(self, lufs: float | None = None, true_peak: float | None = None) -> Take:
        """Finish the audio and the note, and tell what became of the take.

        lufs, true_peak  of the first tap, where they were measured

        Raises StoreError where the disk refuses; the take is then finished at the next start.
        """
        self._aside.finish()
        self._give_reserve_back()
        self._take_up_told()
        # A command may have been meant for a frame that did not come any more.
        events = tuple(event for event in self.take.events if event.frame <= self.frames)
        self.take = replace(self.take, frames=self.frames, lufs=lufs, true_peak=true_peak, events=events)
        if self._writers:
            _close(self._finish_part(last=True))
        silent = {tap for index, tap in enumerate(self.take.taps) if index and index not in self._sounding}
        self.take, removed_bytes = remove_taps(self._recordings, self.take, silent)
        self._finished_bytes -= removed_bytes
        self.take = replace(self.take, complete=True)
        write_note(self._recordings, self.take, self._temp_dir)
        self._aside.is_done()  # a disk tells of what it lost once, to whoever asks first
        return self.take

    def _create(self) -> None:
        """The first files, under the first name that is free."""
        wanted = safe_name(self.take.name)
        for name in self._free(itertools.chain([wanted], numbered(wanted))):
            self.take = replace(self.take, name=name)
            with contextlib.suppress(FileExistsError):
                if self.take.in_folder:
                    self._make_folder()
                try:
                    self._open_part()
                except StoreError:
                    self._remove_folder()
                    raise
                return

    def _free(self, names: Iterable[str]) -> Iterator[str]:
        """Those that nothing bears when they are asked for. Raises StoreError."""
        return (name for name in names if not any(is_taken(folder, name) for folder in self._named_in))

    def _make_folder(self) -> None:
        """The take's own folder. Raises FileExistsError, StoreError."""
        folder = self._recordings / self.take.name
        try:
            folder.mkdir()
        except FileExistsError:
            raise
        except OSError as error:
            raise disk_failure("make the folder", folder, error) from error

    def _path(self, index: int) -> Path:
        """The file of the tap at `index` that grows now."""
        return audio_path(self._recordings, self.take, self.take.taps[index], len(self.take.parts) + 1)

    def _open_part(self) -> None:
        first = self._finished_frames
        writers: list[WavWriter] = []
        try:
            for index in range(len(self.take.taps)):
                writers.append(
                    WavWriter(
                        self._path(index),
                        self.take.rate,
                        self.take.channels,
                        self.take.bits,
                        about=about(self.take, first),
                    )
                )
        except (StoreError, FileExistsError):
            for index, writer in enumerate(writers):
                with contextlib.suppress(StoreError):
                    writer.close()
                with contextlib.suppress(OSError):
                    self._path(index).unlink()
            raise
        self._writers = writers

    def _next_part(self) -> None:
        """Go on in new files. Raises StoreError where that cannot be; the ones before are finished then."""
        self._aside.do(partial(_close, self._finish_part(last=False)))
        try:
            self._open_part()
        except FileExistsError as error:
            raise StoreError(f"Could not go on with {self.path}: its next part is there already.") from error

    def _finish_part(self, last: bool) -> list[WavWriter]:
        """Finish the files that grow; they are still to be closed. Raises StoreError, and they are closed then."""
        self._take_up_told()
        first, frames = self._finished_frames, self._writers[0].frames
        writers, self._writers = self._writers, []
        self._finished_frames += frames
        if self.take.split:
            self.take = replace(self.take, parts=(*self.take.parts, frames))
        marks = cues(self.take, first, frames)
        clipped = sum(writer.clipped for writer in writers)
        self._sounding |= {index for index, writer in enumerate(writers) if not writer.silent}
        self.take = replace(self.take, clipped=self.take.clipped + clipped)
        problem = None
        for index, writer in enumerate(writers):
            try:
                writer.finish(marks, about(self.take, first, frames, last and index == 0 and not self.take.split))
            except StoreError as error:
                problem = error
            self._finished_bytes += writer.size_bytes
        if problem is not None:
            with contextlib.suppress(StoreError):
                _close(writers)
            raise problem
        return writers

    def _even_out(self) -> None:
        """After one tap could not be written: let all hold as many frames."""
        least = min(writer.frames for writer in self._writers)
        for index, writer in enumerate(self._writers):
            with contextlib.suppress(StoreError):
                if writer.closed and writer.frames > least:
                    again = WavWriter(
                        self._path(index), self.take.rate, self.take.channels, self.take.bits, resume=True
                    )
                    again.shorten(least)
                    again.close()
                    self._writers[index] = again
                else:
                    writer.shorten(least)

    def _sync_now_and_then(self) -> None:
        """Let the disk have what was written, beside the audio. Raises StoreError where it refused the last time."""
        if self._aside.is_done() and self.frames - self._synced_frames >= _SYNC_S * self.take.rate:
            self._take_up_told()
            now = replace(self.take, clipped=self.clipped)
            note = now != self._noted and self.frames - self._noted_frames >= self._note_every()
            if note:
                self._noted, self._noted_frames = now, self.frames
            self._sync_aside(now if note else None)

    def _note_every(self) -> int:
        """After how many frames the note is written anew: the longer it is, the less often."""
        return round(self.take.rate * (_SYNC_S + len(self.take.events) / _EVENTS_A_SECOND))

    def _take_up_told(self) -> None:
        """Put what was told into the note."""
        if self._told:
            told, self._told = self._told, []
            self.take = replace(self.take, events=self.take.events + tuple(told))

    def _sync_aside(self, take: Take | None) -> None:
        """Let the disk have what was written, and the note where there is a new one."""
        self._synced_frames = self.frames
        self._aside.do(partial(self._sync, list(self._writers), take))

    def _sync(self, writers: Sequence[WavWriter], take: Take | None) -> None:
        if take is not None:
            # Where it cannot be written now, it is written when the take ends, or that is told.
            with contextlib.suppress(StoreError):
                write_note(self._recordings, take, self._temp_dir)
        for writer in writers:
            writer.sync()

    def _give_reserve_back(self) -> None:
        if self._reserve is not None:
            self._reserve.give_back()

    def _abandon(self) -> None:
        """Leave nothing of a take that could not begin."""
        self._aside.finish()
        self._give_reserve_back()
        paths = [self._path(index) for index in range(len(self.take.taps))]
        with contextlib.suppress(StoreError):
            _close(self._finish_part(last=True))
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink()
        self._remove_folder()

    def _remove_folder(self) -> None:
        if self.take.in_folder:
            with contextlib.suppress(OSError):
                (self._recordings / self.take.name).rmdir()


def _close(writers: Iterable[WavWriter]) -> None:
    """Bring finished files to the disk. Raises StoreError; they are closed all the same."""
    problem = None
    for writer in writers:
        try:
            writer.close()
        except StoreError as error:
            problem = error
    if problem is not None:
        raise problem
