"""The sound files that samplers play: those in `clips/` of the project, and its takes.

Calls block on the disk: they belong on the store's thread.
"""

import unicodedata
from pathlib import Path

import msgspec
import numpy as np

from store.errors import LongClip, NoClip, StoreError, disk_failure
from store.names import safe_name
from store.sound_files import Frames, SoundFile

FOLDERS = ("clips", "recordings")
"""Where clips lie, in the order in which they are looked for."""

_ENDINGS = (".wav", ".flac", ".aiff", ".aif", ".ogg")
_PIECE = 1 << 16


class Clip(msgspec.Struct, frozen=True):
    """A sound file in memory.

    frames  (frames, channels) float32, C-contiguous
    rate    frames a second
    """

    frames: Frames
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts at its own rate."""
        return len(self.frames) / self.rate


def clip_names(project: Path) -> list[str]:
    """The sound files that a sampler of `project` may play, by name, in order. Raises StoreError."""
    found = {name for folder in FOLDERS for name in _files(project / folder)}
    return sorted(name for name in found if name.lower().endswith(_ENDINGS) and not name.startswith("."))


def read_clip(project: Path, name: str, longest: int) -> Clip:
    """The sound file called `name`, with or without its ending, in `clips` or `recordings` of the project.

    longest  frames it may have

    Raises BadName where the name is a path, NoClip where there is none of that name, LongClip where it is longer, and
    StoreError where it cannot be read.
    """
    named = safe_name(name)
    try:
        sound = SoundFile(_find(project, named))
    except StoreError:
        sound = SoundFile(_find(project, named))  # a take has become another format meanwhile
    with sound as file:
        rate, pieces, count = file.format.rate, [], 0
        for piece in file.pieces(_PIECE):
            pieces.append(piece)
            count += len(piece)
            if count > longest:
                raise LongClip(
                    f"Clip {sound.path.name} lasts more than {longest / rate / 60.0:.1f} minutes, and no longer one "
                    "can be played; cut out what you need."
                )
        frames = np.concatenate([np.zeros((0, file.format.channels), np.float32), *pieces])
    return Clip(np.ascontiguousarray(frames), rate)


def _find(project: Path, name: str) -> Path:
    for folder in FOLDERS:
        files = _files(project / folder)
        for ending in ("", *_ENDINGS):
            if name + ending in files:
                return files[name + ending]
    raise NoClip(f"There is no sound file {name!r} in {' or '.join(FOLDERS)} of the project; put it there.")


def _files(folder: Path) -> dict[str, Path]:
    """The files in a folder by name, composed the same on every system."""
    try:
        return {unicodedata.normalize("NFC", file.name): file for file in folder.iterdir() if file.is_file()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise disk_failure("read", folder, error) from error
