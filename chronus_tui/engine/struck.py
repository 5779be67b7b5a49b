"""The notes of the last minutes that were struck and could be heard, for the takes."""

import threading
from collections import deque
from typing import Any

import numpy as np

from dsp.struck import BROKEN, WHOLE, take_struck
from store.played import PlayedNote


class StruckNotes:
    """The notes that a state was given.

    The control thread follows; any thread may read.
    """

    def __init__(self, state: Any) -> None:
        self._ring: Any = state["struck"]
        self._lock = threading.Lock()
        self._notes: deque[PlayedNote] = deque()
        self._forgotten = 0
        self._whole = np.zeros(WHOLE, np.int64)
        self._broken = np.zeros(BROKEN, np.float64)

    def follow(self) -> None:
        """Take down what was struck since the last call."""
        while take_struck(self._ring, self._whole, self._broken):
            frame, end, track, slide = (int(value) for value in self._whole)
            note, velocity = (float(value) for value in self._broken)
            with self._lock:
                self._notes.append(PlayedNote(frame, end, track, note, velocity, bool(slide)))

    def after(self, number: int) -> tuple[list[PlayedNote], int]:
        """What was struck since this gave `number`; 0 for all that is remembered."""
        with self._lock:
            first = max(0, number - self._forgotten)
            return [self._notes[index] for index in range(first, len(self._notes))], self._forgotten + len(self._notes)

    def forget(self, frame: int) -> None:
        """Let go of what was struck before `frame`."""
        with self._lock:
            while self._notes and self._notes[0].frame < frame:
                self._notes.popleft()
                self._forgotten += 1
