"""Banks and slots from the keys: what is sent, and what is shown of it."""

import pytest
from opened import slots_pane
from snapshots import playing_model

from chronus_tui.errors import CommandRefused
from chronus_tui.link import Event, SlotLine, SlotsMessage
from chronus_tui.ui.screens.main import draw_screen
from chronus_tui.ui.slot_entry import Choice, SlotEntry


@pytest.mark.parametrize(("digits", "bank"), [("2", 2), ("9", 9), ("16", 16), ("10", 10), ("02", 2)])
def test_a_bank_is_reached_as_soon_as_no_longer_number_could_be_meant(digits: str, bank: int) -> None:
    entry = SlotEntry()
    entry.begin("bank")
    choices = [entry.digit(digit, 0.0) for digit in digits]
    assert choices[:-1] == [None] * (len(digits) - 1)
    assert choices[-1] == Choice("bank", bank)


@pytest.mark.parametrize(("key", "when"), [("exclamation_mark", "immediate"), ("at", "beat"), ("dollar_sign", "end")])
async def test_back_waits_for_what_was_typed_before_it(key: str, when: str) -> None:
    async with slots_pane() as screen:
        await screen.press(key, "g")
        assert screen.orders == [("/pattern/back", (when,))]
        assert not screen.app.model.entry.pending


@pytest.mark.parametrize("digits", ["17", "00"])
def test_a_number_that_is_no_bank_is_refused(digits: str) -> None:
    entry = SlotEntry()
    entry.begin("bank")
    entry.digit(digits[0], 0.0)
    with pytest.raises(CommandRefused, match="banks go from 1 to 16"):
        entry.digit(digits[1], 0.0)


def test_enter_without_a_number_asks_for_the_banks() -> None:
    entry = SlotEntry()
    entry.begin("bank")
    with pytest.raises(CommandRefused, match="the bank's number, 1 to 16"):
        entry.enter(42)
    assert not entry.pending


async def test_b_and_a_number_goes_to_a_bank_and_what_plays_is_not_marked_there() -> None:
    async with slots_pane() as screen:
        assert ">001" in screen.text
        await screen.press("B")
        assert "GO TO BANK" in screen.text
        await screen.press("3")
        assert screen.orders == [("/pattern/bank", (3,))]
        assert "bank 3" in screen.text
        assert ">001" not in screen.text
        assert "1/001 acid night" in screen.text


async def test_comma_and_full_stop_go_through_the_banks_and_stop_at_the_ends() -> None:
    async with slots_pane() as screen:
        await screen.press("comma", "full_stop", "full_stop", "comma")
        assert screen.orders == [("/pattern/bank", (2,)), ("/pattern/bank", (3,)), ("/pattern/bank", (2,))]


async def test_a_slot_is_copied_from_where_it_was_noted_as_often_as_one_likes() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "c", "right")
        assert "+002" in screen.text
        await screen.press("v", "down", "v")
        assert screen.orders == [("/pattern/copy", (2, 3)), ("/pattern/copy", (2, 19))]


async def test_a_slot_is_copied_into_another_bank() -> None:
    async with slots_pane() as screen:
        await screen.press("c", "full_stop", "right", "v")
        assert screen.orders[-1] == ("/pattern/copy", (1, 2, 1))


async def test_a_slot_that_is_moved_is_noted_no_longer() -> None:
    async with slots_pane() as screen:
        await screen.press("x", "right", "v")
        assert screen.orders == [("/pattern/move", (1, 2))]
        await screen.press("v")
        assert len(screen.orders) == 1
        assert "No slot is noted yet" in screen.text


async def test_a_slot_is_moved_and_swapped_across_banks() -> None:
    async with slots_pane() as screen:
        await screen.press("x", "full_stop", "v")
        assert screen.orders == [("/pattern/bank", (2,)), ("/pattern/move", (1, 1, 1))]
    async with slots_pane() as screen:
        await screen.press("c", "full_stop", "right", "e")
        assert screen.orders == [("/pattern/bank", (2,)), ("/pattern/swap", (2, 1, 1))]


