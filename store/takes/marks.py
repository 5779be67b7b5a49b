"""Marks in files that are no WAV, where other programs look for them.

    FLAC, Vorbis, Opus    chapters among the Vorbis comments: CHAPTER001=00:01:12.345, CHAPTER001NAME=here
    AIFF                  markers, in a chunk behind the sound

libsndfile writes neither, but texts alone. So it is given a comment as long as all the fields together are to be, and
they take its place in the finished file, where nothing else moves.

Sources: Xiph "Chapter Extension" and "Vorbis I specification", 5; RFC 3533 (Ogg), RFC 7845 (Opus), RFC 9639 (FLAC);
Apple, "Audio Interchange File Format", 1989.
"""

import struct
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from store.errors import DamagedFile
from store.takes.formats import TakeFormat

Mark = tuple[int, str]
"""Frame in the file, and name."""

CHAPTERS_MOST, MARKERS_MOST = 999, 32_767
CHAPTERS_MOST_BYTES = 29_000
"""libsndfile cannot open an Opus file whose comments are much longer."""
_COMMENT = b"COMMENT="
_LENGTH = struct.Struct("<I")
_FLAC_COMMENTS = 4
_OGG_HEAD_BYTES, _OGG_CRC_AT = 27, 22
_BITS_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_MARKER_NAME_BYTES = 255

_Extent = tuple[int, int]
"""Where in the file some bytes lie, and how many."""


def fitting(wanted: TakeFormat, marks: Sequence[Mark], rate: int) -> Sequence[Mark]:
    """The first marks, as many as a file can hold."""
    if wanted.container == "AIFF":
        return marks[:MARKERS_MOST]
    taken = accumulate(sum(map(_taken, _chapter(number, mark, rate))) for number, mark in enumerate(marks, 1))
    return marks[: min(CHAPTERS_MOST, bisect_right(list(taken), CHAPTERS_MOST_BYTES))]


def comment_fields(comment: str, marks: Sequence[Mark], rate: int) -> list[bytes]:
    """The Vorbis comments for a comment and for marks, of which there are `fitting` ones."""
    chapters = (field for number, mark in enumerate(marks, 1) for field in _chapter(number, mark, rate))
    return [_COMMENT + comment.encode(errors="replace"), *chapters]


def comment_for(fields: Sequence[bytes]) -> str:
    """The comment that libsndfile is to write where `fields` are to stand."""
    return "=" * (sum(map(_taken, fields)) - _LENGTH.size - len(_COMMENT))


def put_fields(path: Path, fields: Sequence[bytes]) -> None:
    """Put Vorbis comments in the place of the comment that was made for them. Raises OSError, DamagedFile."""
    with path.open("r+b") as file:
        is_ogg = file.read(4) == b"OggS"
        pages, extents = _ogg_packet(file, 1) if is_ogg else ([], _flac_block(file, _FLAC_COMMENTS))
        rest = _with_fields(b"".join(_read(file, extent) for extent in extents), fields)
        if rest is None:
            raise DamagedFile(f"Could not write the marks of {path}: there is no place for them.")
        for place, size in extents:
            file.seek(place)
            file.write(rest[:size])
            rest = rest[size:]
        for place, size in pages:
            page = bytearray(_read(file, (place, size)))
            page[_OGG_CRC_AT : _OGG_CRC_AT + 4] = bytes(4)
            file.seek(place + _OGG_CRC_AT)
            file.write(_LENGTH.pack(_ogg_crc(page)))


def append_markers(path: Path, marks: Sequence[Mark]) -> None:
    """Write the markers of an AIFF file behind its sound, of which there are `fitting` ones. Raises OSError."""
    body = struct.pack(">H", len(marks))
    for number, (frame, name) in enumerate(marks, 1):
        text = name.encode(errors="replace")[:_MARKER_NAME_BYTES]
        body += struct.pack(">HI", number, frame) + bytes((len(text),)) + text + bytes((len(text) + 1) % 2)
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        file.write(bytes(end % 2) + b"MARK" + struct.pack(">I", len(body)) + body)
        end = file.tell()
        file.seek(4)
        file.write(struct.pack(">I", end - 8))


def _chapter(number: int, mark: Mark, rate: int) -> tuple[bytes, bytes]:
    """The fields of a mark, its time such as 00:01:12.345."""
    frame, name = mark
    minutes, ms = divmod(round(1000 * frame / rate), 60_000)
    key = f"CHAPTER{number:03d}"
    time = f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
    return f"{key}={time}".encode(), f"{key}NAME={name}".encode(errors="replace")


def _taken(field: bytes) -> int:
    return _LENGTH.size + len(field)


def _read(file: BinaryIO, extent: _Extent) -> bytes:
    file.seek(extent[0])
    return file.read(extent[1])


def _flac_block(file: BinaryIO, kind: int) -> list[_Extent]:
    """Where the content of the first metadata block of a kind lies."""
    place, last = 4, False
    while not last:
        head = _read(file, (place, 4))
        if len(head) < 4:
            break
        last, size = bool(head[0] & 0x80), int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == kind:
            return [(place + 4, size)]
        place += 4 + size
    return []


def _ogg_packet(file: BinaryIO, number: int) -> tuple[list[_Extent], list[_Extent]]:
    """The pages that a packet, from 0, has a part in, and where in the file its parts lie."""
    pages: list[_Extent] = []
    parts: list[_Extent] = []
    place, packet = 0, 0
    while packet <= number:
        head = _read(file, (place, _OGG_HEAD_BYTES))
        if not head.startswith(b"OggS"):
            break
        segments = _read(file, (place + _OGG_HEAD_BYTES, head[-1]))
        at = place + _OGG_HEAD_BYTES + len(segments)
        page = (place, at + sum(segments) - place)
        for size in segments:
            if packet == number:
                parts.append((at, size))
                if page not in pages:
                    pages.append(page)
            at += size
            packet += size < 255
        place = at
    return pages, parts


def _with_fields(packet: bytes, fields: Sequence[bytes]) -> bytes | None:
    """A packet or block of Vorbis comments with `fields` in the place of what `comment_for` gave, as long as it was;
    None where that is not in it."""
    at = next((len(head) for head in (b"\x03vorbis", b"OpusTags") if packet.startswith(head)), 0)
    at += _LENGTH.size + _LENGTH.unpack_from(packet, at)[0]
    count_at, at = at, at + _LENGTH.size
    (count,) = _LENGTH.unpack_from(packet, count_at)
    for _ in range(count):
        (size,) = _LENGTH.unpack_from(packet, at)
        field, end = packet[at + _LENGTH.size :][:size], at + _LENGTH.size + size
        if field.upper() == _COMMENT + comment_for(fields).encode():
            text = b"".join(_LENGTH.pack(len(each)) + each for each in fields)
            counted = _LENGTH.pack(count - 1 + len(fields))
            return packet[:count_at] + counted + packet[count_at + _LENGTH.size : at] + text + packet[end:]
        at = end
    return None


def _ogg_crc(page: bytes | bytearray) -> int:
    """That of Ogg runs through the bits of each byte the other way round than that of zlib."""
    crc = zlib.crc32(page.translate(_BITS_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
