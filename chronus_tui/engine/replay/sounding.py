"""Making a performance again: what was told to the sound is told to another one, on the same frames.

The sound is the same to the bit, for it is made by the same `render` from the same checkpoint.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.compile import Compiler
from chronus_tui.engine.hand import CHANNELS, Frames, HandDevice
from chronus_tui.engine.journal import Checkpoint, Line, NamedClip
from chronus_tui.engine.listened import Listened
from chronus_tui.engine.player import Player
from chronus_tui.errors import CommandRefused
from dsp.checkpoint import WORD, WORDS, put_back
from dsp.journal import LISTENED
from dsp.messages import CLIP
from dsp.tap import arm_stems, copy_stem, copy_tap
from store.documents import Pattern
from store.performance import ClipMark, FilesMark, Performance

PIECE = 1 << 15
"""Frames made between two looks at the tap: fewer than the rings of stems hold."""


ClipReader = Callable[[str], NamedClip]


class Replay:
    """Sounds on from `checkpoint`.

    names   of all clips, in the order of their numbers
    heard   what was listened to, by paths from `folder`
    """

    def __init__(
        self, rate: int, checkpoint: Checkpoint, names: Iterable[str], heard: Sequence[FilesMark], folder: Path
    ) -> None:
        self._player = Player(rate)
        self._device = HandDevice(self._player)
        put_back(self._player.array, checkpoint.words)
        numbers = ClipNumbers()
        for name in names:
            numbers.number(name)
        self._compiler = Compiler(numbers)
        self._clips: dict[str, NamedClip] = {}
        state = self._player.state
        state["tap_head"] = checkpoint.frame
        for entry, pattern in checkpoint.patterns.items():
            self._fill(entry, pattern)
        for number, clip in checkpoint.clips.items():
            state["clips"][number]["address"] = self._address_of(clip)
        self._take_up_voices(checkpoint.sounding)
        self._listened = Listened(state, rate, heard, folder)

    @property
    def _made(self) -> int:
        """The first frame that was not handed out."""
        return self._player.frame - int(self._player.state["made_left"])

    def play(self, lines: Iterable[Line], first: int, end: int, stems: Iterable[int] = ()) -> Iterator[list[Frames]]:
        """The sound of frames first..end, a piece at a time: the master, and each of `stems`, rows of `dsp.stems`.

        lines  what was received from the checkpoint on, in its order
        """
        state, rows = self._player.state, tuple(stems)
        arm_stems(state, bool(rows))
        for line in lines:
            yield from self._to(line.at, first, end, rows)
            if self._made >= end:
                return
            self._tell(line)
        yield from self._to(end, first, end, rows)

    def _to(self, frame: int, first: int, end: int, rows: tuple[int, ...]) -> Iterator[list[Frames]]:
        """Make what is missing up to `frame`, and give of it what lies in first..end."""
        while self._made < min(frame, end):
            begin = self._made
            self._device.make(self._listened.feed(min(PIECE, min(frame, end) - begin)))
            at, count = max(begin, first), self._made - max(begin, first)
            if count <= 0:
                continue
            pieces = [np.empty((count, CHANNELS), np.float32) for _ in range(1 + len(rows))]
            copy_tap(self._player.state, at, pieces[0])
            for row, piece in zip(rows, pieces[1:], strict=True):
                copy_stem(self._player.state, row, at, piece)
            yield pieces

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

    def _take_up_voices(self, sounding: Mapping[int, NamedClip]) -> None:
        for voice in self._player.state["voices"]["clip"]:
            clip = sounding.get(int(voice["address"]))
            voice["address"] = 0 if clip is None else self._address_of(clip)
            if clip is None:
                voice["frames"] = 0


def replay_of(performance: Performance, read: ClipReader, folder: Path) -> tuple[Replay, list[Line]]:
    """What makes a performance again, and the lines that it is to play.

    read    gives a clip by its name
    folder  in which the take lies

    Raises CommandRefused where it was made by a sound of another shape, or a clip is another one now.
    """
    words = np.frombuffer(performance.words, WORD)
    if len(words) != WORDS:
        raise CommandRefused("The take was made by another version of Chronus; replay it with that one.")
    known: dict[ClipMark, NamedClip] = {}

    def clip_of(mark: ClipMark) -> NamedClip:
        if mark not in known:
            clip = read(mark.name)
            if clip.digest != mark.digest:
                raise CommandRefused(f"Clip {mark.name!r} is another sound than in the take; put the old one back.")
            known[mark] = clip
        return known[mark]

    checkpoint = Checkpoint(
        performance.frame,
        words,
        performance.patterns,
        {number: clip_of(mark) for number, mark in performance.clips.items()},
        {address: clip_of(mark) for address, mark in performance.sounding.items()},
    )
    lines = [
        Line(told.at, told.command, told.pattern if told.clip is None else clip_of(told.clip))
        for told in performance.lines
    ]
    return Replay(performance.rate, checkpoint, performance.names, performance.heard, folder), lines
