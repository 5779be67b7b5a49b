"""What a take holds: of each tap, part by part."""

from collections.abc import Iterator
from pathlib import Path

from chronus_tui.engine.hand import Frames
from store.documents import Take
from store.sound_files import SoundFile
from store.take_files import audio_files

PIECE = 1 << 15
"""Frames read at a time."""


def parts_of(folder: Path, take: Take, tap: str) -> list[Path]:
    """The files of a tap of a take that lies in `folder`, in their order."""
    return [path for name, _, path in audio_files(folder, take) if name == tap]


def sound_of(folder: Path, take: Take, tap: str) -> Iterator[Frames]:
    """The sound of a tap, a piece at a time. Raises StoreError."""
    for path in parts_of(folder, take, tap):
        with SoundFile(path) as sound:
            yield from sound.pieces(PIECE)
