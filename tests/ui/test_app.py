import asyncio
import threading
from typing import Any

import pytest
from fake_engine import FakeEngine
from opened import PATIENCE_S, opened
from textual.events import Key

from chronus_tui.errors import ChronusError
from chronus_tui.link import Event
from chronus_tui.ui.app import ChronusApp
from chronus_tui.ui.panel import Panel
from chronus_tui.ui.screens.help import HelpScreen
from chronus_tui.ui.screens.leave import LeaveScreen
from chronus_tui.ui.screens.prompt import PromptScreen


async def test_space_plays_and_the_screen_says_so() -> None:
    async with opened() as screen:
        assert "■ STOP" in screen.text
        await screen.press("space")
        assert screen.orders == [("/transport/toggle", ())]
        assert "▶ PLAY" in screen.text


async def test_enter_sets_the_step_under_the_cursor_and_it_shows() -> None:
    async with opened() as screen:
        await screen.press("j", "right", "right", "l", "enter")
        assert screen.orders == [("/track/2/toggle", (4,))]
        assert "[x]" in screen.text
        assert "acid night *" in screen.text


async def test_two_digits_load_a_slot_at_the_bar() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("4", "2")
        assert screen.orders == [("/pattern/load", (42,))]
        assert "~042" in screen.text
        assert "slot 042 rain on tin plays in 2 beats" in screen.text


async def test_one_digit_shows_large_and_loads_after_the_wait() -> None:
    async with opened() as screen:
        await screen.press("4")
        assert "LOAD SLOT 4_" in screen.text
        assert screen.orders == []
        await screen.wait_out_entry()
        assert screen.orders == [("/pattern/load", (4,))]
        assert "LOAD SLOT" not in screen.text


async def test_an_exclamation_mark_loads_at_once() -> None:
    async with opened() as screen:
        await screen.press("!", "4", "2")
        assert screen.orders == [("/pattern/load", (42, "immediate"))]


@pytest.mark.parametrize(("key", "when", "words"), [("@", "beat", "at the beat"), ("$", "end", "at the pattern's end")])
async def test_a_load_waits_for_the_beat_or_the_end_of_the_pattern_and_the_screen_says_which(
    key: str, when: str, words: str
) -> None:
    async with opened() as screen:
        await screen.press("space", key, "4", "2")
        assert screen.orders[-1] == ("/pattern/load", (42, when))
        assert f"plays in 2 beats {words}" in screen.text


async def test_s_and_a_number_saves_and_the_screen_says_so() -> None:
    async with opened() as screen:
        await screen.press("s", "7", "enter")
        assert screen.orders == [("/pattern/save", (7,))]
        assert "saved slot 007" in screen.text


async def test_s_and_enter_saves_to_the_slot_under_the_cursor_in_the_bank() -> None:
    async with opened() as screen:
        await screen.press("tab", "down", "right", "s", "enter")
        assert screen.orders == [("/pattern/save", (18,))]


async def test_s_and_enter_in_the_tracks_saves_to_the_slot_it_came_from() -> None:
    async with opened() as screen:
        await screen.press("tab", "right", "tab", "s", "enter")
        assert screen.orders == [("/pattern/save", (1,))]


async def test_escape_forgets_a_number_then_a_load_that_waits() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("4", "escape")
        await screen.wait_out_entry()
        assert screen.orders == []
        await screen.press("4", "2", "escape")
        assert screen.orders[-1] == ("/pattern/cancel", ())
        assert "~042" not in screen.text


async def test_an_empty_slot_is_refused_with_the_engines_sentence() -> None:
    async with opened() as screen:
        await screen.press("9", "9")
        await screen.wait_out_entry()
        assert "Slot 99 is empty." in screen.text
        await screen.press("m")
        assert "Slot 99 is empty." not in screen.text


async def test_a_number_beyond_the_bank_is_refused_and_nothing_is_sent() -> None:
    async with opened() as screen:
        await screen.press("1", "2", "9")
        assert screen.orders == []
        assert "There is no slot 129; slots go from 1 to 128." in screen.text


async def test_r_records_and_stops_recording() -> None:
    async with opened() as screen:
        await screen.press("r")
        screen.engine.run_for(61.0)
        await screen.pilot.pause()
        assert "● REC 01:01" in screen.text
        assert "session_20261121_210000" in screen.text
        await screen.press("r")
        assert [address for address, _ in screen.orders] == ["/record/toggle", "/record/toggle"]


async def test_the_piano_takes_the_letters_until_escape() -> None:
    async with opened() as screen:
        await screen.press("p", "z", "r", "2")
        assert [order[1][0] for order in screen.orders] == [60, 77, 73]
        assert "PIANO" in screen.text
        await screen.press("escape", "r")
        assert screen.orders[-1] == ("/record/toggle", ())


async def test_i_gives_the_track_the_next_instrument() -> None:
    async with opened() as screen:
        await screen.press("i")
        assert screen.orders == [("/track/1/instrument", ("snare",))]


