"""The sound page and the effects page: how they look, and what they cost."""

from itertools import product

import msgspec
import pytest
from drawn import REAL, pressed, text_of
from fake_engine import FakeEngine
from opened import Clock
from sent import LIMIT, STATUS_S, Recording
from snapshots import effects_model, playing_model, recorder_model, sound_model

from chronus_tui.ui import keymap
from chronus_tui.ui.controls.pages import all_controls, page_groups, under_cursor
from chronus_tui.ui.keymap import Place
from chronus_tui.ui.model import Model, Page
from chronus_tui.ui.render.cells import Line, changed_spans
from chronus_tui.ui.render.curves import BLOCKS, draw_filter
from chronus_tui.ui.screens.main import draw_screen
from chronus_tui.ui.theme import Paint
from store.documents import Lfo

SIZES = [(60, 16), (79, 20), (80, 24), (100, 30), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["sound", "effects", "steps"])
def test_pages_fill_the_terminal_exactly_with_every_instrument(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    for instrument in (*(module.name for module in REAL.instruments), "theremin"):
        model = playing_model(16)
        model.schema, model.page = REAL, page
        tracks = tuple(msgspec.structs.replace(track, instrument=instrument) for track in model.pattern.tracks)
        model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tracks))
        rows = [row for rows in draw_screen(model, width, height).values() for row in rows]
        assert len(rows) == height
        assert {len(row.cells) for row in rows} == {width}


@pytest.mark.parametrize("page", ["sound", "effects", "steps"])
def test_pages_without_tracks_or_schema_say_so_and_do_not_fail(page: Page) -> None:
    model = Model()
    model.page = page
    assert "wait" in text_of(model)
    pressed(model, "j", "tab", "k", "pagedown")
    model.schema = REAL
    assert text_of(model)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
@pytest.mark.parametrize("make", [sound_model, effects_model, recorder_model])
def test_every_setting_can_be_reached_and_is_in_view_with_its_cursor(make: type[Model], size: tuple[int, int]) -> None:
    model = make()
    wanted = {control.address for group in page_groups(model) for control in group.controls}
    found = set()
    for _ in range(len(page_groups(model))):
        for _ in range(30):
            control = under_cursor(model)
            assert control is not None
            found.add(control.address)
            rows = draw_screen(model, *size)[model.page]
            assert [("[", Paint.CURSOR) in zip(*row, strict=True) for row in rows].count(True) == 1
            pressed(model, "j")
        pressed(model, "tab")
        if model.page == "effects":
            model.track = 0
    assert found == wanted


def test_every_parameter_of_every_instrument_stands_on_its_page() -> None:
    for module in REAL.instruments:
        model = playing_model()
        model.schema, model.page = REAL, "sound"
        track = msgspec.structs.replace(model.pattern.tracks[0], instrument=module.name)
        model.take_pattern(msgspec.structs.replace(model.pattern, tracks=(track,)))
        names = [control.setting.name for group in page_groups(model) for control in group.controls]
        of_the_lfo = {f"lfo_{name}" for name in ("target", "shape", "synced", "beats", "depth", "phase")}
        own = {setting.name for setting in (*module.parameters, *REAL.strip)}
        assert len(names) == len(set(names))
        assert set(names) == own | of_the_lfo | {"gate"}


def test_turning_one_knob_changes_few_cells() -> None:
    model = effects_model()
    before = draw_screen(model, 120, 40)["effects"]
    settings = {"distortion": {"drive": 13.0}}
    model.take_pattern(msgspec.structs.replace(model.pattern, effects=settings))
    after = draw_screen(model, 120, 40)["effects"]
    spans = [span for old, new in zip(before, after, strict=True) for span in changed_spans(old, new)]
    assert 0 < sum(last - first for first, last in spans) < 24


def test_an_effect_that_does_nothing_stands_in_brackets_in_the_path() -> None:
    model = effects_model()
    upper, lower = text_of(model).splitlines()[1:3]
    assert "tracks┬─►(distortion)────────────┬─►(compressor)─►master─►out" in upper
    assert "└─►(chorus)  delay  reverb─┘" in lower
    heard = {"distortion": {"mix": 0.5}, "compressor": {"mix": 1.0, "source": 1.0}}
    model.take_pattern(msgspec.structs.replace(model.pattern, effects=heard))
    assert "tracks┬─► distortion────────────────┬─► compressor<kick──────" in text_of(model, 120)


def test_the_path_tells_how_far_compressor_and_limiter_turn_the_mix_down() -> None:
    model = effects_model()
    model.take_pattern(msgspec.structs.replace(model.pattern, effects={"compressor": {"mix": 1.0}}))
    assert model.status is not None
    model.status = msgspec.structs.replace(model.status, compressed_db=12.3, limited_db=0.4)
    upper = text_of(model).splitlines()[1]
    assert "compressor -12.3" in upper
    assert "out -0.4" in upper
    model.status = msgspec.structs.replace(model.status, compressed_db=0.0, limited_db=0.0)
    still = text_of(model).splitlines()[1]
    assert still.index("out") == upper.index("out")


STRANGE = {"wobble": 3.0, "cutoff": 1e9}


