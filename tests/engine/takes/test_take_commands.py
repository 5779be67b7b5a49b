"""The takes that there are: told, renamed, heard again, thrown away and brought back."""

import json
import time
from collections.abc import Callable

import numpy as np
import pytest
from desk import Desk
from msgspec.structs import replace
from playing import RATE
from takes_by_hand import Heard, note, read

from store.takes.files import write_note


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/transport/play")
    return heard


def all_of(name: str) -> list[str]:
    """The files of a take: its note, its notes, what makes it again, and its sound."""
    return [f"{name}.json", f"{name}.mid", f"{name}.replay", f"{name}.wav"]


def names(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.project / "recordings").iterdir() if path.name[0] != ".")


def test_takes_are_told_with_what_is_known_of_them(desk: Desk, heard: Heard):
    heard.record("one", 0.5)
    heard.record("two", 1.0)
    told = {line["name"]: line for line in json.loads(heard.do("/takes/list")[0])}
    assert sorted(told) == ["one", "two"]
    assert told["two"]["seconds"] == pytest.approx(1.0, abs=0.01)
    assert (told["one"]["coding"], told["one"]["files"], told["one"]["problem"]) == ("wav24", 1, "")


def test_a_take_is_never_told_as_missing_while_its_encoding_ends(desk: Desk, heard: Heard):
    wav = heard.record("one", 0.5)
    take = replace(note(desk, "one"), encode_to="flac")
    write_note(wav.parent, take, desk.project / "patterns" / "temp")
    wav.rename(wav.with_suffix(".flac"))  # what is on the disk between the end of an encoding and the note of it
    (line,) = json.loads(heard.do("/takes/list")[0])
    assert (line["files"], line["doing"], line["problem"]) == (1, "becomes flac", "")


def test_a_take_that_grows_is_told_as_such_and_as_long_as_it_is(desk: Desk, heard: Heard):
    heard.do("/record/start", "jam")
    heard.play(2 * RATE)
    (line,) = json.loads(heard.do("/takes/list")[0])
    assert (line["doing"], line["problem"]) == ("recording", "")
    assert line["seconds"] == pytest.approx(2.0, abs=0.6)


def test_a_take_of_many_files_is_renamed_with_all_of_them(desk: Desk, heard: Heard):
    heard.do("/record/split", 0.2)
    heard.record("parts", 0.5)
    assert heard.do("/takes/rename", "parts", "better") == ("better",)
    assert names(desk) == ["better", "better.json", "better.mid", "better.replay"]
    assert note(desk, "better").name == "better"
    assert len(list((desk.project / "recordings" / "better").iterdir())) == 3


def test_a_name_that_cannot_be_a_file_s_keeps_no_take_from_being_recorded(desk: Desk, heard: Heard):
    path = heard.record("../night: two?", 0.5)
    assert (path.parent.name, path.name) == ("recordings", "night_ two.wav")
    assert heard.record("///", 0.5).name.startswith("session_")


def test_no_take_is_renamed_over_another(desk: Desk, heard: Heard):
    heard.record("one", 0.5)
    heard.record("two", 0.5)
    assert "a file called 'TWO' already" in desk.refuse("/takes/rename", "one", "TWO")
    assert "cannot be a name" in desk.refuse("/takes/rename", "one", "../one")
    assert "no take 'three'" in desk.refuse("/takes/rename", "three", "four")
    assert names(desk) == all_of("one") + all_of("two")


def test_a_take_that_is_being_recorded_is_left_alone(desk: Desk, heard: Heard):
    heard.do("/record/start", "running")
    heard.play(4096)
    assert "stop it first" in desk.refuse("/takes/delete", "running")
    assert "stop it first" in desk.refuse("/takes/rename", "running", "walking")


def test_what_is_thrown_away_comes_back(desk: Desk, heard: Heard):
    path = heard.record("one", 0.5)
    sound = read(path)
    heard.do("/takes/delete", "one")
    assert names(desk) == []
    assert heard.do("/takes/trash") == ("one",)
    heard.record("one", 0.5)
    assert heard.do("/takes/restore", "one") == ("one_2",)
    assert names(desk) == all_of("one") + all_of("one_2")
    assert np.array_equal(read(path.with_name("one_2.wav")), sound)
    assert heard.do("/takes/trash") == ()
    assert "no take 'one' in the trash" in desk.refuse("/takes/restore", "one")


def test_an_emptied_trash_holds_nothing_and_leaves_the_other_takes(desk: Desk, heard: Heard):
    heard.record("one", 0.5)
    heard.do("/takes/delete", "one")
    heard.record("one", 0.5)
    heard.do("/takes/delete", "one")
    heard.record("two", 0.5)
    assert heard.do("/takes/empty_trash") == (2,)
    assert heard.do("/takes/trash") == ()
    assert names(desk) == all_of("two")
    assert heard.do("/takes/empty_trash") == (0,)


def test_the_waveform_is_that_of_the_whole_take(desk: Desk, heard: Heard):
    heard.do("/record/split", 0.3)
    folder = heard.record("parts", 1.0)
    sound = np.concatenate([read(path) for path in sorted(folder.iterdir())])
    peaks = heard.do("/takes/waveform", "parts", 10)
    places = np.arange(len(sound)) * 10 // len(sound)
    assert peaks == pytest.approx([np.abs(sound[places == column]).max() for column in range(10)])


def until(desk: Desk, heard: Heard, there: Callable[[], bool]) -> None:
    """Make sound until it is so; the audition's thread has a minute for it."""
    end_s = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end_s
        heard.play(256)


def test_a_take_is_heard_in_the_mix_and_what_is_heard_can_be_stopped(desk: Desk, heard: Heard):
    heard.record("one", 2.0)
    heard.do("/transport/stop")
    heard.play(6 * RATE)
    heard.pieces.clear()
    heard.do("/takes/play", "one")
    until(desk, heard, lambda: any(np.abs(piece).max() > 0.1 for piece in heard.pieces))
    assert desk.recorder.audition.name == "one"
    heard.do("/takes/stop")
    until(desk, heard, lambda: any(each.address == "/event/take_played" for each in desk.happened))
    heard.play(RATE // 4)
    assert np.abs(np.concatenate(heard.pieces[-20:])).max() == 0.0
    assert "no take is being played" in desk.refuse("/takes/stop").lower()
