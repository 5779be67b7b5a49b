"""Ratchets, micro-timing, probability and conditions fall on the frames and rounds that arithmetic says."""

import numpy as np
import pytest
from begun import notes_begun
from msgspec.structs import replace
from playing import RATE, pattern, playing, steps_of, track

from dsp import messages
from dsp.chance import chance
from store.documents import Step, Track
from store.moments import Moment

STEP = RATE // 8
"""Frames of a step at 120 beats a minute."""


def of_steps(*steps: Step, **fields: object) -> Track:
    return replace(track("x" * len(steps), **fields), steps=steps)


def hit(**fields: object) -> Step:
    return Step(on=True, **fields)


REST = Step()


def frames_of(play: object, steps: int) -> list[int]:
    return [begun.frame for begun in notes_begun(play, steps * STEP)]


@pytest.mark.parametrize("ratchet", range(1, 9))
def test_ratchets_divide_a_step_evenly(ratchet: int):
    play = playing(pattern(of_steps(REST, hit(ratchet=ratchet), REST, hit()), bpm=120))
    wanted = [STEP + round(k * STEP / ratchet) for k in range(ratchet)]
    assert frames_of(play, 4) == pytest.approx([*wanted, 3 * STEP], abs=1)


@pytest.mark.parametrize("micro", [-0.5, -0.21, 0.0, 0.13, 0.5])
@pytest.mark.parametrize("swing", [0.0, 0.6])
def test_micro_timing_moves_a_step_by_its_share_and_the_swing_too(micro: float, swing: float):
    play = playing(pattern(of_steps(REST, hit(micro=micro), REST, REST), bpm=120, swing=swing))
    assert frames_of(play, 8) == pytest.approx([(1 + swing + micro) * STEP, (5 + swing + micro) * STEP], abs=1)


def test_a_late_step_and_an_early_one_after_it_each_keep_their_own_frame():
    steps = (REST, hit(note=40, micro=0.5), hit(note=50, micro=-0.5), REST)
    play = playing(pattern(of_steps(*steps, instrument="poly"), bpm=120, swing=0.75))
    begun = [(note.frame, note.note) for note in notes_begun(play, 4 * STEP)]
    assert begun == [(round(1.5 * STEP), 50.0), (round(2.25 * STEP), 40.0)]


def test_ratchets_go_on_while_an_early_step_begins():
    play = playing(pattern(of_steps(hit(ratchet=4), hit(micro=-0.4), REST, REST), bpm=120))
    assert frames_of(play, 4) == [round(share * STEP) for share in (0, 0.25, 0.5, 0.6, 0.75)]


def test_the_first_step_comes_early_but_for_the_first_time():
    play = playing(pattern(of_steps(hit(micro=-0.25), REST, REST, REST), bpm=120))
    assert frames_of(play, 12) == [0, round(3.75 * STEP), round(7.75 * STEP), round(11.75 * STEP)]


def test_a_bar_that_another_pattern_plays_is_not_anticipated():
    play = playing(pattern(of_steps(hit(note=40, micro=-0.25), *[REST] * 15), bpm=120))
    other = pattern(of_steps(hit(note=50, micro=-0.25), *[REST] * 15), bpm=120)
    play.make(RATE)
    play.session.load(Moment(other, 2, other), None)
    begun = [(note.frame, note.note) for note in notes_begun(play, 33 * STEP - RATE)]
    assert begun == [(16 * STEP, 50.0), (round(31.75 * STEP), 50.0)]


def test_a_load_that_is_cancelled_lets_the_early_step_come_late_not_never():
    play = playing(pattern(of_steps(hit(micro=-0.5), *[REST] * 15), bpm=120))
    other = pattern(of_steps(REST), bpm=120)
    now = 63 * STEP // 4 // 32 * 32  # the step would have come 0.25 steps ago
    play.make(320)
    play.session.load(Moment(other, 2, other), None)
    play.make(now - 320)
    play.session.cancel()
    assert [note.frame for note in notes_begun(play, 320)] == [now]


