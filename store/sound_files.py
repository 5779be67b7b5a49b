"""Reading sound files of any kind that libsndfile knows: WAV, AIFF, FLAC, OGG and more."""

import math
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np
import numpy.typing as npt

from store.errors import DamagedFile, disk_failure

ENDINGS = frozenset(
    (".wav", ".w64", ".rf64", ".aif", ".aiff", ".aifc", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".caf", ".au", ".snd")
)
"""Of files that are taken for sound where a folder is looked through."""

Frames = npt.NDArray[np.float32]


class SoundFormat(msgspec.Struct, frozen=True):
    """What a sound file is: frames a second, channels, how many frames it says it has, and its coding in words."""

    rate: int
    channels: int
    frames: int
    coding: str


class SoundFile:
    """A sound file that is open for reading; a context.

    Raises StoreError with the path where it cannot be read, or holds no sound that is known.
    """

    def __init__(self, path: Path) -> None:
        import soundfile  # it takes long to load, and who reads plain samples alone does without

        self.path = path
        self._failure: type[Exception] = soundfile.LibsndfileError
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise DamagedFile(f"Could not read {path}: it is no file.")
            with path.open("rb") as file:
                if not file.read(1):
                    raise DamagedFile(f"Could not read {path}: it is empty.")
        except OSError as error:
            raise disk_failure("read", path, error) from error
        try:
            self._file = soundfile.SoundFile(path)
        except soundfile.LibsndfileError as error:
            raise DamagedFile(
                f"Could not read {path}: {_reason(error)}; WAV, AIFF, FLAC, OGG and MP3 can be read."
            ) from error
        self.format = SoundFormat(
            self._file.samplerate,
            self._file.channels,
            self._file.frames,
            f"{self._file.format} {self._file.subtype}",
        )

    def pieces(self, frames: int, most: float = math.inf) -> Iterator[Frames]:
        """The sound from here on, (up to `frames`, channels) float32 at a time, `most` frames together. Raises
        DamagedFile."""
        while most > 0:
            try:
                piece = self._file.read(int(min(frames, most)), dtype="float32", always_2d=True)
            except self._failure as error:
                raise DamagedFile(
                    f"Could not read {self.path} to its end: {_reason(error)}; it is damaged, or cut short."
                ) from error
            if not len(piece):
                return
            most -= len(piece)
            yield piece

    def go_to(self, frame: int) -> None:
        """Let `pieces` begin with that frame. Raises DamagedFile."""
        try:
            self._file.seek(min(frame, self.format.frames))
        except self._failure as error:
            raise DamagedFile(f"Could not read {self.path}: {_reason(error)}.") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> "SoundFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _reason(error: Exception) -> str:
    """What libsndfile says, as the end of a sentence."""
    said = str(getattr(error, "error_string", error)).removeprefix("Error : ").strip().rstrip(".")
    return f"{said[:1].lower()}{said[1:]}" if said else "it holds no sound that is known"