async def test_a_small_terminal_says_so_and_space_still_plays() -> None:
    async with opened(size=(40, 10)) as screen:
        assert "Chronus needs 60x16" in screen.text
        await screen.press("space")
        assert screen.orders == [("/transport/toggle", ())]


async def test_growing_the_terminal_brings_the_screen_back() -> None:
    async with opened(size=(40, 10)) as screen:
        await screen.pilot.resize_terminal(120, 40)
        await screen.shows("Chronus needs", so=False)
        assert "1 kick" in screen.text
        assert len(screen.text.splitlines()) == 40


async def test_leaving_asks_while_it_plays_and_detaching_leaves_the_engine_alone() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("ctrl+q")
        assert isinstance(screen.app.screen, LeaveScreen)
        await screen.press("d")
        assert screen.orders == []
        assert screen.engine.clients == set()


async def test_leaving_asks_nothing_at_rest() -> None:
    async with opened() as screen:
        await screen.press("ctrl+q")
        await screen.until(lambda: screen.engine.clients == set() and screen.app.return_code == 0, "the screen to end")


async def test_ending_tells_the_engine_and_waits_for_it() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("ctrl+q", "e")
        assert screen.orders == [("/engine/quit", ())]
        await screen.until(lambda: screen.app.return_code == 0, "the screen to end with its engine")


async def test_escape_stays() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("ctrl+q", "escape")
        assert screen.app.screen is screen.app.main
        assert screen.engine.clients


async def test_help_shows_the_keys_of_the_place_first() -> None:
    async with opened() as screen:
        await screen.press("tab", "?")
        assert isinstance(screen.app.screen, HelpScreen)
        assert "SLOTS" in screen.app.screen.query_one("#page", Panel).rows[0].text
        await screen.press("escape")
        assert screen.app.screen is screen.app.main


async def test_what_happened_behind_the_help_shows_when_it_closes() -> None:
    async with opened() as screen:
        await screen.press("?")
        await screen.play(bpm=99.0)
        assert " 99.0" not in screen.text
        await screen.press("escape")
        assert " 99.0" in screen.text


async def test_the_palette_asks_for_arguments_and_refuses_wrong_ones() -> None:
    async with opened() as screen:
        screen.app.choose_command(command("/transport/bpm"))
        await screen.press(*"999", "enter")
        assert isinstance(screen.app.screen, PromptScreen)
        assert screen.orders == []
        await screen.press("backspace", "backspace", "backspace", *"140", "enter")
        assert screen.orders == [("/transport/bpm", (140,))]
        assert "140.0" in screen.text


async def test_the_palette_does_at_once_what_needs_no_words() -> None:
    async with opened() as screen:
        screen.app.choose_command(command("/pattern/undo"))
        await screen.pilot.pause()
        assert screen.orders == [("/pattern/undo", ())]


async def test_the_palette_opens_and_finds_a_command() -> None:
    async with opened() as screen:
        await screen.press("ctrl+p", *"/transport/tap")
        await screen.app.workers.wait_for_complete()
        await screen.press("enter")
        assert screen.orders == [("/transport/tap", ())]


async def test_when_the_engine_goes_it_is_started_again_and_found() -> None:
    engine = FakeEngine()
    restarted = threading.Event()

    def restart() -> None:
        engine.alive = True
        restarted.set()

    async with opened(engine, restart=restart) as screen:
        engine.die()
        assert restarted.wait(PATIENCE_S)
        await screen.shows("The engine answers again.")
        await screen.press("space")
        assert screen.orders[-1] == ("/transport/toggle", ())


@pytest.mark.parametrize(("key", "looked"), [("T", "/takes/list"), ("o", "/library/browse")])
async def test_the_page_that_is_open_is_looked_at_anew_when_the_engine_is_back(key: str, looked: str) -> None:
    engine = FakeEngine()

    def restart() -> None:
        engine.alive = True

    async with opened(engine, restart=restart) as screen:
        await screen.press(key)
        before = [address for address, _ in engine.orders].count(looked)
        assert before > 0
        engine.die()
        await screen.until(lambda: [address for address, _ in engine.orders].count(looked) > before, looked)


async def test_a_take_repaired_while_the_engine_was_started_again_is_told() -> None:
    engine = FakeEngine()
    loss_shown = threading.Event()

    def restart() -> None:
        engine.alive = loss_shown.wait(PATIENCE_S)

    async with opened(engine, restart=restart) as screen:
        engine.told = (Event("/event/take_repaired", ("session_1",)), Event("/event/resumed"))
        engine.die()
        await screen.shows("not connected")
        loss_shown.set()
        await screen.shows("not connected", so=False)
        assert "repaired session_1, which was cut short" in screen.text


