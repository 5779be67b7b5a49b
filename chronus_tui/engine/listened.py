"""What was listened to while a take ran, put into the sound again: frame by frame, as it was heard then."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.output.hand import CHANNELS, Frames
from chronus_tui.engine.recording.audition import sound_of
from chronus_tui.errors import CommandRefused, StoreError
from dsp.audition import AUDITION_FRAMES, fill_audition, open_audition
from dsp.sizes import QUANTUM
from store.sound_files import SoundFile
from store.takes.performance import Command, FilesMark


class Listened:
    """Fills the ring of `dsp.audition` of one state, which nobody else does.

    state   with a checkpoint put back: it may have been made while something was heard
    heard   what was listened to, in its order
    folder  from which the paths go out
    """

    def __init__(self, state: Any, rate: int, heard: Sequence[FilesMark], folder: Path) -> None:
        self._state = state
        self._ring = state["audition"]
        self._frames = _HeardFrames(rate, heard, folder)
        before = state["listened"]
        self._count = int(before["count"])
        self._place = int(before["place"]) + self._count
        self._begin_at(self._place)
        self._ring["gain"] = before["left"]
        open_audition(self._ring, int(before["open"]))

    def take(self, command: Command) -> None:
        """From the quantum on that comes next, something else is heard: a line of the kind `journal.LISTENED`."""
        _, _, opened, self._count, self._place, _, gain, _ = command
        if self._count > 0:
            self._begin_at(self._place)
        self._ring["gain"] = gain
        open_audition(self._ring, opened)

    def feed(self, frames: int) -> int:
        """Let the ring hold just what is heard in the next `frames` frames, AUDITION_FRAMES at most; how many may be
        made before it has to be fed again. Raises CommandRefused."""
        made = int(self._state["made_left"])
        if self._count == 0 or frames <= made:
            return frames
        if self._count < QUANTUM:  # the ring ran dry, and was filled by drops
            frames = min(frames, made + QUANTUM)
        count = -(-(frames - made) // QUANTUM) * self._count
        assert count <= AUDITION_FRAMES
        fill_audition(self._ring, self._frames.take(self._place, count))
        self._place += count
        return frames

    def _begin_at(self, place: int) -> None:
        """Number the frames in the ring, which is empty, as they were numbered then."""
        self._ring["head"] = place
        self._ring["tail"] = place


class _HeardFrames:
    """The frames that were listened to, by their numbers, which only rise."""

    def __init__(self, rate: int, heard: Sequence[FilesMark], folder: Path) -> None:
        self._rate = rate
        self._heard = heard
        self._folder = folder
        self._now: FilesMark | None = None
        self._pieces: Iterator[Frames] = iter(())
        self._held = np.zeros((0, CHANNELS), np.float32)
        self._at = 0

    def take(self, place: int, count: int) -> Frames:
        """Frames place..place + count. Raises CommandRefused where the files are not what they were."""
        files = next((each for each in reversed(self._heard) if each.place <= place), None)
        if files is None:
            raise CommandRefused("It was not noted what was listened to when the take began; it cannot be made again.")
        if files is not self._now:
            sounds = (SoundFile(self._folder / name) for name in files.files)
            self._now, self._pieces = files, sound_of(sounds, files.from_s, self._rate)
            self._held, self._at = self._held[:0], files.place
        while self._at + len(self._held) < place + count:
            self._drop(min(place - self._at, len(self._held)))
            self._held = np.concatenate([self._held, self._next(files)])
        self._drop(place - self._at)
        return np.ascontiguousarray(self._held[:count])

    def _drop(self, count: int) -> None:
        self._held = self._held[count:]
        self._at += count

    def _next(self, files: FilesMark) -> Frames:
        try:
            piece = next(self._pieces, None)
        except StoreError as error:
            raise CommandRefused(f"{error} It was listened to in the take; put it back.") from error
        if piece is None:
            raise CommandRefused(
                f"{files.files[-1]} is shorter than when it was listened to in the take; put the old one back."
            )
        return piece
