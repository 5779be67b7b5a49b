"""Whether digests prove that a take is what was made again, where its files do not hold the samples as they are.

What a format with losses left out cannot be compared, and what another packs takes long to unpack. But where what was
made has the digest of the sound that was captured, and each file that of the very file that was made of it, they are
the same.
"""

from pathlib import Path

from chronus_tui.engine.replay.made import Made
from store.documents import Take
from store.takes.files import audio_files
from store.takes.proofs import file_digest


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
