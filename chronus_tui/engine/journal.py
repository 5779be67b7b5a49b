"""What the sound was told and what sounded at some moments: enough to make a take of it again.

The control thread follows here what `dsp.journal` writes down, and puts beside each command what it speaks of: the
pattern of a swap, the clip at an address. Now and then, and where a take asks for it, it copies all that sounds. From
the last copy before a take and what was told since, the same sound can be made, to the bit.
"""

import hashlib
import logging
import threading
import time
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from chronus_tui.engine.lasting.swaps import ToldSwaps
from chronus_tui.engine.lately import Lately
from dsp.checkpoint import REST, WORD, WORDS, copy_echoes, copy_sounding, field_of
from dsp.journal import BROKEN, LISTENED, WHOLE, take_line
from dsp.messages import CLIP, SWAP_AT_LINE, SWAP_NOW
from dsp.tap import tap_end
from store.clips import Clip
from store.documents import Pattern

EVERY_S = 20.0
"""How far apart the copies are at most: what a replay makes in vain before the take, at a hundred times the speed of
time."""
FRESH_S = 1.0
"""Where the last copy is no older, a take that begins needs no other."""
COPIES = 8
"""Where takes reach back far, the copies are further apart: each takes 6 MB, and 2 MB more where strings sound."""
PATIENCE_S = 0.005
"""A copy takes about a third of a millisecond, and as much again where all voices are strings."""
LATE_S = 10.0
"""Such a delay is told."""
SWAPS = (SWAP_NOW, SWAP_AT_LINE)

log = logging.getLogger(__name__)


class NamedClip(msgspec.Struct, frozen=True, dict=True):
    """A clip by its name; the same name with another digest is another sound."""

    name: str
    clip: Clip

    @cached_property
    def digest(self) -> str:
        """A name for its very samples."""
        shape = f"{self.clip.rate} {self.clip.frames.shape}".encode()
        return hashlib.sha256(shape + self.clip.frames.tobytes()).hexdigest()


class HeardFiles(msgspec.Struct, frozen=True):
    """Files that are listened to, one after another from a moment on; their first frame is that of number `place` of
    all that ever were in the ring of `dsp.audition`."""

    place: int
    files: tuple[Path, ...]
    from_s: float


class Line(msgspec.Struct, frozen=True):
    """A command that the sound received in the quantum that begins at frame `at`.

    command  frame, kind, a, b, ticket, base, x, y, as `dsp.messages` has them
    speaks_of  the pattern that a swap brings, or the clip
    """

    at: int
    command: tuple[int, int, int, int, int, int, float, float]
    speaks_of: Pattern | NamedClip | None


class Checkpoint(msgspec.Struct, frozen=True):
    """All that sounds before frame `frame` is made.

    words     as `dsp.checkpoint` copies it
    patterns  by pool entry, those that play, wait or are on their way
    clips     by number, those that can be struck
    sounding  by address, those that voices read
    """

    frame: int
    words: Any
    patterns: dict[int, Pattern]
    clips: dict[int, NamedClip]
    sounding: dict[int, NamedClip]


