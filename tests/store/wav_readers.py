"""A WAV file as programs that no one here wrote find it."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

Frames = npt.NDArray[np.float32]


def read(path: Path) -> Frames:
    frames: Frames = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return frames


def frames_by_sox(path: Path) -> int:
    """How many frames sox finds, without a word of complaint."""
    if shutil.which("soxi") is None:
        pytest.skip("sox is not installed")
    found = subprocess.run(["soxi", "-s", str(path)], capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return int(found.stdout)


def frames_by_ffmpeg(path: Path) -> int:
    """How many frames ffmpeg finds, without a word of complaint."""
    if shutil.which("ffprobe") is None:
        pytest.skip("ffmpeg is not installed")
    command = ["ffprobe", "-v", "warning", "-show_entries", "stream=duration_ts", "-of", "csv=p=0", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return int(found.stdout)


def assert_all_read(path: Path, frames: int) -> None:
    """Every reader finds so many frames."""
    assert soundfile.info(str(path)).frames == frames
    assert frames_by_sox(path) == frames
    if frames:  # of a file without any, ffmpeg complains that it cannot guess what they are
        assert frames_by_ffmpeg(path) == frames
