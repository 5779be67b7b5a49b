"""The waveform of a take as it grows: a fixed number of columns, however long it becomes."""

import numpy as np

from chronus_tui.engine.recording.memory_ring import Frames

COLUMNS = 128
"""At most; from half of it on there are always enough for a line of a screen."""
_FIRST_FRAMES = 1024


class Overview:
    """The peaks of a take, a column for so many frames. Where the columns run out, two become one."""

    def __init__(self) -> None:
        self._peaks: list[float] = []
        self._frames_a_column = _FIRST_FRAMES
        self._peak = 0.0
        self._filled = 0

    @property
    def peaks(self) -> tuple[float, ...]:
        """The peak of each column so far, linear, the oldest first."""
        return tuple(self._peaks)

    def take(self, frames: Frames) -> None:
        """Go on with `frames`, (frames, channels)."""
        at = 0
        while at < len(frames):
            count = min(len(frames) - at, self._frames_a_column - self._filled)
            self._peak = max(self._peak, float(np.abs(frames[at : at + count]).max()))
            self._filled += count
            at += count
            if self._filled == self._frames_a_column:
                self._peaks.append(round(self._peak, 4))
                self._peak, self._filled = 0.0, 0
                if len(self._peaks) == COLUMNS:
                    self._peaks = [max(pair) for pair in zip(self._peaks[::2], self._peaks[1::2], strict=True)]
                    self._frames_a_column *= 2
