"""The app with an engine that plays along and no terminal: pressed by hand, on a clock that a test moves."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fake_engine import ASKED_AT_FIRST, FakeEngine
from textual.pilot import Pilot

from chronus_tui.ui.app import ChronusApp
from chronus_tui.ui.panel import Panel
from chronus_tui.ui.slot_entry import WAIT_S

PATIENCE_S = 60.0
POLL_S = 0.01


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Opened:
    app: ChronusApp
    pilot: Pilot[None]
    engine: FakeEngine
    clock: Clock

    @property
    def text(self) -> str:
        return "\n".join(row.text for panel in self.app.main.query(Panel) if panel.display for row in panel.rows)

    @property
    def orders(self) -> list[tuple]:
        return [order for order in self.engine.orders if order[0] not in ASKED_AT_FIRST]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, so: Callable[[], bool], what: str) -> None:
        """Wait for what another thread or a timer brings: it comes when it comes."""
        ends_s = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < ends_s, f"waited for {what} in vain; it shows:\n{self.text}"
            await asyncio.sleep(POLL_S)

    async def shows(self, text: str, so: bool = True) -> None:
        """Wait until the screen shows `text`, or does not."""
        await self.until(lambda: (text in self.text) == so, f"{text!r}{'' if so else ' to go'}")

    async def wait_out_entry(self) -> None:
        self.clock.now_s += WAIT_S
        self.app.main.take_entry_when_due()
        await self.pilot.pause()

    async def play(self, **fields: object) -> None:
        self.engine.change(playing=True, **fields)
        self.engine.run_for(0.05)
        await self.pilot.pause()


def nothing() -> None:
    pass


@asynccontextmanager
async def opened(
    engine: FakeEngine | None = None, size: tuple[int, int] = (80, 24), restart: Callable[[], None] = nothing
) -> AsyncIterator[Opened]:
    engine, clock = engine or FakeEngine(), Clock()
    app = ChronusApp(engine.connect, restart, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Opened(app, pilot, engine, clock)


@asynccontextmanager
async def slots_pane() -> AsyncIterator[Opened]:
    """The app with the cursor in the slots pane."""
    async with opened() as screen:
        await screen.press("tab")
        yield screen
