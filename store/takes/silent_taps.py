"""Taps in which nothing was heard, as those of tracks that there are none of: a finished take has no files of them.

A take that ends knows them; of one that a crash cut off the files are looked through.
"""

import contextlib
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from store.documents import Take
from store.sound_files import SoundFile
from store.takes.files import audio_files

_BLOCK = 65_536
_DITHER_16 = 1 / 2**15
"""What the dither makes of silence in 16 bits."""


def silent_taps(recordings: Path, take: Take, go_on: Callable[[], None]) -> set[str]:
    """The taps whose files hold nothing but silence; never the first. Raises StoreError.

    go_on  called between pieces; what it raises ends this
    """
    limit = _DITHER_16 if take.bits == 16 else 0.0
    sounding = {take.taps[0]}
    for tap, _, path in audio_files(recordings, take):
        if tap in sounding:
            continue
        with SoundFile(path) as sound:
            for piece in sound.pieces(_BLOCK):
                go_on()
                if np.abs(piece).max() > limit:
                    sounding.add(tap)
                    break
    return set(take.taps) - sounding


def remove_taps(recordings: Path, take: Take, taps: Collection[str]) -> tuple[Take, int]:
    """`take` without some taps, whose files are removed as far as the disk allows it; the bytes that they had."""
    removed_bytes = 0
    for tap, _, path in list(audio_files(recordings, take)):
        if tap in taps:
            with contextlib.suppress(OSError):
                size = path.stat().st_size
                path.unlink()
                removed_bytes += size
    return replace(take, taps=tuple(tap for tap in take.taps if tap not in taps)), removed_bytes
