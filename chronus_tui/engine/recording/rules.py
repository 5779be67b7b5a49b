"""When a take begins and ends, where that is not at once: on a bar, after so many, when something is heard.

The sound tells of each bar with its frame, and all that was heard is in the memory; so a take begins on the very
frame, though that is known only afterwards.
"""

from dataclasses import dataclass, field

import msgspec

ATTACK_S = 0.05
"""What comes before a sound that is waited for and belongs to it."""


class Wish(msgspec.Struct, frozen=True):
    """A take that is wanted.

    name       or None
    form       a format's name, or None for the one that is set
    preroll_s  of what was heard before it begins, or None for as much as is set
    at_bar     it begins when a bar does, `skip` bars later where that is not the next
    bars       it lasts so many, or until it is stopped
    level      linear, over which it begins by itself, or None
    silence_s  it ends where it was not louder for so long, or None
    """

    name: str | None = None
    form: str | None = None
    preroll_s: float | None = None
    at_bar: bool = False
    skip: int = 0
    bars: int | None = None
    level: float | None = None
    silence_s: float | None = None

    @property
    def waits(self) -> bool:
        """Whether it does not begin at once."""
        return self.at_bar or self.level is not None


@dataclass
class Waiting:
    """A take that waits for its moment.

    asked     frame before which nothing counts
    """

    wish: Wish
    asked: int
    bars_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.bars_left = self.wish.skip

    def hear_bar(self, frame: int) -> bool:
        """A bar began on `frame`; whether the take does."""
        if not self.wish.at_bar or frame < self.asked:
            return False
        self.bars_left -= 1
        return self.bars_left < 0


class Ending(msgspec.Struct):
    """What ends the running take.

    after      bars that begin on this frame or before do not count
    bars_left  it ends with the bar after so many more, None where bars do not end it
    level      linear, and `silence_frames`: it ends when nothing was louder for so long, None where that does not
    looked     up to which frame levels are known
    loud       the last frame that was loud
    """

    after: int = 0
    bars_left: int | None = None
    level: float = 0.0
    silence_frames: int | None = None
    looked: int = 0
    loud: int = 0

    def hear_bar(self, frame: int) -> bool:
        """A bar began on `frame`; whether the take ends there."""
        if self.bars_left is None or frame <= self.after:
            return False
        self.bars_left -= 1
        return self.bars_left < 0
