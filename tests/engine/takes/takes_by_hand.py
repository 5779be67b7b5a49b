"""A desk whose recorder is driven by hand, and what was heard from it, to compare takes with."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from desk import Desk
from playing import RATE, pattern, track

from store.codec import decode_take
from store.documents import Take
from store.lasting import LastingFolder

BLOCK = 256
Frames = npt.NDArray[np.float32]


def recording_desk(folder: Path, lasting: LastingFolder | None = None) -> Desk:
    """A desk with something to hear, at 120 beats a minute."""
    first = pattern(track("x...x...x...x...", "kick"), track("x.x.x.x.x.x.x.x.", "acid"), name="one", bpm=120)
    return Desk(folder, first, recorder_by_hand=True, lasting=lasting)


class Heard:
    """A desk and all that it made since."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.first = desk.player.frame
        self.pieces: list[Frames] = []

    def play(self, frames: int) -> None:
        """Make sound, a block at a time."""
        for _ in range(frames // BLOCK):
            self.pieces.append(self.desk.turn(BLOCK))

    def record(self, name: str, seconds: float) -> Path:
        """Make a take of so much more; where it is."""
        path = self.do("/record/start", name)[0]
        self.play(round(seconds * RATE))
        self.do("/record/stop")
        return Path(path)

    def do(self, address: str, *arguments: Any) -> tuple[Any, ...]:
        """Carry out a command with no sound made meanwhile."""
        answer = self.desk.ask(address, *arguments)
        self.desk.turn(0)
        assert answer.failure == ""
        assert answer.results is not None
        return answer.results

    @property
    def all(self) -> Frames:
        """Everything that was heard."""
        return np.concatenate(self.pieces)

    def between(self, first: int, last: int) -> Frames:
        """What was heard on these frames of the engine's clock."""
        return self.all[first - self.first : last - self.first]

    def failures(self) -> list[str]:
        """What was told to have failed."""
        return [str(each.arguments[0]) for each in self.desk.happened if each.address == "/event/failed"]


def read(path: Any) -> Frames:
    """The frames of a file."""
    frames: Frames = soundfile.read(str(path), dtype="float32", always_2d=True)[0]
    return frames


def note(desk: Desk, name: str) -> Take:
    """The note of a take."""
    path = desk.project / "recordings" / f"{name}.json"
    return decode_take(path.read_bytes(), str(path))
