"""A performance in stretches: each begins with all that sounded at that moment, and leads to the next one's beginning.

So they can be made beside each other, and it shows whether each follows from the one before.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from chronus_tui.engine.journal import Checkpoint, Line, NamedClip
from chronus_tui.errors import CommandRefused
from dsp.checkpoint import SOUND_WORDS, WORD, WORDS
from store.takes.performance import ClipMark, Performance, Sounding

ClipReader = Callable[[str], NamedClip]


class Stretch(msgspec.Struct, frozen=True):
    """Frames first..end of the engine's clock.

    begin  what sounds then, or before
    lines  what the sound received from there on, in its order
    seam   what it is to arrive at; None where nothing follows
    """

    begin: Sounding
    lines: Sequence[Line]
    first: int
    end: int
    seam: Sounding | None


class Clips:
    """The clips of a performance. Used by one thread, then read by any.

    read  gives a clip by its name
    """

    def __init__(self, read: ClipReader) -> None:
        self._read = read
        self._known: dict[ClipMark, NamedClip] = {}

    def __getitem__(self, mark: ClipMark) -> NamedClip:
        """Raises CommandRefused where the clip is another one now."""
        if mark not in self._known:
            clip = self._read(mark.name)
            if clip.digest != mark.digest:
                raise CommandRefused(f"Clip {mark.name!r} is another sound than in the take; put the old one back.")
            self._known[mark] = clip
        return self._known[mark]


def stretches_of(performance: Performance, end: int, clips: Clips) -> list[Stretch]:
    """All that is to be made of a take that ends before frame `end`, in its order. Raises CommandRefused."""
    first = performance.first
    lines = [
        Line(told.at, told.command, told.pattern if told.clip is None else clips[told.clip])
        for told in performance.lines
    ]
    begins = [performance.start, *(seam for seam in performance.seams if first < seam.frame < end)]
    for begin in begins:
        for mark in (*begin.clips.values(), *begin.sounding.values()):
            clips[mark]
    ats = [line.at for line in lines]
    stretches = []
    for begin, seam in zip(begins, [*begins[1:], None], strict=True):
        until = end if seam is None else seam.frame
        told = lines[bisect_left(ats, begin.frame) : bisect_left(ats, until)]
        stretches.append(Stretch(begin, told, max(first, begin.frame), until, seam))
    return stretches


def checkpoint_of(sounding: Sounding, clips: Clips) -> Checkpoint:
    """What the sound takes up. Raises CommandRefused where it was made by a sound of another shape."""
    words = sounding.words()
    if len(words) == SOUND_WORDS:  # before version 3, stems had to begin later
        words = np.concatenate([words, np.zeros(WORDS - SOUND_WORDS, WORD)])
    if len(words) != WORDS:
        raise CommandRefused("The take was made by another version of Chronus; replay it with that one.")
    return Checkpoint(
        sounding.frame,
        words,
        sounding.patterns,
        {number: clips[mark] for number, mark in sounding.clips.items()},
        {address: clips[mark] for address, mark in sounding.sounding.items()},
    )
