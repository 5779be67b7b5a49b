"""How much sound there is in a piece of it."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, load, place_of, total


@kernel
def amount(row: Any) -> Any:
    """The sum of the magnitudes in `row`, float32, a multiple of eight long: 0 for silence alone."""
    summed = abs(load(row, 0))
    for i in range(WIDTH, row.shape[0], WIDTH):
        summed += abs(load(row, i))
    return total(summed)


@kernel
def highest_of(x: Any) -> Any:
    """The highest of eight, none of which is below 0."""
    highest = np.float32(0.0)
    for place in range(WIDTH):
        highest = max(highest, place_of(x, np.int32(place)))
    return highest


@kernel
def peak_of(row: Any) -> Any:
    """The highest magnitude in `row`, float32, a multiple of eight long."""
    top = abs(load(row, 0))
    for i in range(WIDTH, row.shape[0], WIDTH):
        top = max(top, abs(load(row, i)))
    return highest_of(top)
