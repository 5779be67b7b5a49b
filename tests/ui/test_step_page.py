"""The step page: what it shows of a step, what its keys tell the engine, and the marks on the main page."""

import msgspec
import pytest
from drawn import REAL, pressed, text_of
from opened import opened
from snapshots import steps_model
from textual.widgets import Input

from chronus_tui.ui import keymap
from chronus_tui.ui.actions.action import Press
from chronus_tui.ui.controls.lanes import CONDITIONS, LANES, lanes
from chronus_tui.ui.controls.scales import brief
from chronus_tui.ui.keymap import find
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.render.keys import place_of
from chronus_tui.ui.schema import Setting
from chronus_tui.ui.screens.pick import Option, PickScreen, narrowed
from chronus_tui.ui.screens.prompt import PromptScreen
from store.conditions import parse_condition
from store.documents import Step


def order_of(model: Model, key: str) -> Order | None:
    entry = find(key, place_of(model))
    assert entry is not None and entry.action is not None
    return entry.action(model, Press(key, 0.0))


def with_step(model: Model, place: int, step: Step) -> None:
    tracks = list(model.pattern.tracks)
    steps = list(tracks[model.track].steps)
    steps[place] = step
    tracks[model.track] = msgspec.structs.replace(tracks[model.track], steps=tuple(steps))
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks)))


@pytest.mark.parametrize(
    ("lane", "key", "order"),
    [
        ("note", ">", ("step_note", (5, 73))),
        ("velocity", "-", ("step_velocity", (5, 0.55))),
        ("velocity", ".", ("step_velocity", (5, 0.61))),
        ("probability", "+", ("probability", (5, 0.55))),
        ("probability", "<", ("probability", (5, 0.25))),
        ("ratchet", "+", ("ratchet", (5, 2))),
        ("micro", ",", ("micro", (5, -0.01))),
        ("condition", "+", ("condition", (5, "first"))),
        ("condition", ">", ("condition", (5, "not fill"))),
        ("probability", "d", ("probability", (5, 1))),
        ("note", "d", ("step_note", (5,))),
        ("cutoff", "d", ("unlock", (5, "cutoff"))),
        ("cutoff", "enter", ("unlock", (5, "cutoff"))),
        ("delay", "enter", ("lock", (5, "delay", 0.2))),
        ("velocity", "enter", ("toggle", (5,))),
        ("chord", "+", ("chord", (5, "12"))),
        ("chord", "d", ("chord", (5, ""))),
        ("step", "a", ("accent", (5,))),
        ("step", "]", ("rotate", (1,))),
        ("step", "}", ("length", (17,))),
    ],
)
def test_each_key_orders_what_it_says_for_the_step_under_the_cursor(lane: str, key: str, order: tuple) -> None:
    model = steps_model()
    model.lane = lane
    assert order_of(model, key) == Order(f"/track/6/{order[0]}", order[1])


def test_a_value_at_its_end_orders_nothing() -> None:
    model = steps_model()
    model.lane = "ratchet"
    assert order_of(model, "-") is None
    model.lane = "micro"
    with_step(model, 4, Step(on=True, micro=0.5))
    assert order_of(model, "+") is None


def test_turning_a_parameter_that_is_not_locked_locks_it_near_the_tracks_value() -> None:
    model = steps_model()
    model.step, model.lane = 0, "cutoff"
    order = order_of(model, "+")
    assert order is not None and order.address == "/track/6/lock"
    place, name, value = order.arguments
    assert (place, name) == (1, "cutoff")
    assert 320.0 < value < 420.0


def test_keys_that_arrive_together_all_count() -> None:
    model = steps_model()
    model.lane = "velocity"
    pressed(model, "+", "+", "+")
    order = order_of(model, "+")
    assert order is not None and order.arguments == (5, 0.8)


def test_every_condition_of_the_keys_is_one_that_the_sequencer_knows() -> None:
    assert all(parse_condition(condition) is not None for condition in CONDITIONS)


def test_a_condition_that_no_key_reaches_is_shown_as_it_was_written() -> None:
    model = steps_model()
    with_step(model, 4, Step(on=True, condition="9:16"))
    model.lane = "condition"
    assert "in round 9 of every 16" in text_of(model)


def test_a_locked_parameter_has_a_row_and_its_step_a_mark() -> None:
    model = steps_model()
    names = [lane.name for lane in lanes(model)]
    assert names == [*(lane.name for lane in LANES), "cutoff", "delay", "wobble"]
    assert "step 5 cutoff: 2.20 kHz" in text_of(model)
    model.page = "main"
    row = next(line for line in text_of(model, 120, 40).splitlines() if line.startswith(" 6 acid"))
    assert "X · x - [x]· X?· >x'· x -  X · x?x" in row
    model.step = 8
    assert "3 strikes, cutoff locked" in text_of(model, 160, 40)


