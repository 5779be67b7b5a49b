"""What a step can do besides sounding, LFOs and scales, as a person or a program sets them."""

import pytest
from desk import Desk

from store.documents import Lfo, Step


def step_of(desk: Desk, track: int, step: int) -> Step:
    return desk.session.pattern.tracks[track].steps[step - 1]


def test_every_field_of_a_step_has_its_command(desk: Desk):
    desk.do("/track/acid/step", 3, 1, 0.5, 40)
    desk.do("/track/acid/chord", 3, "4 7")
    desk.do("/track/acid/probability", 3, 0.25)
    desk.do("/track/acid/ratchet", 3, 4)
    desk.do("/track/acid/micro", 3, -0.2)
    desk.do("/track/acid/condition", 3, "2:4")
    desk.do("/track/acid/lock", 3, "cutoff", 900)
    desk.do("/track/acid/lock", 3, "pan", -1)
    assert step_of(desk, 2, 3) == Step(
        on=True,
        note=40,
        velocity=0.5,
        chord=(4, 7),
        probability=0.25,
        ratchet=4,
        micro=-0.2,
        condition="2:4",
        locks={"cutoff": 900, "pan": -1},
    )
    desk.do("/track/acid/step_note", 3)
    desk.do("/track/acid/chord", 3, "")
    desk.do("/track/acid/condition", 3, "")
    desk.do("/track/acid/unlock", 3, "cutoff")
    assert step_of(desk, 2, 3).locks == {"pan": -1}
    desk.do("/track/acid/unlock", 3)
    left = step_of(desk, 2, 3)
    assert (left.note, left.chord, left.condition, left.locks) == (None, (), "", {})


def test_a_step_holds_eight_locks_and_no_more(desk: Desk):
    for name in ("resonance", "env", "decay", "accent", "glide", "drive", "wave", "gain"):
        desk.do("/track/acid/lock", 1, name, 1)
    assert "8 locks" in desk.refuse("/track/acid/lock", 1, "tune", 1)
    desk.do("/track/acid/lock", 1, "wave", 0.5)
    assert step_of(desk, 2, 1).locks["wave"] == 0.5


@pytest.mark.parametrize(
    ("hits", "steps", "rotation", "text"),
    [
        (4, 16, 0, "x...x...x...x..."),
        (3, 8, 0, "x..x..x."),
        (5, 8, 0, "x.xx.xx."),
        (3, 8, 2, "x.x..x.."),
        (3, 8, -1, "..x..x.x"),
        (0, 4, 0, "...."),
        (4, 4, 1, "xxxx"),
        (1, 7, 8, ".x....."),
    ],
)
def test_euclid_spreads_hits_evenly_and_rotation_moves_them_later(desk: Desk, hits, steps, rotation, text):
    desk.do("/track/kick/euclid", hits, steps, rotation)
    track = desk.session.pattern.tracks[0]
    assert track.length == steps
    assert "".join("x" if step.on else "." for step in track.steps[:steps]) == text


def test_euclid_keeps_the_length_and_what_steps_had_besides(desk: Desk):
    desk.do("/track/kick/length", 8)
    desk.do("/track/kick/lock", 1, "tune", 60)
    desk.do("/track/kick/euclid", 2)
    track = desk.session.pattern.tracks[0]
    assert track.length == 8
    assert [step.on for step in track.steps[:8]] == [True, False, False, False] * 2
    assert track.steps[0].locks == {"tune": 60}


def test_rotating_steps_there_and_back_changes_nothing(desk: Desk):
    desk.do("/track/acid/step_velocity", 1, 0.3)
    before = desk.session.pattern
    desk.do("/track/acid/rotate", 3)
    after = desk.session.pattern.tracks[2]
    played = before.tracks[2].steps[: after.length]
    assert after.steps[: after.length] == played[-3:] + played[:-3]
    desk.do("/track/acid/rotate", -3)
    assert desk.session.pattern == before


