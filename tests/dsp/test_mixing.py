"""The mixer as a whole: bits that nothing touches, strips, stems that add up, a track that ducks the others."""

from typing import Any

import numpy as np
import pytest
from bench_effect import above_6_khz, true_peak
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from playing import LOOK_AHEAD, RATE, Playing, pattern, playing, track

from dsp.fx import EFFECTS
from dsp.parameters import Parameter
from dsp.sizes import QUANTUM
from dsp.stems import ALL_STEMS, CHORUS_STEM, DRY_STEM, INSERTS_STEM, MIX_STEM, REVERB_STEM
from dsp.strip import STRIP
from dsp.tap import arm_stems, copy_stem, stems_begin, tap_end
from store.moments import Moment

EVERY_EFFECT = {
    "distortion": {"mix": 0.7, "drive": 18.0, "character": 3.0},
    "compressor": {"mix": 0.8, "source": 1, "threshold": -30.0},
}


def everything():
    sends = {"chorus": 0.5, "delay": 0.5, "reverb": 0.5}
    return pattern(
        track("X.x.x...x.x.x.xx", "kick", strip={"overdrive": 12.0}),
        track("x.x-x.xXx.x-x.xX", "acid", note=36, sends=sends, pan=-0.5, strip={"filter": -0.4}),
        track("x-------........", "poly", sends=sends, gain_db=3.0, strip={"filter": 0.3}),
        bpm=131.3,
        effects=EVERY_EFFECT,
    )


def stem(play: Playing, number: int, first: int, frames: int) -> np.ndarray:
    out = np.zeros((frames, 2), np.float32)
    assert copy_stem(play.player.state, number, first, out)
    return out


