"""The ring of a memory, and what tells which frames are in it: where there is a place for it, in a file that outlives
the engine; plain memory otherwise.

What the head tells is true at every moment, as far as a kill may come between any two writes: frames are forgotten
before they are overwritten, and told of after they were written.
"""

import mmap
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chronus_tui.errors import StoreError
from dsp.sizes import STEMS
from store.lasting import LastingFile, LastingFolder

Frames = npt.NDArray[np.float32]
MASTER_ROW = -1
"""What is heard, where a row of the stems would stand."""
CHANNELS = 2
HOLES = 1024
"""Seldom is there one: where there are more, the memory is no longer than they reach."""
STEP_BYTES = 1 << 20
"""Of a file that lasts, so much more is asked for at a time as it fills."""
_FORM = 1

HEAD = np.dtype(
    [
        ("form", "i8"),
        ("frames", "i8"),
        ("count", "i8"),
        ("rows", "i8", STEMS + 1),
        ("begun", "i8"),
        ("begin", "i8"),  # the first frame that is held
        ("end", "i8"),  # the first frame that is not held yet
        ("first_hole", "i8"),  # number of the oldest hole,
        ("next_hole", "i8"),  # and of the next one
        ("holes", "i8", (HOLES, 2)),
    ],
    align=True,
)


class MemoryRing:
    """A ring of frames, (frames, channels) float32, and its head.

    lasting  where it may outlive the engine, under a `name` that no other of the engine's has
    """

    def __init__(
        self,
        head: Any,
        frames: Frames,
        name: str,
        lasting: LastingFolder | None = None,
        file: LastingFile | None = None,
    ) -> None:
        self.head = head
        self.frames: Frames = frames
        self.name = name
        self._lasting = lasting
        self._file = file
        self._reserved = HEAD.itemsize
        if file is not None:
            weakref.finalize(self, _let_go, file).atexit = False

    @property
    def rows(self) -> tuple[int, ...]:
        """Where each two channels come from."""
        return tuple(int(row) for row in self.head["rows"][: int(self.head["count"])])

    def reserve(self, frames: int) -> bool:
        """Make sure of the memory of the first `frames` frames; whether there is room."""
        needed = HEAD.itemsize + frames * self.frames.itemsize * self.frames.shape[1]
        if self._file is None or needed <= self._reserved:
            return True
        last = -(-needed // STEP_BYTES) * STEP_BYTES
        if not self._file.reserve(self._reserved, last):
            return False
        self._reserved = last
        return True

    def in_plain_memory(self) -> "MemoryRing":
        """The same where there is always room."""
        frames = np.zeros_like(self.frames)
        there = (self._reserved - HEAD.itemsize) // (self.frames.itemsize * self.frames.shape[1])
        frames[:there] = self.frames[:there]
        return MemoryRing(self.head.copy(), frames, self.name, self._lasting)

    def another(self, frames: int) -> "MemoryRing":
        """An empty one in its place, of another length."""
        return make_ring(frames, self.rows, self._lasting, self.name)


def make_ring(frames: int, rows: Sequence[int], lasting: LastingFolder | None = None, name: str = "") -> MemoryRing:
    """A new ring, in a file where there is a place and room for it.

    rows  where the sound comes from, one for each two channels: a row of the stems, or `MASTER_ROW`
    """
    channels = CHANNELS * len(rows)
    size = HEAD.itemsize + 4 * frames * channels
    ring = None
    if lasting is not None and lasting.has_room(size):
        file = lasting.file(name, size + STEP_BYTES)
        if file is not None:
            if file.reserve(0, HEAD.itemsize):
                ring = MemoryRing(*_laid_out(file.map(), frames, channels), name, lasting, file)
            else:
                _let_go(file)
    if ring is None:
        ring = MemoryRing(np.zeros((), HEAD), np.zeros((frames, channels), np.float32), name, lasting)
    ring.head["form"], ring.head["frames"], ring.head["count"] = _FORM, frames, len(rows)
    ring.head["rows"][: len(rows)] = rows
    return ring


def read_ring(path: Path) -> MemoryRing:
    """The ring that an engine has left in a file. Raises StoreError where it is none that is known."""
    try:
        with path.open("r+b") as file:
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        head = np.frombuffer(memory, HEAD, 1)[0]
        frames, channels = int(head["frames"]), CHANNELS * int(head["count"])
        if int(head["form"]) != _FORM:
            raise ValueError("it has another form")
        return MemoryRing(*_laid_out(memory, frames, channels), path.name)
    except (OSError, ValueError) as error:
        raise StoreError(f"Could not read {path}: {error}.") from error


def _laid_out(memory: mmap.mmap, frames: int, channels: int) -> tuple[Any, Frames]:
    head = np.frombuffer(memory, HEAD, 1).reshape(())
    ring = np.frombuffer(memory, np.float32, frames * channels, HEAD.itemsize).reshape(frames, channels)
    return head, ring


def _let_go(file: LastingFile) -> None:
    file.remove()
    file.close()
