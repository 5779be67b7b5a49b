"""The chunks of a WAV file that say something of its audio: its format, when and how fast it was played, its marks.

Sources: EBU Tech 3285 (bext), Microsoft "Multimedia Programming Interface" (cue, LIST adtl, labl), and, for the
tempo, the acid chunk as Sonic Foundry's programs write it.
"""

import struct
from collections.abc import Sequence
from datetime import datetime

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
_FORMAT_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_LARGEST = 0xFFFFFFFF
_BEXT = struct.Struct("<256s32s32s10s8sQH64s5h180s")
_BEXT_VERSION = 2
_NOT_MEASURED = 0x7FFF
_ACID = struct.Struct("<IHHfIHHf")
_ONE_SHOT = 0x01  # the tempo is told, but nobody shall stretch the file
_CUE = struct.Struct("<II4sIII")


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk with its head, and with the byte that fills it up to an even length."""
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def format_chunk(rate: int, channels: int, bits: int) -> bytes:
    """`fmt `: whole numbers of 16 or 24 bits, or floats of 32."""
    frame_bytes = channels * bits // 8
    kind = FLOAT if bits == 32 else PCM
    if channels <= 2:
        plain = struct.pack("<HHIIHH", kind, channels, rate, rate * frame_bytes, frame_bytes, bits)
        # Only PCM may go without an extension's size.
        return chunk(b"fmt ", plain if kind == PCM else plain + b"\0\0")
    extended = struct.pack("<HHIIHHHHI", EXTENSIBLE, channels, rate, rate * frame_bytes, frame_bytes, bits, 22, bits, 0)
    return chunk(b"fmt ", extended + struct.pack("<H", kind) + _FORMAT_GUID_TAIL)


def bext_chunk(
    title: str,
    began: datetime,
    frames_since_midnight: int,
    loudness_lufs: float | None = None,
    true_peak_dbtp: float | None = None,
) -> bytes:
    """`bext`: when the first frame was played, and, once it is known, how loud the take is. Always as long."""
    measured = [_hundredths(loudness_lufs), _NOT_MEASURED, _hundredths(true_peak_dbtp), _NOT_MEASURED, _NOT_MEASURED]
    content = _BEXT.pack(
        _ascii(title, 256),
        b"Chronus",
        b"",
        began.strftime("%Y-%m-%d").encode(),
        began.strftime("%H:%M:%S").encode(),
        frames_since_midnight,
        _BEXT_VERSION,
        b"",
        *measured,
        b"",
    )
    return chunk(b"bext", content)


def tempo_chunk(bpm: float, seconds: float, beats_per_bar: int = 4) -> bytes:
    """`acid`: the tempo, and how many beats the file lasts."""
    beats = min(round(seconds * bpm / 60.0), _LARGEST)
    return chunk(b"acid", _ACID.pack(_ONE_SHOT, 0, 0x8000, 0.0, beats, 4, beats_per_bar, bpm))


def cue_chunks(marks: Sequence[tuple[int, str]]) -> bytes:
    """`cue ` and the labels to it, for marks of a frame and a name; nothing where there is none.

    A frame past 2**32 cannot be told in such a chunk, and is left out.
    """
    told = [(frame, name) for frame, name in marks if 0 <= frame <= _LARGEST]
    if not told:
        return b""
    points = b"".join(_CUE.pack(number, frame, b"data", 0, 0, frame) for number, (frame, _) in enumerate(told, 1))
    labels = b"".join(
        chunk(b"labl", struct.pack("<I", number) + name.encode(errors="replace").replace(b"\0", b"") + b"\0")
        for number, (_, name) in enumerate(told, 1)
    )
    return chunk(b"cue ", struct.pack("<I", len(told)) + points) + chunk(b"LIST", b"adtl" + labels)


def begins_cues(found: bytes) -> bool:
    """Whether bytes that follow the audio are, or would have become, what `cue_chunks` gives."""
    if len(found) < 12 or not found.startswith(b"cue "):
        return False
    size, count = struct.unpack_from("<II", found, 4)
    return bool(size == 4 + count * _CUE.size)


def _hundredths(value: float | None) -> int:
    return _NOT_MEASURED if value is None else max(-0x7FFF, min(round(value * 100.0), 0x7FFE))


def _ascii(text: str, size: int) -> bytes:
    return text.encode("ascii", "replace")[:size]
