"""Looking for faults in a take."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from chronus_tui.engine.apart.questions import CheckTake
from chronus_tui.engine.checking import Checked, check_recording, of_take, where
from chronus_tui.engine.takes_named import find_take
from chronus_tui.verdict import FAULTS_TOLD, NAMES, TakeFault, Verdict, clock


def check_take(question: CheckTake, go_on: Callable[[int, int], None]) -> Verdict:
    """Look for faults in every tap of the take. Raises ChronusError."""
    folder, take = find_take(Path(question.project), str(Path(question.folder) / question.take))
    recordings = of_take(folder, take).recordings
    done, of = 0, max(take.frames * len(recordings), 1)

    def tell(frames: int) -> None:
        nonlocal done
        done += frames
        go_on(min(done, of), of)

    faults = [fault for recording in recordings for fault in _faults(check_recording(recording, tell))]
    faults.sort(key=lambda fault: fault.start_s)
    seconds = take.frames / take.rate
    if not faults:
        return Verdict(take.name, "check", "clean", f"No faults found in {take.name}.", seconds)
    sentence = _sentence(take.name, faults, several=len(recordings) > 1)
    return Verdict(take.name, "check", "faulty", sentence, seconds, len(faults), tuple(faults[:FAULTS_TOLD]))


def _faults(checked: Checked) -> list[TakeFault]:
    found = checked.found
    return [
        TakeFault(
            fault.kind,
            checked.recording.name,
            fault.start_frame / found.rate,
            fault.frames / found.rate,
            where(fault.channel, found.channels),
            fault.confidence,
            fault.detail,
        )
        for fault in found.faults
    ]


def _sentence(name: str, faults: list[TakeFault], several: bool) -> str:
    kinds = Counter(NAMES.get(fault.kind, fault.kind) for fault in faults)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    first, tap = faults[0], f" in {faults[0].tap}" if several else ""
    return f"Faults found in {name}: {counted}; the first is at {clock(first.start_s)}{tap}."
