"""The header of a WAV file: RIFF, or RF64 where its sizes need more than 32 bits, in the room that the JUNK chunk keeps
for them.

Source: EBU Tech 3306 (RF64).
"""

import struct

from store.wav.chunks import chunk, format_chunk

CHUNK_HEAD_BYTES = 8
DS64 = struct.Struct("<QQQI")
"""The sizes of the whole, of the audio, the frames, and of a table that is empty."""
SIZES_END = 12 + CHUNK_HEAD_BYTES + DS64.size
_IN_DS64 = 0xFFFFFFFF
"""A size that stands in the ds64 chunk; a file is RIFF as long as its own sizes are smaller."""


def wav_header(rate: int, channels: int, bits: int, frames: int, about: bytes = b"", tail_bytes: int = 0) -> bytes:
    """All that stands before the audio, however many frames it has as long.

    about       chunks that stand there too
    tail_bytes  of chunks that follow the audio
    """
    data_bytes = frames * channels * bits // 8
    tail = format_chunk(rate, channels, bits)
    if bits == 32:
        tail += chunk(b"fact", struct.pack("<I", min(frames, _IN_DS64)))
    tail += about
    behind_bytes = data_bytes + data_bytes % 2 + tail_bytes
    riff_bytes = 4 + CHUNK_HEAD_BYTES + DS64.size + len(tail) + CHUNK_HEAD_BYTES + behind_bytes
    if riff_bytes < _IN_DS64:
        head = struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE") + chunk(b"JUNK", bytes(DS64.size))
        return head + tail + struct.pack("<4sI", b"data", data_bytes)
    sizes = DS64.pack(riff_bytes, data_bytes, frames, 0)
    head = struct.pack("<4sI4s", b"RF64", _IN_DS64, b"WAVE") + chunk(b"ds64", sizes)
    return head + tail + struct.pack("<4sI", b"data", _IN_DS64)
