"""Sound at eight times its rate, and back: what a curve adds beyond hearing then does not fold back into it.

What comes back is `LATE` frames behind. A dry sound that is heard beside it has to wait as long, or the two cancel.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, carried, in_all_places, load, store, total
from dsp.sizes import QUANTUM

TAPS = 28
"""Frames that one sample between two is worked out from."""
LATE = TAPS - 1
AROUND = LATE + QUANTUM
"""Frames of the sound that are kept, the newest quantum last."""
OVER = AROUND * WIDTH
"""Samples that are kept at eight times the rate."""
RINGS = 2 * TAPS + QUANTUM
"""Frames after which silence that went in has come out, and nothing else is left."""


def _filter() -> np.ndarray[Any, np.dtype[np.float64]]:
    """(TAPS, 8): a low-pass at eight times the rate: flat to 0.35 of the rate, 70 dB down from 0.53 of it on."""
    frames = (np.arange(TAPS * WIDTH) - (TAPS * WIDTH - 1) / 2) / WIDTH
    window = np.kaiser(TAPS * WIDTH, 6.8)
    weights = np.sinc(2 * 0.44 * frames) * window
    return (weights / weights.sum()).reshape(TAPS, WIDTH)


_UP = np.ascontiguousarray((_filter() * WIDTH)[::-1]).astype(np.float32)
_DOWN = np.ascontiguousarray(_filter()[::-1, ::-1]).astype(np.float32)
_ZERO = np.float32(0.0)


@kernel
def take_in(around: Any, over: Any, row: Any) -> None:
    """Let what was heard go back by a quantum, and take in the next, `row`, (32,) float32.

    around  (AROUND,) float32, read and updated; its first frame is `LATE` frames before the quantum's
    over    (OVER,) float32, read and updated; its last 32 * 8 samples are left for the caller to fill
    """
    for i in range(LATE):
        around[i] = around[QUANTUM + i]
    for i in range(0, QUANTUM, WIDTH):
        store(around, LATE + i, load(row, i))
    for i in range(0, LATE * WIDTH, WIDTH):
        store(over, i, load(over, QUANTUM * WIDTH + i))


@kernel
def eight_of(around: Any, i: int) -> Any:
    """The eight samples that the quantum's frame `i` is at eight times the rate; they belong at (LATE + i) * 8."""
    x = in_all_places(_ZERO)
    for k in range(TAPS):
        x += load(_UP[k], 0) * around[i + k]
    return x


@kernel
def back(over: Any, i: int) -> Any:
    """Eight frames from the quantum's frame `i` on, from eight times as many samples."""
    y = in_all_places(_ZERO)
    for place in range(WIDTH - 1, -1, -1):
        summed = in_all_places(_ZERO)
        for k in range(TAPS):
            summed += load(over, (i + place + k) * WIDTH) * load(_DOWN[k], 0)
        y = carried(y, total(summed))
    return y