def test_an_edit_keeps_the_strikes_that_are_left_of_a_ratchet():
    play = playing(pattern(of_steps(hit(ratchet=8), *[REST] * 3), bpm=120))
    first = [note.frame for note in notes_begun(play, STEP // 2 // 32 * 32)]
    play.session.edit(lambda p: replace(p, name="edited"))
    assert first + frames_of(play, 1) == [k * STEP // 8 for k in range(8)]
    play = playing(pattern(of_steps(hit(ratchet=8), hit(), REST, REST), bpm=120))
    play.make(STEP // 2)
    play.session.edit(lambda p: replace(p, tracks=(of_steps(hit(), hit(), REST, REST),)))
    assert frames_of(play, 2) == [STEP]


def offs(play: object, steps: int) -> list[float]:
    """Steps after which each note ends."""
    return [note.off_beat * 4 for note in notes_begun(play, steps * STEP)]


def test_each_strike_is_held_for_its_share_and_the_last_one_by_the_ties():
    play = playing(pattern(of_steps(hit(ratchet=2), REST, gate=0.5), bpm=120))
    assert offs(play, 2) == pytest.approx([0.25, 0.75])
    tied = of_steps(hit(ratchet=2), *steps_of("--."), instrument="poly")
    assert offs(playing(pattern(tied, bpm=120)), 4) == pytest.approx([0.5, 3.0])


def test_a_gate_moves_with_its_step():
    play = playing(pattern(of_steps(hit(micro=0.25), REST, gate=0.5), bpm=120))
    assert offs(play, 2) == pytest.approx([0.75])


def test_every_strike_sounds_the_whole_chord():
    play = playing(pattern(of_steps(hit(note=60, chord=(4, 7), ratchet=2), REST, instrument="poly"), bpm=120))
    assert [note.note for note in notes_begun(play, 2 * STEP)] == [60, 64, 67] * 2


@pytest.mark.parametrize(
    ("condition", "rounds"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("1:1", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("1:2", [0, 2, 4, 6]),
        ("2:2", [1, 3, 5, 7]),
        ("3:4", [2, 6]),
        ("first", [0]),
        ("not first", [1, 2, 3, 4, 5, 6, 7]),
        ("fill", []),
        ("not fill", [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_condition_counts_the_rounds_of_its_own_track(condition: str, rounds: list[int]):
    three = of_steps(REST, hit(condition=condition), REST)
    play = playing(pattern(three, track("x" + "." * 15, "snare"), bpm=120))
    begun = [note.frame for note in notes_begun(play, 24 * STEP) if note.track == 0]
    assert begun == [(1 + 3 * number) * STEP for number in rounds]


def test_rounds_are_counted_anew_after_a_swap_on_a_line_and_go_on_after_an_edit():
    first = pattern(of_steps(hit(condition="first"), *[REST] * 15), bpm=120)
    play = playing(first)
    play.make(20 * STEP)
    play.session.edit(lambda p: replace(p, name="edited"))
    play.session.load(Moment(first, 2, first), None)
    assert frames_of(play, 40) == [32 * STEP]


def test_a_fill_sounds_while_it_is_held():
    play = playing(pattern(of_steps(hit(note=40, condition="fill"), hit(note=50, condition="not fill")), bpm=120))
    play.player.push(messages.FILL, frame=4 * STEP, a=1)
    play.player.push(messages.FILL, frame=8 * STEP, a=0)
    notes = [note.note for note in notes_begun(play, 12 * STEP)]
    assert notes == [50, 50, 40, 40, 50, 50]


def played(seed: int, probability: float, rounds: int) -> list[bool]:
    """Whether each round of a track of one step was played, as the hash says."""
    return [chance(np.uint32(seed), 0, number) < probability for number in range(rounds)]


def test_chance_follows_from_the_seed_the_track_and_the_step_alone():
    song = pattern(of_steps(hit(probability=0.3)), bpm=300, seed=7)
    step = RATE * 60 / 300 / 4
    frames = [note.frame for note in notes_begun(playing(song), 20 * RATE)]
    assert frames == [round(n * step) for n, on in enumerate(played(7, np.float32(0.3), 400)) if on]
    again = [note.frame for note in notes_begun(playing(song), 20 * RATE)]
    other = [note.frame for note in notes_begun(playing(replace(song, seed=8)), 20 * RATE)]
    assert again == frames
    assert other != frames


@pytest.mark.parametrize("probability", [0.05, 0.5, 0.9])
def test_ten_thousand_rounds_have_the_share_that_the_probability_says(probability: float):
    for seed in (0, 1, 2**32 - 1):
        share = np.mean(played(seed, probability, 10_000))
        assert abs(share - probability) < 4 * np.sqrt(probability * (1 - probability) / 10_000)


def test_tracks_and_neighbours_make_their_choices_for_themselves():
    tosses = np.array(
        [[chance(np.uint32(1), who, number) < 0.5 for number in range(10_000)] for who in range(16)], np.float64
    )
    likeness = np.corrcoef(tosses)
    assert np.abs(likeness - np.eye(16)).max() < 0.05
    assert abs(np.corrcoef(tosses[0, 1:], tosses[0, :-1])[0, 1]) < 0.05


def test_probability_none_is_never_and_one_is_always():
    never = playing(pattern(of_steps(hit(probability=0.0)), bpm=120))
    always = playing(pattern(of_steps(hit(probability=1.0)), bpm=120))
    assert frames_of(never, 50) == []
    assert len(frames_of(always, 50)) == 50
