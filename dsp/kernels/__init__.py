"""The parts that instruments and effects are made of, and how everything on the audio path is compiled."""

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` for the audio path.

    It runs without the interpreter's lock and is kept in the cache folder. A division by zero gives
    what IEEE 754 says and raises nothing, for nothing could catch it there. Arithmetic is never
    reordered, so that the same input gives the same bits, and a value that is not finite can be seen.
    Its arguments are unchecked, for what numba compiles it for is not known before it is called.
    """
    compiled: Callable[..., Any] = njit(nogil=True, cache=True, error_model="numpy")(function)
    return compiled
