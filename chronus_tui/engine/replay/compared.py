"""Whether what was made again is what a take holds: to the bit, but for takes of 16 bits, whose dither is by chance."""

import numpy as np

from chronus_tui.engine.output.hand import Frames

DITHER_STEPS = 1.51
"""How many steps of a 16-bit sample dither and rounding may take it away from what it was made of: one and a half, and
what the sum of both may be rounded by."""


def first_apart(held: Frames, made: Frames, bits: int) -> int | None:
    """The first frame that is another one, None where all are the same.

    held  (frames, channels) float32, what the take holds, in samples of `bits` bits
    made  as long, as `render` gives it
    """
    if bits == 32:
        apart = held != made
    else:
        steps = 2.0 ** (bits - 1)
        whole, held_whole = np.clip(made * np.float32(steps), -steps, steps - 1), held * np.float32(steps)
        apart = np.abs(held_whole - whole) > DITHER_STEPS if bits == 16 else held_whole != np.rint(whole)
    return int(np.flatnonzero(apart.any(axis=1))[0]) if apart.any() else None
