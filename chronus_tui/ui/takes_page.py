"""What the takes page knows: the takes that there are, where the cursor is, the waveform that was asked for, and what
was found out about takes.

No input, no output: the page's keys change it, the engine's answers fill it, `render/takes` shows it.
"""

from typing import Any

import msgspec

from chronus_tui.verdict import TakeFault, Verdict, Verdicts
from store.takes.line import TakeLine

LIST, WAVEFORM, VERDICT = "/takes/list", "/takes/waveform", "/record/verdict"
COLUMNS = 240
"""Of a waveform that is asked for: enough for any screen, which shows as many as it has."""


class TakesPage(msgspec.Struct):
    """The page's state.

    rows    the takes, the newest first
    place   index of the row that the cursor is on
    opened  whether the page was opened since the takes last came
    drawn   name of the take whose waveform is known, and `peaks`, linear
    verdicts  what the last check and the last replay found, of whichever takes
    fault   index of the one that is looked at, of those of the drawn take
    """

    rows: tuple[TakeLine, ...] = ()
    place: int = 0
    opened: bool = False
    drawn: str = ""
    peaks: tuple[float, ...] = ()
    verdicts: Verdicts = Verdicts()
    fault: int = 0

    @property
    def current(self) -> TakeLine | None:
        """The take that the cursor is on."""
        return self.rows[self.place] if self.place < len(self.rows) else None

    def open(self) -> None:
        """Go to the newest take, whichever that will be."""
        self.place, self.opened = 0, True

    def move(self, by: int) -> None:
        """Go `by` takes down, as far as there are any."""
        self.place, self.opened = min(max(0, self.place + by), max(0, len(self.rows) - 1)), False

    def take(self, results: tuple[Any, ...]) -> None:
        """Take the answer to `/takes/list`. Once the page is open the cursor stays on its take, where that is there, by
        whichever name.

        Raises msgspec.DecodeError where an engine of another version answers something else.
        """
        before, self.opened = None if self.opened else self.current, False
        self.rows = msgspec.json.decode(results[0], type=tuple[TakeLine, ...])
        self.place = min(self.place, max(0, len(self.rows) - 1))
        if before is not None:
            named = [place for place, row in enumerate(self.rows) if row.name == before.name]
            begun = [place for place, row in enumerate(self.rows) if row.started == before.started]
            self.place = [*named, *begun, self.place][0]

    def take_waveform(self, name: str, results: tuple[Any, ...]) -> None:
        """Take the answer to `/takes/waveform`."""
        if name != self.drawn:
            self.fault = 0
        self.drawn, self.peaks = name, tuple(float(peak) for peak in results)

    def take_verdicts(self, results: tuple[Any, ...]) -> None:
        """Take the answer to `/record/verdict`. Raises msgspec.DecodeError, as `take` does."""
        self.verdicts, self.fault = msgspec.json.decode(results[0], type=Verdicts), 0

    @property
    def found(self) -> tuple[Verdict, ...]:
        """What was found out about the take that is drawn."""
        return tuple(
            each for each in (self.verdicts.check, self.verdicts.replay) if each is not None and each.take == self.drawn
        )

    @property
    def faults(self) -> tuple[TakeFault, ...]:
        """The faults of the take that is drawn, in the order of time."""
        return tuple(sorted((fault for each in self.found for fault in each.faults), key=lambda fault: fault.start_s))

    def go_to_fault(self, by: int) -> None:
        """Go `by` faults on, as far as there are any."""
        self.fault = min(max(0, self.fault + by), max(0, len(self.faults) - 1))
