"""A lock is heard in its own step's voice alone, and nothing clicks."""

import numpy as np
import pytest
from msgspec.structs import replace
from playing import RATE, Playing, pattern, playing, track

from chronus_tui.engine.compile.patterns import compile_pattern
from dsp.sizes import LOCKS
from dsp.strip import GAIN, PAN
from store.documents import Step, Track

STEP = RATE // 8
LOOK_AHEAD = 64


def of_steps(*steps: Step, **fields: object) -> Track:
    return replace(track("x" * len(steps), **fields), steps=steps)


def sound_of(steps: tuple[Step, ...], frames: int, **fields: object) -> np.ndarray:
    return playing(pattern(of_steps(*steps, **fields), bpm=120)).make(frames)


REST = Step()
HIT = Step(on=True)


def test_a_lock_changes_its_own_step_and_no_other():
    plain = sound_of((HIT, HIT, HIT, HIT), 4 * STEP, parameters={"decay": 0.05})
    locked = sound_of((HIT, replace(HIT, locks={"tune": 90}), HIT, HIT), 4 * STEP, parameters={"decay": 0.05})
    first = slice(0, STEP + LOOK_AHEAD)
    second = slice(STEP + LOOK_AHEAD, 2 * STEP + LOOK_AHEAD)
    assert np.array_equal(plain[first], locked[first])
    assert not np.array_equal(plain[second], locked[second])


@pytest.mark.parametrize("instrument", ["kick", "poly", "pluck"])
def test_a_locked_voice_sounds_as_a_track_with_that_setting(instrument: str):
    setting = {"kick": "decay", "poly": "cutoff", "pluck": "decay"}[instrument]
    value = {"kick": 0.2, "poly": 500.0, "pluck": 0.4}[instrument]
    locked = sound_of((replace(HIT, locks={setting: value}), *[REST] * 15), 2 * RATE, instrument=instrument)
    turned = sound_of((HIT, *[REST] * 15), 2 * RATE, instrument=instrument, parameters={setting: value})
    assert np.array_equal(locked, turned)
    assert np.abs(locked).max() > 0.01


def test_a_lock_belongs_to_its_voice_as_long_as_it_sounds_and_to_no_voice_beside_it():
    low, high = Step(on=True, note=48, locks={"cutoff": 300}), Step(on=True, note=67)
    settings = {"sustain": 1.0, "release": 0.5}
    both = sound_of((low, high, REST, REST), 4 * STEP, instrument="poly", gate=1.0, parameters=settings, gain_db=-12.0)
    play = playing(pattern(of_steps(low, high, REST, REST, instrument="poly"), bpm=120))
    play.make(STEP + 320)
    voices = play.player.state["voices"]
    assert [int(count) for count in voices["locks"][voices["stage"] > 0]] == [1, 0]
    assert np.isfinite(both).all()


def test_the_knob_goes_on_for_the_voices_that_have_no_lock():
    steps = (replace(HIT, locks={"cutoff": 500}), *[REST] * 15)
    play = playing(pattern(of_steps(*steps, instrument="poly", gate=1.0), bpm=120))
    turned = playing(pattern(of_steps(*steps, instrument="poly", gate=1.0), bpm=120))
    turned.session.edit(lambda p: replace(p, tracks=(replace(p.tracks[0], parameters={"cutoff": 9000}),)))
    assert np.array_equal(play.make(STEP), turned.make(STEP))


def test_ratchets_and_chords_all_have_the_lock_of_their_step():
    step = Step(on=True, note=60, chord=(4, 7), ratchet=3, locks={"cutoff": 400})
    play = playing(pattern(of_steps(step, REST, instrument="poly"), bpm=120))
    play.make(STEP - 32)
    voices = play.player.state["voices"]
    assert voices["locks"][voices["stage"] > 0].tolist() == [1] * 9


def second_difference(sound: np.ndarray) -> float:
    return float(np.abs(np.diff(sound[:, 0].astype(np.float64), 2)).max())


PURE = {"wave_a": 3.0, "wave_b": 3.0, "detune": 0.0, "mix": 0.0, "cutoff": 18000.0, "attack": 0.05, "sustain": 1.0}


def held_sine(*locks: dict[str, float], **fields: object) -> Playing:
    """A low held sine, tied through, whose steps lock what is given; half a second long steps."""
    steps = (Step(on=True, note=45), *(Step(tie=True, note=45, locks=lock) for lock in locks))
    rest = (Step(tie=True),) * (16 - len(steps))
    return playing(pattern(of_steps(*steps, *rest, instrument="poly", parameters=PURE, **fields), bpm=30))


