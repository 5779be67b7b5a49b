"""Every command, as a person or a program gives it."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from desk import Desk
from playing import LOOK_AHEAD, RATE

from chronus_tui.commands import COMMANDS
from chronus_tui.engine.actions import ACTIONS
from chronus_tui.engine.control import HIDDEN
from store.codec import encode_pattern
from store.documents import Step


def test_every_command_has_an_action_and_every_action_a_command():
    assert set(ACTIONS) - set(HIDDEN) == {command.address for command in COMMANDS}


def test_every_command_and_argument_is_explained():
    for command in COMMANDS:
        assert command.help.endswith(".")
        assert all(argument.name for argument in command.arguments)


def test_play_and_stop(desk: Desk):
    desk.do("/transport/play")
    assert desk.player.state["transport"]["playing"]
    desk.do("/transport/toggle")
    assert not desk.player.state["transport"]["playing"]


def test_a_tempo_that_is_tapped(desk: Desk):
    for _ in range(4):
        results = desk.do("/transport/tap")
        desk.now_s += 0.5 - 256 / RATE
    assert results == (120.0,)
    assert desk.session.pattern.bpm == 120.0


def test_steps_are_written_as_text(desk: Desk):
    desk.do("/track/kick/pattern", "X.x-")
    track = desk.session.pattern.tracks[0]
    assert track.length == 4
    assert [(s.on, s.accent, s.tie) for s in track.steps] == [
        (True, True, False),
        (False, False, False),
        (True, False, False),
        (False, False, True),
    ]


def test_a_track_is_called_by_name_or_number(desk: Desk):
    desk.do("/track/2/mute", 1)
    desk.do("/track/snare/gain", -6)
    assert desk.session.pattern.tracks[1].mute
    assert desk.session.pattern.tracks[1].gain_db == -6


def test_a_step_keeps_what_is_not_said(desk: Desk):
    desk.do("/track/acid/step", 2, 1, 0.5, 40)
    desk.do("/track/acid/step", 2, 0)
    desk.do("/track/acid/step", 2, 1)
    assert desk.session.pattern.tracks[2].steps[1] == Step(on=True, velocity=0.5, note=40)


def test_parameters_of_instruments_strips_and_effects_are_set_by_name(desk: Desk):
    desk.do("/mod/acid/cutoff", 700)
    desk.do("/mod/acid/reverb", 0.25)
    desk.do("/mod/acid/pan", -0.5)
    desk.do("/mod/acid/filter", 0.3)
    desk.do("/mod/delay/feedback", 0.5)
    track = desk.session.pattern.tracks[2]
    assert (track.parameters["cutoff"], track.sends["reverb"], track.pan) == (700, 0.25, -0.5)
    assert track.strip == {"filter": 0.3}
    assert desk.session.pattern.effects["delay"]["feedback"] == 0.5


def test_a_slot_is_saved_loaded_and_cleared(desk: Desk):
    desk.do("/pattern/save", 7)
    desk.do("/track/kick/clear")
    assert desk.session.edited
    desk.do("/pattern/load", 7)
    assert not desk.session.edited
    assert desk.session.pattern.tracks[0].steps[0].on
    assert desk.do("/pattern/slots") == (7,)
    desk.do("/pattern/clear", 7)
    assert desk.do("/pattern/slots") == ()
    assert len(desk.slots.backups(1, 7)) == 1


def test_a_load_right_behind_a_save_gives_what_was_saved(desk: Desk):
    answers = [desk.ask("/track/kick/clear"), desk.ask("/pattern/save", 9), desk.ask("/pattern/load", 9)]
    desk.turn()
    assert [answer.failure for answer in answers] == ["", "", ""]
    assert not desk.session.pattern.tracks[0].steps[0].on


def test_undo_brings_back_what_a_load_replaced(desk: Desk):
    desk.do("/pattern/save", 1)
    desk.do("/pattern/name", "mine")
    desk.do("/pattern/load", 1)
    desk.do("/pattern/undo")
    assert desk.session.pattern.name == "mine"
    desk.do("/pattern/redo")
    assert desk.session.pattern.name == "one"


def test_a_swept_knob_is_one_step_of_undo(desk: Desk):
    for value in range(100, 200):
        desk.do("/mod/acid/cutoff", value)
    desk.do("/pattern/undo")
    assert "cutoff" not in desk.session.pattern.tracks[2].parameters


def test_the_sound_follows_every_edit_in_the_end(desk: Desk):
    for gain in range(-60, 12):
        desk.ask("/track/kick/gain", gain)
    desk.turn()
    desk.turn()
    state = desk.player.state
    entry = state["pool"][state["transport"]["current"]]
    assert entry["tracks"]["strip"][0, 0] == pytest.approx(10 ** (11 / 20), rel=1e-6)


def test_a_timed_command_acts_on_its_frame(desk: Desk):
    desk.do("/track/kick/clear")
    desk.turn()
    start = desk.player.frame
    answer = desk.ask("/track/snare/note", 60, 1.0, 0.1, at=desk.now_s + 0.1)
    sound = np.concatenate([desk.turn() for _ in range(40)])
    begun = int(np.flatnonzero(np.abs(sound[:, 0]) > 0)[0]) - LOOK_AHEAD
    assert answer.results == ()
    assert begun == pytest.approx(0.1 * RATE, abs=4)
    assert desk.player.frame > start


def test_sync_is_answered_when_all_before_it_is_heard(desk: Desk):
    desk.ask("/transport/bpm", 77)
    answer = desk.ask("/sync", 5)
    desk.turn()
    desk.turn()
    assert answer.results == (5,)
    assert desk.player.state["transport"]["bpm"] == 77


def test_listeners_hear_events_until_they_leave(desk: Desk):
    desk.ask("/notify", 1, sender=("127.0.0.1", 9000))
    desk.turn()
    desk.studio.listeners.broadcast(desk.now_s, "/event/x", 1)
    desk.ask("/notify", 0, sender=("127.0.0.1", 9000))
    desk.turn()
    desk.studio.listeners.broadcast(desk.now_s, "/event/x", 2)
    assert desk.sent == [(("127.0.0.1", 9000), "/event/x", 1)]


def test_a_take_holds_what_was_played(desk: Desk):
    desk.do("/transport/play")
    answer = desk.ask("/record/start", "first take")
    desk.control.turn(desk.now_s, desk.now_s)
    played = [desk.turn(4096) for _ in range(20)]
    stopped = desk.ask("/record/stop")
    desk.control.turn(desk.now_s, desk.now_s)
    desk.recorder.close()
    path = Path(answer.results[0])
    assert stopped.results == (str(path), 20 * 4096 / RATE, 0, 0)
    take, rate = soundfile.read(path)
    assert rate == RATE
    assert np.array_equal(np.round(np.concatenate(played) * 2.0**23), take * 2.0**23)


def test_status_and_schema_are_json(desk: Desk):
    assert json.loads(desk.do("/status")[0])["version"] == "test"
    schema = json.loads(desk.do("/engine/schema")[0])
    assert {"commands", "instruments", "effects", "strip"} <= set(schema)


def test_quit_ends_the_engine(desk: Desk):
    desk.do("/engine/quit")
    assert desk.quit


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/no/such/thing", ()),
        ("/transport/bpm", ()),
        ("/transport/bpm", ("fast",)),
        ("/transport/bpm", (19.9,)),
        ("/transport/bpm", (float("nan"),)),
        ("/transport/bpm", (120, 121)),
        ("/transport/swing", (0.76,)),
        ("/track/nobody/mute", (1,)),
        ("/track/99/mute", (1,)),
        ("/track/kick/mute", (2,)),
        ("/track/kick/step", (0, 1)),
        ("/track/kick/step", (9, 1)),
        ("/track/kick/step", (1.5, 1)),
        ("/track/kick/pattern", ("x.y",)),
        ("/track/kick/pattern", ("x" * 65,)),
        ("/track/kick/instrument", ("theremin",)),
        ("/track/kick/name", ("a/b",)),
        ("/track/kick/name", ("snare",)),
        ("/mod/kick/nothing", (1,)),
        ("/mod/acid/cutoff", (1e9,)),
        ("/mod/nobody/cutoff", (100,)),
        ("/pattern/load", (0,)),
        ("/pattern/load", (129,)),
        ("/pattern/load", (-1,)),
        ("/pattern/load", ("x",)),
        ("/pattern/load", (5,)),
        ("/pattern/load", (5, "sometime")),
        ("/pattern/save", (0,)),
        ("/pattern/clear", (5,)),
        ("/pattern/cancel", ()),
        ("/pattern/undo", ()),
        ("/pattern/redo", ()),
        ("/pattern/save_file", ("../../etc/passwd",)),
        ("/pattern/save_file", ("",)),
        ("/pattern/load_file", ("../../etc/passwd",)),
        ("/pattern/load_file", ("no such pattern",)),
        ("/record/start", ("take", "mp3")),
        ("/record/stop", ()),
        ("/notify", (1,)),
        ("/debug/hog", (1,)),
    ],
)
def test_bad_input_gets_one_sentence_and_changes_nothing(desk: Desk, address, arguments):
    answer = desk.ask(address, *arguments)
    before = desk.session.moment
    desk.turn()
    desk.recorder.close()
    assert answer.results is None
    assert answer.failure.endswith(".")
    assert "\n" not in answer.failure
    assert desk.session.moment == before
    assert list((desk.project / "recordings").iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"format": "chronus-pattern", "version": 2, "tracks": [',
        b"\xff\xfe",
        b'{"format": "chronus-pattern", "version": 99}',
    ],
    ids=["empty", "corrupt", "truncated", "not text", "newer"],
)
def test_a_bad_slot_file_is_told_kept_and_never_stops_the_rest(tmp_path: Path, desk: Desk, content):
    desk.do("/pattern/save", 1)
    path = desk.slots.path(1, 4)
    path.write_bytes(content)
    again = Desk(tmp_path, desk.first)
    sentence = again.refuse("/pattern/load", 4)
    again.do("/pattern/load", 1)
    again.recorder.close()
    assert "slot_004.json" in sentence
    assert path.read_bytes() == content


def test_a_save_that_the_disk_refuses_takes_nothing_for_saved(desk: Desk, monkeypatch):
    desk.do("/pattern/save", 3)
    saved = desk.slots.path(1, 3).read_bytes()
    desk.do("/pattern/name", "changed")

    def full(*_: object, **__: object) -> None:
        from store.errors import DiskFull

        raise DiskFull("The disk is full; free some room and save again.")

    monkeypatch.setattr(desk.slots, "put", full)
    assert "full" in desk.refuse("/pattern/save", 3)
    assert desk.session.edited
    assert desk.bank.pattern(3).name == "one"
    assert desk.slots.path(1, 3).read_bytes() == saved == encode_pattern(desk.bank.pattern(3))


def test_a_load_at_once_is_told_to_all_who_listen(desk: Desk):
    desk.do("/pattern/save", 2)
    desk.do("/pattern/load", 2)
    assert ("/event/slot_loaded", (2, "one", 1)) in [(told.address, told.arguments) for told in desk.happened]
