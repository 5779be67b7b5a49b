"""What a take holds: of each tap, part by part."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from chronus_tui.engine.output.hand import CHANNELS, Frames
from chronus_tui.engine.recording.take_frames import TakeFrames
from store.documents import Take
from store.sound_files import SoundFile
from store.takes.files import audio_files

PIECE = 1 << 15
"""Frames read at a time."""


def parts_of(folder: Path, take: Take, tap: str) -> list[Path]:
    """The files of a tap of a take that lies in `folder`, in their order."""
    return [path for name, _, path in audio_files(folder, take) if name == tap]


def frames_of(take: Take, first: int) -> TakeFrames:
    """Where in the files of a take the frames of the engine's clock lie, on which it began with `first`."""
    frames = TakeFrames(first)
    for event in sorted(take.events, key=lambda event: event.frame):
        if event.what == "dropped":
            begin = first + event.frame
            frames.lose(begin, begin + event.count)
            first += event.count
    return frames


class Held:
    """The sound of one tap from a place on, over all of its parts. A context manager. Raises StoreError."""

    def __init__(self, parts: list[Path], place: int) -> None:
        self._parts = iter(parts)
        self._sound: SoundFile | None = None
        while self._go_on() is not None and place > self._frames:
            place -= self._frames
        if self._sound is not None:
            self._sound.go_to(place)

    def next(self, count: int) -> Frames:
        """The next frames, (frames, 2) float32, as many as are wanted or as there are."""
        pieces: list[Frames] = []
        while count > 0 and self._sound is not None:
            piece = next(self._sound.pieces(count, count), None)
            if piece is None:
                self._go_on()
                continue
            pieces.append(piece)
            count -= len(piece)
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces) if pieces else np.zeros((0, CHANNELS), np.float32)

    def close(self) -> None:
        """Close the file that is open."""
        if self._sound is not None:
            self._sound.close()
            self._sound = None

    @property
    def _frames(self) -> int:
        return 0 if self._sound is None else self._sound.format.frames

    def _go_on(self) -> SoundFile | None:
        self.close()
        path = next(self._parts, None)
        self._sound = None if path is None else SoundFile(path)
        return self._sound

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
