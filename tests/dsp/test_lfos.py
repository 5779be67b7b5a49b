"""LFOs follow their formula, go on through edits and swaps, and never click."""

import numpy as np
import pytest
from msgspec.structs import replace
from playing import RATE, Playing, pattern, playing, track

from dsp.chance import chance
from dsp.fx.order import DELAY_ROW
from dsp.lfos import SHAPES
from dsp.ramps import RAMP_S
from dsp.strip import GAIN, PAN
from dsp.voices import kick, poly_settings
from store.documents import Lfo, Pattern
from store.moments import Moment

QUANTUM = 32


def song(*lfos: Lfo, **fields: object) -> Pattern:
    """A held note on a poly called pad, and LFOs of the pattern."""
    settings = {"cutoff": 1000.0, "resonance": 0.0, "sustain": 1.0, "wave_a": 3.0, "mix": 0.0}
    pad = track("x---------------", "poly", name="pad", note=45, parameters=settings)
    return pattern(replace(pad, **fields), bpm=120, lfos=lfos)


def watched(play: Playing, frames: int, where: str, row: int, place: int) -> np.ndarray:
    """A setting at the end of every quantum."""
    values = []
    for _ in range(frames // QUANTUM):
        play.make(QUANTUM)
        values.append(float(play.player.state[where]["value"][row, place]))
    return np.array(values)


def sound_setting(play: Playing, frames: int, place: int) -> np.ndarray:
    """As `watched`, of the pad's instrument, which takes up its lane in the first quantum."""
    play.make(QUANTUM)
    lane = int(play.player.state["lane_of_track"][0])
    first = float(play.player.state["lanes"]["value"][lane, place])
    return np.concatenate([[first], watched(play, frames - QUANTUM, "lanes", lane, place)])


def wave(shape: str, cycles: np.ndarray, edge: float, number: int = 0, seed: int = 1) -> np.ndarray:
    """The formula of each shape, for `cycles` since its beginning; what jumps does so in `edge` of a cycle."""
    cycle = np.floor(cycles).astype(int)
    x = cycles - cycle

    def level(offset: int) -> np.ndarray:
        return np.array([2 * chance(np.uint32(seed), 16 + number, int(c) + offset) - 1 for c in cycle])

    match shape:
        case "sine":
            return np.sin(2 * np.pi * x)
        case "triangle":
            return 1 - 4 * np.abs((x + 0.25) % 1 - 0.5)
        case "saw":
            return np.where(x < edge, 1 - 2 * x / edge, -1 + 2 * (x - edge) / (1 - edge))
        case "square":
            rising = np.minimum(2 * (x % 0.5) / edge - 1, 1)
            return np.where(x < 0.5, rising, -rising)
        case "random":
            return level(0) + (level(-1) - level(0)) * np.maximum(1 - x / edge, 0)
        case _:
            return level(0) + (level(1) - level(0)) * (3 * x**2 - 2 * x**3)


SETTLED = 40
"""Quanta after which a jump was joined."""


@pytest.mark.parametrize("shape", SHAPES)
def test_a_free_lfo_is_its_formula(shape: str):
    play = playing(song(Lfo(shape=shape, synced=False, rate_hz=3.0, depth=0.25, phase=0.3, target="pad resonance")))
    heard = sound_setting(play, 2 * RATE, poly_settings.RESONANCE)
    time_s = (np.arange(len(heard)) + 1) * QUANTUM / RATE
    wanted = np.clip(0.25 * wave(shape, 3.0 * time_s + 0.3, 3.0 * RAMP_S), 0, 1)
    np.testing.assert_allclose(heard[SETTLED:], wanted[SETTLED:], atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_synced_lfo_follows_the_beat(shape: str):
    play = playing(song(Lfo(shape=shape, beats=0.75, depth=-0.5, target="pad width")))
    heard = sound_setting(play, 2 * RATE, poly_settings.WIDTH_OF_PULSE)
    beats = (np.arange(len(heard)) + 1) * QUANTUM / RATE * 2
    wanted = np.clip(0.5 - 0.5 * 0.9 * wave(shape, beats / 0.75, RAMP_S * 2 / 0.75), 0.05, 0.95)
    np.testing.assert_allclose(heard[SETTLED:], wanted[SETTLED:], atol=1e-5)


def test_a_parameter_with_a_scale_of_ratios_is_moved_by_ratios():
    play = playing(song(Lfo(synced=False, rate_hz=1.0, depth=0.2, target="pad cutoff")))
    heard = sound_setting(play, RATE, poly_settings.CUTOFF)
    time_s = (np.arange(len(heard)) + 1) * QUANTUM / RATE
    wanted = 1000 * (18000 / 20) ** (0.2 * np.sin(2 * np.pi * time_s))
    np.testing.assert_allclose(heard[SETTLED:], wanted[SETTLED:], rtol=1e-4)


def test_gain_is_moved_in_decibels_and_a_muted_track_stays_silent():
    lfo = Lfo(synced=False, rate_hz=1.0, depth=0.1, target="gain")
    play = playing(song(lfo=lfo, gain_db=-6.0))
    heard = watched(play, RATE, "strips", 0, GAIN)
    time_s = (np.arange(len(heard)) + 1) * QUANTUM / RATE
    wanted = -6.0 + 0.1 * 72 * np.sin(2 * np.pi * time_s)
    np.testing.assert_allclose(20 * np.log10(heard[SETTLED:]), wanted[SETTLED:], atol=1e-3)
    muted = playing(song(lfo=replace(lfo, depth=1.0), gain_db=-6.0, mute=True))
    assert not np.any(muted.make(RATE))


@pytest.mark.parametrize("depth", [1.0, -1.0])
def test_a_target_never_leaves_its_range(depth: float):
    play = playing(
        song(
            Lfo(synced=False, rate_hz=7.0, depth=depth, target="pad cutoff"),
            Lfo(synced=False, rate_hz=3.0, depth=depth, target="delay feedback"),
            lfo=Lfo(synced=False, rate_hz=5.0, depth=depth, target="cutoff"),
        )
    )
    heard = sound_setting(play, RATE, poly_settings.CUTOFF)
    assert heard.min() >= 20 * (1 - 1e-6)
    assert heard.max() <= 18000
    assert heard.max() / heard.min() > 800


def test_lfos_with_one_target_add_up():
    first, second = (Lfo(synced=False, rate_hz=hz, depth=0.1, target="pad pan") for hz in (2.0, 5.0))
    own = Lfo(synced=False, rate_hz=3.0, depth=0.1, target="pan")
    heard = watched(playing(song(first, second, lfo=own)), RATE, "strips", 0, PAN)
    time_s = (np.arange(len(heard)) + 1) * QUANTUM / RATE
    wanted = sum(0.2 * np.sin(2 * np.pi * hz * time_s) for hz in (2.0, 3.0, 5.0))
    np.testing.assert_allclose(heard[SETTLED:], wanted[SETTLED:], atol=1e-5)


def test_a_knob_glides_beneath_its_lfo_as_it_does_without():
    lfo = Lfo(synced=False, rate_hz=1.0, depth=0.1, target="pad pan")
    plain, moved = playing(song()), playing(song(lfo))
    heard = []
    for play in (plain, moved):
        play.make(RATE // 2)
        play.session.edit(lambda p: replace(p, tracks=(replace(p.tracks[0], pan=0.5),)))
        heard.append(watched(play, RATE // 2, "strips", 0, PAN))
    time_s = 0.5 + (np.arange(len(heard[0])) + 1) * QUANTUM / RATE
    np.testing.assert_allclose(heard[1] - heard[0], 0.2 * np.sin(2 * np.pi * time_s), atol=1e-5)


def test_an_effect_is_moved_too_and_rests_where_it_was_when_the_lfo_is_gone():
    play = playing(song(Lfo(synced=False, rate_hz=4.0, depth=0.3, target="delay feedback")))
    rest = playing(song())
    rest.make(64)
    base = float(rest.player.state["effects"]["value"][DELAY_ROW, 1])
    heard = watched(play, RATE // 2, "effects", DELAY_ROW, 1)
    assert np.ptp(heard) > 0.1
    play.session.edit(lambda p: replace(p, lfos=()))
    assert watched(play, RATE // 4, "effects", DELAY_ROW, 1)[SETTLED:].tolist() == [base] * (RATE // 4 // 32 - SETTLED)


def test_an_edit_or_a_swap_of_another_pattern_does_not_begin_a_wave_anew():
    lfo = Lfo(synced=False, rate_hz=0.7, depth=0.4, target="pad pan")
    play = playing(song(lfo))
    play.make(RATE // 3 // 32 * 32)
    play.session.edit(lambda p: replace(p, name="edited"))
    other = song(lfo)
    play.session.load(Moment(other, 2, other), None)
    heard = watched(play, 3 * RATE, "strips", 0, PAN)
    time_s = RATE // 3 // 32 * 32 / RATE + (np.arange(len(heard)) + 1) * QUANTUM / RATE
    np.testing.assert_allclose(heard, 0.8 * np.sin(2 * np.pi * 0.7 * time_s), atol=1e-4)


SWITCHES = {
    "depth": lambda lfo: replace(lfo, depth=-0.5),
    "off": lambda lfo: replace(lfo, depth=0.0),
    "shape": lambda lfo: replace(lfo, shape="square"),
    "rate": lambda lfo: replace(lfo, rate_hz=9.0),
    "sync": lambda lfo: replace(lfo, synced=True, beats=0.5),
    "phase": lambda lfo: replace(lfo, phase=0.5),
    "target": lambda lfo: replace(lfo, target="pad cutoff"),
    "none": lambda lfo: replace(lfo, target=""),
    "random": lambda lfo: replace(lfo, shape="random", rate_hz=20.0),
}


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
def test_nothing_that_is_done_to_an_lfo_clicks(switch: object):
    lfo = Lfo(synced=False, rate_hz=3.0, depth=0.5, target="pad pan")
    play = playing(song(lfo))
    play.make(RATE // 2 + 32 * 57)
    play.session.edit(lambda p: replace(p, lfos=(switch(lfo),)))
    heard = watched(play, RATE // 2, "strips", 0, PAN)
    longest = 2.0 / int(RAMP_S * RATE / QUANTUM)  # the whole range in a ramp, and the wave's own way
    assert np.abs(np.diff(heard)).max() <= longest + 0.05


def test_two_lfos_that_part_leave_no_jump():
    first, second = (Lfo(synced=False, rate_hz=hz, depth=0.4, target="pad pan") for hz in (2.0, 5.0))
    for left in ((first,), (replace(first, target=""), second), (replace(first, target="pad reverb"), second)):
        play = playing(song(first, second))
        play.make(RATE // 2 + 32 * 20)
        play.session.edit(lambda p, left=left: replace(p, lfos=left))
        assert np.abs(np.diff(watched(play, RATE // 4, "strips", 0, PAN))).max() < 0.1


def test_a_locked_voice_is_moved_from_its_own_value():
    lfo = Lfo(synced=False, rate_hz=3.0, depth=0.1, target="pad cutoff")
    base = song(lfo)
    locked = replace(
        base.tracks[0], steps=(replace(base.tracks[0].steps[0], locks={"cutoff": 3000}), *base.tracks[0].steps[1:])
    )
    turned = replace(base.tracks[0], parameters={**base.tracks[0].parameters, "cutoff": 3000.0})
    sounds = [playing(replace(base, tracks=(t,))).make(RATE) for t in (locked, turned)]
    np.testing.assert_allclose(sounds[0], sounds[1], atol=2e-6)


def test_an_lfo_goes_with_its_track_to_another_instrument():
    play = playing(song(Lfo(synced=False, rate_hz=3.0, depth=0.2, target="pad decay")))
    play.make(RATE // 4)
    play.session.edit(lambda p: replace(p, tracks=(replace(p.tracks[0], instrument="kick", parameters={}),)))
    play.make(RATE // 4)
    state = play.player.state
    lane_now = int(state["lane_of_track"][0])
    assert np.ptp(watched(play, RATE // 4, "lanes", lane_now, kick.DECAY)) > 0.1
    assert np.isfinite(play.make(RATE)).all()


def test_an_lfo_hands_nothing_of_an_instrument_to_the_one_that_takes_its_place_before_a_note():
    rest = track("....", "poly", name="pad", parameters={"decay": 8.0})
    play = playing(pattern(rest, lfos=(Lfo(synced=False, rate_hz=3.0, depth=0.5, target="pad decay"),)))
    play.make(RATE // 4)
    play.session.edit(lambda p: replace(p, tracks=(replace(p.tracks[0], instrument="kick", parameters={}),)))
    state = play.player.state
    knob = kick.PARAMETERS[kick.DECAY]
    for _ in range(50):
        play.make(QUANTUM)
        lane = state["lanes"][int(state["lane_of_track"][0])]
        assert knob.low <= lane["was"][kick.DECAY] <= knob.high
        assert knob.low <= lane["value"][kick.DECAY] <= knob.high


def test_a_setting_that_an_effect_glides_to_by_itself_follows_too():
    play = playing(song(Lfo(synced=False, rate_hz=4.0, depth=0.2, target="delay beats")))
    play.make(RATE // 4)
    effects = play.player.state["effects"]
    aims = set()
    for _ in range(50):
        play.make(256)
        aims.add(float(effects["target"][DELAY_ROW, 0]))
    assert len(aims) > 40
    play.session.edit(lambda p: replace(p, lfos=()))
    play.make(RATE // 4)
    assert float(effects["target"][DELAY_ROW, 0]) == float(effects["value"][DELAY_ROW, 0])
