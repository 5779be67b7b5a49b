"""The takes page: the recorder's meters, and what its keys order."""

import msgspec
from fake_engine import TAKES, FakeEngine

from chronus_tui.link import Event
from chronus_tui.ui.app import ChronusApp


async def test_the_page_lists_the_takes_and_its_keys_work_them() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T", "down", "enter", "v", "X")
        await pilot.pause()
        name = TAKES[1].name
        assert engine.orders[-4:] == [
            ("/takes/list", ()),
            ("/takes/play", (name,)),
            ("/takes/waveform", (name, 240)),
            ("/takes/delete", (name,)),
        ]
        assert app.model.takes.drawn == name
        await pilot.press("enter")
        await pilot.pause()
        assert engine.orders[-1] == ("/takes/stop", ())
        await pilot.press("escape")
        assert app.model.page == "main"


async def test_a_take_is_renamed_in_a_line_that_holds_its_name() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert engine.orders[-1] == ("/takes/rename", ("rain on tin", "rain on tin"))


async def test_what_was_thrown_away_is_chosen_to_be_brought_back_and_told() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T", "R")
        await pilot.pause()
        await pilot.press("r", "enter")
        await pilot.pause()
        assert ("/takes/restore", ("rain",)) in engine.orders
        engine.send(Event("/event/takes_changed", ("deleted", "rain")))
        await pilot.pause()
        assert app.model.notice is not None
        assert app.model.notice.text == "rain is in the trash; R brings it back"


async def test_the_list_follows_what_happens_to_takes() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        asked = engine.orders.count(("/takes/list", ()))
        engine.send(Event("/event/take_closed", ("/music/recordings/x.wav", 1.0)))
        await pilot.pause()
        assert engine.orders.count(("/takes/list", ())) == asked + 1


async def test_the_page_opens_on_the_newest_take_and_then_stays_on_its_own() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        await pilot.press("down", "down")
        engine.send(Event("/event/takes_changed"))
        await pilot.pause()
        assert app.model.takes.place == 2
        await pilot.press("T", "T")
        await pilot.pause()
        assert app.model.takes.place == 0


async def test_keys_keep_mark_and_call_off() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("K", "M")
        waiting = msgspec.structs.replace(engine.status.recording, waiting="bar")
        engine.change(recording=waiting)
        engine.tell_status()
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        assert engine.orders[-3:] == [("/record/grab", ()), ("/record/mark", ()), ("/record/toggle", ())]


async def test_takes_begin_on_the_bar_from_their_page() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T", "b", "c")
        await pilot.pause()
        assert engine.orders[-2:] == [("/record/on_bar", ()), ("/record/count_in", ())]
