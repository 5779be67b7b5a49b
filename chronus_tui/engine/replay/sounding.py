"""Making a performance again: what was told to the sound is told to another one, on the same frames.

The sound is the same to the bit, for it is made by the same `render` from the same checkpoint.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.compile.patterns import Compiler
from chronus_tui.engine.journal import Checkpoint, Line, NamedClip
from chronus_tui.engine.listened import Listened
from chronus_tui.engine.output.hand import Frames, HandDevice
from chronus_tui.engine.player import Player
from dsp.checkpoint import field_of, put_back
from dsp.fx.delay import LONGEST_S
from dsp.journal import LISTENED
from dsp.likeness import first_other
from dsp.messages import CLIP
from dsp.sizes import TAP_FRAMES
from dsp.tap import arm_stems
from store.documents import Pattern
from store.takes.performance import FilesMark

STEM_FRAMES = 1 << 15
"""Used of the rings of stems: few, so that the processor's cache holds them, and the system need not make the rest."""
PIECE = STEM_FRAMES // 2
"""Frames made between two looks at the rings, at most: what is made ahead of them is not theirs yet."""


class SoundAgain:
    """Sounds on from one checkpoint, and then from another. Used by one thread at a time.

    names   of all clips, in the order of their numbers
    heard   what was listened to, by paths from `folder`
    stems   rows of `dsp.stems` that are to be kept
    """

    def __init__(
        self, rate: int, names: Iterable[str], heard: Sequence[FilesMark], folder: Path, stems: Sequence[int] = ()
    ) -> None:
        self._rate = rate
        self._heard = heard
        self._folder = folder
        self._player = Player(rate)
        self._device = HandDevice(self._player)
        self._stems = list(stems)
        numbers = ClipNumbers()
        for name in names:
            numbers.number(name)
        self._compiler = Compiler(numbers)
        self._clips: dict[str, NamedClip] = {}
        self._player.state["stem_frames"] = STEM_FRAMES
        arm_stems(self._player.state, sum(1 << row for row in self._stems))

    def take_up(self, checkpoint: Checkpoint, echoes: int | None) -> None:
        """Sound on from there.

        echoes  of how many frames back it knows, None for as far as they may be heard
        """
        state = self._player.state
        echoes = LONGEST_S * self._rate if echoes is None else echoes
        put_back(self._player.array, checkpoint.words, echoes, self._stems)
        state["tap_head"] = checkpoint.frame
        for entry, pattern in checkpoint.patterns.items():
            self._fill(entry, pattern)
        self._take_up_clips(state["clips"], state["voices"]["clip"], checkpoint)
        self._listened = Listened(state, self._rate, self._heard, self._folder)

    @property
    def _made(self) -> int:
        """The first frame that was not handed out."""
        return self._player.frame - int(self._player.state["made_left"])

    def play(self, lines: Iterable[Line], first: int, end: int) -> Iterator[list[Frames]]:
        """The sound of frames first..end, a piece at a time: the master, and each of the stems, (frames, 2) float32,
        which the next piece overwrites. Raises CommandRefused.

        lines  what was received from the checkpoint on, in its order
        """
        for line in lines:
            yield from self._to(line.at, first, end)
            if self._made >= end:
                return
            self._tell(line)
        yield from self._to(end, first, end)

    def first_other(self, seam: Checkpoint, echoes: int) -> str | None:
        """What sounds otherwise now than at a seam, which has the very frame up to which was played: a field of
        `dsp.state`; None where nothing does. The seam's words are changed.

        echoes  of how many frames back the seam knows
        """
        self._take_up_clips(field_of(seam.words, "clips")[0], field_of(seam.words, "voices")[0]["clip"], seam)
        return first_other(self._player.array, seam.words, echoes, self._stems)

    def _to(self, frame: int, first: int, end: int) -> Iterator[list[Frames]]:
        """Make what is missing up to `frame`, and give of it what lies in first..end."""
        state = self._player.state
        while self._made < min(frame, end):
            begin = self._made
            to_wrap = STEM_FRAMES - begin % STEM_FRAMES
            self._device.make(self._listened.feed(min(PIECE, to_wrap, min(frame, end) - begin)))
            at, count = max(begin, first), self._made - max(begin, first)
            if count > 0:
                kept = slice(at % STEM_FRAMES, at % STEM_FRAMES + count)
                tap = state["tap"][at % TAP_FRAMES :][:count]
                yield [tap, *(state["stems"][row, kept] for row in self._stems)]

    def _tell(self, line: Line) -> None:
        frame, kind, a, b, ticket, base, x, y = line.command
        if kind == LISTENED:
            self._listened.take(line.command)
            return
        if isinstance(line.speaks_of, Pattern):
            self._fill(a, line.speaks_of)
        elif kind == CLIP and isinstance(line.speaks_of, NamedClip):
            ticket = self._address_of(line.speaks_of)
        self._player.push(kind, frame=frame, a=a, b=b, ticket=ticket, base=base, x=x, y=y)

    def _fill(self, entry: int, pattern: Pattern) -> None:
        self._compiler.compile(pattern, self._player.state["pool"][entry])

    def _address_of(self, clip: NamedClip) -> int:
        """Where the samples of a clip lie; they are kept there."""
        kept = self._clips.setdefault(clip.digest, clip)
        return int(kept.clip.frames.ctypes.data)

    def _take_up_clips(self, table: Any, voices: Any, checkpoint: Checkpoint) -> None:
        """Let the clips of a checkpoint, those that can be struck and those that voices read, lie where they lie here.

        What nobody knows any more is silent.
        """
        by_number = {number: self._address_of(clip) for number, clip in checkpoint.clips.items()}
        table["address"] = [by_number.get(number, 0) for number in range(len(table))]
        by_address = {address: self._address_of(clip) for address, clip in checkpoint.sounding.items()}
        voices["address"] = [by_address.get(address, 0) for address in voices["address"].tolist()]
        for clips in (table, voices):
            clips["frames"][clips["address"] == 0] = 0
