"""What the keys of the sound page and the effects page tell the engine."""

import pytest
from drawn import pressed
from opened import Opened, opened
from snapshots import sound_model
from textual.widgets import Input

from chronus_tui.ui.controls.pages import under_cursor
from chronus_tui.ui.controls.scales import stepped
from chronus_tui.ui.screens.pick import PickScreen
from chronus_tui.ui.screens.prompt import PromptScreen


async def sound_page(screen: Opened) -> None:
    await screen.press("down", "down", "down", "down", "down", "e")


async def test_the_sound_page_turns_the_tracks_instrument() -> None:
    async with opened() as screen:
        await sound_page(screen)
        assert " SOUND  6 acid" in screen.text
        await screen.press("tab", "tab", "right", "left", "left", ".", ">", "d")
        assert [address for address, _ in screen.orders] == ["/mod/6/cutoff"] * 6
        values = [arguments[0] for _, arguments in screen.orders]
        assert values[0] > 320.0 > values[2]
        assert values[1] == pytest.approx(320.0, rel=0.001)
        assert values[2] < values[3] < values[4]
        assert values[5] == 320.0


async def test_fine_and_coarse_steps_follow_the_unit() -> None:
    async with opened() as screen:
        await sound_page(screen)
        await screen.press("j", "right", ".", ">", "<")
        assert screen.orders == [("/mod/6/tune", (value,)) for value in (1.0, 1.1, 13.1, 1.1)]


def test_keys_that_arrive_together_all_count() -> None:
    model = sound_model()
    pressed(model, "right", "right", "left", "right")
    control = under_cursor(model)
    assert control is not None
    once = stepped(control.setting, 480.0, 1, "step")
    assert control.value == pytest.approx(stepped(control.setting, once, 1, "step"), rel=0.001)
    model.take_pattern(model.pattern)
    assert under_cursor(model).value == 480.0  # type: ignore[union-attr]


async def test_playing_digits_and_recording_go_on_while_a_page_is_open() -> None:
    async with opened() as screen:
        await sound_page(screen)
        await screen.press("space", "4", "2", "r", "enter")
        sent = [address for address, _ in screen.orders]
        assert sent == ["/transport/toggle", "/pattern/load", "/record/toggle", "/track/6/note"]
        assert "~042" in screen.text
        assert "● REC" in screen.text


async def test_escape_goes_back_and_leaves_the_waiting_load() -> None:
    async with opened() as screen:
        await screen.play()
        await screen.press("4", "2", "f")
        assert "MIXER" in screen.text
        await screen.press("escape")
        assert "TRACKS" in screen.text and "MIXER" not in screen.text
        assert ("/pattern/cancel", ()) not in screen.orders


async def test_a_value_can_be_typed_and_its_range_is_kept() -> None:
    async with opened() as screen:
        await sound_page(screen)
        await screen.press("tab", "tab", "v")
        assert isinstance(screen.app.screen, PromptScreen)
        await screen.press(*"9000", "enter")
        assert isinstance(screen.app.screen, PromptScreen)
        screen.app.screen.query_one(Input).value = "800"
        await screen.press("enter")
        assert screen.orders == [("/mod/6/cutoff", (800,))]
        assert "800 Hz" in screen.text


async def test_the_mixer_turns_the_track_under_the_cursor() -> None:
    async with opened() as screen:
        await screen.press("f", "shift+tab", "down", "right", "shift+tab", "shift+tab", "right", "m", "O")
        assert [address for address, _ in screen.orders] == [
            "/mod/2/reverb",
            "/mod/2/chorus",
            "/track/2/mute",
            "/track/2/solo",
        ]


async def test_the_instrument_is_changed_and_its_settings_follow() -> None:
    async with opened() as screen:
        await sound_page(screen)
        await screen.press("i")
        assert screen.orders == [("/track/6/instrument", ("poly",))]
        assert "FILTER ENVELOPE" in screen.text
        await screen.press("pageup")
        assert " SOUND  5 open hat" in screen.text


async def test_a_parameter_is_found_by_its_name_in_the_palette() -> None:
    async with opened() as screen:
        await find_in_palette(screen, "acid cutoff")
        assert isinstance(screen.app.screen, PromptScreen)
        await screen.press(*"640", "enter")
        assert screen.orders == [("/mod/6/cutoff", (640,))]


async def find_in_palette(screen: Opened, words: str) -> None:
    await screen.press("ctrl+p")
    screen.app.screen.query_one(Input).value = words
    await screen.pilot.pause()
    await screen.app.workers.wait_for_complete()
    await screen.press("enter")


@pytest.mark.parametrize(
    ("found_by", "typed", "order"),
    [
        ("lfo1 beats", "8", ("/mod/lfo1/beats", (8,))),
        ("lfo2 target", "delay feed", ("/pattern/lfo", (2, "delay feedback"))),
        ("acid lfo target", "resonance", ("/track/6/lfo", ("resonance",))),
        ("pattern scale", "dorian", ("/pattern/scale", ("dorian",))),
        ("pattern root", "a#", ("/pattern/root", ("A#",))),
        ("compressor source", "kick", ("/mod/compressor/source", (1.0,))),
        ("bass filter attack", "0.5", ("/mod/7/filter_attack", (0.5,))),
    ],
)
async def test_any_setting_is_found_by_its_name_and_set(found_by: str, typed: str, order: tuple) -> None:
    async with opened() as screen:
        await find_in_palette(screen, found_by)
        await screen.press(*typed, "enter")
        assert screen.orders == [order]


async def test_a_preset_is_found_by_its_name_in_the_palette() -> None:
    async with opened() as screen:
        await find_in_palette(screen, "preset silver squelch")
        assert screen.orders == [("/track/1/preset", ("acid/silver squelch",))]


async def test_a_sound_file_is_chosen_from_those_there_are() -> None:
    async with opened() as screen:
        await screen.press("e", "c")
        assert isinstance(screen.app.screen, PickScreen)
        await screen.press(*"hum", "enter")
        assert screen.orders == [("/clips/list", ()), ("/track/1/clip", ("hum.wav",))]
