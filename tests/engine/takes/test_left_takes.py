"""What an engine that was killed leaves in memory, and that its takes are finished from there."""

import json
from pathlib import Path

import mido
import numpy as np
import pytest
from desk import Desk
from playing import RATE
from takes_by_hand import BLOCK, Heard, note, read, recording_desk

from chronus_tui.cli import main
from chronus_tui.engine.recording.left_takes import LeftTakes, finish_takes
from chronus_tui.engine.recording.take_writer import TakeWriter
from dsp.sizes import TAP_FRAMES
from store.documents import Take
from store.errors import StoreError
from store.lasting import LastingFile, LastingFolder
from store.takes.repair import repair_unfinished
from store.wav.writer import WavWriter


@pytest.fixture
def lasting(tmp_path: Path) -> LastingFolder:
    folder = tmp_path / "lasting"
    folder.mkdir()
    return LastingFolder(folder)


@pytest.fixture
def desk(tmp_path: Path, lasting: LastingFolder) -> Desk:
    desk = recording_desk(tmp_path / "project", lasting)
    desk.session.publish()
    desk.player.follow()
    return desk


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    heard.do("/transport/play")
    return heard


def hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the disk of takes does not answer."""
    monkeypatch.setattr(TakeWriter, "step", lambda self: None)


def make_alone(heard: Heard, frames: int) -> None:
    """Sound goes on, and no thread of the engine has its turn."""
    for _ in range(frames // BLOCK):
        heard.pieces.append(heard.desk.device.make(BLOCK))


def repaired(desk: Desk, lasting: LastingFolder, name: str = "jam") -> Take:
    """The take after the start of another engine."""
    problems: list[StoreError] = []
    left = LeftTakes([lasting.path])
    assert repair_unfinished(desk.project / "recordings", desk.project, problems.append, left.rest_of) == [name]
    assert problems == []
    return note(desk, name)


def replayed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    main(["replay", "jam", "--json", "--project", str(desk.project)])
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


@pytest.mark.parametrize(("taps", "split_s"), [("master", 0.0), ("master dry stems", 0.7)])
def test_a_killed_take_is_whole_to_the_last_block_though_its_disk_and_its_threads_hung(
    taps: str,
    split_s: float,
    desk: Desk,
    heard: Heard,
    lasting: LastingFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    heard.do("/record/taps", taps)
    heard.do("/record/split", split_s)
    heard.play(BLOCK)
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(2 * RATE)
    hang(monkeypatch)
    for number in range(4):
        heard.do("/record/mark", f"number {number}")
        heard.do("/track/2/note", 40 + number, 0.8, 0.2)
        heard.do("/track/1/gain", -float(number))
        heard.play(RATE // 2)
    heard.do("/transport/bpm", 140)
    desk.ask("/track/1/gain", -6.0)
    desk.control.turn(desk.now_s, desk.now_s)
    make_alone(heard, 2 * RATE)
    take = repaired(desk, lasting)
    frames = desk.player.frame - start
    assert (take.frames, take.dropped, take.replayable) == (frames, 0, None)
    recordings = desk.project / "recordings"
    masters = sorted((recordings / "jam").glob("master*")) if take.in_folder else [recordings / "jam.wav"]
    assert np.array_equal(np.concatenate([read(path) for path in masters]), heard.between(start, desk.player.frame))
    if split_s:
        assert set(take.parts[:-1]) == {round(split_s * RATE)}
    assert [event.name for event in take.events if event.what == "mark"] == [f"number {n}" for n in range(4)]
    assert sum("/track/1/gain" in event.name for event in take.events) == 5
    assert mido.MidiFile(recordings / "jam.mid").length == pytest.approx(frames / RATE, abs=0.01)
    told = replayed(desk, capsys)
    assert (told["same"], told["compared_frames"]) == (True, frames)


def test_a_take_that_was_stopped_before_its_engine_was_killed_is_no_longer_than_that(
    desk: Desk, heard: Heard, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    stopped = desk.player.frame
    desk.ask("/record/stop")
    desk.turn(0)
    heard.play(RATE)
    assert repaired(desk, lasting).frames == stopped - start


def test_what_nobody_remembers_of_a_killed_take_is_counted_and_the_rest_is_made_again(
    desk: Desk,
    heard: Heard,
    lasting: LastingFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    make_alone(heard, TAP_FRAMES + RATE)
    take = repaired(desk, lasting)
    assert take.frames + take.dropped == desk.player.frame - start
    assert take.dropped == pytest.approx(RATE, abs=BLOCK)
    assert sum(event.count for event in take.events if event.what == "dropped") == take.dropped
    told = replayed(desk, capsys)
    assert (told["same"], told["compared_frames"]) == (True, take.frames)


def test_where_a_pattern_that_was_played_last_is_not_known_a_replay_says_how_far_it_goes(
    desk: Desk,
    heard: Heard,
    lasting: LastingFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    heard.do("/record/start", "jam")
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    heard.do("/track/1/gain", -6.0)
    heard.play(RATE)
    for path in lasting.path.glob("swaps-*"):
        path.unlink()
    take = repaired(desk, lasting)
    assert take.replayable == pytest.approx(2 * RATE, abs=2 * BLOCK)
    assert take.frames == pytest.approx(3 * RATE, abs=2 * BLOCK)
    told = replayed(desk, capsys)
    assert (told["same"], told["compared_frames"], told["parted"]) == (False, take.replayable, {})
    main(["replay", "jam", "--project", str(desk.project)])
    assert "What was played in the last 0.997 s of jam went with the engine" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["wav16", "wav24", "wav32"])
def test_nothing_is_added_to_files_that_are_not_what_is_remembered(
    form: str, desk: Desk, heard: Heard, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/format", form)
    path = Path(heard.do("/record/start", "jam")[0])
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    with path.open("r+b") as file:
        file.seek(-4000, 2)
        file.write(bytes(range(200)) * 10)
    frames = repaired(desk, lasting).frames
    assert frames == pytest.approx(RATE, abs=2 * BLOCK)


def test_what_a_full_disk_kept_from_a_killed_take_is_added_at_the_start_after_that(
    desk: Desk, heard: Heard, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    problems: list[StoreError] = []
    recordings = desk.project / "recordings"

    def full(self: WavWriter, frames: object) -> None:
        raise StoreError("There is no room.")

    with monkeypatch.context() as patch:
        patch.setattr(WavWriter, "write", full)
        left = LeftTakes([lasting.path])
        assert repair_unfinished(recordings, desk.project, problems.append, left.rest_of) == []
    assert list(map(str, problems)) == ["There is no room."]
    repaired(desk, lasting)
    assert np.array_equal(read(recordings / "jam.wav"), heard.between(start, desk.player.frame))


def test_a_take_of_the_past_whose_engine_is_killed_as_it_begins_is_whole(
    desk: Desk, heard: Heard, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def killed(*arguments: object) -> None:
        raise Killed

    heard.play(3 * RATE)
    start = desk.player.frame
    monkeypatch.setattr("chronus_tui.engine.recording.writers.Performing", killed)
    desk.ask("/record/start", "jam", "wav32", 2.0)
    with pytest.raises(Killed):
        desk.turn(0)
    desk.recorder.under_way[0].ended = True
    repaired(desk, lasting)
    assert np.array_equal(read(desk.project / "recordings" / "jam.wav"), heard.between(start - 2 * RATE, start))


@pytest.mark.parametrize("takes_go_there_still", [True, False])
def test_a_killed_take_whose_disk_is_not_there_at_the_next_start_is_finished_by_the_one_that_finds_it(
    takes_go_there_still: bool,
    desk: Desk,
    heard: Heard,
    lasting: LastingFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    disk, wanted = tmp_path / "disk", str(tmp_path / "disk") if takes_go_there_still else ""
    heard.do("/record/folder", str(disk))
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(RATE)
    disk.rename(tmp_path / "pulled out")
    for _ in range(2):
        repaired, told = finish_takes(desk.project, wanted, [lasting.path])
        assert (repaired, len(told)) == ([], 1)
        assert str(disk) in told[0]
    (tmp_path / "pulled out").rename(disk)
    assert finish_takes(desk.project, wanted, [lasting.path]) == (["jam"], [])
    assert np.array_equal(read(disk / "jam.wav"), heard.between(start, desk.player.frame))
    assert not lasting.path.exists()


def test_a_take_that_grows_in_a_folder_that_another_project_uses_too_is_left_alone_by_that_one_s_start(
    desk: Desk, heard: Heard, lasting: LastingFolder, tmp_path: Path
):
    shared = tmp_path / "takes"
    heard.do("/record/folder", str(shared))
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(RATE)
    (shared / "jam.reserve.tmp").touch()
    before = {path: path.read_bytes() for path in shared.iterdir()}
    (tmp_path / "other" / "recordings").mkdir(parents=True)
    assert finish_takes(tmp_path / "other", str(shared), [], [lasting.path]) == ([], [])
    assert {path: path.read_bytes() for path in shared.iterdir()} == before
    heard.play(RATE)
    heard.do("/record/stop")
    assert np.array_equal(read(shared / "jam.wav"), heard.between(start, desk.player.frame))


def test_where_minutes_do_not_fit_a_killed_take_is_finished_from_the_seconds_that_the_sound_itself_holds(
    tmp_path: Path, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(LastingFolder, "has_room", lambda self, size: size < 8 << 20)
    heard = Heard(recording_desk(tmp_path / "project", lasting))
    heard.do("/record/format", "wav32")
    heard.do("/transport/play")
    heard.do("/record/start", "jam")
    start = heard.desk.player.frame
    heard.play(RATE)
    hang(monkeypatch)
    heard.play(4 * RATE)
    assert not list(lasting.path.glob("memory-*"))
    assert repaired(heard.desk, lasting).dropped == 0
    taken = read(heard.desk.project / "recordings" / "jam.wav")
    assert np.array_equal(taken, heard.between(start, heard.desk.player.frame))


def test_where_memory_that_lasts_is_full_takes_are_recorded_as_well(
    desk: Desk, heard: Heard, lasting: LastingFolder, monkeypatch: pytest.MonkeyPatch
):
    heard.play(2 * RATE)
    monkeypatch.setattr(LastingFile, "reserve", lambda self, first, last: False)
    heard.play(3 * RATE)
    heard.do("/record/taps", "master dry")
    heard.do("/record/keep", 20)
    heard.play(BLOCK)
    heard.do("/record/start", "jam")
    start = desk.player.frame
    heard.play(2 * RATE)
    heard.do("/record/stop")
    heard.do("/record/grab", 6.0, "kept")
    heard.play(BLOCK)
    recordings = desk.project / "recordings"
    assert np.array_equal(read(recordings / "jam" / "master.wav"), heard.between(start, desk.player.frame - BLOCK))
    assert np.array_equal(
        read(recordings / "kept" / "master.wav")[-2 * RATE // BLOCK * BLOCK :],
        heard.between(start, desk.player.frame - BLOCK)[-2 * RATE // BLOCK * BLOCK :],
    )
    assert heard.failures() == []


def test_takes_that_have_ended_leave_no_trace(desk: Desk, heard: Heard, lasting: LastingFolder):
    heard.do("/record/start", "jam")
    heard.play(RATE)
    assert len(list(lasting.path.glob("*.take"))) == 1
    heard.do("/record/grab", 0.5)
    heard.play(BLOCK)
    heard.do("/record/stop")
    assert list(lasting.path.glob("*.take")) == []
