"""What a press leads to is waited for, not guessed: Textual's pilot takes a moment without work for the end of it, and
that moment may as well be one in which a busy machine ran something else."""

import asyncio

import pytest
from textual._context import active_app


async def all_is_done_and_drawn(*_: float) -> None:
    """Come back when no task of the loop could go on, but for a timer, a file or another thread, and when all is drawn
    that Textual draws by a timer of its own."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # the public part tells nothing of it
    await asyncio.sleep(0)
    while ready or _draw():
        await asyncio.sleep(0)


def _draw() -> bool:
    """Draw the screens that are due; whether there were any."""
    due = [screen for screen in active_app.get().screen_stack if screen._update_timer._active.is_set()]
    for screen in due:
        screen._on_timer_update()
    return bool(due)


@pytest.fixture(autouse=True)
def pilot_waits_until_all_is_done_and_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{place}.wait_for_idle", all_is_done_and_drawn)
