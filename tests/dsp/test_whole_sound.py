"""The whole sound: the same bits however it is cut, no click, no fault, no stuck voice."""

import itertools
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from playing import RATE, Playing, pattern, playing, track

from chronus_tui.engine.parameters import INSTRUMENT_NUMBERS
from dsp import messages
from dsp.sizes import QUANTUM, SOUNDING
from dsp.tap import arm_stems
from dsp.voices import INSTRUMENTS
from store.documents import Lfo, Track
from store.moments import Moment

CLICK = 0.2
"""A step between two frames that a slow sound cannot make by itself."""


def song():
    return pattern(
        track("X.x.x...x.x.x.xx", "kick", sends={"reverb": 0.3}, strip={"overdrive": 9.0}),
        track("....x.......x...", "snare", sends={"reverb": 0.4}),
        track("x.x-x.xXx.x-x.xX", "acid", note=36, sends={"delay": 0.5}, strip={"filter": -0.2}),
        track("x-------........", "poly", sends={"reverb": 0.6, "delay": 0.2, "chorus": 0.5}, strip={"filter": 0.2}),
        track("x.x.x.x.x.x.x.x.", "closed_hat"),
        track("..x...x...x...x.", "open_hat"),
        bpm=131.3,
        swing=0.2,
        effects={
            "distortion": {"mix": 0.3, "character": 2.5},
            "compressor": {"mix": 1.0, "source": 1, "threshold": -30},
        },
    )


def everything():
    """The song with ratchets, chance, micro-timing, conditions, locks, slides, a scale and LFOs on all of it."""
    plain = song()
    kick, snare, acid, pad, hat, open_hat = plain.tracks
    with_all = (
        _stepped(kick, {3: {"ratchet": 3, "locks": {"tune": 70, "gain": -9}}, 5: {"micro": -0.4, "on": True}}),
        _stepped(snare, {5: {"ratchet": 8}, 12: {"micro": 0.31, "locks": {"pan": -1, "reverb": 1}}}),
        _stepped(
            acid,
            {
                0: {"probability": 0.7, "locks": {"cutoff": 900, "resonance": 0.9}},
                3: {"note": 48, "locks": {"cutoff": 4000, "drive": 20}},
                6: {"condition": "2:2", "ratchet": 2},
                12: {"micro": -0.5},
            },
        ),
        _stepped(pad, {0: {"chord": (3, 7, 10), "locks": {"cutoff": 500}}, 3: {"note": 65}}),
        _stepped(hat, {n: {"probability": 0.5, "micro": 0.1} for n in range(0, 16, 2)}),
        _stepped(open_hat, {2: {"condition": "fill"}, 6: {"condition": "not first"}}),
    )
    acid_lfo = Lfo(shape="random", synced=False, rate_hz=11.3, depth=0.3, target="cutoff")
    pad_lfo = Lfo(shape="square", beats=0.25, depth=0.4, target="pan")
    with_lfos = (*with_all[:2], replace(with_all[2], lfo=acid_lfo), replace(with_all[3], lfo=pad_lfo), *with_all[4:])
    return replace(
        plain,
        tracks=with_lfos,
        lfos=(
            Lfo(shape="saw", beats=1.5, depth=0.5, target="acid cutoff"),
            Lfo(shape="smooth", synced=False, rate_hz=2.2, depth=0.6, target="delay feedback"),
        ),
        root=9,
        scale="minor pentatonic",
        scale_lock=True,
        seed=5,
    )


def _stepped(of: Track, changes: dict[int, dict[str, Any]]) -> Track:
    return replace(of, steps=tuple(replace(step, **changes.get(n, {})) for n, step in enumerate(of.steps)))


def perform(block: int) -> np.ndarray:
    """Two seconds with an edit, a load and a note on the way, each on its frame."""
    play = playing(song(), block)
    other = replace(song(), bpm=97.1, tracks=song().tracks[::-1])
    play.session.edit(lambda p: replace(p, bpm=150))
    play.session.publish(frame=20_011)
    play.player.push(messages.NOTE, frame=30_007, a=3, x=67, y=0.9, ticket=9000)
    play.session.load(Moment(other, 2, other), None, "bar", frame=40_001)
    return play.make(3 * RATE)


def perform_everything(block: int) -> np.ndarray:
    """As `perform`, with a fill, an edit of a lock and of an LFO, and a swap with all of it on."""
    play = playing(everything(), block)
    play.player.push(messages.FILL, frame=11_111, a=1)
    play.session.edit(lambda p: replace(p, lfos=(replace(p.lfos[0], shape="random"), p.lfos[1]), bpm=150))
    play.session.publish(frame=20_011)
    play.player.push(messages.NOTE, frame=30_007, a=3, x=67, y=0.9, ticket=9000)
    other = replace(everything(), bpm=97.1, tracks=everything().tracks[::-1], seed=6)
    play.session.load(Moment(other, 2, other), None, frame=40_001)
    return play.make(4 * RATE)


@pytest.mark.parametrize("block", [1, 63, 64, 65, 512, 1024, 4096])
def test_chance_locks_and_lfos_give_the_same_bits_for_every_block_size(block):
    assert np.array_equal(perform_everything(block), perform_everything(256))


@pytest.mark.parametrize("block", [1, 63, 64, 65, 512, 1024, 4096])
def test_the_output_is_the_same_bits_for_every_block_size(block):
    assert np.array_equal(perform(block), perform(256))


def test_two_runs_give_the_same_bits():
    assert np.array_equal(perform(256), perform(256))


def test_the_master_never_exceeds_the_ceiling():
    loud = replace(song(), tracks=tuple(replace(t, gain_db=12) for t in song().tracks))
    sound = playing(loud).make(4 * RATE)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 10 ** (-0.3 / 20) + 1e-6


