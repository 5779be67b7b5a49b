"""Proving a take by making it again."""

from collections.abc import Callable
from pathlib import Path

from chronus_tui.engine.apart.questions import ReplayTake
from chronus_tui.engine.replay.made import cores
from chronus_tui.engine.replay.proving import prove
from chronus_tui.engine.takes_named import find_take
from chronus_tui.verdict import DIFFERS, TakeFault, Verdict


def replay_take(question: ReplayTake, go_on: Callable[[int, int], None]) -> Verdict:
    """Make the take again, on all cores but the one that the sound needs. Raises ChronusError."""
    folder, take = find_take(Path(question.project), str(Path(question.folder) / question.take))
    proof = prove(Path(question.project), folder, take, threads=max(cores() - 1, 1), progress=go_on)
    faults = [
        TakeFault(DIFFERS, tap, frame / take.rate, detail="is another sound from here on")
        for tap, frame in proof.parted.items()
    ]
    faults += [
        TakeFault(DIFFERS, "", seam.frame / take.rate, detail=f"does not follow from before ({seam.what})")
        for seam in proof.other_seams
    ]
    return Verdict(
        take.name, "replay", proof.verdict, proof.sentence, take.frames / take.rate, len(faults), tuple(faults)
    )
