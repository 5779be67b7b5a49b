"""Between two patterns: exact at both ends, on each setting's own scale, and never back."""

import math
from itertools import pairwise

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from playing import RATE, pattern, track

from chronus_tui.engine.morph import between, morph, threshold
from chronus_tui.engine.parameters import tables_of
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern, Step, Track

steps = st.builds(Step, on=st.booleans(), note=st.none() | st.integers(0, 127), velocity=st.floats(0, 1))
tracks = st.builds(
    Track,
    name=st.sampled_from(["kick", "acid", "pad", "x"]),
    instrument=st.sampled_from(["kick", "acid", "poly", "no such"]),
    length=st.integers(1, 8),
    gain_db=st.floats(-60, 12),
    mute=st.booleans(),
    sends=st.dictionaries(st.sampled_from(["delay", "reverb"]), st.floats(0, 1)),
    parameters=st.dictionaries(st.sampled_from(["cutoff", "decay", "wave", "odd"]), st.floats(0.5, 400)),
    steps=st.lists(steps, min_size=8, max_size=12).map(tuple),
)
patterns = st.builds(
    Pattern,
    name=st.sampled_from(["a", "b"]),
    bpm=st.floats(20, 300),
    seed=st.integers(0, 2**32 - 1),
    beats_per_bar=st.integers(3, 5),
    tracks=st.lists(tracks, max_size=4).map(tuple),
    effects=st.dictionaries(st.just("delay"), st.dictionaries(st.sampled_from(["feedback", "odd"]), st.floats(0, 1))),
)
named_apart = st.builds(
    Pattern, seed=st.just(3), tracks=st.lists(tracks, max_size=4, unique_by=lambda each: each.name).map(tuple)
)
amounts = st.floats(0, 1)


@given(patterns, patterns)
def test_at_0_it_is_the_first_and_at_1_the_second_exactly(a: Pattern, b: Pattern):
    assert morph(a, b, 0.0) is a
    assert morph(a, b, 1.0) is b


@given(patterns, amounts)
def test_from_a_pattern_to_itself_is_no_way(a: Pattern, amount: float):
    named = replace(a, tracks=tuple(replace(each, name=str(n)) for n, each in enumerate(a.tracks)))
    assert morph(named, named, amount) == named


@given(named_apart, named_apart, st.lists(amounts, min_size=2, max_size=8).map(sorted))
def test_each_step_changes_over_once_and_stays(a: Pattern, b: Pattern, rising: list[float]):
    target = {each.name: (*each.steps, *(Step(),) * 64) for each in b.tracks}
    made = [morph(a, b, amount) for amount in rising if 0 < amount < 1]
    for earlier, later in pairwise(made):
        for one, other in zip(earlier.tracks, later.tracks, strict=True):
            for place, (before, after) in enumerate(zip(one.steps, other.steps, strict=True)):
                assert after == before or after == target[one.name][place]


@given(patterns, patterns, amounts)
def test_what_comes_out_is_a_pattern_that_can_be_saved_and_read(a: Pattern, b: Pattern, amount: float):
    made = morph(a, b, amount)
    assert decode_pattern(encode_pattern(made), "made") == made
    for each in made.tracks:
        assert -60 <= each.gain_db <= 12


def test_between_two_full_patterns_lies_one_of_16_tracks():
    first, second = (pattern(*(track("x...", name=f"{name} {n}") for n in range(16))) for name in "ab")
    for made in (morph(first, second, amount) for amount in (0.01, 0.5, 0.99)):
        assert len(made.tracks) == 16
        assert decode_pattern(encode_pattern(made), "made") == made


@given(st.floats(20, 20_000), st.floats(20, 20_000), amounts)
def test_a_frequency_moves_by_ratio(low: float, high: float, amount: float):
    made = between(low, high, amount, "log")
    assert math.log(made) == pytest.approx(math.log(low) + (math.log(high) - math.log(low)) * amount)


def test_every_setting_moves_on_its_own_scale():
    acid = track("x...", "acid")
    low = replace(acid, gain_db=-24.0, parameters={"cutoff": 100.0})
    high = replace(acid, gain_db=0.0, parameters={"cutoff": 1600.0})
    cutoff = next(p for p in tables_of(acid) if p.name == "cutoff")
    assert cutoff.scale == "log"
    half = morph(pattern(low, bpm=80), pattern(high, bpm=125), 0.5)
    assert half.tracks[0].parameters["cutoff"] == pytest.approx(400.0)
    assert half.tracks[0].gain_db == -12.0
    assert half.bpm == pytest.approx(100.0)


