"""The takes that there are: told, renamed, heard again, thrown away and brought back."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Desk, Later
from msgspec.structs import replace
from playing import RATE
from takes_by_hand import Heard, note, read

import store.takes.shelf
from chronus_tui.engine.actions.takes import shelf_of
from chronus_tui.engine.recording.audition import Audition
from store.documents import Take
from store.sound_files import SoundFile
from store.takes.files import write_note
from store.takes.played import finish_notes


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


@pytest.mark.parametrize(
    ("said", "name"), [("one.FLAC", "one"), ("one..wav", "one"), (".wav", "session_"), ("a.b", "a.b")]
)
def test_a_take_is_named_without_the_ending_of_its_files(desk: Desk, heard: Heard, said: str, name: str):
    path = heard.record(said, 0.5)
    assert path.stem.startswith(name)
    assert path.name.count(".") == name.count(".") + 1
    assert heard.do("/takes/rename", path.stem, "other.Flac") == ("other",)


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


def test_a_take_that_is_stopped_before_its_thread_had_a_turn_is_not_heard(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.record("one", 0.5)
    audition, run = desk.recorder.audition, Audition._run
    monkeypatch.setattr(Audition, "_run", lambda self: None)
    heard.do("/takes/play", "one")
    assert audition.name == "one"
    heard.do("/takes/stop")
    heard.do("/takes/play", "one", 0.1)
    heard.do("/takes/play", "one", 0.2)
    heard.do("/takes/stop")
    audition.close()
    run(audition)
    assert desk.player.state["audition"]["head"][0] == 0
    assert [each.address for each in desk.happened].count("/event/take_played") == 3
    assert audition.name == ""


def test_a_take_that_is_stopped_while_its_files_are_looked_for_is_not_heard(desk: Desk, heard: Heard):
    heard.record("one", 0.5)
    disk: list[Callable[[], None]] = []
    desk.studio.disk = Later(disk)
    played, stopped = desk.ask("/takes/play", "one"), desk.ask("/takes/stop")
    desk.turn(0)
    assert (played.results, stopped.results) == (None, ())
    disk.pop()()
    heard.play(256)
    desk.recorder.audition.close()
    assert played.results == ()
    assert desk.player.state["audition"]["head"][0] == 0
    assert "no take is being played" in desk.refuse("/takes/stop").lower()


def test_a_take_whose_encoding_ends_between_two_of_its_parts_is_heard_on(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/split", 0.2)
    folder = heard.record("one", 0.5)
    files = desk.project / "recordings"
    whole = note(desk, "one")
    before = replace(whole, encode_to="flac")
    write_note(files, before, desk.project / "patterns" / "temp")
    opened: list[str] = []

    def ends_with_the_second(path: Path) -> SoundFile:
        if path.name == "master_002.wav":
            for wav in sorted(folder.glob("*.wav")):
                sound, rate = soundfile.read(wav, dtype="int32")
                soundfile.write(wav.with_suffix(".flac"), sound, rate, subtype="PCM_24")
                wav.unlink()
            write_note(files, replace(whole, coding="flac", encode_to=""), desk.project / "patterns" / "temp")
        sound_file = SoundFile(path)
        opened.append(path.name)
        return sound_file

    monkeypatch.setattr("chronus_tui.engine.recording.audition.SoundFile", ends_with_the_second)
    heard.do("/takes/play", "one", 0.1)
    until(desk, heard, lambda: any(each.address == "/event/take_played" for each in desk.happened))
    assert opened == ["master_001.wav", "master_002.flac", "master_003.flac"]
    assert heard.failures() == []
    assert desk.player.journal is not None
    told, _ = desk.player.journal.heard_files(0)
    first = round(0.2 * RATE) - round(0.1 * RATE)
    names = [(each.place, [path.name for path in each.files], each.from_s) for each in told]
    assert names == [
        (0, [f"master_00{part}.wav" for part in (1, 2, 3)], 0.1),
        (first, ["master_002.flac", "master_003.flac"], 0.0),
    ]


@pytest.mark.parametrize("gone", [0, 1])
def test_a_take_is_told_and_found_whole_while_the_old_files_of_an_encoding_go_one_by_one(
    desk: Desk, heard: Heard, gone: int
):
    heard.do("/record/taps", "master dry")
    heard.play(256)
    folder = heard.record("one", 0.5)
    take = replace(note(desk, "one"), encode_to="flac")
    write_note(folder.parent, take, desk.project / "patterns" / "temp")
    for tap in ("master", "dry"):
        sound, rate = soundfile.read(folder / f"{tap}.wav", dtype="int32")
        soundfile.write(folder / f"{tap}.flac", sound, rate, subtype="PCM_24")
    (folder / f"{take.taps[gone]}.wav").unlink()
    (line,) = json.loads(heard.do("/takes/list")[0])
    assert (line["files"], line["problem"]) == (2, "")
    assert shelf_of(desk.studio).files("one") == [folder / "master.flac"]


def test_a_file_that_goes_between_two_looks_at_a_take_makes_no_problem_of_it(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    wav = heard.record("one", 0.5)
    temp, real = desk.project / "patterns" / "temp", store.takes.shelf.audio_files

    def encoded_then(folder: Path, take: Take, coding: str | None = None) -> list[tuple[str, int, Path]]:
        found = list(real(folder, take, coding))
        if wav.exists():
            sound, rate = soundfile.read(wav, dtype="int32")
            soundfile.write(wav.with_suffix(".flac"), sound, rate, subtype="PCM_24")
            wav.unlink()
            write_note(folder, replace(take, coding="flac"), temp)
        return found

    monkeypatch.setattr(store.takes.shelf, "audio_files", encoded_then)
    (line,) = json.loads(heard.do("/takes/list")[0])
    assert (line["coding"], line["files"], line["problem"]) == ("flac", 1, "")
    wav.with_suffix(".flac").rename(wav)
    write_note(wav.parent, replace(note(desk, "one"), coding="wav24"), temp)
    soundfile.write(wav, *soundfile.read(wav.rename(wav.with_suffix(".old"))), format="WAV", subtype="PCM_24")
    assert len(heard.do("/takes/waveform", "one", 10)) == 10


def test_a_take_whose_midi_file_is_being_made_is_left_alone_until_it_is_there(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    real, refused = finish_notes, list[str]()

    def asked_meanwhile(*arguments: Any) -> None:
        assert note(desk, "one").complete
        for command in (("/takes/rename", "one", "two"), ("/takes/delete", "one")):
            answer = desk.ask(*command)
            desk.control.turn(desk.now_s, desk.now_s)
            refused.append(answer.failure)
        real(*arguments)

    monkeypatch.setattr("chronus_tui.engine.recording.take_writer.finish_notes", asked_meanwhile)
    heard.record("one", 0.5)
    assert refused == ["Take 'one' is being finished; wait until it is done."] * 2
    assert names(desk) == all_of("one")
    assert heard.do("/takes/rename", "one", "two") == ("two",)