async def test_a_slot_whose_file_was_changed_is_shown_with_what_to_do() -> None:
    async with slots_pane() as screen:
        screen.engine.send(SlotsMessage(1, (SlotLine(1, "dub", changed=True), SlotLine(2, "rain"))))
        screen.engine.send(Event("/event/slot_changed_on_disk", (1, 1)))
        await screen.pilot.pause()
        assert "001?" in screen.text
        assert "d in the slots pane takes what it holds" in screen.text
        await screen.press("d")
        assert screen.orders == [("/pattern/reload", (1,))]


async def test_the_project_chooses_from_the_slots_pane_and_says_what_that_means() -> None:
    async with slots_pane() as screen:
        await screen.press("A", "Z")
        assert screen.orders == [("/project/save_on_switch", (1,)), ("/project/gzip", (1,))]
        screen.engine.send(Event("/event/project_changed", ("save_on_switch", 1)))
        await screen.pilot.pause()
        assert "an edited slot is saved when another pattern is loaded" in screen.text


async def test_slots_change_places() -> None:
    async with slots_pane() as screen:
        await screen.press("c", "right", "right", "e")
        assert screen.orders == [("/pattern/swap", (1, 3))]


async def test_an_empty_slot_is_neither_noted_nor_renamed() -> None:
    async with slots_pane() as screen:
        await screen.press("end", "c")
        assert "Slot 128 is empty." in screen.text
        await screen.press("n")
        assert screen.app.screen is screen.app.main
        assert screen.orders == []


async def test_escape_forgets_the_noted_slot() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "c", "escape", "right", "v")
        assert "+002" not in screen.text
        assert screen.orders == []


async def test_a_slot_is_renamed_beginning_with_its_name() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "n", "left", *" two", "enter")
        assert screen.orders == [("/pattern/rename", (2, "slow dub two"))]


async def test_what_a_slot_held_is_told_and_brought_back() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "y")
        assert screen.orders == [("/pattern/backups", (2, 1))]
        await screen.press(*"older", "enter")
        assert screen.orders[-1] == ("/pattern/restore", (2, 2, 1))
        await screen.press("R")
        assert screen.orders[-1] == ("/pattern/restore", (2,))


@pytest.mark.parametrize(("key", "order"), [("g", "/pattern/back"), ("N", "/pattern/save_free")])
async def test_some_keys_do_the_same_in_both_panes(key: str, order: str) -> None:
    async with slots_pane() as screen:
        await screen.press(key, "tab", key)
        assert screen.orders == [(order, ())] * 2


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (Event("/event/slot_copied", (1, 2, 1)), "copied slot 001 to 002"),
        (Event("/event/slot_copied", (1, 2, 1, 3)), "copied slot 1/001 to 3/002"),
        (Event("/event/slot_moved", (1, 2)), "moved slot 001 to 002"),
        (Event("/event/slots_swapped", (1, 2)), "slots 001 and 002 changed places"),
        (Event("/event/slot_renamed", (1, "dub")), "slot 001 is dub now"),
        (Event("/event/slot_restored", (1, "dub")), "slot 001 holds dub again"),
        (Event("/event/slots_changed", (1, 2)), "slots hold what they held: 001 002"),
    ],
)
async def test_what_was_done_to_slots_is_told(event: Event, sentence: str) -> None:
    async with slots_pane() as screen:
        screen.engine.send(event)
        await screen.pilot.pause()
        assert sentence in screen.text


def test_a_load_that_waits_in_another_bank_is_told_with_its_bank() -> None:
    model = playing_model()
    model.bank = 2
    drawn = draw_screen(model, 80, 24)
    assert "~1/042" in drawn["transport"][0].text
    assert "slot 042 of bank 1 rain on tin plays in 2 beats" in drawn["status"][0].text
    assert "~042" not in "".join(row.text for row in drawn["slots"])
