"""Many patterns of the library page at once: marked, chosen what to do, and seen how far it is."""

from typing import Any

import pytest
from drawn import text_of
from opened import opened
from snapshots import library_model
from test_library_page import at_page, last

from chronus_tui.status import WorkStatus

MARKED = ("name=acid/silver box", "name=ambient/夜の電車")


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("t", *"dark", "enter"), ("/library/tag_many", ("dark", *MARKED))),
        (("minus", *"dark", "enter"), ("/library/untag_many", ("dark", *MARKED))),
        (("x", "enter"), ("/library/export", ("library", *MARKED))),
        (("d", "enter", *"dark", "enter"), ("/library/tag_many", ("dark", *MARKED))),
        (("d", *"midi", "enter"), ("/library/midi", MARKED)),
        (("d", *"render", "enter", "enter"), ("/library/render", (4, *MARKED))),
        (("d", *"archive", "enter", "enter"), ("/library/export", ("library", *MARKED))),
        (("d", *"convert", "enter"), ("/library/convert", MARKED)),
    ],
)
async def test_what_is_marked_is_what_is_acted_on(keys: tuple[str, ...], order: tuple[str, tuple[Any, ...]]) -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("v", "v")
        for key in keys:
            await screen.pilot.press(key)
            await screen.pilot.pause()
        assert last(screen.engine) == order


async def test_where_nothing_is_marked_all_that_are_listed_are_meant() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("d", *"midi")
        await screen.pilot.press("enter")
        assert last(screen.engine) == ("/library/midi", ("all",))
        await screen.pilot.press("slash", *"acid", "enter", "d", *"midi")
        await screen.pilot.press("enter")
        assert last(screen.engine) == ("/library/midi", ("text=acid",))


async def test_marks_are_shown_counted_and_forgotten_at_once() -> None:
    async with opened() as screen:
        await at_page(screen)
        await screen.pilot.press("j", "v")
        await screen.pilot.pause()
        assert " +  夜の電車" in text_of(screen.app.model)
        assert "1 marked, 6 of 6" in text_of(screen.app.model)
        await screen.pilot.press("V")
        assert "marked" not in text_of(screen.app.model)
        await screen.pilot.press("V")
        assert "6 marked, 6 of 6" in text_of(screen.app.model)
        await screen.pilot.press("shift+tab")
        await screen.pilot.pause()
        await screen.pilot.press("v")
        assert screen.app.model.notice is not None and "is in the trash" in screen.app.model.notice.text


async def test_work_shows_how_far_it_is_and_is_cancelled_by_the_same_key() -> None:
    async with opened() as screen:
        await at_page(screen)
        screen.engine.change(work=WorkStatus("tag dark", 3, 12))
        screen.engine.tell_status()
        await screen.pilot.pause()
        assert "tag dark [#########" in text_of(screen.app.model)
        assert "3 of 12   d cancels" in text_of(screen.app.model)
        await screen.pilot.press("d", "enter")
        assert last(screen.engine) == ("/library/cancel", ())


@pytest.mark.parametrize(("width", "height"), [(60, 16), (80, 24), (120, 40)])
@pytest.mark.parametrize("done", [0, 5000, 10_000])
def test_the_bar_fits_at_every_size(width: int, height: int, done: int) -> None:
    model = library_model()
    assert model.status is not None
    model.status = type(model.status)("/music", "0", work=WorkStatus("tag " + "x" * 40, done, 10_000))
    model.browser.marked = {"acid/silver box"}
    lines = text_of(model, width, height).splitlines()
    assert len(lines) == height
    assert all(len(line) <= width for line in lines)
    (bar,) = [line for line in lines if "d cancels" in line]
    assert f"{done} of 10000" in bar
    assert ("." not in bar) == (done == 10_000)
