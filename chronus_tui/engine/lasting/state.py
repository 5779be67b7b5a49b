"""The rings of the state in memory that outlives the engine: what was made, and what was told and struck meanwhile.

The record stays where it is; only the pages under those fields are those of a file. So the sound is none the wiser, and
whatever it had made when the engine was killed is there at the next start. Of stems, most of it, no page is asked for
before stems are.
"""

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dsp.state import STATE
from store.lasting import LastingFile, LastingFolder, lie_bare

PAGE_BYTES = 4096
_FIELDS: Any = STATE.fields
_PLACES = {name: (offset, offset + kind.itemsize) for name, (kind, offset) in _FIELDS.items()}
_RINGS, _SOUND = ("journal", "struck"), ("tap_head", "stems")
_ABOUT = "state"


class _About(msgspec.Struct, frozen=True):
    """What lies in the files: bytes of a state with these places, from `rings` and from `sound` on.

    stems  whether there are any
    """

    rate: int
    places: dict[str, tuple[int, int]]
    rings: int
    sound: int
    stems: bool


class LastingState:
    """The lasting rings of one state, an array of one record that no sound was made in yet."""

    def __init__(self, array: Any, rate: int, folder: LastingFolder) -> None:
        self._array = array
        self._rate = rate
        self._folder = folder
        self._rings = self._lay("rings", *_RINGS)
        self._sound = self._lay("sound", *_SOUND, without="stems")
        self._tell(stems=False)

    def make_stems(self) -> None:
        """Ask for the pages of stems, of which none was touched yet; where there is no room, let stems lie in plain
        memory."""
        if self._sound is None:
            return
        file, begin = self._sound
        first, last = self._inner("stems")
        if self._folder.has_room(last - first) and file.reserve(first - begin, last - begin):
            self._tell(stems=True)
        else:
            lie_bare(self._array.ctypes.data + first, last - first)

    def _tell(self, stems: bool) -> None:
        if self._rings is not None and self._sound is not None:
            about = _About(self._rate, _PLACES, self._rings[1], self._sound[1], stems)
            self._folder.write(_ABOUT, msgspec.json.encode(about))

    def _outer(self, first: str, last: str) -> tuple[int, int]:
        """Where the pages begin that hold these fields and those between, and where they end, in the state."""
        base = self._array.ctypes.data
        begin, end = base + _PLACES[first][0], base + _PLACES[last][1]
        return begin // PAGE_BYTES * PAGE_BYTES - base, -(-end // PAGE_BYTES) * PAGE_BYTES - base

    def _inner(self, name: str) -> tuple[int, int]:
        """The pages that hold nothing but this field."""
        base = self._array.ctypes.data
        begin, end = base + _PLACES[name][0], base + _PLACES[name][1]
        return -(-begin // PAGE_BYTES) * PAGE_BYTES - base, end // PAGE_BYTES * PAGE_BYTES - base

    def _lay(self, name: str, first: str, last: str, without: str = "") -> tuple[LastingFile, int] | None:
        """Lay a file under fields, and where in the state it begins; None where it cannot be."""
        begin, end = self._outer(first, last)
        pieces = [(begin, end)]
        if without:
            gap = self._inner(without)
            pieces = [(begin, gap[0]), (gap[1], end)]
        size = sum(until - at for at, until in pieces)
        file = self._folder.file(name, end - begin) if self._folder.has_room(size) else None
        if file is None:
            return None
        words = self._array.view(np.uint8)
        for at, until in pieces:
            if not file.reserve(at - begin, until - begin):
                return None
            with contextlib.suppress(OSError):
                file.write(at - begin, words[at:until].tobytes())
        return (file, begin) if file.lie_under(self._array.ctypes.data + begin, end - begin) else None


class LeftState:
    """The rings of a state that an engine has left.

    record  a state in which nothing else is
    stems   whether its stems are there
    """

    def __init__(self, record: Any, rate: int, stems: bool) -> None:
        self.record = record
        self.rate = rate
        self.stems = stems


def read_left(folder: Path) -> LeftState | None:
    """What an engine left in a folder; None where there is nothing, or it comes from another version."""
    try:
        about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=_About)
        if about.places != _PLACES:
            return None
        array = np.zeros(1, STATE)
        room = array.view(np.uint8)
        for name, begin in (("rings", about.rings), ("sound", about.sound)):
            size = (folder / name).stat().st_size
            with (folder / name).open("rb") as file:
                file.readinto(room[begin : begin + size].data)
    except (OSError, msgspec.MsgspecError):
        return None
    return LeftState(array[0], about.rate, about.stems)
