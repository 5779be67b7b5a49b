"""The takes page: the recorder's meters, and what its keys order."""

import msgspec
from fake_engine import TAKES, FakeEngine
from opened import Clock, opened

from chronus_tui.link import Event
from chronus_tui.ui.app import ChronusApp
from chronus_tui.ui.takes_page import TakesPage
from chronus_tui.verdict import TakeFault, Verdict, Verdicts
from store.takes.line import TakeLine


async def test_the_page_lists_the_takes_and_its_keys_work_them() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect, clock=Clock())
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
    app = ChronusApp(engine.connect, clock=Clock())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert engine.orders[-1] == ("/takes/rename", ("rain on tin", "rain on tin"))


def test_the_cursor_stays_on_a_take_that_gets_another_name_while_newer_ones_come() -> None:
    page, old = TakesPage(), TakeLine("rain", started="2026-11-21T20:00:00.000")
    page.open()
    page.take((msgspec.json.encode([old]).decode(),))
    renamed = msgspec.structs.replace(old, name="rain, first try")
    newer = TakeLine("tin", started="2026-11-21T20:05:00.000")
    page.take((msgspec.json.encode([newer, renamed]).decode(),))
    assert page.current == renamed


async def test_what_was_thrown_away_is_chosen_to_be_brought_back_and_told() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect, clock=Clock())
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
    app = ChronusApp(engine.connect, clock=Clock())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        asked = engine.orders.count(("/takes/list", ()))
        engine.send(Event("/event/take_closed", ("/music/recordings/x.wav", 1.0)))
        await pilot.pause()
        assert engine.orders.count(("/takes/list", ())) == asked + 1


async def test_the_page_opens_on_the_newest_take_and_then_stays_on_its_own() -> None:
    engine = FakeEngine()
    app = ChronusApp(engine.connect, clock=Clock())
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
    app = ChronusApp(engine.connect, clock=Clock())
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
    app = ChronusApp(engine.connect, clock=Clock())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("T", "b", "c")
        await pilot.pause()
        assert engine.orders[-2:] == [("/record/on_bar", ()), ("/record/count_in", ())]


FAULTS = (
    TakeFault("click", "master", 0.5, 0.0, "left", 0.9, "a jump of 0.4"),
    TakeFault("dropout", "master", 96.2, 0.01, "both", 0.93, "512 frames of zeros"),
)
FOUND = Verdict("rain on tin", "check", "faulty", "Faults found in rain on tin: 1 click, 1 dropout.", 192.4, 2, FAULTS)
SAME = Verdict("rain on tin", "replay", "same", "It is the same as the take, to the bit.", 192.4)


async def test_keys_check_and_prove_the_take_and_call_that_off_again() -> None:
    async with opened() as screen:
        await screen.press("T", "i")
        screen.engine.tell_status()
        await screen.press("i")
        screen.engine.tell_status()
        await screen.press("a")
        screen.engine.tell_status()
        await screen.pilot.pause()
        name = TAKES[0].name
        assert screen.orders[-3:] == [("/record/check", (name,)), ("/record/cancel", ()), ("/record/replay", (name,))]
        assert "40 % replay" in screen.text


async def test_what_is_found_is_drawn_below_the_waveform_and_each_fault_is_gone_to_and_heard() -> None:
    async with opened() as screen:
        await screen.press("T", "h")
        assert "i looks for them" in screen.text
        screen.engine.verdicts = Verdicts(FOUND, SAME)
        screen.engine.send(Event("/event/take_checked", ("rain on tin", "faulty", FOUND.sentence)))
        await screen.press("down")
        assert ("/takes/waveform", ("rain on tin", 240)) in screen.orders
        rows = screen.text.splitlines()
        marks = next(row for row in rows if row.strip() == "c" + " " * 38 + "D")
        assert "█" in rows[rows.index(marks) - 1]
        assert rows[rows.index(marks) + 1].startswith(" check   Faults found in rain on tin: 1 click, 1 dropout.")
        assert rows[rows.index(marks) + 2].startswith(" replay  It is the same as the take, to the bit.")
        assert rows[rows.index(marks) + 3].startswith(" c 0:00.500  click  left  master  a jump of 0.4  (90 % sure)")
        await screen.press(".", ".", "h")
        assert " D 1:36.200  dropout  both  master  512 frames of zeros  (93 % sure)" in screen.text
        assert screen.orders[-1] == ("/takes/play", ("rain on tin", 95.2))
        await screen.press(",", "h")
        assert screen.orders[-1] == ("/takes/play", ("rain on tin", 0.0))


async def test_while_a_take_runs_its_waveform_has_no_marks_of_another() -> None:
    async with opened() as screen:
        await screen.press("T")
        screen.engine.verdicts = Verdicts(FOUND)
        screen.engine.send(Event("/event/take_checked", ("rain on tin", "faulty", FOUND.sentence)))
        await screen.press("r")
        screen.engine.tell_status()
        await screen.press("down")
        assert not [row for row in screen.text.splitlines() if row.split() == ["c", "D"]]
        assert "c 0:00.500  click" in screen.text
