"""A WAV file of a known length, of which several threads write a stretch each."""

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from store.atomic import write_all
from store.errors import disk_failure
from store.growing import open_descriptor, open_new
from store.wav.header import wav_header
from store.wav.samples import Frames, samples_of


class WavOfStretches:
    """A new WAV file at `path`. A context manager: where that ends with an error, the file is removed.

    frames  that it will have; until it is closed, no header says so
    bits    16 (with triangular dither), 24, or 32 (float)

    It does not wait until the disk has it all: what is made so can be made again. Who encodes it may read what was
    written, and wait for the rest.

    Raises FileExistsError where `path` is there, StoreError where the disk refuses.
    """

    def __init__(self, path: Path, rate: int, channels: int, bits: int, frames: int) -> None:
        self.path = path
        self._bits = bits
        self._written: dict[int, int] = {}
        self._given_up = False
        self._grows = threading.Condition()
        self._frame_bytes = channels * bits // 8
        self._data_bytes = frames * self._frame_bytes
        self._header = wav_header(rate, channels, bits, frames)
        self._descriptor = open_new(path)

    def stretch(self, first: int) -> "WavStretch":
        """What is written from frame `first` on. Any thread. Raises StoreError."""
        return WavStretch(self, first, len(self._header) + first * self._frame_bytes, self._frame_bytes, self._bits)

    def open_early(self) -> None:
        """Let the header tell of all frames before they are there, for who waits for them. Raises StoreError."""
        try:
            self._tell_all()
        except OSError as error:
            raise disk_failure("write", self.path, error) from error

    def reaches(self, frames: int) -> bool:
        """Wait until that many frames from the first on are written, or all; False where they never will be. Any
        thread."""
        wanted = min(frames, self._data_bytes // self._frame_bytes)
        with self._grows:
            self._grows.wait_for(lambda: self._given_up or self._reached() >= wanted)
            return not self._given_up

    def grow(self, first: int, frames: int) -> None:
        """So many frames were written from `first` on, with which a stretch begins."""
        with self._grows:
            self._written[first] = frames
            self._grows.notify_all()

    def _reached(self) -> int:
        at = 0
        while frames := self._written.get(at):
            at += frames
        return at

    def _tell_all(self) -> None:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        write_all(self._descriptor, self._header)
        os.ftruncate(self._descriptor, len(self._header) + self._data_bytes + self._data_bytes % 2)

    def close(self) -> None:
        """All stretches are written. Raises StoreError; the file is closed all the same."""
        try:
            self._tell_all()
            self.grow(0, self._data_bytes // self._frame_bytes)
        except OSError as error:
            raise disk_failure("write", self.path, error) from error
        finally:
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        with self._grows:
            self._given_up = True
            self._grows.notify_all()
        os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self.path.unlink()


class WavStretch:
    """A part of a WAV file, written by one thread from its beginning on. A context manager."""

    def __init__(self, whole: WavOfStretches, first: int, place: int, frame_bytes: int, bits: int) -> None:
        self._whole = whole
        self._first = first
        self._frames = 0
        self._frame_bytes = frame_bytes
        self.bits = bits
        self._dither = np.random.default_rng() if bits == 16 else None
        self._descriptor = open_descriptor(whole.path)
        os.lseek(self._descriptor, place, os.SEEK_SET)

    def write(self, frames: Frames) -> None:
        """Go on with audio, (frames, channels) float32; -1..1 is full scale. Raises StoreError."""
        self.write_samples(samples_of(frames, self.bits, self._dither)[0])

    def write_samples(self, samples: memoryview) -> None:
        """Go on with the bytes of a WAV file. Raises StoreError."""
        try:
            write_all(self._descriptor, samples)
        except OSError as error:
            raise disk_failure("write", self._whole.path, error) from error
        self._frames += len(samples) // self._frame_bytes
        self._whole.grow(self._first, self._frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
