"""What a press leads to is waited for, not guessed: Textual's pilot takes a moment without work for the end of it, and
that moment may as well be one in which a busy machine ran something else."""

import asyncio

import pytest


async def nothing_is_left_to_do(*_: float) -> None:
    """Come back when no task of the loop could go on, but for a timer, a file or another thread."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # the public part tells nothing of it
    await asyncio.sleep(0)
    while ready:
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def pilot_waits_until_nothing_is_left_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{place}.wait_for_idle", nothing_is_left_to_do)