async def test_why_a_take_ended_stays_when_it_is_closed_for_it() -> None:
    async with opened() as screen:
        path = "/music/recordings/session_20261121_210000.wav"
        screen.engine.send(Event("/event/failed", (f"Could not write {path}: the disk is full.",)))
        screen.engine.send(Event("/event/take_closed", (path, 10.0)))
        await screen.pilot.pause()
        assert "Could not write recordings/session_20261121_210000.wav: the disk is full." in screen.text


async def test_what_a_key_does_is_told_in_place_of_what_went_wrong_before_it() -> None:
    async with opened() as screen:
        screen.engine.refuse["/transport/toggle"] = "The sound broke."
        await screen.pilot.press("space")
        await screen.pilot.pause()
        screen.engine.send(Event("/event/chain_saved", ("dawn",)))
        await screen.pilot.pause()
        assert "The sound broke." in screen.text
        await screen.pilot.press("s", *"42")
        await screen.pilot.pause()
        assert "saved slot 042" in screen.text


async def test_escape_and_a_key_that_arrive_together_are_two_keys() -> None:
    async with opened() as screen:
        await screen.press("p")
        screen.app.post_message(Key("alt+r", "r"))
        await screen.pilot.pause()
        assert screen.orders == [("/record/toggle", ())]
        await screen.press("s", "7")
        screen.app.post_message(Key("cent_sign", "¢"))
        await screen.pilot.pause()
        assert "LOAD SLOT 4_" in screen.text


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("o", "t", *"dark", "enter"), ("/library/tag", ("acid/silver box", "dark"))),
        (("tab", "i", *"rain", "enter"), ("/pattern/import_midi", ("dub/rain.mid", "bar", 1))),
        (("o", "d", *"midi", "enter"), ("/library/midi", ("all",))),
        (("tab", "n", "escape", "right", "c", "right", "v"), ("/pattern/copy", (2, 3))),
        (("e", "v", *"99", *["backspace"] * 2, *"12", "enter", "escape", "space"), ("/transport/toggle", ())),
        (
            ("ctrl+p", *"transport", "space", *"bpm", "enter", *"120", "full_stop", "5", "enter"),
            ("/transport/bpm", (120.5,)),
        ),
        (("ctrl+q", "escape", "question_mark", "escape", "space"), ("/transport/toggle", ())),
    ],
)
async def test_keys_that_arrive_together_go_where_each_would_go_alone(
    keys: tuple[str, ...], order: tuple[str, tuple[Any, ...]]
) -> None:
    async with opened() as screen:
        await screen.play()
        for key in keys:
            screen.app.post_message(Key(key, {"full_stop": ".", "space": " "}.get(key)))
        await screen.until(lambda: order in screen.orders, str(order))
        assert not {"/record/toggle", "/track/1/clear"} & {address for address, _ in screen.orders}


async def test_an_engine_that_does_not_come_back_is_told_honestly() -> None:
    engine = FakeEngine()
    refused = threading.Event()

    def restart() -> None:
        refused.set()
        raise ChronusError("The disk is full.")

    async with opened(engine, restart=restart) as screen:
        engine.die()
        assert refused.wait(PATIENCE_S)
        await screen.shows("The disk is full.")
        assert "not connected; what is shown is the last that was known" in screen.text
        await screen.press("space")
        assert screen.orders == []


async def test_an_engine_that_was_ended_stays_ended_until_it_is_wished_for() -> None:
    engine = FakeEngine()

    def restart() -> None:
        engine.alive = True

    async with opened(engine, restart=restart) as screen:
        engine.end()
        await screen.shows("The engine was ended.")
        assert not engine.alive
        assert "GONE" in screen.text
        await screen.press("space")
        await screen.shows("The engine answers again.")


async def test_of_many_statuses_only_the_newest_is_drawn() -> None:
    async with opened() as screen:
        for bpm in range(60, 160):
            screen.engine.change(bpm=float(bpm))
            screen.engine.tell_status()
        await screen.pilot.pause()
        assert "159.0" in screen.text


def command(address: str):  # type: ignore[no-untyped-def]
    from chronus_tui.commands import match

    return match(address)[0]


@pytest.mark.parametrize("colours", ["1", None])
async def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch, colours: str | None) -> None:
    if colours:
        monkeypatch.setenv("NO_COLOR", colours)
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    async with opened() as screen:
        picture = screen.app.export_screenshot()
        assert ("#5faf5f" in picture) == (colours is None)


async def test_news_that_arrive_while_the_app_ends_are_no_fault() -> None:
    async with opened() as screen:
        stack = screen.app._screen_stack  # what Textual empties as it ends, before it stops to deliver messages
        shown = stack.copy()
        stack.clear()
        screen.app.on_chronus_app_arrived()
        stack.extend(shown)


def test_what_another_thread_tells_a_screen_whose_loop_has_just_closed_is_no_fault() -> None:
    async def shown() -> ChronusApp:
        async with opened() as screen:
            return screen.app

    app = asyncio.run(shown())
    app._closing = app._closed = False  # the other thread looked before they were set
    app._thread_id = 0
    app._arrived()
    app.call_from_anywhere(app.leave)
