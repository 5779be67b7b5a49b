"""Steps, tempo, swing and swaps fall on the frames that arithmetic says."""

import numpy as np
import pytest
from begun import notes_begun
from msgspec.structs import replace
from playing import LOOK_AHEAD, RATE, pattern, playing, steps_of, track

from dsp import messages
from store.documents import Step
from store.moments import Moment


def test_every_step_falls_on_its_frame_at_an_odd_tempo():
    bpm = 133.7
    play = playing(pattern(track("xxxx"), bpm=bpm))
    frames = [note.frame for note in notes_begun(play, 4 * RATE)]
    wanted = [round(n * 60 * RATE / bpm / 4) for n in range(len(frames))]
    assert len(frames) == 36
    assert frames == wanted


def test_an_hour_of_steps_does_not_drift():
    play = playing(pattern(track("x..............."), bpm=119.3))
    transport = play.player.state["transport"]
    play.make(64)
    hour = 3600 * RATE
    play.player.state["frame"] = hour  # as if an hour had passed
    step = int(hour / (60 * RATE / 119.3 / 4)) + 1
    transport["next_step"][:] = step + step % 2, step + 1 - step % 2
    begun = notes_begun(play, RATE * 3)
    assert begun
    for note in begun:
        exact = note.frame * 119.3 * 4 / (60 * RATE)
        assert abs(exact - round(exact)) * 60 * RATE / 119.3 / 4 <= 0.5


@pytest.mark.parametrize("swing", [0.0, 0.3, 0.75])
def test_swing_delays_every_second_step_by_its_share(swing):
    play = playing(pattern(track("xxxxxxxx"), bpm=120, swing=swing))
    frames = [note.frame for note in notes_begun(play, RATE)]
    step = RATE * 60 / 120 / 4
    assert frames == [round((n + (swing if n % 2 else 0)) * step) for n in range(8)]


