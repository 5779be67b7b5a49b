"""What a take is to be, up to where that is known, and how far it is: what the recorder and a take tell each other."""

from pathlib import Path

import msgspec

from chronus_tui.engine.recording.loudness import SILENCE_DB
from store.documents import Track
from store.takes.formats import TakeFormat


class Order(msgspec.Struct, frozen=True):
    """What a take is to be.

    name         or None, to be called after its start
    wanted       the format it ends up in
    taps         names of the files, each two columns of the memory
    tracks       that there are when it begins
    folder       where it goes, and `default_folder`, where it goes on when that fails
    part_frames  0 for one file
    first        frame of the engine's clock that it begins with
    end          the first frame that is not in it, or None where that is not known yet
    """

    name: str | None
    wanted: TakeFormat
    taps: tuple[str, ...]
    tracks: tuple[Track, ...]
    folder: Path
    default_folder: Path
    temp_dir: Path
    part_frames: int
    first: int
    end: int | None
    rate: int
    device: str


class Known(msgspec.Struct):
    """Up to which frame of the engine's clock it is known what a take is to be. The recorder's thread writes.

    heard   everything that was told to have happened before has been taken into account
    looked  nothing is waited for any longer before this frame, the same or a later one
    """

    heard: int = 0
    looked: int = 0


class Growth(msgspec.Struct, frozen=True):
    """How far a take's files are.

    waveform  the peaks, linear
    """

    path: Path | None = None
    frames: int = 0
    dropped: int = 0
    clipped: int = 0
    size_bytes: int = 0
    lufs: float | None = None
    true_peak_db: float = SILENCE_DB
    waveform: tuple[float, ...] = ()
