"""Which frame of a take's files a frame of the engine's clock is. What was lost is in none of them."""

from typing import Any

import numpy as np


class TakeFrames:
    """Counts from `first`, the frame of the engine's clock that the files begin with."""

    def __init__(self, first: int) -> None:
        self.first = first
        self._lost: list[tuple[int, int]] = []

    @property
    def lost(self) -> tuple[tuple[int, int], ...]:
        """The frames that the files hold none of: the first of each gap, and the first after it."""
        return tuple(self._lost)

    def lose(self, begin: int, end: int) -> None:
        """The files hold none of these frames. Later ones than were lost before."""
        self._lost.append((begin, end))

    def place(self, frame: int) -> int:
        """Where `frame` lies in the files; where it was lost, the place at which it is missing; below 0 before them."""
        lost = sum(min(frame, end) - begin for begin, end in self._lost if frame > begin)
        return frame - self.first - lost

    def frame_at(self, place: int) -> int:
        """The frame of the engine's clock that lies at a place in the files."""
        frame = self.first + place
        for begin, end in self._lost:
            if begin <= frame:
                frame += end - begin
        return frame

    def held(self, frame: int, count: int) -> Any:
        """Which of `count` frames from `frame` on the files hold, (count,) bool."""
        held = np.ones(count, bool)
        for begin, end in self._lost:
            held[max(0, begin - frame) : max(0, end - frame)] = False
        return held
