"""The clips as the sound knows them: their numbers, and the memory that they lie in.

A name has its number as soon as a pattern that plays it is compiled, and for as long as the engine runs; the sound
itself follows when the disk has given it. Until then, the number is silent.
"""

import threading
from typing import Any

from chronus_tui.engine.journal import NamedClip
from chronus_tui.errors import CommandRefused
from dsp import messages
from dsp.sizes import CLIPS
from dsp.voice import FREE
from store.clips import Clip

NO_CLIP = -1


class ClipNumbers:
    """The numbers of clips by name. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._wanted: list[str] = []

    def number(self, name: str) -> int:
        """The number of the clip called `name`, which is wanted from the first time on; NO_CLIP where all numbers are
        given away."""
        with self._lock:
            if name not in self._numbers and len(self._numbers) < CLIPS:
                self._numbers[name] = len(self._numbers)
                self._wanted.append(name)
            return self._numbers.get(name, NO_CLIP)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of their numbers."""
        with self._lock:
            return tuple(self._numbers)

    def take_wanted(self) -> list[str]:
        """The names that got their number since the last call."""
        with self._lock:
            wanted, self._wanted = self._wanted, []
            return wanted


class Clips:
    """Hands clips to the sound, and keeps each alive while a voice may read it. The control thread alone calls it.

    state  the sound's
    push   as `Player.push`
    """

    def __init__(self, state: Any, push: Any) -> None:
        self.numbers = ClipNumbers()
        self._state = state
        self._push = push
        self._held: dict[int, Clip] = {}  # by address
        self._replaced: set[int] = set()  # addresses that no new voice will read
        self._waiting: dict[int, NamedClip] = {}  # by number: the ring was full

    def put(self, name: str, clip: Clip) -> None:
        """Let `name` sound as `clip` from the next note on; what sounds goes on as it was struck."""
        number = self.numbers.number(name)
        if number == NO_CLIP:
            raise CommandRefused(
                f"{CLIPS} clips are in use, and no more fit; start the engine again to let go of them."
            )
        self._waiting[number] = NamedClip(name, clip)
        self.follow()

    def replaced(self, address: int) -> None:
        """The sound has told that it strikes no more notes from what lies at `address`."""
        if address in self._held:
            self._replaced.add(address)

    def follow(self) -> None:
        """Hand over what waits, and let go of what was replaced and sounds no longer."""
        for number, named in list(self._waiting.items()):
            clip, frames = named.clip, named.clip.frames
            address = frames.ctypes.data
            try:
                self._push(
                    messages.CLIP,
                    a=number,
                    b=frames.shape[1],
                    ticket=address,
                    base=len(frames),
                    x=float(clip.rate),
                    clip=named,
                )
            except CommandRefused:
                return
            self._held[address] = clip
            del self._waiting[number]
        if self._replaced:
            voices = self._state["voices"]
            read = set(voices["clip"]["address"][voices["stage"] != FREE].tolist())
            for address in self._replaced - read:
                del self._held[address]
            self._replaced &= read
