"""Finding out about takes: whether they have faults, and whether they are what was played."""

from concurrent.futures import Future
from pathlib import Path

import msgspec

from chronus_tui.engine.actions.record import recorded
from chronus_tui.engine.actions.registry import Results
from chronus_tui.engine.actions.takes import refuse_unfinished, shelf_of
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.verdict import Examination
from store.takes.performance import ENDING, require_performance


@recorded("check")
def check(studio: Studio, call: Call, take: str | None) -> Future[Results]:
    """Look for faults in a take."""
    return _examine(studio, "check", take)


@recorded("replay")
def replay(studio: Studio, call: Call, take: str | None) -> Future[Results]:
    """Prove a take by making it again."""
    return _examine(studio, "replay", take)


@recorded("cancel")
def cancel(studio: Studio, call: Call) -> Results:
    """Cancel what is under way."""
    studio.examiner.works.cancel()
    return (studio.examiner.status().take,)


@recorded("verdict")
def tell_verdict(studio: Studio, call: Call) -> Results:
    """What was found, as JSON."""
    return (msgspec.json.encode(studio.examiner.verdicts).decode(),)


def _examine(studio: Studio, what: Examination, named: str | None) -> Future[Results]:
    """Begin to examine a take, or the newest; what is told is that it began."""

    def find() -> tuple[Path, str]:
        folder, take = shelf_of(studio).finished(named)
        if what == "replay":
            require_performance(folder / f"{take.name}{ENDING}")
        return folder, take.name

    def begin(found: tuple[Path, str]) -> Results:
        folder, take = found
        refuse_unfinished(studio, take)
        studio.examiner.begin(what, folder, take)
        return (take,)

    return studio.from_disk(find, begin)
