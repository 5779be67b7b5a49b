"""Digests by which an encoded file is known to be the very file that was made of a very sound.

What a format with losses left out cannot be compared any more. So when a file is encoded, its take's note is given the
digest of the sound that it was made of, and that of the file. Whoever makes the sound again and finds both the same has
proved as much as if he had encoded it again, in a hundredth of the time.
"""

import hashlib
import math
from pathlib import Path

from store.documents import FileProof
from store.errors import disk_failure
from store.sound_files import SoundFile

_PIECE = 1 << 16


def proof_of(tap: str, part: int, wav: Path, made: Path) -> FileProof:
    """That the file `made`, of a tap's part, was just made of the sound in `wav`. Raises StoreError."""
    with SoundFile(wav) as sound:
        return FileProof(tap, part, sound_digest(sound), file_digest(made))


def sound_digest(sound: SoundFile, frames: float = math.inf) -> str:
    """The digest of the next `frames` frames of a sound, as 32-bit floats, little-endian; those hold 24 bits exactly.
    Raises DamagedFile."""
    digest = hashlib.sha256()
    for piece in sound.pieces(_PIECE, frames):
        digest.update(piece.astype("<f4", copy=False).data)
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file's bytes. Raises StoreError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise disk_failure("read", path, error) from error
