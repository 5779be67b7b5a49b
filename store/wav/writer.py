"""A WAV file that grows while it is recorded, and is a valid WAV at every moment from its header on.

    RIFF size WAVE | JUNK, or ds64 past 4 GiB | fmt | fact, for floats | bext, tempo | data size | frames ... | cues

Audio is appended first; then the header is written anew, in one piece, for what is there. So the header
never tells of data that is missing, and a process that is killed leaves a file that plays, short of the
quarter of a second that was not told yet: readers pass over bytes that follow the data. Past 4 GiB the header
becomes that of RF64, in the room that the JUNK chunk keeps for it. Marks come last, when the file is closed:
bytes behind the data that no header tells of yet.

Runs on the thread of the take. Sources: EBU Tech 3306 (RF64); Microsoft, "Multiple Channel Audio Data and
WAVE Files" (WAVE_FORMAT_EXTENSIBLE).
"""

import contextlib
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from store.atomic import sync_folder, write_all
from store.errors import DamagedFile, StoreError, disk_failure
from store.growing import leads_to, move, open_descriptor, open_new
from store.wav.chunks import begins_cues
from store.wav.header import CHUNK_HEAD_BYTES, DS64, SIZES_END, wav_header
from store.wav.samples import Frames, samples_of

BITS = (16, 24, 32)
"""What a sample may take: 16 and 24 are whole numbers, 32 is a float."""

_PLAIN_FORMAT_BYTES = 16
_HEADER_MAX_BYTES = 4096
_PUBLISHED_A_SECOND = 4