@pytest.mark.parametrize(
    "locks",
    [
        ({"gain": -24}, {"gain": 6}, {}),
        ({"pan": -1}, {"pan": 1}, {}),
        ({"reverb": 1, "delay": 1}, {}, {}),
        ({"sub": 1}, {"sub": 0}, {}),
        ({"cutoff": 60}, {}, {"cutoff": 60}),
        ({"mix": 1, "vibrato": 1}, {"gain": -60, "mix": 0.5}, {"pan": 1}),
    ],
    ids=["gain", "pan", "sends", "sub", "cutoff", "many"],
)
def test_no_lock_of_a_sounding_track_clicks(locks: tuple[dict[str, float], ...]):
    quiet = second_difference(held_sine().make(2 * RATE)[RATE // 4 :])
    assert second_difference(held_sine(*locks).make(3 * RATE)[RATE // 4 :]) < quiet + 0.002


def test_a_slide_to_a_step_without_the_lock_glides_back_to_the_tracks_setting():
    play = held_sine({"sub": 1.0}, {})
    play.make(RATE // 2 + RATE // 20)
    voice = play.player.state["voices"][0]
    assert (int(voice["locks"]), float(voice["lock"]["value"][0]), float(voice["lock"]["share"][0])) == (1, 1.0, 1.0)
    play.make(RATE // 2)
    assert int(play.player.state["voices"][0]["locks"]) == 0


def strip_value(play: Playing, place: int) -> float:
    return float(play.player.state["strips"]["value"][0, place])


def test_a_lock_of_the_strip_holds_for_the_length_of_its_step():
    play = playing(pattern(of_steps(HIT, replace(HIT, locks={"pan": 1}), HIT, HIT, pan=-0.5), bpm=120))
    for step, pan in enumerate((-0.5, 1.0, -0.5, -0.5)):
        play.make((step + 1) * STEP - 32 - play.player.frame)
        assert strip_value(play, PAN) == pan


def test_a_rest_may_lock_the_strip_and_ties_hold_the_lock_on():
    play = playing(pattern(of_steps(HIT, replace(REST, locks={"pan": 1}), HIT, HIT), bpm=120))
    play.make(2 * STEP - 320)
    assert strip_value(play, PAN) == 1.0
    tied = (Step(on=True, locks={"pan": 1}), Step(tie=True), Step(tie=True), REST)
    play = playing(pattern(of_steps(*tied, instrument="poly"), bpm=120))
    play.make(3 * STEP - 320)
    assert strip_value(play, PAN) == 1.0
    play.make(STEP)
    assert strip_value(play, PAN) == 0.0


def test_a_lock_of_the_gain_never_opens_a_muted_track():
    locked = (replace(HIT, locks={"gain": 0}),) * 4
    assert not np.any(sound_of(locked, RATE, mute=True))
    play = playing(pattern(of_steps(*locked), bpm=120))
    play.make(STEP + 3200)
    play.session.edit(lambda p: replace(p, tracks=(replace(p.tracks[0], mute=True),)))
    play.make(RATE)
    assert strip_value(play, GAIN) == 0.0


def test_an_edit_does_not_end_a_lock_before_its_step_does():
    play = playing(pattern(of_steps(replace(HIT, locks={"pan": 1}), *[REST] * 3), bpm=120))
    play.make(2048)
    play.session.edit(lambda p: replace(p, bpm=119))
    play.make(2048)
    assert strip_value(play, PAN) == 1.0


def test_stop_ends_the_locks_of_the_strip():
    play = playing(pattern(of_steps(replace(HIT, locks={"pan": 1}), *[REST] * 3), bpm=120))
    play.make(2048)
    play.session.stop()
    play.make(2048)
    assert strip_value(play, PAN) == 0.0


def test_unknown_locks_are_told_and_left_out_and_the_rest_plays():
    locks = {"wobble": 1.0, "tune": 1e9, "pan": 0.5}
    song = pattern(of_steps(replace(HIT, locks=locks), name="drum"))
    compiled, problems = compile_pattern(song)
    assert int(compiled[0]["tracks"][0]["steps"][0]["locks"]) == 2
    assert any("'wobble'" in problem for problem in problems)
    assert any("tune of step 1 of track drum is 1e+09" in problem for problem in problems)
    too_many = dict.fromkeys(("decay", "sweep", "bend", "click", "drive", "pan", "gain", "delay", "reverb"), 0.5)
    compiled, problems = compile_pattern(pattern(of_steps(replace(HIT, locks=too_many))))
    assert int(compiled[0]["tracks"][0]["steps"][0]["locks"]) == LOCKS
    assert any("more than 8 locks" in problem for problem in problems)


def test_each_of_many_tracks_plays_its_own_locks():
    drums = [
        of_steps(replace(HIT, locks={"tune": 50 + number, "pan": number / 16}), name=f"drum{number}")
        for number in range(16)
    ]
    play = playing(pattern(*drums, bpm=120))
    play.make(STEP - 320)
    assert [float(value) for value in play.player.state["strips"]["value"][:, PAN]] == [n / 16 for n in range(16)]
    voices = play.player.state["voices"]
    sounding = voices[voices["stage"] > 0]
    assert {int(v["track"]): float(v["lock"]["value"][0]) for v in sounding} == {n: 50.0 + n for n in range(16)}


def test_locks_beyond_what_a_pattern_holds_are_told_and_left_out():
    kick = dict.fromkeys(("decay", "sweep", "bend", "click", "drive", "pan", "delay", "reverb"), 0.5)
    full = of_steps(*[replace(HIT, locks=kick)] * 64, name="full")
    compiled, problems = compile_pattern(pattern(*[full] * 4, replace(full, name="last")))
    assert compiled[0]["tracks"]["steps"]["locks"][:5].sum(axis=1).tolist() == [512, 512, 512, 512, 0]
    assert len(problems) == 1
    assert "last plays 0 of its 512 locks" in problems[0]
    most = replace(full, name="most", steps=(REST, *full.steps[1:]))
    compiled, problems = compile_pattern(pattern(*[full] * 3, most, replace(full, name="last")))
    assert compiled[0]["tracks"]["steps"]["locks"][4].tolist() == [8, *[0] * 63]
