"""Chance that can be repeated: a pure function of a seed and of what it is asked for."""

from typing import Any

import numpy as np

from dsp.kernels import kernel

_TO_ONE = 2.0**-32
_FIRST, _SECOND = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_LOW_BITS = 0xFFFFFFFF


@kernel
def chance(seed: Any, who: int, number: int) -> float:
    """A number 0..1, without 1, that belongs to `number` of `who`: the same for the same seed.

    seed    uint32
    who     0.. , a track or an LFO
    number  any whole number, such as that of a step or of a cycle
    """
    x = _mixed(np.uint32(np.uint32(who + 1) * _FIRST) ^ _mixed(np.uint32(number & _LOW_BITS)))
    return np.float64(_mixed(np.uint32(x ^ np.uint32(seed)))) * _TO_ONE


@kernel
def _mixed(x: Any) -> Any:
    """`x`, uint32, with every bit spread over all.

    Source: Wellons, "Prospecting for Hash Functions", 2018, lowbias32.
    """
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * _FIRST)
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * _SECOND)
    return np.uint32(x ^ (x >> np.uint32(16)))