class WavWriter:
    """A new WAV file at `path`. A context manager.

    rate      frames a second
    channels  1 or more
    bits      16 (with triangular dither), 24, or 32 (float)
    dither    where the dither's noise comes from
    durable   wait, at the end, until the disk has it all; what can be made again need not
    resume    `path` is a file that a writer of the same format left unfinished: go on after its last whole frame
    about     chunks that stand before the audio, such as `bext`

    Raises FileExistsError where `path` is there and is not to be resumed: nothing is ever overwritten. Raises
    DamagedFile where what is to be resumed is no such file, StoreError where the disk refuses.
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        channels: int,
        bits: int = 24,
        dither: "np.random.Generator | None" = None,
        resume: bool = False,
        durable: bool = True,
        about: bytes = b"",
    ) -> None:
        if bits not in BITS:
            raise StoreError(f"A WAV file has 16, 24 or 32 bits, not {bits}.")
        self._path = path
        self._rate = rate
        self._channels = channels
        self._bits = bits
        # Numpy imports its generators when it is asked for one, and most files need none.
        self._dither = (dither or np.random.default_rng()) if bits == 16 else None
        self._frame_bytes = channels * bits // 8
        self._durable = durable
        self._frames = 0
        self._published = 0
        self._about = about
        self._tail_bytes = 0
        self._clipped = 0
        self._silent = True
        self._finished = False
        self._named: tuple[int, Path] | None = None  # the file and the name of it that the disk has
        self._lost: list[int] = []  # descriptors of files whose name was taken away; `sync` closes them
        self._header_bytes = len(self._header())
        self._descriptor = open_descriptor(path) if resume else open_new(path)
        try:
            self._take_up() if resume else self._begin()
        except OSError as error:
            self._close_descriptor()
            raise disk_failure("write", path, error) from error

    @property
    def frames(self) -> int:
        """How many were written."""
        return self._frames

    @property
    def size_bytes(self) -> int:
        """How large the file is."""
        return self._header_bytes + self._frames * self._frame_bytes + self._tail_bytes

    @property
    def frame_bytes(self) -> int:
        """How much room a frame takes."""
        return self._frame_bytes

    @property
    def clipped(self) -> int:
        """Samples that were over full scale, and were cut off."""
        return self._clipped

    @property
    def silent(self) -> bool:
        """Whether every sample that was written here is zero."""
        return self._silent

    @property
    def stands(self) -> bool:
        """Whether the name still leads to this very file."""
        return leads_to(self._path, self._descriptor)

    @property
    def closed(self) -> bool:
        """Whether the file takes no more: it is finished, or the disk refused."""
        return self._finished or self._descriptor < 0

    def write(self, frames: Frames) -> None:
        """Append audio.

        frames  (frames, channels) float32; -1..1 is full scale, what lies beyond is clipped unless bits is 32

        Raises DiskFull, or StoreError, where the disk takes no more: the file is then finished with the
        whole frames that fitted, and closed.
        """
        if self.closed:
            raise StoreError(f"Could not write {self._path}: it is closed.")
        if frames.ndim != 2 or frames.shape[1] != self._channels:
            raise ValueError(f"{frames.shape} are no frames of {self._channels} channels")
        if not len(frames):
            return
        try:
            samples, clipped = samples_of(frames, self._bits, self._dither)
            write_all(self._descriptor, samples)
            self._clipped += clipped
            self._silent = self._silent and not frames.any()
            self._frames += len(frames)
            if not self._published or self._frames - self._published >= self._rate // _PUBLISHED_A_SECOND:
                self.publish()
        except OSError as error:
            self._finish_with_what_fits()
            raise disk_failure("write", self._path, error) from error

    def publish(self) -> None:
        """Write the header for all that was appended. Raises OSError."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        write_all(self._descriptor, self._header())
        os.lseek(self._descriptor, 0, os.SEEK_END)
        self._published = self._frames

    def sync(self) -> None:
        """Wait until the disk has what was written so far. Any thread. Raises StoreError."""
        self._close_lost()
        descriptor, path = self._descriptor, self._path
        if descriptor < 0:
            return
        try:
            os.fsync(descriptor)
            if self._named != (descriptor, path):  # `move` may give it another meanwhile
                sync_folder(path.parent)
                self._named = descriptor, path
        except FileNotFoundError:
            return  # the folder was removed; `save_from_loss` is to follow
        except OSError as error:
            if self._descriptor == descriptor:  # it was closed meanwhile, which syncs too, or put back
                raise disk_failure("write", self._path, error) from error

    def shorten(self, frames: int) -> None:
        """Keep the first `frames` frames alone. Raises StoreError."""
        if frames >= self._frames:
            return
        try:
            self._frames = frames
            self.publish()
            os.ftruncate(self._descriptor, self.size_bytes)
            os.lseek(self._descriptor, 0, os.SEEK_END)
        except OSError as error:
            raise disk_failure("write", self._path, error) from error

    def save_from_loss(self) -> None:
        """The name was taken from the file, by whoever removed its folder: put all of it back there, and go on.

        Raises FileExistsError where the name was given to another, StoreError where the disk refuses.
        """
        self.move(self._path)

    def move(self, path: Path) -> None:
        """Go on under another name, which is free. Raises as `save_from_loss` does."""
        lost = self._descriptor
        self._descriptor = move(self._path, path, lost)
        if self._descriptor != lost:
            self._lost.append(lost)
        self._path = path

    def finish(self, cues: bytes = b"", about: bytes = b"") -> None:
        """Write what belongs beside the audio, which waits for no disk; `close` is to follow. Raises StoreError, and
        the file is closed then.

        cues   chunks that follow the audio
        about  in place of what stood before it, where that is as long
        """
        if self.closed:
            return
        self._finished = True
        if len(about) == len(self._about):
            self._about = about
        try:
            self.publish()  # from here on nobody takes what follows for audio
            padding = bytes(self._frames * self._frame_bytes % 2)
            write_all(self._descriptor, padding + cues)
            if cues:
                self._tail_bytes = len(cues)
                self.publish()
        except OSError as error:
            self._close_descriptor()
            raise disk_failure("finish", self._path, error) from error

    def close(self, cues: bytes = b"", about: bytes = b"") -> None:
        """Finish the file, unless that is done, and bring it to the disk. Any thread, once it is finished. Raises
        StoreError; the file is closed all the same."""
        self.finish(cues, about)
        try:
            if self._durable:
                self.sync()
        finally:
            self._close_descriptor()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self) -> None:
        """Write the header of a new file. Raises OSError; the file is then gone."""
        try:
            self.publish()
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink()
            raise

    def _take_up(self) -> None:
        """Find out how much audio the open file holds, and go to its end. Raises OSError, DamagedFile."""
        size = os.fstat(self._descriptor).st_size
        found = os.read(self._descriptor, _HEADER_MAX_BYTES)
        if not _same_format(found[: self._header_bytes], self._header()):
            self._close_descriptor()
            raise DamagedFile(f"Could not go on with {self._path}: it is no take of the format noted beside it.")
        self._take_up_header(found)
        audio_bytes = size - self._header_bytes
        told_bytes = self._told_bytes(found)
        if 0 < told_bytes < audio_bytes:
            place = told_bytes + told_bytes % 2
            os.lseek(self._descriptor, self._header_bytes + place, os.SEEK_SET)
            if begins_cues(os.read(self._descriptor, _HEADER_MAX_BYTES)):
                audio_bytes = told_bytes
        self._frames = max(audio_bytes, 0) // self._frame_bytes
        self.publish()
        os.ftruncate(self._descriptor, self.size_bytes)
        os.lseek(self._descriptor, 0, os.SEEK_END)

    def _take_up_header(self, found: bytes) -> None:
        """Let what a header that was found tells of the audio, beyond its format, stay there."""
        place = SIZES_END
        while place + CHUNK_HEAD_BYTES <= len(found):
            name, size = struct.unpack_from("<4sI", found, place)
            if name == b"data":
                self._about = b""
                self._about = found[len(self._header()) - CHUNK_HEAD_BYTES : place]
                self._header_bytes = len(self._header())
                return
            place += CHUNK_HEAD_BYTES + size + size % 2

    def _told_bytes(self, found: bytes) -> int:
        """How much audio a header that was found tells of."""
        if len(found) < self._header_bytes:
            return 0
        if found.startswith(b"RF64"):
            return int(DS64.unpack_from(found, 12 + CHUNK_HEAD_BYTES)[1])
        return int(struct.unpack_from("<I", found, self._header_bytes - 4)[0])

    def _header(self) -> bytes:
        """The header for all frames that were written."""
        return wav_header(self._rate, self._channels, self._bits, self._frames, self._about, self._tail_bytes)

    def _finish_with_what_fits(self) -> None:
        """After a write that failed: keep the whole frames that reached the file, tell of them, and close.

        The header's place was taken when the file was made, so this needs no room. Where it cannot be written
        all the same, the one that stands is true, and what it does not tell of counts as not written.
        """
        with contextlib.suppress(OSError):
            size = os.fstat(self._descriptor).st_size
            self._frames = (size - self._header_bytes) // self._frame_bytes
            if self._frames * self._frame_bytes % 2:
                self._frames -= 1  # rather than a pad byte, for which there is no room
            os.ftruncate(self._descriptor, self.size_bytes)
            self.publish()
            os.fsync(self._descriptor)
        self._frames = self._published
        self._close_descriptor()

    def _close_lost(self) -> None:
        with contextlib.suppress(IndexError):  # another thread may take the last one
            while True:
                lost = self._lost.pop()
                with contextlib.suppress(OSError):
                    os.close(lost)

    def _close_descriptor(self) -> None:
        self._close_lost()
        descriptor, self._descriptor = self._descriptor, -1
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _same_format(found: bytes, expected: bytes) -> bool:
    """Whether a header, or as much of one as there is, is `expected` but for its sizes."""
    if not found[:4] or found[:4] not in (b"RIFF"[: len(found)], b"RF64"[: len(found)]):
        return not found
    return all(
        found[start:end] == expected[start : min(end, max(start, len(found)))]
        for start, end in ((8, 12), (SIZES_END, SIZES_END + CHUNK_HEAD_BYTES + _PLAIN_FORMAT_BYTES))
    )
