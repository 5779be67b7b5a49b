"""Sound as the samples of a sound file: in one pass each, where numpy takes six, and without the interpreter's lock."""

from typing import Any

import numpy as np

from dsp.kernels import SAMPLES, ArrayOf, door, kernel

DITHER_STEPS = np.float32(1.51)
"""How many steps of a 16-bit sample dither and rounding may take it away from what it was made of: one and a half, and
what the sum of both may be rounded by."""

_BYTES = ArrayOf(np.uint8, 1)
_FULL_24 = 2.0**23
_FULL_16 = np.float32(2.0**15)
_ROUNDING = 1.5 * 2.0**52
"""A double to which another is added has no room for its fraction: it is rounded to even, as `np.rint` does."""
_RUN = 512
"""Samples that are compared before one looks."""


@door(SAMPLES, _BYTES, int, bool)
def first_other(samples: Any, held: Any, bits: int, big_endian: bool) -> int:
    """The first sample that is another one in a file, -1 where none is.

    samples  (n,) float32, as `render` makes them
    held     (n * bits // 8,) uint8, as the file holds them
    bits     16, which are dithered and so may be near alone; 24; or 32, which are floats, of which every bit counts
    """
    for at in range(0, len(samples), _RUN):
        end = min(at + _RUN, len(samples))
        if _differ(samples, held, bits, big_endian, at, end):
            while not _differ(samples, held, bits, big_endian, at, at + 1):
                at += 1
            return at
    return -1


@door(SAMPLES, _BYTES)
def pack_24(samples: Any, out: Any) -> None:
    """Write samples, (n,) float32, as those of a WAV file of 24 bits, (3 * n,) uint8, overwritten."""
    for i in range(len(samples)):
        whole = _whole_24(samples[i])
        out[3 * i] = np.uint8(whole & np.uint32(0xFF))
        out[3 * i + 1] = np.uint8((whole >> np.uint32(8)) & np.uint32(0xFF))
        out[3 * i + 2] = np.uint8(whole >> np.uint32(16))


@kernel
def _differ(samples: Any, held: Any, bits: int, big_endian: bool, at: int, end: int) -> bool:
    """Whether any of the samples at..end does."""
    first = bits // 8 - 1 if big_endian else 0
    onward = -1 if big_endian else 1
    if bits == 16:
        return _differ_16(samples, held, first, onward, at, end)
    if bits == 24:
        return _differ_24(samples, held, first, onward, at, end)
    return _differ_32(samples.view(np.uint32), held, first, onward, at, end)


@kernel
def _differ_16(samples: Any, held: Any, first: int, onward: int, at: int, end: int) -> bool:
    furthest = np.float32(0.0)
    for i in range(at, end):
        low, high = np.int32(held[2 * i + first]), np.int32(held[2 * i + first + onward])
        step = np.float32(np.int16(low | (high << np.int32(8))))
        scaled = min(max(samples[i] * _FULL_16, -_FULL_16), _FULL_16 - np.float32(1.0))
        furthest = max(furthest, abs(step - scaled))
    return bool(furthest > DITHER_STEPS)


@kernel
def _differ_24(samples: Any, held: Any, first: int, onward: int, at: int, end: int) -> bool:
    other = np.uint32(0)
    for i in range(at, end):
        low, high = np.uint32(held[3 * i + first]), np.uint32(held[3 * i + first + 2 * onward])
        other |= _whole_24(samples[i]) ^ (low | (np.uint32(held[3 * i + 1]) << np.uint32(8)) | (high << np.uint32(16)))
    return other != 0


@kernel
def _differ_32(words: Any, held: Any, first: int, onward: int, at: int, end: int) -> bool:
    other = np.uint32(0)
    for i in range(at, end):
        word = np.uint32(0)
        for place in range(4):
            word |= np.uint32(held[4 * i + first + place * onward]) << np.uint32(8 * place)
        other |= words[i] ^ word
    return other != 0


@kernel
def _whole_24(sample: Any) -> Any:
    """A sample as 24 bits, in the low bytes of a uint32."""
    scaled = min(max(np.float64(sample) * _FULL_24, -_FULL_24), _FULL_24 - 1.0)
    return np.uint32(np.int32((scaled + _ROUNDING) - _ROUNDING)) & np.uint32(0xFFFFFF)