@pytest.mark.parametrize("size", SIZES)
def test_what_the_engine_does_not_know_is_kept_and_shown_as_unknown(size: tuple[int, int]) -> None:
    model = sound_model()
    model.schema = REAL
    assert model.current is not None
    ghost = msgspec.structs.replace(model.current, instrument="theremin")
    acid = msgspec.structs.replace(model.current, instrument="acid", parameters=STRANGE, sends={"tardis": 0.5})
    effects = {"flanger": {"depth": 1.0}, "delay": {"wobble": 2.0}}
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=(ghost, acid), effects=effects))
    model.track = 1
    unknown = "Unknown to this engine, and kept: "
    assert unknown + "wobble 3.00, tardis 0.50."[: size[0] - 40] in text_of(model, *size)
    assert "8.00 kHz" in text_of(model, *size) or size == (60, 16)
    model.page = "effects"
    assert unknown + "flanger, delay wobble 2.00."[: size[0] - 40] in text_of(model, *size)
    model.page, model.track = "main", 0
    assert sum("no sound" in line for line in text_of(model, *size).splitlines()) == 1


def test_what_cannot_be_played_as_written_is_not_blamed_on_the_device() -> None:
    model = playing_model()
    assert model.status is not None
    told = ("There is no effect 'flanger'.", "There is no effect 'vocoder'.")
    model.status = msgspec.structs.replace(
        model.status, silent=True, problem=told[0], unplayed=told, queued=None, queued_when=""
    )
    assert "There is no effect 'flanger'. (1 more)" in text_of(model)
    assert "silent clock: There" not in text_of(model)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_whole_path_to_the_output_is_in_view(width: int) -> None:
    assert "out" in text_of(effects_model(), width).splitlines()[1]


@pytest.mark.parametrize("place", ["sound", "effects", "steps"])
def test_playing_slots_and_recording_work_on_the_pages(place: Place) -> None:
    for key in ("space", "r", "s", "!", "u", "4", "p", "ctrl+p", "ctrl+q", "?"):
        assert keymap.find(key, place) in keymap.keys_of("everywhere")


def shape_of(instrument: str, **settings: float) -> list[int]:
    """How high a filter's picture is at each of its columns, in eighths of a cell."""
    model = sound_model()
    module = REAL.instrument(instrument)
    assert module is not None
    track = msgspec.structs.replace(model.pattern.tracks[6], instrument=instrument, parameters=settings)
    model.schema = REAL
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=(track,)))
    controls = {control.setting.name: control for group in page_groups(model) for control in group.controls}
    lines = [Line(40) for _ in range(10)]
    draw_filter(lines, 0, 40, controls, instrument)
    return [sum(max(BLOCKS.find(line.character(x)), 0) for line in lines) for x in range(40)]


def test_each_mode_of_a_filter_is_drawn_as_what_it_lets_through() -> None:
    low, band, high, notch = (
        shape_of("poly", cutoff=632.0, resonance=0.3, mode=float(mode), env=0.0) for mode in range(4)
    )
    assert low[0] > low[39] == 0
    assert high[39] > high[0] == 0
    assert band[0] < band[19] > band[39]
    assert min(notch) == min(notch[17:23]) < notch[0] == notch[39]


def test_a_ladder_falls_twice_as_steeply_and_rises_where_it_rings() -> None:
    plain, ringing = (shape_of("acid", cutoff=632.0, resonance=r, env=0.0) for r in (0.0, 0.9))
    two_pole = shape_of("poly", cutoff=632.0, resonance=0.3, env=0.0)
    assert plain[24] < two_pole[24]
    assert ringing.index(max(ringing)) in range(18, 22)
    assert max(ringing) > ringing[0] + 10


def test_an_lfo_is_drawn_once_it_moves_something() -> None:
    model = sound_model()
    assert "lfo >" not in text_of(model).lower()
    tracks = list(model.pattern.tracks)
    tracks[6] = msgspec.structs.replace(tracks[6], lfo=Lfo(shape="triangle", depth=1.0, target="cutoff"))
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks)))
    assert "LFO > cutoff" in text_of(model, 120, 40)


async def test_a_page_at_rest_sends_nothing() -> None:
    engine = FakeEngine()
    app = Recording(engine.connect, clock=Clock())
    async with app.run_test(size=(120, 40)) as pilot:
        for key, _ in product(("e", "f"), range(3)):
            await pilot.press(key)
            await pilot.pause()
            app.sent = ""
            engine.tell_status()
            await pilot.pause()
            assert app.sent == ""
        await pilot.press("f" if app.model.page != "effects" else "j")
        await pilot.pause()
        app.sent = ""
        await pilot.press("right")
        await pilot.pause()
        assert 0 < len(app.sent) < 150


@pytest.mark.parametrize("key", ["e", "f", "w"])
async def test_a_page_that_plays_costs_less_than_the_steps_may(key: str) -> None:
    engine, now_s = FakeEngine(16), [0.0]
    app = Recording(engine.connect, clock=lambda: now_s[0])
    async with app.run_test(size=(120, 40)) as pilot:
        engine.change(playing=True)
        await pilot.press(key)
        engine.run_for(0.0)
        await pilot.pause()
        app.sent = ""
        for _ in range(20):
            now_s[0] += STATUS_S
            engine.run_for(STATUS_S)
            await pilot.pause()
        assert 0 < len(app.sent.encode()) < LIMIT / 4


def test_names_of_all_parameters_are_offered_with_their_tracks() -> None:
    names = {(control.owner, control.setting.name) for control in all_controls(sound_model())}
    assert {("acid", "cutoff"), ("kick", "gain"), ("delay", "feedback"), ("pad", "reverb")} <= names
