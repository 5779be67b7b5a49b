import sys
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from measure_bytes import measure
from opened import Clock
from sent import LIMIT, STATUS_S, Recording


async def test_one_toggled_step_costs_less_than_a_line() -> None:
    engine = FakeEngine()
    app = Recording(engine.connect, clock=Clock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("right", "right")
        app.sent = ""
        await pilot.press("enter")
        await pilot.pause()
        assert "x" in app.sent
        assert len(app.sent) < 100


async def test_what_is_not_changed_is_not_sent() -> None:
    engine = FakeEngine()
    app = Recording(engine.connect, clock=Clock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.sent = ""
        for _ in range(10):
            engine.tell_status()
            await pilot.pause()
        assert app.sent == ""


async def test_no_span_is_written_from_the_start_of_its_line() -> None:
    engine = FakeEngine()
    now_s = [0.0]
    app = Recording(engine.connect, clock=lambda: now_s[0])
    async with app.run_test(size=(120, 40)) as pilot:
        engine.change(playing=True)
        engine.run_for(0.0)
        await pilot.pause()
        app.sent = ""
        for _ in range(20):
            now_s[0] += STATUS_S
            engine.run_for(STATUS_S)
            await pilot.pause()
        assert ">" in app.sent
        assert "kick" not in app.sent


@pytest.mark.alone
def test_a_screen_of_8_or_16_tracks_that_plays_and_one_that_records_stay_under_12_kilobytes_a_second() -> None:
    demo = str(Path(__file__).parent / "fake_engine.py")
    commands = [[sys.executable, demo, *arguments] for arguments in (("8", "16"), ("16", "16"), ("takes",))]
    rates = measure(commands, 120, 40, seconds=4.0, warm_up_s=3.0, begun=b"PLAY")
    assert max(rates) < LIMIT, rates
