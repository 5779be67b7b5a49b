"""The recorder page: that it fills the terminal, tells what r does and what that costs, and orders what is turned."""

import re
from itertools import product

import msgspec
import pytest
from drawn import pressed, text_of
from opened import opened
from snapshots import recorder_model

from chronus_tui.commands import match
from chronus_tui.commands.record import FORMATS, WHEN
from chronus_tui.status import RecordingStatus
from chronus_tui.ui.controls.recorder import recorder_groups
from chronus_tui.ui.model import Model
from chronus_tui.ui.screens.main import draw_screen
from store.documents import RecordingSettings
from store.takes import formats as take_formats

SIZES = [(60, 16), (79, 20), (80, 24), (100, 30), (120, 40), (200, 60)]
LONGEST = RecordingSettings("flac", ("master", "dry", "mix", "stems"), 900, 600, 86_340, 10_000, "/mnt/disk/takes")


def set_to(settings: RecordingSettings) -> Model:
    model = recorder_model()
    assert model.status is not None
    recording = msgspec.structs.replace(model.status.recording, settings=settings)
    model.status = msgspec.structs.replace(model.status, recording=recording)
    return model


@pytest.mark.parametrize(("size", "when"), [*product(SIZES, WHEN)])
def test_the_page_fills_the_terminal_and_cuts_no_sentence_at_80x24(size: tuple[int, int], when: str) -> None:
    longest = msgspec.structs.replace(LONGEST, when=when, bars=100, clicks=16, silence_s=2.5, preroll_s=120)
    rows = draw_screen(set_to(longest), *size)["recorder"]
    assert {len(row.cells) for row in rows} == {size[0]}
    if size == (80, 24):
        assert not [row.text for row in rows if "…" in row.text]
        for group in recorder_groups(Model()):
            for control in group.controls:
                model = recorder_model()
                model.control = (group.title, control.setting.name)
                assert control.setting.help in draw_screen(model, *size)["recorder"][-1].text


def test_every_order_of_the_page_is_one_that_the_engine_takes() -> None:
    for group in recorder_groups(recorder_model()):
        for control in group.controls:
            for value in (control.setting.low, control.setting.high):
                order = control.order(value)
                match(order.address)[0].accept(order.arguments)


def test_the_formats_that_keys_go_through_are_those_that_there_are() -> None:
    assert set(FORMATS) == set(take_formats.FORMATS)


def test_what_r_does_is_told_in_a_sentence() -> None:
    assert "records from a sound over -40 dB to 2 s of silence, and 5 s before" in text_of(recorder_model())
    assert "clicks through 2 bars, then records 8 bars" in text_of(
        set_to(RecordingSettings(when="count_in", clicks=2, bars=8))
    )
    assert "362 MB a minute: 21 WAVs of 24 bit, then flac; cut at 10 min" in text_of(recorder_model())


def test_a_level_that_begins_a_take_is_seen_in_the_meters_without_colour() -> None:
    assert text_of(recorder_model()).count("¦") == 2
    assert "¦" not in text_of(set_to(RecordingSettings()))


def test_the_peak_that_is_held_is_never_below_the_level_that_is_shown() -> None:
    model = recorder_model()
    model.master, model.record_figures = (0.9, 0.0), RecordingStatus()
    left = next(line for line in text_of(model).splitlines() if line.startswith(" L"))
    assert left.index("|") >= left.rindex("━")
    assert "-0.9 dB" in left


def test_a_limit_of_a_take_leaves_the_other_as_it_is() -> None:
    model = set_to(RecordingSettings(split_s=600, split_mb=700, level_db=-20, silence_s=2))
    orders = {c.setting.name: c.order(c.value) for group in recorder_groups(model) for c in group.controls}
    assert orders["cut by size"].arguments == (600.0, 700.0)
    assert orders["silence"].arguments == (-20.0, 2.0)


async def test_taps_are_turned_on_and_amounts_up_and_what_was_set_is_shown() -> None:
    async with opened() as screen:
        await screen.press("P", "tab", "down", "enter")
        assert screen.orders[-1] == ("/record/taps", ("master dry",))
        assert re.search(r"\[dry *\] +on ", screen.text)
        await screen.press("tab", "tab", "down", "l", "l")
        assert screen.orders[-2:] == [("/record/preroll", (1.0,)), ("/record/preroll", (2.0,))]
        await screen.press("enter")
        assert "pre-roll is an amount: the arrows turn it, v types it." in screen.text
        await screen.press("P")
        assert "TRACKS" in screen.text


async def test_a_folder_is_typed_and_a_second_argument_with_the_first_before_it() -> None:
    async with opened() as screen:
        screen.app.model.control = ("FILES", "folder")
        await screen.press("P", "v", *"/mnt/my takes", "enter")
        assert screen.orders[-1] == ("/record/folder", ("/mnt/my takes",))
        screen.app.model.control = ("START", "silence")
        await screen.press("v", "2", "enter")
        assert screen.orders[-1] == ("/record/level", (-40, 2))


def test_a_tap_that_is_the_only_one_is_left_to_the_engine_to_refuse() -> None:
    model = set_to(RecordingSettings())
    model.control = ("TAPS", "master")
    assert pressed(model, "enter").turned == {"/record/taps": 0.0}
