"""Whether a take whose files do not hold the samples as they are is the same as what was made again.

What a format with losses left out cannot be compared, and what another packs takes long to unpack. But where what was
made has the digest of the sound that was captured, and the file that of the very file that was made of it, they are the
same. Where a file with losses was touched since, or its note is older than digests, what was made is brought into that
format by the same encoder, and what both become again is compared, to the bit.
"""

from pathlib import Path

import numpy as np

from chronus_tui.engine.replay.held import parts_of
from chronus_tui.engine.replay.made import Made, MadeTap
from store.documents import Take
from store.sound_files import SoundFile
from store.takes.encoding import encode
from store.takes.files import WAV_ENDING, audio_files, coding_of
from store.takes.formats import FORMATS
from store.takes.proofs import file_digest
from store.takes.tags import Tags
from store.wav.writer import WavWriter

_PIECE = 1 << 15


def digests_of_files(folder: Path, take: Take) -> dict[tuple[str, int], str]:
    """The digests of a take's files as they are now, by tap and part. Raises StoreError."""
    return {(tap, part): file_digest(path) for tap, part, path in audio_files(folder, take)}


def prove_by_digests(made: Made, files: dict[tuple[str, int], str], take: Take) -> bool:
    """Whether the digests in the take's note prove all of its files, whose own are given, to be made of the sound that
    was made again, of which digests were taken."""
    sounds = {
        (tap.name, part): sound
        for tap in made.taps
        if tap.digests is not None
        for part, sound in enumerate(tap.digests.of_parts(), 1)
    }
    proofs = {(proof.tap, proof.part): proof for proof in take.proofs}
    proved = sounds == {place: proof.sound for place, proof in proofs.items()} and files == {
        place: proof.file for place, proof in proofs.items()
    }
    for tap in made.taps:
        tap.compared = take.frames if proved else 0
    return proved


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
