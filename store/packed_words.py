"""Many words of which most are zero, in little room."""

import zlib
from mmap import mmap
from typing import Any

import msgspec
import numpy as np

BLOCK = 1024
"""Words that are left out together where all of them are zero: a page of memory."""
_WORD = np.dtype("<u4")
_NUMBER = np.dtype("<u4")


class PackedWords(msgspec.Struct, array_like=True, frozen=True):
    """So many words, of which blocks are there, in their order, and what they hold."""

    count: int
    blocks: bytes
    packed: bytes


def pack(words: Any) -> PackedWords:
    """Pack an array of uint32. Any thread; others go on meanwhile."""
    whole = words[: len(words) // BLOCK * BLOCK].reshape(-1, BLOCK)
    there = np.flatnonzero(whole.any(axis=1))
    held = whole[there].astype(_WORD, copy=False).tobytes() + words[whole.size :].astype(_WORD, copy=False).tobytes()
    return PackedWords(len(words), there.astype(_NUMBER).tobytes(), zlib.compress(held, 1))


def unpack(packed: PackedWords) -> Any:
    """The words that were packed, uint32, in memory that is touched nowhere else. Raises ValueError, zlib.error."""
    # What `np.zeros` gives is often memory that was used before, all of which is made zero again.
    words = np.frombuffer(mmap(-1, max(1, packed.count) * _WORD.itemsize), np.uint32, packed.count)
    whole = words[: packed.count // BLOCK * BLOCK].reshape(-1, BLOCK)
    there = np.frombuffer(packed.blocks, _NUMBER)
    held = np.frombuffer(zlib.decompress(packed.packed), _WORD)
    whole[there] = held[: len(there) * BLOCK].reshape(-1, BLOCK)
    words[whole.size :] = held[len(there) * BLOCK :]
    return words
