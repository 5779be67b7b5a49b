"""A program that records a ramp without end, in portions of all sizes, and prints the frames that it has written.

Its arguments: the project, a seed for the sizes, the bits of a sample, the number of taps, and the frames of a part.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from store.documents import Take, TakeEvent
from store.takes.under_way import TakeFile

TAPS = ("master", "dry", "01 kick")
PIPE_BYTES = 4096


def ramp(first: int, count: int, tap: int = 0) -> Any:
    """Sound that tells its own frame, a little different for each tap."""
    line = ((np.arange(first, first + count) + 7 * tap) % 2**15 / 2**15).astype(np.float32)
    return np.stack([line, -line], axis=1)


def record(project: Path, seed: int, bits: int, taps: int = 1, part_frames: int = 0, least: int | None = None) -> None:
    """Record until it is killed, or quietly until there are at least so many frames."""
    document = Take("jam", "2026-11-21T21:00:00", 48_000, 2, bits, taps=TAPS[:taps])
    take = TakeFile(project / "recordings", project / "patterns" / "temp", document, part_frames)
    sizes = np.random.default_rng(seed)
    frame = 0
    while least is None or frame < least:
        count = int(sizes.integers(1, 9000))
        take.write(*(ramp(frame, count, tap) for tap in range(taps)))
        take.tell(TakeEvent(frame, "mark", "here"))
        frame += count
        if least is None:
            print(frame, flush=True)


def command(project: Path, *numbers: int) -> list[str]:
    """The command line of this program."""
    return [sys.executable, "-B", __file__, str(project), *map(str, numbers)]


def started(project: Path, *numbers: int) -> "subprocess.Popen[str]":
    """This program at work. It waits where nobody reads what it prints: a test that is held up finds no gigabytes."""
    return subprocess.Popen(command(project, *numbers), stdout=subprocess.PIPE, text=True, pipesize=PIPE_BYTES)


if __name__ == "__main__":
    record(Path(sys.argv[1]), *map(int, sys.argv[2:]))