def test_after_stop_all_falls_silent_and_no_voice_is_stuck():
    play = playing(song())
    play.make(2 * RATE)
    play.session.stop()
    play.make(60 * RATE)
    assert not play.player.state["voices"]["stage"].any()
    assert not np.any(play.make(RATE))


def slow_pad():
    """A sound so smooth that any step in it is a click: a low held sine."""
    settings = {"wave_a": 3.0, "mix": 0.0, "cutoff": 18000.0, "attack": 0.05, "sustain": 1.0, "noise": 0.0}
    return track("x---------------", "poly", note=45, parameters=settings)


def clicks(sound: np.ndarray) -> int:
    """Frames at which the second difference is far above that of a smooth sound."""
    return int((np.abs(np.diff(sound[:, 0], 2)) > CLICK * 0.05).sum())


def steady(play: Playing) -> None:
    play.make(RATE)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: replace(t, mute=True),
        lambda t: replace(t, gain_db=-24),
        lambda t: replace(t, pan=-1.0),
        lambda t: replace(t, parameters={**t.parameters, "cutoff": 100.0}),
        lambda t: replace(t, sends={"reverb": 1.0, "delay": 1.0, "chorus": 1.0}),
        lambda t: replace(t, strip={"filter": -0.7, "peak": 0.5}),
        lambda t: replace(t, instrument="kick", parameters={}),
    ],
    ids=["mute", "gain", "pan", "cutoff", "sends", "filter", "instrument"],
)
def test_no_edit_of_a_sounding_track_clicks(change):
    play = playing(pattern(slow_pad(), bpm=30))
    steady(play)
    play.session.edit(lambda p: replace(p, tracks=(change(p.tracks[0]),)))
    assert clicks(play.make(RATE // 2)) == 0


def test_a_load_while_a_note_sounds_does_not_click():
    play = playing(pattern(slow_pad(), bpm=30))
    steady(play)
    other = pattern(track("................", "kick"), bpm=30)
    play.session.load(Moment(other, 2, other), None, "immediate")
    assert clicks(play.make(RATE // 2)) == 0


def test_no_more_than_128_voices_sound_and_the_oldest_give_way():
    play = playing(pattern(track("................", "poly")))
    for number in range(SOUNDING + 20):
        play.player.push(messages.NOTE, a=0, x=30 + number % 60, y=0.5, ticket=10 * RATE)
        play.make(64)
    stages = play.player.state["voices"]["stage"]
    assert ((stages == 1) | (stages == 2)).sum() == SOUNDING
    assert int(play.player.state["counters"]["stolen"]) == 20


def test_a_closed_hat_chokes_the_open_one():
    play = playing(pattern(track("....", "open_hat"), track("....", "closed_hat")))
    play.player.push(messages.NOTE, frame=0, a=0, x=60, y=1.0, ticket=RATE)
    play.player.push(messages.NOTE, frame=2000, a=1, x=60, y=1.0, ticket=RATE)
    play.make(2400)
    voices = play.player.state["voices"]
    names = [INSTRUMENTS[v["instrument"]].name for v in voices if v["stage"] in (1, 2)]
    assert names == ["closed_hat"]


@pytest.mark.parametrize("struck", [instrument.name for instrument in INSTRUMENTS])
def test_no_sound_breaks_where_a_track_changes_its_instrument_again_and_again_within_a_tail(struck: str):
    """As whoever looks for a slot does. What still fades of the first is not to hear the settings of the third."""
    knobs = INSTRUMENTS[INSTRUMENT_NUMBERS[struck]].parameters
    tail = {knob.name: knob.high for knob in knobs if knob.name in ("decay", "release")}
    first = track("x...............", struck, parameters=tail)
    for third, end in itertools.product(INSTRUMENTS, ("low", "high")):
        play = playing(pattern(first, bpm=300))
        play.make(100)
        _change(play, track("....", "cowbell"))
        play.make(100)
        extreme = {knob.name: getattr(knob, end) for knob in third.parameters}
        _change(play, track("....", third.name, parameters=extreme))
        play.make(500)
        assert int(play.player.state["counters"]["faults"]) == 0, (third.name, end)


def test_a_tail_rings_on_while_instruments_change_and_none_of_them_is_struck():
    pad = track("x...", "poly", parameters={"release": 4.0})
    rung, passed_by = playing(pattern(pad)), playing(pattern(pad))
    for play in (rung, passed_by):
        play.make(RATE // 2)
        play.session.stop()
        play.make(QUANTUM)
    for instrument in ("kick", "fm", "pluck", "acid"):
        _change(passed_by, track("x...", instrument))
        assert np.array_equal(passed_by.make(QUANTUM), rung.make(QUANTUM))
    assert np.array_equal(passed_by.make(RATE), rung.make(RATE))


def _change(play: Playing, to: Track) -> None:
    """Let the only track be another one."""
    play.session.edit(lambda pattern: replace(pattern, tracks=(to,)))


def test_a_value_that_is_not_finite_is_silenced_counted_and_told_in_stems_too():
    play = playing(song())
    arm_stems(play.player.state, True)
    play.make(RATE)
    play.player.state["strips"]["value"][0, 0] = np.nan
    sound = play.make(RATE)
    assert np.isfinite(sound).all()
    assert np.isfinite(play.player.state["stems"]).all()
    assert int(play.player.state["counters"]["faults"]) > 0
    assert messages.SILENCED in [event.kind for event in play.player.events()]


def test_the_tap_holds_what_the_device_was_given():
    play = playing(song())
    sound = play.make(RATE)
    tap = play.player.state["tap"][:RATE]
    assert np.array_equal(sound, tap)
