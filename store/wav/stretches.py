"""A WAV file of a known length, of which several threads write a stretch each."""

import contextlib
import os
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

    It does not wait until the disk has it all: what is made so can be made again.

    Raises FileExistsError where `path` is there, StoreError where the disk refuses.
    """

    def __init__(self, path: Path, rate: int, channels: int, bits: int, frames: int) -> None:
        self._path = path
        self._bits = bits
        self._frame_bytes = channels * bits // 8
        self._data_bytes = frames * self._frame_bytes
        self._header = wav_header(rate, channels, bits, frames)
        self._descriptor = open_new(path)

    def stretch(self, first: int) -> "WavStretch":
        """What is written from frame `first` on. Any thread. Raises StoreError."""
        return WavStretch(self._path, len(self._header) + first * self._frame_bytes, self._bits)

    def close(self) -> None:
        """All stretches are written. Raises StoreError; the file is closed all the same."""
        try:
            write_all(self._descriptor, self._header)
            os.ftruncate(self._descriptor, len(self._header) + self._data_bytes + self._data_bytes % 2)
        except OSError as error:
            raise disk_failure("write", self._path, error) from error
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
        os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self._path.unlink()


class WavStretch:
    """A part of a WAV file, written by one thread from its beginning on. A context manager."""

    def __init__(self, path: Path, place: int, bits: int) -> None:
        self._path = path
        self.bits = bits
        self._dither = np.random.default_rng() if bits == 16 else None
        self._descriptor = open_descriptor(path)
        os.lseek(self._descriptor, place, os.SEEK_SET)

    def write(self, frames: Frames) -> None:
        """Go on with audio, (frames, channels) float32; -1..1 is full scale. Raises StoreError."""
        self.write_samples(samples_of(frames, self.bits, self._dither)[0])

    def write_samples(self, samples: memoryview) -> None:
        """Go on with the bytes of a WAV file. Raises StoreError."""
        try:
            write_all(self._descriptor, samples)
        except OSError as error:
            raise disk_failure("write", self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
