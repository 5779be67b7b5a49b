"""The last minutes of what was heard, by their frames."""

import threading
from collections import deque

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]


class Memory:
    """A ring of the last `frames` frames, of `channels` channels each, and of `spare` older ones.

    A take that begins with the oldest that are kept has time to be opened while the spare ones are overwritten.
    One thread appends, any may copy. Of frames that were lost on the way here it knows that they are missing.
    Memory is taken from the system only as it fills.
    """

    def __init__(self, frames: int, channels: int, spare: int = 0) -> None:
        self._lock = threading.Lock()
        self._spare = spare
        self._ring = np.zeros((frames + spare, channels), np.float32)
        self._begin = 0
        self._end = 0
        self._begun = False
        self._holes: deque[tuple[int, int]] = deque()

    @property
    def channels(self) -> int:
        """Of each frame."""
        return self._ring.shape[1]

    @property
    def bytes_when_full(self) -> int:
        """Of memory that it takes then."""
        return self._ring.nbytes

    @property
    def begun(self) -> bool:
        """Whether it knows which frame comes next."""
        return self._begun

    @property
    def begin(self) -> int:
        """The first frame that it still holds."""
        return self._begin

    @property
    def first_kept(self) -> int:
        """The first frame that a take may begin with: those before it are spare."""
        return max(self._begin, self._end - len(self._ring) + self._spare)

    @property
    def end(self) -> int:
        """The first frame that it does not hold yet."""
        return self._end

    def start_at(self, frame: int) -> None:
        """Begin anew, empty, with `frame` as the next."""
        with self._lock:
            self._begin = self._end = frame
            self._begun = True
            self._holes.clear()

    def append(self, frames: Frames) -> None:
        """Take up the next frames, (frames, channels); the oldest make room for them."""
        with self._lock:
            self._append(frames)

    def skip(self, count: int) -> None:
        """The next `count` frames were lost."""
        with self._lock:
            self._holes.append((self._end, self._end + count))
            self._end += count
            self._forget()

    def copy(self, first: int, out: Frames) -> int:
        """Copy frames from `first` on into `out`, up to the first that is missing; how many that were.

        The caller asks for none beyond `end`. 0 where `first` itself is missing; see `next_held`.
        """
        with self._lock:
            count = min(len(out), self._end - first)
            for begin, end in self._holes:
                if begin <= first < end:
                    return 0
                if first < begin:
                    count = min(count, begin - first)
            if first < self._begin or count <= 0:
                return 0
            self._copy(first, out[:count])
            return count

    def next_held(self, frame: int) -> int:
        """The first frame from `frame` on that is not missing."""
        with self._lock:
            frame = max(frame, self._begin)
            for begin, end in self._holes:
                if begin <= frame < end:
                    frame = end
            return frame

    def resize(self, frames: int) -> None:
        """Keep so many frames from now on: those that it holds now, as far as they fit."""
        frames += self._spare
        with self._lock:
            held = min(self._end - self._begin, frames)
            room = np.empty((held, self.channels), np.float32)
            self._copy(self._end - held, room)
            self._ring = np.zeros((frames, self.channels), np.float32)
            self._begin = self._end = self._end - held
            self._append(room)

    def _append(self, frames: Frames) -> None:
        length = len(self._ring)
        frames = frames[-length:] if len(frames) > length else frames
        at = self._end % length
        until_edge = min(len(frames), length - at)
        self._ring[at : at + until_edge] = frames[:until_edge]
        self._ring[: len(frames) - until_edge] = frames[until_edge:]
        self._end += len(frames)
        self._forget()

    def _copy(self, first: int, out: Frames) -> None:
        length = len(self._ring)
        at = first % length
        until_edge = min(len(out), length - at)
        out[:until_edge] = self._ring[at : at + until_edge]
        out[until_edge:] = self._ring[: len(out) - until_edge]

    def _forget(self) -> None:
        self._begin = max(self._begin, self._end - len(self._ring))
        while self._holes and self._holes[0][1] <= self._begin:
            self._holes.popleft()


class SideBySide:
    """Two memories as one, with the channels of the second behind those of the first."""

    def __init__(self, first: Memory, second: Memory) -> None:
        self._both = (first, second)

    @property
    def channels(self) -> int:
        """Of each frame."""
        return sum(memory.channels for memory in self._both)

    @property
    def begin(self) -> int:
        """The first frame that both still hold."""
        return max(memory.begin for memory in self._both)

    @property
    def first_kept(self) -> int:
        """The first frame that a take may begin with."""
        return max(memory.first_kept for memory in self._both)

    @property
    def end(self) -> int:
        """The first frame that not both hold yet."""
        return min(memory.end for memory in self._both)

    @property
    def begun(self) -> bool:
        """Whether both hold anything yet."""
        return all(memory.begun for memory in self._both)

    def copy(self, first: int, out: Frames) -> int:
        """As `Memory.copy`."""
        count, at = len(out), 0
        for memory in self._both:
            count = min(count, memory.copy(first, out[:count, at : at + memory.channels]))
            at += memory.channels
        return count

    def next_held(self, frame: int) -> int:
        """The first frame from `frame` on that is missing in neither."""
        while True:
            held = max(memory.next_held(frame) for memory in self._both)
            if held == frame:
                return frame
            frame = held
