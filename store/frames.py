"""Files that are added to at their end: one frame after another, each the length and the CRC-32 of what follows.

A frame that was cut off, or is damaged, ends the file; what stands before it counts.
"""

import struct
import zlib
from collections.abc import Iterator

_FRAME = struct.Struct("<II")


def framed(body: bytes) -> bytes:
    """A frame around `body`."""
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


def bodies(data: bytes) -> Iterator[bytes]:
    """What the frames of a file hold, up to the first that is not sound."""
    place = 0
    while place + _FRAME.size <= len(data):
        length, check = _FRAME.unpack_from(data, place)
        body = data[place + _FRAME.size : place + _FRAME.size + length]
        if len(body) < length or zlib.crc32(body) != check:
            return
        yield body
        place += _FRAME.size + length
