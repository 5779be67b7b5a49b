"""How much sound there is in a piece of it."""

from typing import Any

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, load, total


@kernel
def amount(row: Any) -> Any:
    """The sum of the magnitudes in `row`, float32, a multiple of eight long: 0 for silence alone."""
    summed = abs(load(row, 0))
    for i in range(WIDTH, row.shape[0], WIDTH):
        summed += abs(load(row, i))
    return total(summed)
