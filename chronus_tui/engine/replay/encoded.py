"""Whether a take whose format has losses is the same as what was made again.

What such a format left out cannot be compared. But where what was made has the digest of the sound that was captured,
and the file that of the very file that was made of it, they are the same. Where the file was touched since, or its note
is older than digests, what was made is brought into that format by the same encoder, and what both become again is
compared, to the bit.
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
from store.takes.proofs import file_digest, sound_digest
from store.takes.tags import Tags
from store.wav.writer import WavWriter

_PIECE = 1 << 15


def prove_encoded(tap: MadeTap, wav: Path, folder: Path, take: Take) -> bool:
    """Whether the digests in the take's note prove all of a tap to be made of the sound in `wav`, which was made again
    as the take was captured. Raises StoreError."""
    proofs = {proof.part: proof for proof in take.proofs if proof.tap == tap.name}
    lengths = take.parts or (take.frames,)
    files = parts_of(folder, take, tap.name)
    if len(files) != len(lengths):
        return False
    with SoundFile(wav) as made:
        for part, (path, frames) in enumerate(zip(files, lengths, strict=True), 1):
            proof = proofs.get(part)
            if proof is None or sound_digest(made, frames) != proof.sound or file_digest(path) != proof.file:
                return False
    tap.compared = take.frames
    return True


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