def test_tracks_of_other_lengths_run_through_each_other():
    play = playing(pattern(track("x..", name="three"), track("x....", "snare"), bpm=120))
    begun = notes_begun(play, 2 * RATE)
    step = RATE // 8
    assert [note.frame // step for note in begun if note.track == 0] == [0, 3, 6, 9, 12, 15]
    assert [note.frame // step for note in begun if note.track == 1] == [0, 5, 10, 15]


def test_a_tempo_change_keeps_the_beat_that_was_reached():
    play = playing(pattern(track("xxxx"), bpm=120))
    play.make(RATE // 4)  # half a beat: two steps
    play.session.edit(lambda p: replace(p, bpm=60))
    frames = [note.frame for note in notes_begun(play, RATE)]
    assert frames == [RATE // 4 + n * RATE // 4 for n in range(4)]


def test_a_load_at_the_bar_comes_in_on_the_bar_line_and_starts_at_its_first_step():
    play = playing(pattern(track("x..............."), bpm=120))
    play.make(RATE // 2)
    other = pattern(track("..x.............", "snare"), bpm=140)
    play.session.load(Moment(other, 2, other), None)
    begun = notes_begun(play, 3 * RATE)
    events, happenings = play.hear()
    bar = 2 * RATE
    swapped = [event.frame for event in events if event.kind == messages.SWAPPED]
    assert swapped[-1] == bar
    assert begun[0].frame == bar + round(2 * RATE * 60 / 140 / 4)
    assert happenings[-1].address == "/event/slot_loaded"
    assert play.session.slot == 2


def test_a_load_at_once_keeps_the_playhead():
    play = playing(pattern(track("x..............."), bpm=120))
    play.make(RATE // 2 + 100)  # in step 5
    other = pattern(track(".....x..........", "snare"), bpm=120)
    play.session.load(Moment(other, 2, other), None, "immediate")
    assert notes_begun(play, RATE // 2)[0].frame == 5 * RATE // 8


def test_a_load_at_the_beat_comes_in_on_the_next_beat_and_keeps_the_bar():
    play = playing(pattern(track("x..............."), bpm=120))
    play.make(RATE // 2 + 100)  # just past the second beat
    other = pattern(track("........x.......", "snare"), bpm=120)
    play.session.load(Moment(other, 2, other), None, "beat")
    begun = notes_begun(play, RATE)
    assert [event.frame for event in play.hear()[0] if event.kind == messages.SWAPPED][-1] == RATE
    assert begun[0].frame == RATE, "the ninth step of the bar is the first of the third beat"


@pytest.mark.parametrize(("steps", "rounds"), [("x" * 12, 1), ("x" * 16, 1), ("x" * 64, 1), ("x" * 5, 3)])
def test_a_load_at_the_end_comes_in_when_the_longest_track_has_been_heard(steps, rounds):
    play = playing(pattern(track(steps), track("x..", "snare"), bpm=120))
    play.make(RATE // 3)
    other = pattern(track("x...", "clap"), bpm=120)
    play.session.load(Moment(other, 2, other), None, "end", rounds=rounds)
    play.make(32)
    end = len(steps) * rounds * RATE // 8
    made = play.player.frame
    assert float(play.player.state["meters"]["beats_to_swap"]) == pytest.approx(2 * (end - made + 32) / RATE)
    begun = notes_begun(play, end - made + RATE)
    assert [event.frame for event in play.hear()[0] if event.kind == messages.SWAPPED][-1] == end
    assert next(note.frame for note in begun if note.frame >= end and note.track == 0) == end
    assert play.player.state["meters"]["beat"] < 2.0 + 1e-6


def test_a_load_at_the_end_asked_for_at_the_very_beginning_waits_a_whole_round():
    play = playing(pattern(track("x......."), bpm=120))
    other = pattern(track("x...", "clap"), bpm=120)
    play.session.load(Moment(other, 2, other), None, "end", frame=0)
    play.make(2 * RATE)
    assert [event.frame for event in play.hear()[0] if event.kind == messages.SWAPPED][-1] == RATE


def test_a_load_while_stopped_is_at_once():
    play = playing(pattern(track("x...")), started=False)
    other = pattern(track("x...", "snare"))
    play.session.load(Moment(other, 3, other), None)
    play.make(256)
    play.hear()
    assert (play.session.slot, play.session.queued) == (3, None)


def test_an_edit_made_while_a_load_comes_in_lands_on_the_new_pattern():
    play = playing(pattern(track("x..............."), bpm=120))
    other = pattern(track("...............x", "kick"), bpm=120)
    play.session.load(Moment(other, 2, other), None)
    play.make(2 * RATE + 320)  # the load has come in, and nobody has heard of it yet
    play.session.edit(lambda p: replace(p, name="edited"))
    play.make(320)
    play.hear()
    play.make(320)
    assert play.session.pattern == replace(other, name="edited")
    assert play.session.slot == 2
    assert play.session.edited


def test_a_queued_load_can_be_cancelled_and_replaced():
    play = playing(pattern(track("x..."), bpm=120))
    play.make(256)
    second, third = (pattern(track("x...", name=name)) for name in ("two", "three"))
    play.session.load(Moment(second, 2, second), None)
    play.session.load(Moment(third, 3, third), None)
    play.make(256)
    play.hear()
    assert play.session.queued.moment.slot == 3
    play.session.cancel()
    play.make(3 * RATE)
    play.hear()
    assert play.session.queued is None
    assert play.session.slot is None


def test_a_tie_with_a_note_slides_in_the_same_voice():
    steps = (Step(on=True, note=36), Step(tie=True, note=48), Step(), Step())
    acid = replace(track("x...", "acid"), steps=steps)
    play = playing(pattern(acid, bpm=120))
    play.make(RATE // 8 + 320)
    voices = play.player.state["voices"]
    held = voices[voices["stage"] == 1]
    assert [float(note) for note in held["note"]] == [48.0]
    assert int(held["started"][0]) == 0


def test_ties_hold_the_gate_to_their_end():
    play = playing(pattern(replace(track("x---....", "poly"), steps=steps_of("x---....")), bpm=120))
    state = play.player.state
    play.make(4 * RATE // 8 - 32)
    assert (state["voices"]["stage"] == 1).sum() == 1
    play.make(64)
    assert (state["voices"]["stage"] == 1).sum() == 0


def test_a_command_acts_on_its_frame():
    play = playing(pattern(track("....", "snare")))
    play.player.push(messages.NOTE, frame=1003, a=0, x=60, y=1.0, ticket=2000)
    sound = play.make(RATE // 2)
    assert not np.any(sound[: 1003 + LOOK_AHEAD])
    assert np.any(sound[1003 + LOOK_AHEAD : 1003 + LOOK_AHEAD + 64])


def test_a_late_command_acts_at_once_and_is_counted():
    play = playing(pattern(track("....", "snare")))
    play.make(1024)
    play.player.push(messages.NOTE, frame=100, a=0, x=60, y=1.0, ticket=2000)
    sound = play.make(1024)
    assert np.any(sound)
    assert int(play.player.state["counters"]["late"]) == 1
