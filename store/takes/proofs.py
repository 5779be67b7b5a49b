"""Digests by which an encoded file is known to be the very file that was made of a very sound.

What a format with losses left out cannot be compared any more, and what another packs takes long to unpack. So when a
file is encoded, its take's note is given the digest of the sound that it was made of, and that of the file. Whoever
makes the sound again and finds both the same has proved as much as if he had encoded it again, in a hundredth of the
time.

The digest of a sound is that of the digests of its blocks, so that several threads can make them beside each other.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from store.documents import FileProof
from store.errors import DamagedFile, disk_failure
from store.plain_sound import NotPlain, PlainSound

BLOCK = 1 << 16
"""Frames of a block; the last of a file may have fewer."""


class BlockDigests:
    """The digests of the blocks of a tap, from frame `place` on. Used by one thread at a time.

    lengths      frames of its parts, each of which begins with a block
    frame_bytes  of the samples of a frame, as a WAV file holds them
    """

    def __init__(self, lengths: Sequence[int], place: int, frame_bytes: int) -> None:
        self._lengths = lengths
        self._begins = [0, *accumulate(lengths)][: len(lengths)]
        self._at = place
        self._frame_bytes = frame_bytes
        self._before = bytearray()
        """Of a block that begins before `place`."""
        self._blocks: list[Any] = []

    def add(self, samples: memoryview) -> None:
        """Go on with the samples of whole frames."""
        while samples:
            part = bisect_right(self._begins, self._at) - 1
            in_block = (self._at - self._begins[part]) % BLOCK
            if in_block == 0:
                self._blocks.append(hashlib.sha256())
            count = min(BLOCK - in_block, len(samples) // self._frame_bytes)
            if part + 1 < len(self._begins):
                count = min(count, self._begins[part + 1] - self._at)
            piece, samples = samples[: count * self._frame_bytes], samples[count * self._frame_bytes :]
            self._blocks[-1].update(piece) if self._blocks else self._before.extend(piece)
            self._at += count

    def join(self, later: "BlockDigests") -> None:
        """Go on with those that begin where these end."""
        if self._blocks:
            self._blocks[-1].update(later._before)
        else:
            self._before.extend(later._before)
        self._blocks += later._blocks
        self._at = later._at

    def of_parts(self) -> list[str]:
        """The digest of each part, where these are of all the tap."""
        blocks = iter(self._blocks)
        counts = (-(-length // BLOCK) for length in self._lengths)
        return [
            hashlib.sha256(b"".join(block.digest() for block in islice(blocks, count))).hexdigest() for count in counts
        ]


def proof_of(tap: str, part: int, wav: Path, made: Path, go_on: Callable[[], None] = lambda: None) -> FileProof:
    """That the file `made`, of a tap's part, was just made of the sound in `wav`. Raises StoreError.

    go_on  called between pieces; what it raises ends this
    """
    return FileProof(tap, part, sound_digest(wav, go_on), file_digest(made))


def sound_digest(wav: Path, go_on: Callable[[], None] = lambda: None) -> str:
    """The digest of the samples of a WAV file. `go_on` as in `proof_of`. Raises StoreError."""
    try:
        with PlainSound(wav) as sound:
            frame_bytes = sound.channels * sound.bits // 8
            digests = BlockDigests([sound.frames], 0, frame_bytes)
            room = memoryview(bytearray(BLOCK * frame_bytes))
            while count := sound.read(room):
                go_on()
                digests.add(room[: count * frame_bytes])
            return digests.of_parts()[0]
    except NotPlain as error:
        raise DamagedFile(f"Could not read {wav}: it is no WAV file as takes are captured in.") from error


def file_digest(path: Path) -> str:
    """The digest of a file's bytes. Raises StoreError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise disk_failure("read", path, error) from error
