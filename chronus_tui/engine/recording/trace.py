"""What the next start must know of a take that runs, to finish it from what outlives the engine: where on the engine's
clock its files lie, and where what belongs into them is remembered.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chronus_tui.engine.recording.memory import Source
from store.lasting import LastingFolder

_ENDING = ".take"


class RunningTake(msgspec.Struct, frozen=True):
    """A take that had not ended when its engine did.

    folder       of its note, and its `name` there; `started` as that tells it
    part_frames  after so many it goes on in another file, 0 for never
    first        frame of the engine's clock that it begins with
    end          the first frame that is not in it, None where it was to go on
    lost         frames of the engine's clock that are not in its files: the first of each gap, and the first after it
    memories     that its taps lie in, one behind another, with what is in them
    line         number of the first line of the journal that its performance holds, None where it has none
    """

    folder: str
    name: str
    started: str
    part_frames: int
    first: int
    end: int | None
    lost: tuple[tuple[int, int], ...]
    memories: tuple[Source, ...]
    line: int | None


class Traces:
    """Where running takes leave theirs; nowhere without a folder that lasts. Any thread."""

    def __init__(self, folder: LastingFolder | None) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def begin(self) -> "Trace":
        """That of one more take."""
        return Trace(self._folder, f"{next(self._numbers)}{_ENDING}")


class Trace:
    """The trace of one take."""

    def __init__(self, folder: LastingFolder | None, name: str) -> None:
        self._folder = folder
        self._name = name

    def leave(self, take: RunningTake) -> None:
        """So it is from now on."""
        if self._folder is not None:
            self._folder.write(self._name, msgspec.json.encode(take))

    def remove(self) -> None:
        """The take has ended, and its note says so. It leaves no other."""
        if self._folder is not None:
            self._folder.remove(self._name)
            self._folder = None


def traces_in(folder: Path) -> Sequence[RunningTake]:
    """The takes that an engine left; what cannot be read of one is left out."""
    found = []
    for path in sorted(folder.glob(f"*{_ENDING}")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=RunningTake))
        except (OSError, msgspec.MsgspecError):
            continue
    return found
