"""Finding out about takes while the sound goes on: whether they have faults, and whether they are what was played.

A process apart does it, one take at a time. The control thread alone touches what is here.
"""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from msgspec.structs import replace

from chronus_tui.engine.apart.asking import ask_apart
from chronus_tui.engine.apart.questions import CheckTake, ReplayTake
from chronus_tui.engine.work import Told, Works
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.status import ExaminationStatus
from chronus_tui.verdict import Examination, Verdict, Verdicts

QUESTIONS: dict[Examination, type[CheckTake] | type[ReplayTake]] = {"check": CheckTake, "replay": ReplayTake}
PROGRESS = {"check": "/event/take_checking", "replay": "/event/take_replaying"}
ENDED = {"check": "/event/take_checked", "replay": "/event/take_replayed"}


class Examiner:
    """Examines takes.

    tell        sends an event, its address and arguments, to all who listen
    on_control  lets the control thread call a function soon

    `verdicts` are the last ones.
    """

    def __init__(
        self, project: Path, tell: Callable[..., None], on_control: Callable[[Callable[[], None]], None]
    ) -> None:
        self.works = Works(self._tell_how_far, "/record/cancel")
        self.verdicts = Verdicts()
        self._project = str(project)
        self._tell = tell
        self._on_control = on_control
        self._what: Examination = "check"
        self._take = ""

    def begin(self, what: Examination, folder: Path, take: str) -> None:
        """Begin to examine a take that lies in `folder`. Raises ChronusError where another is being examined, or no
        process can be started."""
        work = self.works.begin(f"{what} of {take}")
        self._what, self._take = what, take
        try:
            question = QUESTIONS[what](self._project, str(folder), take)
            became = ask_apart(question, Verdict, work, self._on_control)
        except ChronusError:
            self.works.end()
            raise
        became.add_done_callback(lambda found: self._on_control(lambda: self._end(found)))

    def refuse_if_at(self, take: str) -> None:
        """Raise CommandRefused where that take is being examined."""
        if self.works.now is not None and take.casefold() == self._take.casefold():
            raise CommandRefused(
                f"The {self.works.now.what} is under way; wait for its end, or cancel it: /record/cancel."
            )

    def status(self) -> ExaminationStatus:
        """What is under way, and how far."""
        work = self.works.now
        if work is None:
            return ExaminationStatus()
        return ExaminationStatus(self._what, self._take, round(100 * work.done / max(work.of, 1)))

    def _tell_how_far(self, what: str, happened: Told, done: int, of: int) -> None:
        self._tell(PROGRESS[self._what], self._take, 100 * done // max(of, 1))

    def _end(self, found: "Future[Verdict]") -> None:
        what, take, work = self._what, self._take, self.works.now
        error = found.exception()
        if work is not None and work.cancelled:
            verdict = Verdict(take, what, "cancelled", f"The {what} of {take} was cancelled.")
        elif isinstance(error, ChronusError):
            verdict = Verdict(take, what, "failed", str(error))
        else:
            verdict = found.result()
        self.works.end()
        if verdict.verdict != "cancelled":
            self.verdicts = replace(self.verdicts, **{what: verdict})
        self._tell(ENDED[what], take, verdict.verdict, verdict.sentence)