def test_the_lfos_of_a_pattern_are_set_as_modules(desk: Desk):
    desk.do("/mod/lfo2/depth", -0.5)
    desk.do("/mod/lfo2/shape", 3)
    desk.do("/mod/lfo2/synced", 0)
    desk.do("/mod/lfo2/rate_hz", 2.5)
    desk.do("/mod/lfo2/phase", 0.25)
    desk.do("/mod/lfo1/beats", 8)
    desk.do("/pattern/lfo", 2, "acid cutoff")
    assert desk.session.pattern.lfos == (
        Lfo(beats=8),
        Lfo(shape="square", synced=False, rate_hz=2.5, depth=-0.5, phase=0.25, target="acid cutoff"),
    )
    desk.do("/pattern/lfo", 2, "delay feedback")
    desk.do("/pattern/lfo", 1, "3 pan")
    assert [lfo.target for lfo in desk.session.pattern.lfos] == ["acid pan", "delay feedback"]
    desk.do("/pattern/lfo", 1, "")
    assert desk.session.pattern.lfos[0].target == ""


def test_the_lfo_of_a_track_is_set_beside_the_tracks_parameters(desk: Desk):
    desk.do("/mod/acid/lfo_depth", 0.5)
    desk.do("/mod/acid/lfo_shape", 2)
    desk.do("/track/acid/lfo", "cutoff")
    assert desk.session.pattern.tracks[2].lfo == Lfo(shape="saw", depth=0.5, target="cutoff")
    desk.do("/track/acid/lfo", "gain")
    assert desk.session.pattern.tracks[2].lfo.target == "gain"


def test_an_lfo_follows_its_track_when_it_is_renamed(desk: Desk):
    desk.do("/pattern/lfo", 1, "acid cutoff")
    desk.do("/track/acid/name", "bass")
    assert desk.session.pattern.lfos[0].target == "bass cutoff"


def test_another_instrument_leaves_the_strips_locks_alone(desk: Desk):
    desk.do("/track/acid/lock", 1, "cutoff", 900)
    desk.do("/track/acid/lock", 1, "pan", 1)
    desk.do("/track/acid/lfo", "cutoff")
    desk.do("/track/acid/instrument", "kick")
    track = desk.session.pattern.tracks[2]
    assert track.steps[0].locks == {"pan": 1}
    assert track.lfo.target == ""


def test_scale_root_lock_and_seed(desk: Desk):
    desk.do("/pattern/root", "D#")
    desk.do("/pattern/scale", "dorian")
    desk.do("/pattern/scale_lock", 1)
    desk.do("/pattern/seed", 77)
    pattern = desk.session.pattern
    assert (pattern.root, pattern.scale, pattern.scale_lock, pattern.seed) == (3, "dorian", True, 77)
    desk.do("/pattern/root", 0)
    assert desk.session.pattern.root == 0


@pytest.mark.parametrize(
    ("address", "arguments", "said"),
    [
        ("/track/acid/probability", (1, 1.5), "0 to 1"),
        ("/track/acid/ratchet", (1, 9), "1 to 8"),
        ("/track/acid/micro", (1, 0.6), "-0.5 to 0.5"),
        ("/track/acid/condition", (1, "5:4"), "A:B"),
        ("/track/acid/condition", (1, "sometimes"), "first"),
        ("/track/acid/chord", (1, "4 x"), "semitones"),
        ("/track/acid/chord", (1, "1 2 3 4 5"), "4 fit"),
        ("/track/acid/lock", (1, "cutoff", 1e9), "40 to 8000 Hz"),
        ("/track/acid/lock", (1, "wobble", 1), "cutoff"),
        ("/track/acid/unlock", (1, "cutoff"), "no lock"),
        ("/track/acid/euclid", (9, 8), "9 hits"),
        ("/track/acid/lfo", ("wobble",), "cutoff"),
        ("/pattern/lfo", (1, "acid wobble"), "acid wobble"),
        ("/pattern/lfo", (3, "acid cutoff"), "1 to 2"),
        ("/pattern/scale", ("sad",), "dorian"),
        ("/mod/lfo1/depth", (1.5,), "-1 to 1"),
        ("/mod/lfo1/wobble", (1,), "rate_hz"),
        ("/mod/acid/lfo_depth", (-2,), "-1 to 1"),
        ("/mod/acid/lfo_wobble", (1,), "rate_hz"),
    ],
)
def test_what_is_out_of_range_or_unknown_is_refused_with_what_would_fit(desk: Desk, address, arguments, said):
    assert said in desk.refuse(address, *arguments)
