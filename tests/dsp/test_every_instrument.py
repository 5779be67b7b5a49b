"""What holds for every instrument, one harness for all of them."""

import numpy as np
import pytest
from bench_voice import Bench, make_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.parameters import Parameter
from dsp.sizes import PARAMETERS
from dsp.strip import STRIP
from dsp.voices import INSTRUMENTS

NAMES = [instrument.name for instrument in INSTRUMENTS]
TABLES = {instrument.name: instrument.parameters for instrument in INSTRUMENTS}
KNOBS = [(name, parameter) for name in NAMES for parameter in TABLES[name]]
LASTS = ("decay", "release", "rattle", "spread", "hiss_decay", "bow", "fade_out")
SUSTAINED = {
    "poly": {"sustain": 1.0, "decay": 0.01, "filter_sustain": 0.5},
    "fm": {"sustain": 1.0, "decay": 0.01, "bend_sustain": 0.6},
    "sampler": {"loop": 1.0, "gated": 1.0},
}
CLICK = 0.01
"""A step that is heard as a click where nothing else sounds: 40 dB below full scale."""

LOUDEST = {"sampler": 12.0, "closed_hat": 16.0, "open_hat": 16.0, "cymbal": 8.0}
"""The sampler's level can be turned up by 12 dB, and its filter rings besides. The metal of hats and cymbal, tuned up
until its partials meet in the ringing of the tone, was measured at 10.8, 8.6 and 5.0."""

STEEPER = {("pluck", "tune"): 4.0}
"""A string that is tuned while it rings takes its shape along: two octaves higher, it is four times as steep."""

every_instrument = pytest.mark.parametrize("name", NAMES)


def decibels(amplitude: float) -> float:
    return 20 * np.log10(amplitude)


def places_to_values(name: str, places: list[float]) -> dict[str, float]:
    """A setting for every knob, each as far up its range as `places` tell."""
    return {p.name: p.low + (p.high - p.low) * place for p, place in zip(TABLES[name], places, strict=False)}


@every_instrument
def test_a_table_fits_its_lane_and_explains_itself(name: str) -> None:
    parameters = TABLES[name]
    assert 4 <= len(parameters) < PARAMETERS
    assert len({parameter.name for parameter in parameters}) == len(parameters)
    for parameter in parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.low < parameter.high
        assert parameter.low > 0 or parameter.scale != "log"
        assert parameter.help.endswith(".")
        assert len(parameter.choices) in (0, parameter.high - parameter.low + 1)
        # These belong to the strip that every track has.
        assert parameter.name not in {setting.name for setting in STRIP}


@every_instrument
def test_a_full_hit_peaks_near_minus_7_db_and_an_accent_is_louder(name: str) -> None:
    hits = [np.abs(Bench(name, seed=seed).strike().play(0.5)).max() for seed in range(1, 6)]
    accents = [np.abs(Bench(name, seed=seed).strike(accent=True).play(0.5)).max() for seed in range(1, 6)]
    assert -8.8 < decibels(float(np.median(hits))) < -5.5
    assert 1.5 < decibels(float(np.median(accents) / np.median(hits))) < 5.5


@every_instrument
def test_a_soft_hit_is_quieter_by_the_power_one_and_a_half(name: str) -> None:
    values = {"touch": 0.0} if name == "fm" else {}
    hard = Bench(name, values).strike(velocity=1.0).play(0.2)
    soft = Bench(name, values).strike(velocity=0.5).play(0.2)
    assert np.abs(soft).max() / np.abs(hard).max() == pytest.approx(0.5**1.5, rel=0.01)


@every_instrument
def test_the_same_bits_however_a_quantum_is_cut(name: str) -> None:
    values = {"poly": {"sync": 0.5, "unison": 5, "pwm": 0.3, "wave_b": 1}}.get(name, {}) | SUSTAINED.get(name, {})
    whole, cut = Bench(name, values).strike(accent=True), Bench(name, values).strike(accent=True)
    for bench in (whole, cut):
        for knob in TABLES[name]:
            bench.turn(knob.name, (knob.low + knob.high) / 2)
    assert np.array_equal(whole.play(0.1), cut.play(0.1, cuts=(1, 5, 8, 9, 15, 31)))
    whole.release()
    cut.release()
    assert np.array_equal(whole.play(0.1), cut.play(0.1, cuts=(7, 16, 17)))


