"""What a take holds: of each tap, part by part, compared with what was made again.

To the bit, but for takes of 16 bits, whose dither is by chance. The samples of WAV and AIFF are compared as they lie in
the file; those of other formats are decoded, which takes ten times as long.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from chronus_tui.engine.output.hand import CHANNELS, Frames
from chronus_tui.engine.recording.take_frames import TakeFrames
from dsp.samples import first_other
from store.documents import Take
from store.errors import DamagedFile
from store.plain_sound import NotPlain, PlainSound
from store.sound_files import SoundFile
from store.takes.files import audio_files
from store.wav.samples import samples_of


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
    """The samples of one tap from a place on, over all of its parts, of `bits` bits. A context manager.

    room  uint8, into which they are read, for as many frames as are compared at once; others may use it in between

    Raises StoreError.
    """

    def __init__(self, parts: list[Path], place: int, bits: int, room: npt.NDArray[np.uint8]) -> None:
        self._parts = iter(parts)
        self._bits = bits
        self._room = room
        self._part: PlainSound | _Decoded | None = None
        while self._go_on() is not None and place > self._frames:
            place -= self._frames
        if self._part is not None:
            self._part.go_to(place)

    def compare(self, made: Frames) -> tuple[int, int | None]:
        """How many of the next frames there are, and the first that is another one than in `made`, (frames, 2) float32;
        None where all are the same. Raises StoreError."""
        bytes_each = CHANNELS * self._bits // 8
        there, apart = 0, None
        while there < len(made) and self._part is not None:
            count = self._part.read(self._room.data[: (len(made) - there) * bytes_each])
            if count == 0:
                self._go_on()
                continue
            if apart is None:
                samples = made[there : there + count].reshape(-1)
                other = first_other(samples, self._room[: count * bytes_each], self._bits, self._part.big_endian)
                apart = None if other < 0 else there + other // CHANNELS
            there += count
        return there, apart

    def close(self) -> None:
        """Close the file that is open."""
        if self._part is not None:
            self._part.close()
            self._part = None

    @property
    def _frames(self) -> int:
        return 0 if self._part is None else self._part.frames

    def _go_on(self) -> "PlainSound | _Decoded | None":
        self.close()
        path = next(self._parts, None)
        self._part = None if path is None else _open(path, self._bits)
        return self._part

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open(path: Path, bits: int) -> "PlainSound | _Decoded":
    try:
        plain = PlainSound(path)
    except NotPlain:
        return _Decoded(path, bits)
    if (plain.channels, plain.bits) == (CHANNELS, bits):
        return plain
    plain.close()
    return _Decoded(path, bits)


class _Decoded:
    """A file of any format as one of `bits` bits would hold it. Raises StoreError."""

    big_endian = False

    def __init__(self, path: Path, bits: int) -> None:
        self._sound = SoundFile(path)
        self._bits = bits
        self.frames = self._sound.format.frames
        if self._sound.format.channels != CHANNELS:
            self.close()
            raise DamagedFile(
                f"{path} has {self._sound.format.channels} channels, and not those of a take, {CHANNELS}."
            )

    def go_to(self, frame: int) -> None:
        """Let `read` begin with that frame. Raises DamagedFile."""
        self._sound.go_to(frame)

    def read(self, room: memoryview) -> int:
        """Read the next frames into `room`, as many as fill it or as there are; how many. Raises DamagedFile."""
        wanted = len(room) // (CHANNELS * self._bits // 8)
        piece = next(self._sound.pieces(wanted, wanted), None)
        if piece is None:
            return 0
        samples, _ = samples_of(piece, self._bits, None)
        room[: len(samples)] = samples
        return len(piece)

    def close(self) -> None:
        """Close the file."""
        self._sound.close()
