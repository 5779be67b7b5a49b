"""What is true of every effect: finite, bounded, silent after its tail, no click, no number that is not normal."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench_effect import EVERY, Unit, above_6_khz, make, noise, reference, silence, tone
from bench_voice import RATE
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.fx import EFFECTS, order
from dsp.sizes import PARAMETERS, QUANTUM

REFERENCE = Path(__file__).parent / "reference"
LOUDEST = 1000.0
"""No more than the fullest echoes of the loudest noise."""
CLICK = 1.5
"""How far above what the sound has anyway the highs of a jump may rise."""

SMOOTH: dict[str, dict[str, float]] = {
    "distortion": {"mix": 0.6, "drive": 6.0},
    "chorus": {"rate": 0.3},
    "delay": {"beats": 0.25, "width": 0.0},
    "reverb": {"motion": 0.0},
    "compressor": {"mix": 1.0, "source": 1.0, "threshold": -20.0, "attack": 0.01},
    "master": {},
}
"""Settings that do something to a low tone and leave it smooth."""
RATHER_ROUGH = {("distortion", "bits"), ("distortion", "crush_rate")}
"""These make steps by nature, and are heard only in the crush."""
JUMPS = [
    (name, parameter.name, bound)
    for name in EVERY
    for parameter in EVERY[name].PARAMETERS
    for bound in (parameter.low, parameter.high)
    if (name, parameter.name) not in RATHER_ROUGH
]


def test_rows_are_the_places_of_the_effects() -> None:
    names = [effect.name for effect in EFFECTS]
    assert names == list(EVERY)
    assert len(names) == order.EFFECTS
    for row, name in enumerate(names):
        assert getattr(order, f"{name.upper()}_ROW") == row
    for effect in EFFECTS:
        assert len(effect.parameters) < PARAMETERS
        for parameter in effect.parameters:
            assert parameter.low <= parameter.default <= parameter.high
            assert parameter.help.endswith(".")
            assert len(parameter.choices) in (0, parameter.high - parameter.low + 1)


@st.composite
def turned_units(draw: st.DrawFn) -> Unit:
    """Any effect at any settings, on its way to any others."""
    name = draw(st.sampled_from(list(EVERY)))

    def value(parameter: Any) -> float:
        return draw(st.sampled_from([parameter.low, parameter.high]) | st.floats(parameter.low, parameter.high))

    unit = make(name, {parameter.name: value(parameter) for parameter in EVERY[name].PARAMETERS})
    unit.bpm = draw(st.sampled_from([20.0, 120.0, 300.0]))
    for parameter in EVERY[name].PARAMETERS:
        unit.turn(parameter.name, value(parameter))
    return unit


@given(unit=turned_units(), seed=st.integers(0, 100), loudness=st.sampled_from([1e-6, 0.5, 4.0]))
@settings(max_examples=300)
def test_at_any_settings_every_effect_is_finite_and_bounded(unit: Unit, seed: int, loudness: float) -> None:
    sound = np.hstack([noise(0.05, loudness, seed), silence(0.02), noise(0.05, loudness, seed + 1)])
    unit.key = sound[0]
    out = unit.play(sound)
    assert np.isfinite(out).all()
    assert np.abs(out).max() < LOUDEST * loudness


@pytest.mark.parametrize("name", EVERY)
def test_every_effect_is_silent_after_its_tail_and_keeps_nothing_of_it(name: str) -> None:
    unit = make(name, SMOOTH[name] | TAIL.get(name, {}))
    unit.play(noise(0.3))
    unit.play(silence(6))
    assert not unit.play(silence(0.1)).any()
    for field in SOUND[name]:
        assert not unit.memory[field].any()


TAIL = {"delay": {"feedback": 0.7}, "reverb": {"decay": 0.7}, "distortion": {"character": 3.0}}
SOUND: dict[str, tuple[str, ...]] = {
    "distortion": ("around", "over", "before", "low", "still"),
    "chorus": ("line",),
    "delay": ("low", "rumble"),
    "reverb": ("damped", "rumble", "fed"),
    "compressor": ("held", "cut"),
    "master": ("held", "around", "cut", "peaks"),
}
"""Where an effect keeps sound that is not written over anyway."""


@pytest.mark.parametrize("name", ["chorus", "delay", "reverb", "distortion"])
def test_no_tail_dwindles_into_numbers_that_are_not_normal(name: str) -> None:
    unit = make(name, SMOOTH[name] | TAIL.get(name, {}))
    unit.play(noise(0.1, 0.5))
    for _ in range(8):
        unit.play(silence(0.5))
        for field in unit.memory.dtype.names:
            kept = unit.memory[field]
            if kept.dtype == np.float32:
                odd = (kept != 0) & (np.abs(kept) < np.finfo(np.float32).tiny)
                assert not odd.any(), field


@pytest.mark.parametrize(("name", "parameter", "bound"), JUMPS)
def test_no_jump_of_any_setting_clicks(name: str, parameter: str, bound: float) -> None:
    unit = make(name, SMOOTH[name])
    sound = tone(1, 200, 0.3)
    unit.key = tone(1, 100, 0.3)[0]
    before = unit.play(sound)
    unit.turn(parameter, bound)
    after = unit.play(sound)
    settled = unit.play(sound)
    around = np.hstack([before[0, RATE // 2 :], after[0, : RATE // 2]])
    own = max(above_6_khz(before[0, RATE // 2 :]), above_6_khz(settled[0]))
    assert above_6_khz(around) < CLICK * own + 1e-3


@pytest.mark.parametrize("name", EVERY)
def test_every_effect_sounds_as_it_is_kept_to_sound(name: str) -> None:
    """`python tests/dsp/bench_effect.py` renders these again."""
    kept = np.load(REFERENCE / f"{name}.npy").astype(np.float64) / 2**15
    assert np.abs(reference(name) - kept).max() < 2e-4


@pytest.mark.parametrize("name", ["distortion", "compressor"])
def test_an_insert_that_is_off_changes_not_a_bit(name: str) -> None:
    sound = noise(0.2, 2.0)
    assert np.array_equal(make(name, {"mix": 0.0}).play(sound), sound)


@pytest.mark.parametrize("name", ["chorus", "reverb", "distortion", "compressor"])
def test_an_effect_that_hears_nothing_is_not_touched(name: str) -> None:
    unit = make(name, SMOOTH[name])
    unit.play(noise(0.1))
    unit.play(silence(10))
    before = unit.memory.tobytes()
    unit.play(np.zeros((2, 8 * QUANTUM), np.float32))
    assert unit.memory.tobytes() == before
