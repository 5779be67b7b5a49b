"""The library page: found as one types, heard, loaded, tagged, deleted, by the keyboard alone."""

from typing import Any

import msgspec
import pytest
from drawn import text_of
from fake_engine import FakeEngine
from opened import Clock, Opened, opened
from sent import Recording
from snapshots import library_model
from textual.widgets import Input

from chronus_tui.link import Event
from chronus_tui.ui.model import Order
from chronus_tui.ui.screens.prompt import PromptScreen


def names(app: Any) -> list[str]:
    return [row.full_name for row in app.model.browser.rows]


def last(engine: FakeEngine) -> tuple[str, tuple[Any, ...]]:
    return next(order for order in reversed(engine.orders) if order[0] not in ("/library/browse", "/library/trash"))


async def at_page(screen: Opened) -> None:
    await screen.pilot.press("o")
    await screen.pilot.pause()


async def test_it_opens_by_one_key_and_goes_again_by_the_same_or_escape() -> None:
    async with opened() as screen:
        for leave in ("o", "escape"):
            await at_page(screen)
            assert screen.app.model.page == "library"
            assert len(names(screen.app)) == 6
            await screen.pilot.press(leave)
            assert screen.app.model.page == "main"


async def test_the_list_follows_each_letter_and_escape_brings_all_back() -> None:
    async with opened() as screen:
        await at_page(screen)
        found = []
        await screen.pilot.press("slash")
        for key in "nght":
            await screen.pilot.press(key)
            await screen.pilot.pause()
            found.append(len(names(screen.app)))
        assert found == sorted(found, reverse=True)
        assert names(screen.app) == ["dub/night bus", "techno/acid night", "ambient/夜の電車"]
        await screen.pilot.press("backspace", "enter", "j")
        assert screen.app.model.browser.typed == "ngh"
        assert screen.app.model.browser.place == 1
        await screen.pilot.press("escape")
        await screen.pilot.pause()
        assert len(names(screen.app)) == 6
        assert screen.app.model.page == "library"


async def test_filters_are_typed_too_with_spaces_and_what_is_half_typed_disturbs_nobody() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("slash", *"acid", "space", *"tag=")
        await screen.pilot.pause()
        assert screen.app.model.notice is None
        assert names(screen.app) == ["acid/silver box", "techno/acid night"]
        await screen.pilot.press(*"dark")
        await screen.pilot.pause()
        assert names(screen.app) == ["techno/acid night"]
        assert screen.engine.orders[-1] == ("/library/browse", ("text=acid", "tag=dark", "limit=1000"))


async def test_an_answer_to_what_is_no_longer_asked_is_not_shown() -> None:
    async with opened() as screen:
        await at_page(screen)
        browser = screen.app.model.browser
        browser.typed = "more"
        screen.app.order(Order("/library/browse", ("text=harbour", "limit=1000")))
        await screen.pilot.pause()
        assert len(browser.rows) == 6


async def test_letters_that_come_faster_than_answers_ask_once_more_and_for_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as screen:
        engine, held = screen.engine, []
        monkeypatch.setattr(engine, "carry_out", lambda *asked: held.append(asked))
        await screen.pilot.press("o")
        assert "looking" in screen.text
        assert "empty" not in screen.text
        await screen.pilot.press("slash", *"rain")
        monkeypatch.undo()
        assert [address for _, _, address, _ in held] == ["/library/browse"]
        engine.carry_out(*held[0])
        await screen.pilot.pause()
        browsed = [arguments for address, arguments in engine.orders if address == "/library/browse"]
        assert browsed == [("limit=1000",), ("text=rain", "limit=1000")]
        assert 0 < len(names(screen.app)) < 6


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("enter",), ("/pattern/load_file", ("acid/silver box",))),
        (("exclamation_mark", "enter"), ("/pattern/load_file", ("acid/silver box", "immediate"))),
        (("dollar_sign", "enter"), ("/pattern/load_file", ("acid/silver box", "end"))),
        (("a",), ("/library/audition", ("acid/silver box",))),
        (("asterisk",), ("/library/favourite", ("acid/silver box", 1))),
        (("j", "j", "asterisk"), ("/library/favourite", ("dub/chord harbour", 0))),
        (("m",), ("/library/template", ("acid/silver box", 1))),
        (("end", "up", "up", "m"), ("/library/template", ("dub/night bus", 0))),
        (("X",), ("/library/delete", ("acid/silver box",))),
        (("R",), ("/library/restore", ("acid/silver box",))),
        (("u",), ("/library/undo", ())),
        (("U",), ("/library/redo", ())),
        (("space",), ("/transport/toggle", ())),
        (("4", "2"), ("/pattern/load", (42,))),
        (("5", "enter"), ("/pattern/load", (5,))),
        (("t", *"dark", "enter"), ("/library/tag", ("acid/silver box", "dark"))),
        (("minus", *"303", "enter"), ("/library/untag", ("acid/silver box", "303"))),
        (("t", *"007", "enter"), ("/library/tag", ("acid/silver box", "007"))),
        (("E", "enter"), ("/library/empty_trash", ())),
        (("tab", "tab", "tab", "tab", "enter"), ("/library/restore", ("dub/old harbour",))),
    ],
)
async def test_each_key_gives_its_order(keys: tuple[str, ...], order: tuple[str, tuple[Any, ...]]) -> None:
    async with opened() as screen:
        await at_page(screen)
        for key in keys:
            await screen.pilot.press(key)
            await screen.pilot.pause()
        assert last(screen.engine) == order


