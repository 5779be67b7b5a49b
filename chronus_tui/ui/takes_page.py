"""What the takes page knows: the takes that there are, where the cursor is, and the waveform that was asked for.

No input, no output: the page's keys change it, the engine's answers fill it, `render/takes` shows it.
"""

from typing import Any

import msgspec

from store.takes.line import TakeLine

LIST, WAVEFORM = "/takes/list", "/takes/waveform"
COLUMNS = 240
"""Of a waveform that is asked for: enough for any screen, which shows as many as it has."""


class TakesPage(msgspec.Struct):
    """The page's state.

    rows    the takes, the newest first
    place   index of the row that the cursor is on
    opened  whether the page was opened since the takes last came
    drawn   name of the take whose waveform is known, and `peaks`, linear
    """

    rows: tuple[TakeLine, ...] = ()
    place: int = 0
    opened: bool = False
    drawn: str = ""
    peaks: tuple[float, ...] = ()

    @property
    def current(self) -> TakeLine | None:
        """The take that the cursor is on."""
        return self.rows[self.place] if self.place < len(self.rows) else None

    def open(self) -> None:
        """Go to the newest take, whichever that will be."""
        self.place, self.opened = 0, True

    def move(self, by: int) -> None:
        """Go `by` takes down, as far as there are any."""
        self.place = min(max(0, self.place + by), max(0, len(self.rows) - 1))

    def take(self, results: tuple[Any, ...]) -> None:
        """Take the answer to `/takes/list`. Once the page is open the cursor stays on its take, where that is there.

        Raises msgspec.DecodeError where an engine of another version answers something else.
        """
        before, self.opened = None if self.opened else self.current, False
        self.rows = msgspec.json.decode(results[0], type=tuple[TakeLine, ...])
        places = [place for place, row in enumerate(self.rows) if before is not None and row.name == before.name]
        self.place = places[0] if places else min(self.place, max(0, len(self.rows) - 1))

    def take_waveform(self, name: str, results: tuple[Any, ...]) -> None:
        """Take the answer to `/takes/waveform`."""
        self.drawn, self.peaks = name, tuple(float(peak) for peak in results)
