"""The samples of a WAV or an AIFF file as they lie in it: whoever compares them needs no others.

Sources: EBU Tech 3306 (RF64); Microsoft, "Multiple Channel Audio Data and WAVE Files"; Apple, "Audio Interchange File
Format", 1989.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from store.errors import disk_failure
from store.wav.chunks import EXTENSIBLE, FLOAT, PCM
from store.wav.header import CHUNK_HEAD_BYTES, DS64

_FORMAT = struct.Struct("<HHIIHH")
_SUBFORMAT_AT = 24
_COMMON = struct.Struct(">hIh")
_MOST_OF_A_HEAD = 64
"""Bytes of a chunk that tells what the samples are."""

_Samples = tuple[int, int, int, int]
"""Channels, bits, where in the file they begin, and how many bytes they are."""


class PlainSound:
    """The samples of the file `path`, which is open for reading; a context manager. Used by one thread.

    bits        of a sample: whole numbers, or floats where they are 32
    big_endian  whether its highest byte comes first

    Raises NotPlain where the file holds anything else, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: BinaryIO = path.open("rb", buffering=0)
        except OSError as error:
            raise NotPlain from error
        try:
            self.big_endian, found = _find(self._file)
            self.channels, self.bits, self._begin, bytes_told = found
            there = os.fstat(self._file.fileno()).st_size - self._begin
            self._frame_bytes = self.channels * self.bits // 8
            self.frames = max(0, min(bytes_told, there)) // self._frame_bytes
            self.go_to(0)
        except (OSError, struct.error, ZeroDivisionError) as error:
            self.close()
            raise NotPlain from error
        except NotPlain:
            self.close()
            raise

    def go_to(self, frame: int) -> None:
        """Let `read` begin with that frame."""
        self._left = self.frames - min(frame, self.frames)
        self._file.seek(self._begin + min(frame, self.frames) * self._frame_bytes)

    def read(self, room: memoryview) -> int:
        """Read the next frames into `room`, as many as fill it or as there are; how many. Raises StoreError."""
        wanted = min(self._left, len(room) // self._frame_bytes)
        room = room[: wanted * self._frame_bytes]
        got = 0
        try:
            while got < len(room) and (count := self._file.readinto(room[got:])):  # type: ignore[attr-defined]
                got += count
        except OSError as error:
            raise disk_failure("read", self.path, error) from error
        self._left -= wanted
        return got // self._frame_bytes

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class NotPlain(Exception):
    """A file that holds no samples as they are; libsndfile may know it all the same."""


def _find(file: BinaryIO) -> tuple[bool, _Samples]:
    """Whether a file is big-endian, and its samples. Raises NotPlain, OSError, struct.error."""
    form, _, kind = struct.unpack("<4sI4s", file.read(12))
    if form in (b"RIFF", b"RF64") and kind == b"WAVE":
        return False, _find_wav(file)
    if form == b"FORM" and kind == b"AIFF":
        return True, _find_aiff(file)
    raise NotPlain


def _find_wav(file: BinaryIO) -> _Samples:
    told, audio_bytes = (0, 0), None
    for name, begin, size, content in chunks(file, "<4sI"):
        if name == b"ds64":
            audio_bytes = DS64.unpack_from(content)[1]
        elif name == b"fmt ":
            kind, channels, _, _, _, bits = _FORMAT.unpack_from(content)
            if kind == EXTENSIBLE:
                kind = int(struct.unpack_from("<H", content, _SUBFORMAT_AT)[0])
            if (kind, bits) not in ((PCM, 16), (PCM, 24), (FLOAT, 32)):
                raise NotPlain
            told = channels, bits
        elif name == b"data":
            return *told, begin, size if audio_bytes is None else audio_bytes
    raise NotPlain


def _find_aiff(file: BinaryIO) -> _Samples:
    told = None
    for name, begin, size, content in chunks(file, ">4sI"):
        if name == b"COMM":
            channels, _, bits = _COMMON.unpack_from(content)
            if bits not in (16, 24):
                raise NotPlain
            told = channels, bits
        elif name == b"SSND" and told is not None:
            (offset,) = struct.unpack_from(">I", content)
            return *told, begin + CHUNK_HEAD_BYTES + offset, size - CHUNK_HEAD_BYTES - offset
    raise NotPlain


def chunks(file: BinaryIO, head: str) -> Iterator[tuple[bytes, int, int, bytes]]:
    """The name of each chunk, where what it holds begins, how long that is, and the first of it."""
    begin = 12
    while True:
        file.seek(begin)
        found = file.read(CHUNK_HEAD_BYTES + _MOST_OF_A_HEAD)
        if len(found) < CHUNK_HEAD_BYTES:
            return
        name, size = struct.unpack_from(head, found)
        begin += CHUNK_HEAD_BYTES
        yield name, begin, size, found[CHUNK_HEAD_BYTES:]
        begin += size + size % 2
