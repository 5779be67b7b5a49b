"""Which frame of a take's files a frame of the engine's clock is. What was lost is in none of them."""

from typing import Any

import numpy as np


class TakeFrames:
    """Counts from `first`, the frame of the engine's clock that the files begin with."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._lost: list[tuple[int, int]] = []

    def lose(self, begin: int, end: int) -> None:
        """The files hold none of these frames. Later ones than were lost before."""
        self._lost.append((begin, end))

    def place(self, frame: int) -> int:
        """Where `frame` lies in the files; where it was lost, the place at which it is missing; below 0 before them."""
        lost = sum(min(frame, end) - begin for begin, end in self._lost if frame > begin)
        return frame - self._first - lost

    def held(self, frame: int, count: int) -> Any:
        """Which of `count` frames from `frame` on the files hold, (count,) bool."""
        held = np.ones(count, bool)
        for begin, end in self._lost:
            held[max(0, begin - frame) : max(0, end - frame)] = False
        return held
