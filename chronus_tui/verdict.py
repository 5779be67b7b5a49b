"""What was found out about a take: whether it has faults, or is what was played. The engine tells it, a screen shows
it."""

from typing import Literal

import msgspec

DIFFERS = "differs"
"""The kind of fault that a replay finds."""

SHORT = "short"
"""The kind of fault that a file has which holds less than is told of it; the others are those of `dsp.inspect`."""

MARKS = {
    "dropout": "D",
    "click": "c",
    "clipping": "C",
    "dc": "=",
    "channel": "!",
    "silence": "s",
    SHORT: ">",
    DIFFERS: "≠",
}
"""What marks each kind below a waveform; where several meet, the first of these."""

NEAR = 1e-6
"""Columns by which a share may miss the one that it begins."""

NAMES = {"dc": "DC"}
"""What people call a kind where that is not its own word."""

FAULTS_TOLD = 200
"""Faults of a verdict: all of it has to fit into one datagram."""

Examination = Literal["check", "replay"]


class TakeFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault of a take.

    tap         of the take, empty for all of them
    start_s     from the beginning of the take
    seconds     how long it lasts, 0 for a single moment
    where       "left", "right", "both", "channel 3" ..., empty where the sound is mono, or it is not known
    confidence  0..1, how sure it is
    """

    kind: str
    tap: str
    start_s: float
    seconds: float = 0.0
    where: str = ""
    confidence: float = 1.0
    detail: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What was found out about a take.

    verdict   of a check "clean" or "faulty"; of a replay "same", "differs", or "short" where the take holds fewer
              frames than it tells of, and is the same as far as they go; of both "failed" or "cancelled"
    sentence  the same for people
    seconds   of the take, 0 where it is not known
    found     how many faults there are
    faults    the first of them
    """

    take: str
    what: Examination
    verdict: str
    sentence: str
    seconds: float = 0.0
    found: int = 0
    faults: tuple[TakeFault, ...] = ()


class Verdicts(msgspec.Struct, frozen=True):
    """The last of each kind, as `/record/verdict` tells them."""

    check: Verdict | None = None
    replay: Verdict | None = None


def clock(seconds: float) -> str:
    """A time as m:ss.mmm."""
    thousandths = round(seconds * 1000)
    return f"{thousandths // 60_000}:{thousandths // 1000 % 60:02d}.{thousandths % 1000:03d}"


def mark_line(spans: list[tuple[str, float, float]], columns: int) -> str:
    """The line of marks below a waveform `columns` wide.

    spans  kind, and where it begins and ends as shares of the whole, 0..1
    """
    marks = [" "] * columns
    for kind in reversed(MARKS):
        for own, first, last in spans:
            if own == kind:
                begin = min(int(first * columns + NEAR), columns - 1)
                end = min(max(int(last * columns + NEAR), begin), columns - 1)
                marks[begin : end + 1] = MARKS[kind] * (end + 1 - begin)
    return "".join(marks)