@pytest.mark.parametrize(
    ("key", "begins"),
    [("n", "'acid/silver box' acid/silver box"), ("e", "'acid/silver box' two lines that answer each other"),
     ("S", "acid night")],
)  # fmt: skip
async def test_a_question_begins_with_what_there_is(key: str, begins: str) -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press(key)
        assert isinstance(screen.app.screen, PromptScreen)
        assert screen.app.screen.query_one(Input).value == begins


async def test_what_is_heard_is_marked_and_leaving_comes_back_to_the_working_pattern() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("a")
        await screen.pilot.pause()
        assert "  ~ silver box" in text_of(screen.app.model) or "[ ~ silver box" in text_of(screen.app.model)
        assert "is heard from the next bar on" in text_of(screen.app.model)
        screen.engine.change(audition_heard=True)
        screen.engine.tell_status()
        await screen.pilot.pause()
        assert "[ > silver box" in text_of(screen.app.model)
        await screen.pilot.press("a")
        assert last(screen.engine) == ("/library/audition", ())
        await screen.pilot.press("a", "o")
        assert last(screen.engine) == ("/library/audition", ())
        assert screen.app.model.page == "main"


async def test_what_changes_in_the_library_is_seen_at_once_and_the_cursor_stays_on_its_pattern() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("end")
        screen.engine.library.pop(0)
        screen.engine.send(Event("/event/file_renamed", ("a", "b")))
        await screen.pilot.pause()
        current = screen.app.model.browser.current
        assert len(names(screen.app)) == 5
        assert current is not None and current.full_name == "techno/acid night"


async def test_the_trash_shows_when_each_was_deleted_and_nothing_else_can_be_done_to_it() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("shift+tab")
        await screen.pilot.pause()
        assert names(screen.app) == ["dub/old harbour", "techno/first try"]
        assert "deleted 2026-11-21 20:59:00" in text_of(screen.app.model)
        await screen.pilot.press("X")
        assert screen.app.model.notice is not None
        assert "is in the trash; Enter brings it back" in screen.app.model.notice.text


async def test_where_nothing_is_found_keys_say_so_and_do_nothing() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("slash", *"zzz", "enter")
        await screen.pilot.pause()
        assert "nothing is found" in text_of(screen.app.model)
        before = len(screen.engine.orders)
        for key in ("enter", "a", "asterisk", "X", "R", "m", "t", "n"):
            await screen.pilot.press(key)
        assert len(screen.engine.orders) == before


@pytest.mark.parametrize(("width", "height"), [(60, 16), (79, 20), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("count", [0, 1, 6, 600])
def test_the_page_fills_its_place_at_every_size_and_shows_the_cursor(width: int, height: int, count: int) -> None:
    model = library_model()
    rows = [msgspec.structs.replace(model.browser.rows[n % 6], name=f"pattern {n}") for n in range(count)]
    model.browser.rows, model.browser.found = tuple(rows), count
    for place in {0, count // 2, max(0, count - 1)}:
        model.browser.place = place
        lines = text_of(model, width, height).splitlines()
        assert len(lines) == height
        assert all(len(line) <= width for line in lines)
        assert sum(line.startswith("[") for line in lines) == min(count, 1)


async def test_moving_through_the_library_costs_less_than_two_lines() -> None:
    engine = FakeEngine()
    app = Recording(engine.connect, clock=Clock())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        app.sent = ""
        await pilot.press("j")
        await pilot.pause()
        assert 0 < len(app.sent) < 400
