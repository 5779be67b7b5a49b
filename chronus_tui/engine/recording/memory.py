"""The last minutes of what was heard, by their frames."""

import threading

import numpy as np

from chronus_tui.engine.recording.memory_ring import HOLES, Frames, MemoryRing

Source = tuple[str, tuple[int, ...]]
"""The name of a memory's file, where it has one that outlives the engine, and what its channels come from."""


class Memory:
    """The frames in a ring, of which the oldest `spare` are not promised.

    A take that begins with the oldest that are kept has time to be opened while the spare ones are overwritten.
    One thread appends, any may copy and ask: a ring takes the place of another once all is in it. Of frames that were
    lost on the way here it knows that they are missing. Memory is taken from the system only as it fills.
    """

    def __init__(self, ring: MemoryRing, spare: int = 0) -> None:
        self._lock = threading.Lock()
        self._spare = spare
        self._ring = ring

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its name and its rows."""
        return ((self._ring.name, self.rows),)

    @property
    def channels(self) -> int:
        """Of each frame."""
        return int(self._ring.frames.shape[1])

    @property
    def rows(self) -> tuple[int, ...]:
        """Where the sound comes from."""
        return self._ring.rows

    @property
    def bytes_when_full(self) -> int:
        """Of memory that it takes then."""
        return self._ring.frames.nbytes

    @property
    def begun(self) -> bool:
        """Whether it knows which frame comes next."""
        return bool(self._ring.head["begun"])

    @property
    def begin(self) -> int:
        """The first frame that it still holds."""
        return int(self._ring.head["begin"])

    @property
    def first_kept(self) -> int:
        """The first frame that a take may begin with: those before it are spare."""
        return max(self.begin, self.end - len(self._ring.frames) + self._spare)

    @property
    def end(self) -> int:
        """The first frame that it does not hold yet."""
        return int(self._ring.head["end"])

    def start_at(self, frame: int) -> None:
        """Begin anew, empty, with `frame` as the next."""
        with self._lock:
            head = self._ring.head
            head["begin"] = head["end"] = frame
            head["first_hole"] = head["next_hole"]
            head["begun"] = 1

    def append(self, frames: Frames) -> None:
        """Take up the next frames, (frames, channels); the oldest make room for them."""
        with self._lock:
            self._ring = _appended(self._ring, frames)

    def skip(self, count: int) -> None:
        """The next `count` frames were lost."""
        with self._lock:
            head, end = self._ring.head, self.end
            oldest, number = int(head["first_hole"]), int(head["next_hole"])
            last = head["holes"][(number - 1) % HOLES]
            if oldest < number and last[1] == end:
                last[1] = end + count
            else:
                if number - oldest == HOLES:  # no more can be told apart: what lies before its end is let go
                    head["begin"] = max(self.begin, int(head["holes"][oldest % HOLES][1]))
                    head["first_hole"] = oldest + 1
                head["holes"][number % HOLES] = end, end + count
                head["next_hole"] = number + 1
            _forget(self._ring, end + count)
            head["end"] = end + count

    def copy(self, first: int, out: Frames) -> int:
        """Copy frames from `first` on into `out`, up to the first that is missing; how many that were.

        The caller asks for none beyond `end`. 0 where `first` itself is missing; see `next_held`.
        """
        with self._lock:
            count = min(len(out), self.end - first)
            for begin, end in self._holes():
                if begin <= first < end:
                    return 0
                if first < begin:
                    count = min(count, begin - first)
            if first < self.begin or count <= 0:
                return 0
            self._copy(first, out[:count])
            return count

    def next_held(self, frame: int) -> int:
        """The first frame from `frame` on that is not missing."""
        with self._lock:
            frame = max(frame, self.begin)
            for begin, end in self._holes():
                if begin <= frame < end:
                    frame = end
            return frame

    def resize(self, frames: int) -> None:
        """Keep so many frames from now on: those that it holds now, as far as they fit."""
        frames += self._spare
        with self._lock:
            old, begin, end = self._ring, self.begin, self.end
            held = min(end - begin, frames)
            room = np.empty((held, self.channels), np.float32)
            self._copy(end - held, room)
            ring = old.another(frames)
            for field in ("begun", "first_hole", "next_hole", "holes"):
                ring.head[field] = old.head[field]
            ring.head["begin"] = ring.head["end"] = end - held
            self._ring = _appended(ring, room)

    def _copy(self, first: int, out: Frames) -> None:
        frames = self._ring.frames
        at = first % len(frames)
        until_edge = min(len(out), len(frames) - at)
        out[:until_edge] = frames[at : at + until_edge]
        out[until_edge:] = frames[: len(out) - until_edge]

    def _holes(self) -> list[tuple[int, int]]:
        head = self._ring.head
        numbers = range(int(head["first_hole"]), int(head["next_hole"]))
        return [(int(begin), int(end)) for begin, end in (head["holes"][number % HOLES] for number in numbers)]


def _appended(ring: MemoryRing, frames: Frames) -> MemoryRing:
    """The ring with the next frames in it: itself, or one in plain memory where there is no room for more of it."""
    length, end = len(ring.frames), int(ring.head["end"])
    frames = frames[-length:] if len(frames) > length else frames
    at = end % length
    until_edge = min(len(frames), length - at)
    if not ring.reserve(length if until_edge < len(frames) else at + until_edge):
        ring = ring.in_plain_memory()
    _forget(ring, end + len(frames))
    ring.frames[at : at + until_edge] = frames[:until_edge]
    ring.frames[: len(frames) - until_edge] = frames[until_edge:]
    ring.head["end"] = end + len(frames)
    return ring


def _forget(ring: MemoryRing, end: int) -> None:
    """Let go of what is overwritten where the ring ends with frame `end`."""
    head = ring.head
    head["begin"] = begin = max(int(head["begin"]), end - len(ring.frames))
    while head["first_hole"] < head["next_hole"] and head["holes"][int(head["first_hole"]) % HOLES][1] <= begin:
        head["first_hole"] += 1


class SideBySide:
    """Two memories as one, with the channels of the second behind those of the first."""

    def __init__(self, first: Memory, second: Memory) -> None:
        self._both = (first, second)

    @property
    def channels(self) -> int:
        """Of each frame."""
        return sum(memory.channels for memory in self._both)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Names and rows of both."""
        return tuple(source for memory in self._both for source in memory.sources)

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
