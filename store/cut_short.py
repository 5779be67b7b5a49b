"""Whether a WAV or an AIFF file holds all the sound that its head tells of: one that was cut short reads well all the
same.

Sources: those of `plain_sound`; and what programs write to a pipe, of which they cannot know the length (ffmpeg
0xFFFFFFFF, sox 0x7FFFF000, arecord 0x80000000 or a little less).
"""

import math
import struct
from pathlib import Path
from typing import BinaryIO

from store.errors import disk_failure
from store.plain_sound import chunks
from store.wav.header import CHUNK_HEAD_BYTES, DS64

_NOT_KNOWN_NEAR = 1 << 31
_NOT_KNOWN_BYTES = 4096


def frames_told(path: Path, held: int) -> int:
    """How many frames the head of a file tells of, that holds `held`.

    As many as it holds where its head does not know, and of files of another kind. Raises StoreError where it cannot be
    read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            told_bytes, begin = _sound(file)
            held_bytes = file.seek(0, 2) - begin
    except struct.error:
        return held
    except OSError as error:
        raise disk_failure("read", path, error) from error
    return math.ceil(held * told_bytes / held_bytes) if 0 < held_bytes < told_bytes else held


def _sound(file: BinaryIO) -> tuple[int, int]:
    """How many bytes of sound the head tells of, 0 where it does not, and where they begin. Raises struct.error."""
    form, _, kind = struct.unpack("<4sI4s", file.read(12))
    if form in (b"RIFF", b"RF64") and kind == b"WAVE":
        long = 0
        for name, begin, size, content in chunks(file, "<4sI"):
            if name == b"ds64":
                long = DS64.unpack_from(content)[1]
            elif name == b"data":
                unknown = (size + _NOT_KNOWN_BYTES) % _NOT_KNOWN_NEAR <= _NOT_KNOWN_BYTES
                return long or (0 if unknown else size), begin
    elif form == b"FORM" and kind in (b"AIFF", b"AIFC"):
        for name, begin, size, _ in chunks(file, ">4sI"):
            if name == b"SSND":
                return size - CHUNK_HEAD_BYTES, begin + CHUNK_HEAD_BYTES
    return 0, 0
