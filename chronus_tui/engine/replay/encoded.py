"""Whether a take whose format has losses is the same as what was made again, where digests do not tell.

What such a format left out cannot be compared. But what was made is brought into that format by the same encoder, and
what both become again is compared, to the bit.
"""

from pathlib import Path

import numpy as np

from chronus_tui.engine.replay.held import parts_of
from chronus_tui.engine.replay.made import MadeTap
from store.documents import Take
from store.sound_files import SoundFile
from store.takes.encoding import encode
from store.takes.files import WAV_ENDING, coding_of
from store.takes.formats import FORMATS
from store.takes.tags import Tags
from store.wav.writer import WavWriter

_PIECE = 1 << 15


def compare_encoded(tap: MadeTap, wav: Path, folder: Path, take: Take, temp: Path) -> None:
    """Compare a tap of a take, part by part, with what `wav`, which was made of it now and is as the take was
    captured, becomes in the take's format. Raises StoreError."""
    own = FORMATS[coding_of(take)]
    part_wav, encoded = temp / f"part{WAV_ENDING}", temp / f"part{own.ending}"
    with SoundFile(wav) as made:
        for path in parts_of(folder, take, tap.name):
            with SoundFile(path) as held:
                with WavWriter(part_wav, take.rate, 2, take.bits, durable=False) as out:
                    for piece in made.pieces(_PIECE, held.format.frames):
                        out.write(piece)
                encode(part_wav, encoded, own, Tags(), lambda share: None)
                with SoundFile(encoded) as again:
                    _compare_decoded(tap, held, again)
            part_wav.unlink()
            encoded.unlink()


def _compare_decoded(tap: MadeTap, held: SoundFile, again: SoundFile) -> None:
    for theirs, ours in zip(held.pieces(_PIECE), again.pieces(_PIECE), strict=False):
        count = min(len(theirs), len(ours))
        apart = (theirs[:count] != ours[:count]).any(axis=1)
        if tap.parts_at is None and apart.any():
            tap.parts_at = tap.compared + int(np.flatnonzero(apart)[0])
        tap.compared += count
