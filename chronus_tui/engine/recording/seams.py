"""The seams of a take: copies of all that sounds amid it. From each a part of the take can be made again, beside the
others, and what was made before must arrive at it.

Two thirds of a copy is the line of the echoes. Of that a replay needs no more than is heard again; and how much that is
shows when the longest echo has passed.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from chronus_tui.engine.compile.patterns import echo_s
from chronus_tui.engine.journal import Checkpoint, Journal, Line
from dsp.fx.delay import LONGEST_S
from dsp.likeness import echoes_in
from store.documents import Pattern

NEAREST_S = 15.0
"""How far apart seams are at least: a replay makes as much on one core in a fifth to a third of a second."""
BYTES_A_SECOND = 24_000
"""What a performance takes on the disk, seams and all, in a take of some minutes: 4 to 7 MB in five, measured with
patterns of the factory. More in a short one, less in a long one."""
SHARE = 3
"""A seam comes no earlier than when a third of the take so far lies behind the last one: so an hour has thirteen."""


@dataclass(frozen=True)
class Seam:
    """A copy, of which the echoes of the last `echoes` frames are needed."""

    checkpoint: Checkpoint
    echoes: int


class Seams:
    """Picks the seams of one take from the copies that `journal` makes, and asks it for them. Used by one thread.

    begin  frame of the copy from which the take is made again
    first  frame that the take begins with
    """

    def __init__(self, journal: Journal, rate: int, begin: int, first: int) -> None:
        self._journal = journal
        self._rate = rate
        self._first = first
        self._last = begin
        self._told = 0
        self._longest = LONGEST_S * rate
        self._found: deque[Checkpoint] = deque()
        self._echoes: deque[tuple[int, int]] = deque()

    def look(self) -> None:
        """Find what was copied by now. To be called before what was told is read, for `follow`."""
        self._told = self._journal.told
        while (checkpoint := self._journal.after(self._due)) is not None:
            self._found.append(checkpoint)
            self._last = checkpoint.frame

    def follow(self, lines: Iterable[Line], ended: bool) -> list[Seam]:
        """The seams of which it is known by now how much of them is needed, in their order.

        lines  what the sound was told since the last call
        ended  whether nothing more of the take follows
        """
        if not ended:
            self._journal.wish(self._due)
        self._echoes += [
            (line.at, self._frames_of(line.speaks_of)) for line in lines if isinstance(line.speaks_of, Pattern)
        ]
        ready: list[Seam] = []
        while self._found and (ended or len(self._found) > 1 or self._told >= self._found[0].frame + self._longest):
            ready.append(self._taken())
        oldest = self._found[0].frame if self._found else self._told
        while self._echoes and self._echoes[0][0] < oldest:
            self._echoes.popleft()
        return ready

    @property
    def _due(self) -> int:
        return next_seam(self._first, self._last, self._rate)

    def _taken(self) -> Seam:
        """The first that was found, with the echoes that are heard again before the longest has passed. Where the next
        seam comes earlier, that needs what is older from this one."""
        checkpoint = self._found.popleft()
        heard = [echoes_in(checkpoint.words), *map(self._frames_of, checkpoint.patterns.values())]
        heard += [frames for at, frames in self._echoes if checkpoint.frame <= at < checkpoint.frame + self._longest]
        if self._found:
            heard.append(self._longest - (self._found[0].frame - checkpoint.frame))
        return Seam(checkpoint, min(max(heard), self._longest))

    def _frames_of(self, pattern: Pattern) -> int:
        return round(echo_s(pattern) * self._rate) + 1


def next_seam(first: int, last: int, rate: int) -> int:
    """The frame at which a seam is due, in a take that began with frame `first`, and whose last seam lies at `last`."""
    nearest = last + round(NEAREST_S * rate)
    return max(nearest, (SHARE * last - first) // (SHARE - 1))
