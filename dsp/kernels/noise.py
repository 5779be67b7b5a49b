"""Noise from a seed: the same seed, the same noise."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import floating

_SCALE = np.float32(2.0**-31)


@kernel
def next_seed(seed: Any) -> Any:
    """The seed after `seed` (uint32, never zero for a seed that is not zero).

    Source: Marsaglia, "Xorshift RNGs", 2003, the triple 13, 17, 5.
    """
    x = np.uint32(seed)
    x ^= np.uint32(x << np.uint32(13))
    x ^= np.uint32(x >> np.uint32(17))
    x ^= np.uint32(x << np.uint32(5))
    return np.uint32(x)


@kernel
def white(seed: Any) -> Any:
    """The sample of white noise, float32 -1..1, that belongs to `seed`."""
    return np.float32(np.int32(seed)) * _SCALE


@kernel
def next_seeds(seeds: Any) -> Any:
    """As `next_seed`, for eight seeds side by side."""
    x = seeds ^ (seeds << 13)
    x = x ^ (x >> 17)
    return x ^ (x << 5)


@kernel
def whites(seeds: Any) -> Any:
    """As `white`, for eight seeds side by side."""
    return floating(seeds) * _SCALE