class Journal:
    """The journal of one state.

    array  the state, an array of one record
    swaps  where the patterns of swaps outlive the engine

    The control thread tells it all; any thread may read.
    """

    def __init__(self, array: Any, rate: int, swaps: ToldSwaps | None = None) -> None:
        self._swaps = swaps
        self._state: Any = array[0]
        self._words = array.view(WORD)
        self._rate = rate
        self._every = round(EVERY_S * rate)
        self._late = False
        self._lock = threading.Lock()
        self._spoken_of: deque[Pattern | NamedClip | None] = deque()
        self._lines: Lately[Line] = Lately()
        self._heard_files: Lately[HeardFiles] = Lately()
        self._checkpoints: list[Checkpoint] = []
        self._entries: dict[int, Pattern] = {}
        self._by_address: dict[int, NamedClip] = {}
        self._whole = np.zeros(WHOLE, np.int64)
        self._broken = np.zeros(BROKEN, np.float64)
        self._due = 0
        self._told = 0

    @property
    def told(self) -> int:
        """All that the sound received before this frame has been taken down."""
        return self._told

    def reach(self, seconds: float) -> None:
        """Takes may begin so long ago. Any thread."""
        self._every = round(max(EVERY_S, seconds / COPIES) * self._rate)

    def holds(self, entry: int, pattern: Pattern) -> None:
        """A pool entry was filled with `pattern`."""
        self._entries[entry] = pattern

    def is_pushed(self, kind: int, a: int, ticket: int) -> None:
        """A command is about to go to the sound."""
        if self._swaps is not None and kind in SWAPS and a in self._entries:
            self._swaps.tell(ticket, self._entries[a])

    def pushed(self, kind: int, a: int, address: int, clip: NamedClip | None) -> None:
        """A command went to the sound."""
        with self._lock:  # the recorder's thread lets go of clips meanwhile
            self._spoken_of.append(self._entries.get(a) if kind in SWAPS else clip)
            if kind == CLIP and clip is not None:
                self._by_address[address] = clip

    def listens(self, files: HeardFiles) -> None:
        """Files begin to be listened to, of which nothing was heard yet. Any thread."""
        self._heard_files.add(files)

    def follow(self) -> None:
        """Take down what the sound received, and a copy of it where one is due."""
        with self._lock:
            self._take_lines()
        if int(self._state["frame"]) >= self._due:
            self._copy()

    def copy_now(self) -> None:
        """A take begins: copy what sounds, unless that was done just now."""
        last = self._checkpoints[-1].frame if self._checkpoints else -self._every
        if int(self._state["frame"]) - last > FRESH_S * self._rate:
            self._copy()

    def wish(self, frame: int) -> None:
        """A copy is wanted of what sounds at `frame`, or soon after. Any thread; forgotten with the next copy."""
        with self._lock:
            self._due = min(self._due, frame)

    def _take_lines(self) -> None:
        told = int(tap_end(self._state))
        while take_line(self._state["journal"], self._whole, self._broken):
            at, frame, kind, a, b, ticket, base = (int(value) for value in self._whole)
            x, y = (float(value) for value in self._broken)
            speaks_of = None if kind == LISTENED else self._spoken_of.popleft()
            line = Line(at, (frame, kind, a, b, ticket, base, x, y), speaks_of)
            self._lines.add(line)
        self._told = told

    def before(self, frame: int) -> Checkpoint | None:
        """The last copy that was made before `frame`."""
        with self._lock:
            return next((each for each in reversed(self._checkpoints) if each.frame <= frame), None)

    def after(self, frame: int) -> Checkpoint | None:
        """The first copy that was made at `frame` or later. What was received before it is told by then."""
        with self._lock:
            return next((each for each in self._checkpoints if each.frame >= frame), None)

    def lines(self, number: int) -> tuple[list[Line], int]:
        """What was received since this gave `number`; 0 for all that is remembered."""
        with self._lock:
            return self._lines.after(number)

    def number_at(self, frame: int) -> int:
        """The number of the first line that was, or will be, received at `frame` or later."""
        lines, number = self.lines(0)
        return number - sum(line.at >= frame for line in lines)

    def heard_files(self, number: int) -> tuple[list[HeardFiles], int]:
        """What was listened to since this gave `number`; 0 for all that is remembered."""
        return self._heard_files.after(number)

    def forget(self, frame: int, untold: int) -> None:
        """Let go of what no take that begins at `frame` or later needs, nor one that was told all before `untold`."""
        with self._lock:
            while len(self._checkpoints) > 1 and self._checkpoints[1].frame <= frame:
                del self._checkpoints[0]
            oldest = min(self._checkpoints[0].frame if self._checkpoints else 0, untold)
            self._lines.forget(lambda line: line.at < oldest)
            if self._by_address:
                self._forget_clips()
            self._forget_files()

    def _forget_files(self) -> None:
        """Keep the files that the oldest checkpoint was made in, and later ones."""
        place = int(field_of(self._checkpoints[0].words, "listened")[0]["place"]) if self._checkpoints else 0
        begun = [each.place for each in self._heard_files.all() if each.place <= place]
        self._heard_files.forget(lambda files: bool(begun) and files.place < begun[-1])

    def _forget_clips(self) -> None:
        """Keep those alone that a checkpoint, a line, or the sound itself may still speak of."""
        kept = {id(clip) for each in self._checkpoints for clip in (*each.clips.values(), *each.sounding.values())}
        kept |= {id(line.speaks_of) for line in self._lines.all()}
        kept |= {id(each) for each in self._spoken_of}
        live = {*self._state["clips"]["address"].tolist(), *self._state["voices"]["clip"]["address"].tolist()}
        known = self._by_address
        self._by_address = {each: clip for each, clip in known.items() if each in live or id(clip) in kept}

    def _copy(self) -> None:
        out = np.zeros(WORDS, WORD)
        known = self._by_address  # before the copy: others are let go of while it is made
        since = int(self._state["frame"])
        copy_echoes(self._state, self._words, out)
        began_s = time.monotonic()
        while not copy_sounding(self._state, self._words, REST, since, out):
            if time.monotonic() - began_s > PATIENCE_S:
                self._tell_if_late(since)
                return  # the next turn tries again
        self._late = False
        frame = int(field_of(out, "frame")[0])
        clips = field_of(out, "clips")[0]["address"].tolist()
        voices = field_of(out, "voices")[0]["clip"]["address"].tolist()
        checkpoint = Checkpoint(
            frame=frame,
            words=out,
            patterns={entry: self._entries[entry] for entry in _entries_in(out) if entry in self._entries},
            clips={number: known[address] for number, address in enumerate(clips) if address in known},
            sounding={address: known[address] for address in voices if address in known},
        )
        with self._lock:
            self._due = frame + self._every
            self._take_lines()
            self._checkpoints.append(checkpoint)
            self._thin_out()

    def _thin_out(self) -> None:
        """Let go of the last copy but one where the others are near enough without it."""
        if len(self._checkpoints) > 2 and self._checkpoints[-1].frame - self._checkpoints[-3].frame <= self._every:
            del self._checkpoints[-2]

    def _tell_if_late(self, frame: int) -> None:
        if not self._late and frame - self._due > LATE_S * self._rate:
            self._late = True
            log.warning("what sounds cannot be copied between two blocks; takes that begin now cannot be replayed")


def _entries_in(words: Any) -> set[int]:
    """The pool entries that a checkpoint speaks of."""
    transport = field_of(words, "transport")[0]
    pending = field_of(words, "pending")[0][: int(field_of(words, "pending_count")[0])]
    waiting = {int(command["a"]) for command in pending if int(command["kind"]) in SWAPS}
    return {entry for entry in (int(transport["current"]), int(transport["queued"]), *waiting) if entry >= 0}
