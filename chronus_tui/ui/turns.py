"""What is typed, each key in its turn: once all that the one before led to is there.

Textual hands a key to what has the focus when it arrives. Of keys that arrive together, as they do over a slow line,
those that were meant for a question would be orders to the page that it opens on.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

LONGEST = 32
"""More than the messages, one after another, that any key leads to; who never rests must not keep keys for ever."""

Typed = events.Key | events.Paste


class Turns:
    """Keeps what is typed until its turn comes.

    give  called on Textual's thread with each, in their order
    """

    def __init__(self, app: App[Any], give: Callable[[Typed], object]) -> None:
        self._app = app
        self._give = give
        self._typed: asyncio.Queue[Typed] = asyncio.Queue()

    def add(self, typed: Typed) -> None:
        """Something was typed."""
        self._typed.put_nowait(typed)

    async def run(self) -> None:
        """Give all that is typed, until it is cancelled."""
        while True:
            typed = await self._typed.get()
            await self._rest()
            if not (isinstance(typed, events.Key) and typed.is_printable):
                # Enter takes what the palette has found, and that shall be of all letters before.
                searches = (worker.wait() for worker in self._app.workers)
                await asyncio.gather(*searches, return_exceptions=True)
                await self._rest()
            self._give(typed)

    async def _rest(self) -> None:
        """Wait until everyone on the screen has done what there was to do, and nothing has come of it."""
        for _ in range(LONGEST):
            before = self._pumps()
            idle = _idle(before)
            await asyncio.gather(*map(_reached, before))
            after = self._pumps()
            if idle and after == before and _idle(after):
                return

    def _pumps(self) -> list[MessagePump]:
        """The app, and all that is on top: what lies behind would have the whole screen drawn anew."""
        top = self._app.screen_stack[-1:]
        return [self._app, *(pump for screen in top for pump in screen.walk_children(with_self=True))]


def _idle(pumps: list[MessagePump]) -> bool:
    return not any(pump.message_queue_size for pump in pumps)


async def _reached(pump: MessagePump) -> None:
    """Wait until `pump` has done what it does now, and what waits for it by now."""
    reached = asyncio.Event()
    if pump.call_later(reached.set):
        await reached.wait()
