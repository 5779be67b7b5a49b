"""Recordings: the audio file of a take, and the note of the same name beside it.

The note is written when the take begins, with `complete` false, and again when it ends. A take whose note
says that it is not complete was cut off by a crash: it plays as it is, and is finished at the next start.
"""

import contextlib
import itertools
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from store.atomic import TEMP_SUFFIX, temp_folder, write_all, write_atomically
from store.codec import decode_take, encode_take
from store.documents import Take
from store.errors import StoreError, disk_failure
from store.files import read_file
from store.names import safe_name
from store.wav import Frames, WavWriter

AUDIO_ENDING = ".wav"
NOTE_ENDING = ".json"

_RESERVE_BYTES = 64 * 1024
"""Kept on the disk while a take runs, and given back for its note: a take that fills the disk is closed as
well as any other."""


def session_name(started: datetime) -> str:
    """The name of a take that was given none, such as "session_20261121_210000"."""
    return started.strftime("session_%Y%m%d_%H%M%S")


class TakeFile:
    """A take under way: its audio and its note.

    recordings  the folder of the takes
    temp_dir    the project's folder for temporary files
    take        what is known of it at the start; where its name is taken, `_2`, `_3` is added
    dither      where the noise of 16-bit takes comes from

    Raises BadName where the name cannot name a file, StoreError where the disk refuses.
    """

    def __init__(self, recordings: Path, temp_dir: Path, take: Take, dither: np.random.Generator | None = None) -> None:
        self._recordings = recordings
        self._temp_dir = temp_dir
        reserve_folder = temp_folder(recordings / NOTE_ENDING, temp_dir)
        self.take, self._audio = self._create(take, dither)
        self._dropped = 0
        self._reserve = reserve_folder / f"{self.take.name}.reserve{TEMP_SUFFIX}"
        try:
            self._take_reserve()
            self._write_note()
        except StoreError:
            self._abandon()
            raise

    @property
    def path(self) -> Path:
        """The audio file."""
        return self._recordings / f"{self.take.name}{AUDIO_ENDING}"

    @property
    def frames(self) -> int:
        """How many the file holds."""
        return self._audio.frames

    @property
    def size_bytes(self) -> int:
        """How large the audio file is."""
        return self._audio.size_bytes

    @property
    def dropped(self) -> int:
        """How many frames were lost on the way here."""
        return self._dropped

    def write(self, frames: Frames) -> None:
        """Append audio, (frames, channels) float32.

        Raises DiskFull, or StoreError, where the disk takes no more: what fitted is kept, and the take is to
        be closed.
        """
        self._audio.write(frames)

    def drop(self, frames: int) -> None:
        """Note that `frames` frames were lost and the file holds none of them."""
        self._dropped += frames

    def close(self) -> Take:
        """Finish the audio and the note, and tell what became of the take.

        Raises StoreError where the disk refuses; the take is then finished at the next start.
        """
        try:
            self._audio.close()
        finally:
            self._give_reserve_back()
        self.take = msgspec.structs.replace(self.take, frames=self.frames, dropped=self.dropped, complete=True)
        self._write_note()
        return self.take

    def _create(self, take: Take, dither: np.random.Generator | None) -> tuple[Take, WavWriter]:
        """The audio file under the first name that is free."""
        wanted = safe_name(take.name.removesuffix(AUDIO_ENDING))
        for number in itertools.count(1):
            name = wanted if number == 1 else f"{wanted}_{number}"
            if _is_taken(self._recordings, name):
                continue
            with contextlib.suppress(FileExistsError):
                audio = WavWriter(
                    self._recordings / f"{name}{AUDIO_ENDING}", take.rate, take.channels, take.bits, dither
                )
                return msgspec.structs.replace(take, name=name), audio
        raise AssertionError("numbers do not end")

    def _write_note(self) -> None:
        _write_note(self._recordings, self.take, self._temp_dir)

    def _take_reserve(self) -> None:
        try:
            descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                write_all(descriptor, bytes(_RESERVE_BYTES))
                os.fsync(descriptor)  # only what is written out is sure to have its room
            finally:
                os.close(descriptor)
        except OSError as error:
            raise disk_failure("record to", self.path, error) from error

    def _give_reserve_back(self) -> None:
        with contextlib.suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _abandon(self) -> None:
        """Leave nothing of a take that could not begin."""
        self._give_reserve_back()
        with contextlib.suppress(OSError, StoreError):
            self._audio.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


def repair_unfinished(recordings: Path, temp_dir: Path, on_problem: Callable[[StoreError], None]) -> list[str]:
    """Finish the takes that a crash cut off, and tell their names.

    Each keeps all the whole frames that its file holds. What cannot be finished is told to `on_problem` and
    left as it is. The caller holds the project's lock, so that no take is under way.
    """
    repaired = []
    for note in sorted(recordings.glob(f"*{NOTE_ENDING}")):
        try:
            take = decode_take(read_file(note), str(note))
            if not take.complete:
                _repair(recordings, msgspec.structs.replace(take, name=note.stem), temp_dir)
                repaired.append(note.stem)
        except StoreError as problem:
            on_problem(problem)
    return repaired


def _repair(recordings: Path, take: Take, temp_dir: Path) -> None:
    path = recordings / f"{take.name}{AUDIO_ENDING}"
    with WavWriter(path, take.rate, take.channels, take.bits, resume=True) as audio:
        frames = audio.frames
    _write_note(recordings, msgspec.structs.replace(take, frames=frames, complete=True), temp_dir)


def _write_note(recordings: Path, take: Take, temp_dir: Path) -> None:
    write_atomically(recordings / f"{take.name}{NOTE_ENDING}", encode_take(take), temp_dir)


def _is_taken(recordings: Path, name: str) -> bool:
    """Whether some file bears `name`, whatever its ending; some systems do not tell case apart."""
    return any(path.stem.casefold() == name.casefold() for path in recordings.iterdir())