def test_with_everything_off_not_a_bit_of_a_track_changes_on_its_way_out():
    play = playing(pattern(track("x-------........", "poly", gain_db=0.0, note=45)), block=QUANTUM)
    before, after = [], []
    for _ in range(RATE // QUANTUM):
        after.append(play.make(QUANTUM))
        before.append(play.player.state["track_bus"][0].copy())
    raw, heard = np.concatenate(before), np.concatenate(after)
    assert 0.01 < np.abs(raw).max() < 0.9
    for side in range(2):
        assert np.array_equal(heard[LOOK_AHEAD:, side], raw[:-LOOK_AHEAD])


def test_stems_add_up_to_the_mix_before_the_limiter():
    play = playing(everything())
    arm_stems(play.player.state, ALL_STEMS)
    play.make(2 * RATE)
    first, frames = int(stems_begin(play.player.state)), RATE
    summed = sum(stem(play, number, first, frames) for number in range(INSERTS_STEM + 1))
    mix = stem(play, MIX_STEM, first, frames)
    assert np.abs(mix).max() > 0.1
    assert np.abs(summed - mix).max() < 1e-6
    dry = sum(stem(play, number, first, frames) for number in range(CHORUS_STEM))
    assert np.abs(dry - stem(play, DRY_STEM, first, frames)).max() < 1e-6
    for number in range(CHORUS_STEM, INSERTS_STEM + 1):
        assert np.abs(stem(play, number, first, frames)).max() > 1e-3


def test_stems_lie_on_the_frames_of_the_master():
    play = playing(pattern(track("x...", "kick", gain_db=-12.0)))
    play.make(RATE // 3)
    arm_stems(play.player.state, ALL_STEMS)
    play.make(RATE)
    first = int(stems_begin(play.player.state))
    frames = int(tap_end(play.player.state)) - first
    assert frames > RATE * 9 // 10
    heard = play.player.state["tap"][first : first + frames]
    assert heard.any()
    assert np.array_equal(stem(play, MIX_STEM, first, frames), heard)
    assert np.array_equal(stem(play, 0, first, frames), heard)
    assert not stem(play, INSERTS_STEM, first, frames).any()


def test_no_stem_is_written_that_nobody_asked_for():
    play = playing(everything())
    play.make(RATE)
    assert stems_begin(play.player.state) == -1
    assert not play.player.state["stems"][[0, DRY_STEM]].any()
    arm_stems(play.player.state, 1 << 1 | 1 << DRY_STEM)
    play.make(RATE)
    written = [row for row, ring in enumerate(play.player.state["stems"]) if ring.any()]
    assert written == [1, DRY_STEM]


def test_stems_change_not_a_bit_of_the_sound():
    armed, other = playing(everything()), playing(everything())
    arm_stems(armed.player.state, ALL_STEMS)
    assert np.array_equal(armed.make(RATE), other.make(RATE))


def test_stems_that_were_overwritten_are_not_given_out():
    play = playing(everything())
    arm_stems(play.player.state, ALL_STEMS)
    play.make(RATE)
    first = int(stems_begin(play.player.state))
    play.make(6 * RATE)
    assert int(stems_begin(play.player.state)) > first
    assert not copy_stem(play.player.state, 0, first, np.zeros((64, 2), np.float32))


@pytest.mark.parametrize("mute", [False, True])
def test_a_kick_ducks_the_pad_and_not_itself_even_while_it_is_muted(mute):
    ducked = {"compressor": {"mix": 1.0, "source": 1, "threshold": -40.0, "ratio": 20.0, "attack": 0.001}}
    kick = track("x...............", "kick", gain_db=-6.0, mute=mute)
    pad = track("x---------------", "poly", note=45, gain_db=-12.0, parameters={"attack": 0.001, "sustain": 1.0})

    def play(effects):
        made = playing(pattern(kick, pad, bpm=60, effects=effects))
        arm_stems(made.player.state, ALL_STEMS)
        made.make(RATE)
        first = int(stems_begin(made.player.state))
        return [stem(made, number, first, RATE // 4) for number in (0, 1, MIX_STEM)]

    own, pad_alone, mixed = play(ducked)
    left_of_pad = mixed - own
    early, late = slice(RATE // 50, RATE // 10), slice(RATE // 5, RATE // 4)
    assert np.std(left_of_pad[early]) < 0.2 * np.std(pad_alone[early])
    assert np.std(own[early]) > 0.01 or mute
    assert np.std(left_of_pad[late]) > np.std(left_of_pad[early])
    assert np.array_equal(play({})[2], own + pad_alone)


def test_what_is_sent_nowhere_comes_back_from_nowhere():
    play = playing(pattern(track("x...", "kick")))
    arm_stems(play.player.state, ALL_STEMS)
    play.make(RATE)
    first = int(stems_begin(play.player.state))
    for number in range(CHORUS_STEM, REVERB_STEM + 1):
        assert not stem(play, number, first, RATE // 2).any()


def within(draw: st.DrawFn, parameter: Parameter) -> float:
    bounds = st.sampled_from([parameter.low, parameter.default, parameter.high])
    return draw(bounds | st.floats(parameter.low, parameter.high))


@st.composite
def wild_patterns(draw: st.DrawFn) -> Any:
    """Three tracks as loud as they go, all strips and effects set to anything but for the last gain and its ceiling."""
    effects = {
        effect.name: {parameter.name: within(draw, parameter) for parameter in effect.parameters}
        for effect in EFFECTS
        if effect.name != "master"
    }
    tracks = []
    for steps, instrument in (("X.x.", "kick"), ("xXx-", "acid"), ("x---", "poly")):
        values = {
            parameter.name: within(draw, parameter) for parameter in STRIP if parameter.name not in ("gain", "pan")
        }
        sends = {name: values.pop(name) for name in ("chorus", "delay", "reverb")}
        tracks.append(track(steps, instrument, gain_db=12.0, sends=sends, strip=values))
    return pattern(*tracks, bpm=draw(st.sampled_from([20.0, 140.0, 300.0])), effects=effects)


@given(first=wild_patterns(), second=wild_patterns())
@settings(max_examples=25)
def test_whatever_the_effects_do_no_true_peak_is_above_the_ceiling(first: Any, second: Any):
    play = playing(first)
    play.make(RATE // 4)
    play.session.load(Moment(second, 2, second), None, "immediate")
    sound = play.make(RATE // 2)
    assert int(play.player.state["counters"]["faults"]) == 0
    assert np.isfinite(sound).all()
    assert 20 * np.log10(true_peak((sound * np.hanning(len(sound))[:, np.newaxis]).T) + 1e-9) <= -0.3


@pytest.mark.parametrize("name", ["distortion", "chorus", "delay", "reverb", "compressor"])
def test_a_load_that_changes_an_effect_does_not_click(name):
    sustained = {"wave_a": 3.0, "wave_b": 3.0, "mix": 0.0, "cutoff": 18000.0, "sustain": 1.0, "noise": 0.0, "sub": 0.0}
    pad = track("x---------------", "poly", note=45, gain_db=-12.0, parameters=sustained, sends={name: 0.5})
    before = {"distortion": {"drive": 0.0}, "delay": {"beats": 0.25}}
    after = {
        "distortion": {"mix": 0.7, "drive": 6.0},
        "chorus": {"rate": 3.0, "depth": 1.0, "width": 0.2},
        "delay": {"beats": 0.5, "feedback": 0.8, "tone": 1000.0},
        "reverb": {"decay": 9.0, "damping": 900.0, "pre_delay": 0.1},
        "compressor": {"mix": 1.0, "threshold": -40.0, "makeup": 6.0},
    }
    play = playing(pattern(pad, bpm=30, effects={name: before[name]} if name in before else {}))
    play.make(RATE)
    other = pattern(replace(pad, sends={name: 0.3}), bpm=30, effects={name: after[name]})
    play.session.load(Moment(other, 2, other), None, "immediate")
    assert above_6_khz(play.make(RATE // 2)[:, 0]) < 2e-3


def test_a_minute_after_the_last_note_the_effects_keep_nothing():
    play = playing(everything())
    play.make(RATE)
    play.session.stop()
    play.make(60 * RATE)
    state = play.player.state
    for field, kept in (("reverb", "damped"), ("reverb", "fed"), ("delay", "low"), ("chorus", "line")):
        assert not state[field][kept].any()
    for name in ("band", "low", "before"):
        assert not state["strip_memory"][name].any()
    for line in state["reverb"]["lines"], state["reverb"]["blurs"], state["distortion"]["over"]:
        assert not ((line != 0) & (np.abs(line) < np.finfo(np.float32).tiny)).any()
    assert not play.make(RATE).any()