def test_a_track_that_only_one_has_fades_and_thresholds_spread_evenly():
    half = morph(pattern(track("x...")), pattern(track("x...", "snare")), 0.5)
    assert [(t.name, t.gain_db) for t in half.tracks] == [("kick", -30.0), ("snare", -30.0)]
    spread = sorted(threshold(7, "kick", "step", place) for place in range(1000))
    assert all(abs(value - (place + 0.5) / 1000) < 0.06 for place, value in enumerate(spread))
    assert threshold(7, "kick", "step", 3) != threshold(8, "kick", "step", 3)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    dark = pattern(track("x...", "acid", parameters={"cutoff": 100.0}), name="a", bpm=120)
    bright = pattern(track("xxxx", "acid", parameters={"cutoff": 1600.0}), name="b", bpm=120)
    desk.hold({(1, 1): dark, (1, 2): bright})
    return desk


def cutoff(desk: Desk) -> float:
    return float(desk.session.pattern.tracks[0].parameters["cutoff"])


def test_a_fader_morphs_and_all_its_way_is_one_step_of_undo(desk: Desk):
    before = desk.session.pattern
    for amount in (0.0, 0.25, 0.5):
        desk.do("/pattern/morph", 1, 2, amount)
    assert cutoff(desk) == pytest.approx(400.0)
    assert desk.do("/pattern/save_free") == (3,)
    assert desk.slots.read(1, 3) == desk.session.pattern
    desk.do("/pattern/undo")
    desk.do("/pattern/undo")
    assert desk.session.pattern == before
    assert desk.refuse("/pattern/morph", 1, 9, 0.5) == "Slot 9 is empty; save to it first."


def test_a_morph_goes_between_slots_of_two_banks(desk: Desk):
    desk.do("/pattern/copy", 2, 7)
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/copy", 7, 1, 1)
    desk.do("/pattern/morph", 1, 1, 0.5, 1, 2)
    assert cutoff(desk) == pytest.approx(400.0)
    desk.do("/pattern/morph", 1, 1, 0.25, 2, 1)
    assert cutoff(desk) == pytest.approx(800.0)
    assert desk.refuse("/pattern/morph", 1, 9, 0.5, 1, 3) == "Slot 9 of bank 3 is empty; save to it first."
    desk.do("/transport/play")
    desk.do("/pattern/morph_over", 1, 1, 1, 1, 2)
    desk.turn(3 * RATE)
    assert desk.session.pattern == desk.bank.pattern(1)


def test_a_fader_between_slots_of_other_banks_reads_them_once_and_again_when_one_was_changed(desk: Desk, monkeypatch):
    for slot in (1, 2):
        desk.slots.write(3, slot, desk.slots.read(1, slot))
    read: list[int] = []
    plain = desk.slots.read
    monkeypatch.setattr(desk.slots, "read", lambda bank, slot: (read.append(slot), plain(bank, slot))[1])
    for step in range(1, 9):
        desk.do("/pattern/morph", 1, 2, step / 10, 3, 3)
    assert read == [1, 2]
    desk.do("/pattern/save", 2, 3)
    assert cutoff(desk) == pytest.approx(100.0 * 16**0.8)
    desk.do("/pattern/morph", 1, 2, 0.5, 3, 3)
    assert cutoff(desk) == pytest.approx(100.0 * 16**0.4)
    desk.do("/track/1/gain", -6)
    read.clear()
    desk.do("/pattern/morph", 1, 2, 0.6, 3, 3)
    assert read == [1, 2], "an edit ends the morph, and files may have changed since"


def test_a_morph_over_bars_goes_all_the_way_and_ends_exactly_there(desk: Desk):
    assert desk.refuse("/pattern/morph_over", 1, 2, 2)
    desk.do("/transport/play")
    desk.do("/pattern/morph_over", 1, 2, 2)
    found = []
    for _ in range(16):
        for _ in range(47):
            desk.turn()
        found.append(cutoff(desk))
    assert found == sorted(found)
    assert found[7] == pytest.approx(400.0, rel=0.1)
    for _ in range(20):
        desk.turn()
    assert desk.session.pattern == desk.bank.pattern(2)
    assert desk.happened[-1].address == "/event/morph_ended"


@pytest.mark.parametrize(("address", "arguments"), [("/track/1/gain", (-6,)), ("/pattern/load", (2, "immediate"))])
def test_whoever_edits_or_loads_meanwhile_takes_over(desk: Desk, address: str, arguments: tuple[object, ...]):
    desk.do("/transport/play")
    desk.do("/pattern/morph_over", 1, 2, 2)
    desk.turn(RATE)
    desk.do(address, *arguments)
    kept = desk.session.pattern
    for _ in range(5):
        desk.turn(RATE // 10)
    assert desk.session.pattern == kept
    assert any(happening.address == "/event/morph_ended" for happening in desk.happened)