def test_a_step_off_the_grid_has_a_mark_on_the_tracks() -> None:
    model = steps_model()
    with_step(model, 4, Step(on=True, micro=-0.2))
    model.page, model.step = "main", 0
    assert "x~" in next(line for line in text_of(model, 120, 40).splitlines() if line.startswith(" 6 acid"))


def test_steps_beyond_the_screen_are_shown_beat_by_beat() -> None:
    model = steps_model()
    pressed(model, "end")
    assert "[" in text_of(model, 60, 16)
    assert " 16 " in text_of(model, 60, 16)


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("Hz", 320.0, "320"),
        ("Hz", 2200.0, "2k2"),
        ("Hz", 12_000.0, "12k"),
        ("s", 0.07, "70m"),
        ("s", 2.5, "2.5"),
        ("dB", -12.0, "-12"),
        ("st", 7.0, "+7"),
        ("", 0.75, ".75"),
        ("", -1.0, "-1"),
    ],
)
def test_a_lock_fits_in_three_columns(unit: str, value: float, words: str) -> None:
    assert brief(Setting("x", 0.0, -60.0, 20_000.0, unit), value) == words


def test_every_value_of_every_parameter_fits_in_three_columns() -> None:
    for module in (*REAL.instruments, *REAL.effects):
        for setting in module.parameters:
            for share in range(21):
                value = setting.low + (setting.high - setting.low) * share / 20
                assert len(brief(setting, value)) <= 3, (module.name, setting.name, value)


async def test_a_lock_is_chosen_by_the_name_of_its_parameter_and_turned() -> None:
    async with opened() as screen:
        await screen.press("down", "down", "down", "down", "down", "w", "n")
        assert isinstance(screen.app.screen, PickScreen)
        await screen.press(*"reso", "enter")
        assert screen.orders == [("/track/6/lock", (1, "resonance", 0.75))]
        assert "'resonance" in screen.text
        await screen.press("<")
        assert screen.orders[-1] == ("/track/6/lock", (1, "resonance", 0.65))
        await screen.press("d")
        assert screen.orders[-1] == ("/track/6/unlock", (1, "resonance"))
        assert "'resonance" not in screen.text


async def test_euclid_and_a_value_are_typed() -> None:
    async with opened() as screen:
        await screen.press("w", "E")
        assert isinstance(screen.app.screen, PromptScreen)
        await screen.press(*"5", "enter")
        assert screen.orders == [("/track/1/euclid", (5,))]
        await screen.press("right", "down", "down", "down", "v")
        assert screen.app.screen.query_one(Input).value == "1 2 "
        await screen.press(*"0.33", "enter")
        assert screen.orders[-1] == ("/track/1/step_velocity", (2, 0.33))


async def test_the_step_page_opens_goes_on_to_the_sound_and_back() -> None:
    async with opened() as screen:
        await screen.press("w")
        assert " STEPS  1 kick" in screen.text
        await screen.press("pagedown")
        assert " STEPS  2 snare" in screen.text
        await screen.press("e")
        assert " SOUND  2 snare" in screen.text
        await screen.press("w", "w")
        assert " TRACKS " in screen.text
        assert screen.orders == []


async def test_the_fill_is_held_and_let_go() -> None:
    async with opened() as screen:
        await screen.press("F")
        screen.engine.change(filling=True)
        screen.engine.tell_status()
        await screen.pilot.pause()
        assert "FILL" in screen.text
        await screen.press("F")
        assert screen.orders == [("/transport/fill", (1,)), ("/transport/fill", (0,))]


def test_typing_narrows_a_list_by_names_first_then_by_what_is_told() -> None:
    options = (Option("cutoff", "Where it rests."), Option("env", "How far the cutoff opens."), Option("drive"))
    assert [option.name for option in narrowed(options, "cut")] == ["cutoff", "env"]
    assert narrowed(options, "") == options
    assert narrowed(options, "xyz") == ()


async def test_presets_are_stepped_chosen_by_name_and_saved() -> None:
    async with opened() as screen:
        await screen.press("down", "down", "down", "down", "down", "e", "]", "[")
        assert screen.orders == [("/track/6/preset_step", (1,)), ("/track/6/preset_step", (-1,))]
        await screen.press("n", *"silver", "enter")
        assert screen.orders[-1] == ("/track/6/preset", ("silver squelch",))
        assert "silver squelch" in screen.text
        await screen.press("S", *"mine", "enter")
        assert screen.orders[-1] == ("/track/6/save_preset", ("mine",))


def test_the_pages_hints_name_no_key_that_is_not_theirs() -> None:
    shown = {entry.shown for entry in keymap.keys_of("steps") + keymap.keys_of("everywhere")}
    for keys, _ in keymap.hints("steps"):
        assert all(any(sign in each.split() for each in shown) for sign in keys.split())
