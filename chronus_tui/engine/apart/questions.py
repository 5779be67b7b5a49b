"""What a process apart is asked and what it answers: JSON, a line each."""

import msgspec


class RenderEach(msgspec.Struct, frozen=True, tag=True):
    """Render patterns, by full name, to files below `folder`. What becomes of them is a `Batch`."""

    project: str
    names: tuple[str, ...]
    folder: str
    bars: int
    tail_s: float
    rate: int


class CheckTake(msgspec.Struct, frozen=True, tag=True):
    """Look for faults in a take that lies in `folder`. What becomes of it is a `Verdict`."""

    project: str
    folder: str
    take: str


class ReplayTake(msgspec.Struct, frozen=True, tag=True):
    """Make a take that lies in `folder` again, and compare. What becomes of it is a `Verdict`."""

    project: str
    folder: str
    take: str


Question = RenderEach | CheckTake | ReplayTake


NOTHING = msgspec.Raw(b"null")


class Answer(msgspec.Struct, frozen=True):
    """How much is done of how much; at the end, what became of it, or the sentence that says why nothing did."""

    done: int
    of: int
    became: msgspec.Raw = NOTHING
    refused: str = ""
