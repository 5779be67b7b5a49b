"""Values on their own scales: where a knob stands, where a step takes it, and how players read it."""

import msgspec
import pytest
from drawn import REAL
from hypothesis import given
from hypothesis import strategies as st

from chronus_tui.ui.controls.recorder import recorder_groups
from chronus_tui.ui.controls.scales import position, shown, stepped, value_at
from chronus_tui.ui.model import Model
from chronus_tui.ui.schema import Setting

SETTINGS = [
    *REAL.strip,
    *(setting for module in (*REAL.instruments, *REAL.effects) for setting in module.parameters),
    *(control.setting for group in recorder_groups(Model()) for control in group.controls if not control.taken),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_knob_goes_from_end_to_end_on_every_scale_and_stays_in_range(setting: Setting) -> None:
    assert position(setting, setting.low) == 0.0
    assert position(setting, setting.high) == pytest.approx(1.0)
    for size in ("fine", "step", "coarse"):
        value = setting.low
        for _ in range(3000):
            moved = stepped(setting, value, 1, size)
            assert value < moved <= setting.high
            value = moved
            if value == setting.high:
                break
        assert value == setting.high
        assert setting.low <= stepped(setting, value, -1, size) < setting.high


@given(st.sampled_from(SETTINGS), st.floats(0.0, 1.0))
def test_a_value_on_its_scale_is_where_the_knob_stands(setting: Setting, place: float) -> None:
    assert position(setting, value_at(setting, place)) == pytest.approx(place, abs=1e-9)
    assert len(shown(setting, value_at(setting, place))) <= 8 or setting.whole


@pytest.mark.parametrize(
    ("unit", "scale", "value", "words"),
    [
        ("Hz", "log", 320.0, "320 Hz"),
        ("Hz", "log", 2200.0, "2.20 kHz"),
        ("s", "log", 0.07, "70.0 ms"),
        ("s", "log", 2.5, "2.50 s"),
        ("dB", "db", 8.0, "+8.0 dB"),
        ("dB", "db", -60.0, "silent"),
        ("st", "linear", -12.0, "-12.0 st"),
        ("", "linear", 0.75, "0.75"),
        ("s", "linear", 600.0, "10 min"),
        ("s", "linear", 7200.0, "2 h"),
    ],
)
def test_values_are_told_as_players_read_them(unit: str, scale: str, value: float, words: str) -> None:
    low = 0.001 if scale == "log" else -60.0
    setting = msgspec.convert({"name": "x", "low": low, "high": 20_000.0, "unit": unit, "scale": scale}, Setting)
    assert shown(setting, value) == words


def test_choices_are_told_by_name_stepped_one_by_one_and_blended_by_fine_steps_where_they_mix() -> None:
    poly = REAL.instrument("poly")
    assert poly is not None
    wave = next(setting for setting in poly.parameters if setting.name == "wave_a")
    assert [shown(wave, value) for value in (0.0, 1.0, 2.0, 3.0, 0.5)] == ["saw", "pulse", "triangle", "sine", "0.50"]
    mode = next(setting for setting in poly.parameters if setting.name == "mode")
    assert [shown(mode, value) for value in (0.0, 1.0, 2.0)] == ["low", "band", "high"]
    assert stepped(wave, 0.5, 1, "step") == 1.0
    assert stepped(wave, 0.5, -1, "coarse") == 0.0
    assert stepped(wave, 0.5, 1, "fine") == 0.55
    strict = msgspec.structs.replace(wave, blends=False)
    assert stepped(strict, 1.0, 1, "fine") == 2.0
    assert shown(strict, 1.6) == "triangle"


def test_times_in_beats_go_from_one_that_music_has_a_name_for_to_the_next() -> None:
    beats = next(setting for module in REAL.effects for setting in module.parameters if setting.unit == "beats")
    assert [stepped(beats, 0.75, by, "step") for by in (1, -1)] == [1.0, 0.6667]
    assert stepped(beats, 0.6667, 1, "step") == 0.75
    assert stepped(beats, 0.75, -1, "coarse") == 0.375
