"""What a detector tells of."""

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""One channel, (frames,), full scale 1."""

Indices = npt.NDArray[np.intp]

Kind = Literal["dropout", "click", "clipping", "dc", "channel", "silence"]


class Fault(NamedTuple):
    """One fault of a recording.

    kind         what is wrong, in a word
    start_frame  where it begins, counted from the first frame of the recording
    frames       how long it lasts, at least 1
    channel      which channel has it, from 0; None: all of them
    confidence   0..1: how sure the detector is; what it reports has at least 0.5
    detail       what is wrong, in a few words
    """

    kind: Kind
    start_frame: int
    frames: int
    channel: int | None
    confidence: float
    detail: str

    @property
    def end_frame(self) -> int:
        """The first frame after it."""
        return self.start_frame + self.frames


class Window(NamedTuple):
    """A stretch of one channel with what lies around it, so that a detector sees past its own borders.

    x         (frames,) float32, C-contiguous
    core      the part of `x` whose faults are to be told; what lies before and after is context
    origin    the frame of the recording that is x[0]
    rate      frames a second
    """

    x: Samples
    core: slice
    origin: int
    rate: int

    def owns(self, frames: Any) -> Any:
        """Whether `frames`, places in `x`, lie in the core."""
        return (frames >= self.core.start) & (frames < self.core.stop)


def certainty(score: float, threshold: float) -> float:
    """A confidence for a score that has reached its threshold: 0.5 there, towards 1 above."""
    return round(float(1.0 - 0.5 * threshold / max(score, threshold)), 3)