@every_instrument
def test_the_same_seed_makes_the_same_sound(name: str) -> None:
    assert np.array_equal(Bench(name, seed=7).strike().play(0.2), Bench(name, seed=7).strike().play(0.2))


@every_instrument
@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_begins_softly_and_ends_in_silence_without_an_edge(name: str, rate: int) -> None:
    bench = Bench(name, rate=rate).strike()
    sound = bench.play(0.3)
    bench.release()
    sound = np.concatenate([sound, bench.play(6)])
    assert abs(sound[0]) < 1e-3
    assert bench.free
    assert np.abs(sound[np.flatnonzero(sound)[-1]]) < 3e-5
    assert abs(sound[: rate // 2].mean()) < 2e-3


@pytest.mark.parametrize("name", ["kick", "snare", "clap", "tom", "rim", "cowbell"])
def test_a_drum_at_full_drive_ends_when_its_offset_has_gone(name: str) -> None:
    bench = Bench(name, {"drive": 30}).strike()
    sound = bench.play(6)
    assert bench.free
    assert np.abs(sound[np.flatnonzero(sound)[-1]]) < 3e-5


@given(
    name=st.sampled_from(NAMES),
    places=st.lists(st.floats(0, 1), min_size=PARAMETERS, max_size=PARAMETERS),
    turned=st.lists(st.floats(0, 1), min_size=PARAMETERS, max_size=PARAMETERS),
    note=st.integers(0, 127),
    accent=st.booleans(),
)
@settings(max_examples=300)
def test_any_setting_and_any_turn_of_all_knobs_stays_within_bounds_and_dies_away(
    name: str, places: list[float], turned: list[float], note: int, accent: bool
) -> None:
    before, after = places_to_values(name, places), places_to_values(name, turned)
    bench = Bench(name, before).strike(note, accent=accent)
    sound = [bench.play(0.1)]
    for knob, value in after.items():
        bench.turn(knob, value)
    sound.append(bench.play(0.1))
    bench.release()
    longest = max([after[knob] for knob in after if knob in LASTS], default=1.0)
    sound.append(bench.play_out(3.2 * longest + 12.0))
    whole = np.concatenate(sound)
    assert np.isfinite(whole).all()
    assert np.abs(whole).max() < LOUDEST.get(name, 4.0)
    assert bench.free


@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=[f"{name} {knob.name}" for name, knob in KNOBS])
def test_a_jump_of_any_knob_makes_no_step_that_neither_setting_makes(name: str, knob: Parameter) -> None:
    clip = make_clip(6.0)

    def steepest(first: float, then: float) -> float:
        values = SUSTAINED.get(name, {}) | {knob.name: first}
        bench = Bench(name, values, clip=clip).strike(accent=True)
        bench.play(0.05)
        bench.turn(knob.name, then)
        return float(np.abs(np.diff(bench.play(0.06))).max())

    # What blends goes through all that lies between.
    between = [knob.low + n for n in range(len(knob.choices))] if knob.blends else []
    steady = max(steepest(place, place) for place in {knob.default, knob.low, knob.high, *between})
    for far in {knob.low, knob.high} - {knob.default}:
        for jump in (steepest(knob.default, far), steepest(far, knob.default)):
            assert jump < STEEPER.get((name, knob.name), 1.5) * steady + CLICK


@every_instrument
def test_four_notes_a_second_leave_no_offset(name: str) -> None:
    for accent in (False, True):
        bench, sound = Bench(name), []
        for _ in range(4):
            bench.strike(accent=accent)
            sound.append(bench.play(0.2))
            bench.release()
            sound.append(bench.play(0.05))
        bench.play(0.05)
        assert decibels(abs(float(np.concatenate(sound).mean())) + 1e-9) < -60


@every_instrument
def test_a_minute_of_decay_leaves_no_number_too_small_to_compute_with(name: str) -> None:
    slow = {knob.name: min(knob.high, 20.0) for knob in TABLES[name] if knob.name in LASTS}
    if name in ("poly", "fm"):
        slow |= {"sustain": 0.0, "filter_sustain": 0.0, "bend_sustain": 0.0}
    bench = Bench(name, {k: v for k, v in slow.items() if k in {p.name for p in TABLES[name]}}).strike()
    for _ in range(600):
        bench.play(0.1)
        if bench.free:
            return
        memory = np.abs(np.concatenate([bench.voice["memory"], bench.state["strings"][0]]))
        assert not ((memory > 0) & (memory < np.finfo(np.float32).tiny)).any()
