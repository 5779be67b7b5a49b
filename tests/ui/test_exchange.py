"""MIDI files and archives by keys: what is asked for, and which command takes a file."""

import pytest
from opened import slots_pane
from snapshots import silent_model

from chronus_tui.link import SlotLine
from chronus_tui.ui.exchange import left_out, way_in, ways_out
from chronus_tui.ui.model import Model, Order


@pytest.fixture
def model() -> Model:
    model = silent_model()
    model.page, model.pane, model.bank, model.slot = "main", "slots", 3, 5
    model.slots = {5: SlotLine(5, "slow dub")}
    return model


def test_a_slot_the_working_pattern_and_the_bank_may_be_written(model: Model) -> None:
    asked = {name: (question.command.address, question.words) for name, (_, question) in ways_out(model).items()}
    assert asked == {
        "slot 005": ("/pattern/export_midi", "'slow dub' 1 played 5 3"),
        "working pattern": ("/pattern/export_midi", f"'{model.pattern.name}'"),
        "bank 3": ("/library/export_bank", "'bank 3' 3"),
    }
    model.pane = "tracks"
    assert next(iter(ways_out(model))) == "working pattern", "what the cursor is on comes first"
    model.slots = {}
    assert list(ways_out(model)) == ["working pattern", "bank 3"]


def test_a_file_goes_where_one_is(model: Model) -> None:
    assert way_in(model, "bank.zip") == Order("/library/import", ("bank.zip",))
    assert way_in(model, "dub/rain.mid") == Order("/pattern/import_midi", ("dub/rain.mid", "bar", 5))
    model.page = "library"
    assert way_in(model, "dub/rain.mid") == Order("/pattern/import_midi", ("dub/rain.mid",))


@pytest.mark.parametrize(
    ("address", "results", "told"),
    [
        ("/pattern/import_midi", (2, "rain 2"), ""),
        ("/pattern/import_midi", (2, "rain 2", "One note is too long."), "One note is too long."),
        ("/library/tag_many", (1, 3, "dub/a is damaged.", "dub/b is newer."), "dub/a is damaged. (1 more)"),
        ("/library/tag", ("/library/restore dub/a brings back what it was.",), ""),
    ],
)
def test_what_could_not_be_taken_is_told(address: str, results: tuple, told: str) -> None:
    assert left_out(address, results) == told


async def test_a_file_is_chosen_and_taken_to_the_slot_under_the_cursor() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "i", *"rain", "enter")
        assert screen.orders == [("/library/files", ()), ("/pattern/import_midi", ("dub/rain.mid", "bar", 2))]
        assert "A note is too long. (1 more)" in screen.text


async def test_a_slot_is_written_by_two_keys_and_enter() -> None:
    async with slots_pane() as screen:
        await screen.press("right", "E", "enter", "enter")
        assert screen.orders == [("/pattern/export_midi", ("slow dub", 1, "played", 2, 1))]
