"""The chain page: read at a glance, edited by the keyboard alone; and the keys that morph."""

from typing import Any

import msgspec
import pytest
from opened import Opened, opened
from snapshots import playing_model

from chronus_tui.link import ChainMessage
from chronus_tui.ui.screens.main import draw_screen
from chronus_tui.ui.screens.prompt import PromptScreen
from store.codec import encode_chain
from store.documents import Chain, ChainEntry

NIGHT = Chain("night", True, (ChainEntry(1, repeats=2), ChainEntry(42, bpm=90.5), ChainEntry(7, 5, 4, ("kick", "hat"))))


async def at_chain(screen: Opened) -> None:
    screen.engine.send(ChainMessage(encode_chain(NIGHT)))
    await screen.pilot.press("C")
    await screen.pilot.pause()


@pytest.mark.parametrize(("width", "height"), [(60, 16), (80, 24), (120, 40)])
def test_every_entry_is_told_with_all_that_it_plays_in_its_own_way(width: int, height: int) -> None:
    model = playing_model()
    assert model.status is not None
    model.status = msgspec.structs.replace(model.status, chain="night", chain_entry=2, chain_entries=3)
    model.page, model.chain, model.chain_place = "chain", NIGHT, 2
    rows = [row.text for row in draw_screen(model, width, height)["chain"]]
    assert "night" in rows[0]
    assert "3 entries, begins again at its end" in rows[0]
    assert [row[0] for row in rows[2:5]] == [" ", ">", " "]
    assert "x2" in rows[2]
    assert "90.5" in rows[3]
    assert "[  3]" in rows[4]
    assert "without kick hat" in rows[4]


async def test_it_opens_by_one_key_and_goes_again_by_the_same_or_escape() -> None:
    async with opened() as screen:
        for leave in ("C", "escape"):
            await at_chain(screen)
            assert screen.app.model.page == "chain"
            await screen.pilot.press(leave)
            assert screen.app.model.page == "main"


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("enter",), ("/chain/play", (1,))),
        (("j", "enter"), ("/chain/play", (2,))),
        (("end", "x"), ("/chain/remove", (3,))),
        (("l",), ("/chain/repeats", (1, 3))),
        (("j", "h"), ("/chain/repeats", (2, 1))),
        (("j", "less_than_sign"), ("/chain/move", (2, 1))),
        (("greater_than_sign",), ("/chain/move", (1, 2))),
        (("a", "enter"), ("/chain/add", (1, 1))),
        (("a", *"42"), ("/chain/add", (42, 1))),
        (("L",), ("/chain/loop", (0,))),
        (("z",), ("/chain/stop", ())),
        (("space",), ("/transport/toggle", ())),
        (("j", "t", *"99", "enter"), ("/chain/bpm", (2, 99))),
        (("m", *"kick", "space", "1", "enter"), ("/chain/mute", (1, "kick", 1))),
        (("n", *"12", "enter"), ("/chain/set", (1, 12))),
        (("S", "enter"), ("/chain/save", ("night",))),
        (("v", *"my", "enter"), ("/chain/load", ("my night",))),
        (("5", "enter"), ("/pattern/load", (5,))),
    ],
)
async def test_each_key_gives_its_order(keys: tuple[str, ...], order: tuple[str, tuple[Any, ...]]) -> None:
    async with opened() as screen:
        await at_chain(screen)
        for key in keys:
            await screen.pilot.press(key)
            await screen.pilot.pause()
        assert screen.engine.orders[-1] == order


async def test_an_empty_chain_says_how_to_begin() -> None:
    async with opened() as screen:
        await screen.pilot.press("C", "x")
        await screen.pilot.pause()
        assert "no entries yet" in screen.text
        assert "a adds one" in screen.text
        await screen.pilot.press("t")
        await screen.pilot.pause()
        assert not isinstance(screen.app.screen, PromptScreen)


async def test_a_noted_slot_is_morphed_to_the_one_under_the_cursor_step_by_step_and_over_bars() -> None:
    async with opened() as screen:
        await screen.pilot.press("tab", "plus")
        await screen.pilot.pause()
        assert "Note the slot to morph from with c first" in screen.text
        await screen.pilot.press("c", "right", "plus", "plus", "minus", "m")
        await screen.pilot.pause()
        morphs = [order for order in screen.engine.orders if order[0].startswith("/pattern/morph")]
        assert morphs == [
            ("/pattern/morph", (1, 2, 0.05)),
            ("/pattern/morph", (1, 2, 0.1)),
            ("/pattern/morph", (1, 2, 0.05)),
            ("/pattern/morph_over", (1, 2, 4)),
        ]
        await screen.pilot.press("full_stop", "plus", "m")
        await screen.pilot.pause()
        assert screen.engine.orders[-2:] == [
            ("/pattern/morph", (1, 2, 0.05, 1, 2)),
            ("/pattern/morph_over", (1, 2, 4, 1, 2)),
        ]
