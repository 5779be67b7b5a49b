"""The notes of the last minutes that were struck and could be heard, for the takes."""

from typing import Any

import numpy as np

from chronus_tui.engine.lately import Lately
from dsp.struck import BROKEN, WHOLE, take_struck
from store.takes.played import PlayedNote


class StruckNotes:
    """The notes that a state was given; one that ended otherwise than was planned comes again, with another end.

    The control thread follows; any thread may read.
    """

    def __init__(self, state: Any) -> None:
        self._ring: Any = state["struck"]
        self._notes: Lately[PlayedNote] = Lately()
        self._whole = np.zeros(WHOLE, np.int64)
        self._broken = np.zeros(BROKEN, np.float64)

    def follow(self) -> None:
        """Take down what was struck since the last call."""
        while take_struck(self._ring, self._whole, self._broken):
            frame, end, track, slide = (int(value) for value in self._whole)
            note, velocity = (float(value) for value in self._broken)
            self._notes.add(PlayedNote(frame, end, track, note, velocity, bool(slide)))

    def after(self, number: int) -> tuple[list[PlayedNote], int]:
        """What was struck since this gave `number`; 0 for all that is remembered."""
        return self._notes.after(number)

    def forget(self, frame: int) -> None:
        """Let go of what had ended before `frame`."""
        self._notes.forget(lambda note: note.end < frame and note.frame < frame)
