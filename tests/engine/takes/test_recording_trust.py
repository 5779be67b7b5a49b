"""What goes wrong while a take runs, and that nothing is lost by it that can be kept."""

import errno
import random
import shutil
import threading
from collections import namedtuple
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from desk import Desk
from playing import RATE, pattern, track
from takes_by_hand import BLOCK, Heard, note, read

import store.wav.writer
from chronus_tui.engine.recording.disk_watch import DiskWatch
from chronus_tui.engine.recording.rules import Wish
from chronus_tui.engine.recording.take_writer import TakeWriter
from store.errors import DiskFull, StoreError
from store.wav.writer import WavWriter

PATIENCE_S = 60.0


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    heard.do("/transport/play")
    return heard


def test_a_folder_that_is_removed_while_the_take_grows_costs_nothing(desk: Desk, heard: Heard):
    path = Path(heard.do("/record/start", "jam")[0])
    start = desk.player.frame
    heard.play(2 * RATE)
    shutil.rmtree(path.parent)
    heard.play(2 * RATE)
    heard.do("/record/stop")
    assert np.array_equal(read(path), heard.between(start, desk.player.frame))
    assert note(desk, "jam").complete
    assert path.with_suffix(".replay").exists()
    assert path.with_suffix(".mid").exists()
    assert heard.failures() == [f"{path} was removed while it grew; it is there again, and the take goes on."]


def test_a_name_that_was_given_to_another_file_is_left_to_it_and_the_take_goes_on(desk: Desk, heard: Heard):
    path = Path(heard.do("/record/start", "jam")[0])
    start = desk.player.frame
    heard.play(2 * RATE)
    path.unlink()
    path.write_bytes(b"somebody else's")
    heard.play(2 * RATE)
    heard.do("/record/stop")
    assert path.read_bytes() == b"somebody else's"
    other = path.with_name("jam_2.wav")
    assert np.array_equal(read(other), heard.between(start, desk.player.frame))
    assert heard.failures() == [f"The name {path} was given to another file; the take goes on in {other}."]
    left = {each.name for each in path.parent.iterdir()}
    assert left == {"jam.wav", "jam_2.wav", "jam_2.json", "jam_2.replay", "jam_2.mid"}
    assert (note(desk, "jam_2").continues, note(desk, "jam_2").complete) == ("", True)


def test_all_parts_and_taps_go_on_where_the_name_of_one_was_given_away(desk: Desk, heard: Heard):
    heard.do("/record/taps", "master dry")
    heard.do("/record/split", 1.5)
    heard.play(BLOCK)
    folder = Path(heard.do("/record/start", "jam")[0])
    start = desk.player.frame
    heard.play(2 * RATE)
    growing = folder / "dry_002.wav"
    growing.unlink()
    growing.write_bytes(b"somebody else's")
    heard.play(2 * RATE)
    heard.do("/record/stop")
    assert growing.read_bytes() == b"somebody else's"
    assert [each.name for each in folder.iterdir()] == [growing.name]
    for tap in ("master", "dry"):
        parts = sorted((folder.parent / "jam_2").glob(f"{tap}_*.wav"))
        assert len(parts) == 3
        whole = np.concatenate([read(part) for part in parts])
        assert len(whole) == desk.player.frame - start
        if tap == "master":
            assert np.array_equal(whole, heard.between(start, desk.player.frame))


def test_a_place_that_can_be_written_no_more_hands_the_take_on_without_a_gap(
    desk: Desk, heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = tmp_path / "other"
    other.mkdir()
    heard.do("/record/folder", str(other))
    first = Path(heard.do("/record/start", "jam")[0])
    start = desk.player.frame
    assert first.parent == other
    heard.play(RATE)
    real = store.wav.writer.write_all

    def failing(descriptor: int, data: Any) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve() == first:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor, data)

    monkeypatch.setattr(store.wav.writer, "write_all", failing)
    heard.play(RATE)
    watched: list[Path] = []
    usage = shutil.disk_usage(other)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: watched.append(path) or usage)
    heard.play(2 * RATE)
    assert set(watched) == {desk.project / "recordings"}  # whose room counts for the take from then on
    second = Path(desk.recorder.status().path)
    heard.do("/record/stop")
    assert second == desk.project / "recordings" / "jam_2.wav"
    joined = np.concatenate([read(first), read(second)])
    assert np.array_equal(joined, heard.between(start, desk.player.frame))
    assert "the disk reports an error" in heard.failures()[0]


def test_a_name_is_one_takes_alone_also_where_takes_go_to_another_place(desk: Desk, heard: Heard, tmp_path: Path):
    assert heard.record("jam", 0.1) == desk.project / "recordings" / "jam.wav"
    heard.do("/record/folder", str(tmp_path))
    assert heard.record("jam", 0.1) == tmp_path / "jam_2.wav"
    heard.do("/takes/delete", "jam")
    assert [path.stem for path in tmp_path.glob("*.wav")] == ["jam_2"]


def test_a_place_that_has_gone_sends_the_take_to_the_projects_own(desk: Desk, heard: Heard, tmp_path: Path):
    place = tmp_path / "disk" / "takes"
    heard.do("/record/folder", str(place))
    place.rmdir()
    place.parent.rmdir()
    place.parent.touch()
    path = Path(heard.do("/record/start", "jam")[0])
    heard.play(RATE)
    heard.do("/record/stop")
    assert path == desk.project / "recordings" / "jam.wav"
    assert "goes to" in heard.failures()[0]


def test_a_disk_that_stalls_for_a_minute_loses_nothing(desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch):
    path = heard.do("/record/start", "slow")[0]
    start = desk.player.frame
    writer = desk.recorder.under_way[0]
    monkeypatch.setattr(writer, "step", lambda: None)
    heard.play(60 * RATE)
    monkeypatch.undo()
    heard.play(BLOCK)
    heard.do("/record/stop")
    assert np.array_equal(read(path), heard.between(start, desk.player.frame))
    assert note(desk, "slow").dropped == 0


def test_a_grab_of_all_that_is_kept_loses_nothing_while_it_is_opened(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/keep", 10)
    heard.play(13 * RATE)
    asked = desk.player.frame
    monkeypatch.setattr(TakeWriter, "step", lambda writer: None)
    desk.ask("/record/grab", 900, "all")
    heard.play(RATE)
    monkeypatch.undo()
    heard.play(BLOCK)
    grabbed = read(desk.project / "recordings" / "all.wav")
    assert np.array_equal(grabbed, heard.between(asked - 10 * RATE, asked))
    assert note(desk, "all").dropped == 0


def test_what_no_memory_holds_any_more_is_counted_where_it_is_missing(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/keep", 10)
    path = heard.do("/record/start", "slower")[0]
    start = desk.player.frame
    heard.play(RATE)
    written = desk.recorder.status().frames
    monkeypatch.setattr(desk.recorder.under_way[0], "step", lambda: None)
    heard.play(RATE)
    heard.do("/record/mark", "in what is lost")
    heard.play(16 * RATE)
    monkeypatch.undo()
    heard.play(BLOCK)
    heard.do("/record/stop")
    taken, told = read(path), note(desk, "slower")
    lost = desk.player.frame - start - len(taken)
    assert told.dropped == lost > 4 * RATE
    assert desk.recorder.status().dropped == lost
    assert [(event.frame, event.count) for event in told.events if event.what == "dropped"] == [(written, lost)]
    assert [event.frame for event in told.events if event.what == "mark"] == [written], "it is where it is missing"
    whole = heard.between(start, desk.player.frame)
    assert np.array_equal(taken, np.concatenate([whole[:written], whole[written + lost :]]))


def test_all_that_the_device_went_short_is_noted_where_it_was(desk: Desk, heard: Heard):
    heard.do("/record/start", "short")
    heard.play(RATE)
    desk.player.state["counters"]["xruns"] += 3
    heard.play(RATE)
    desk.player.stalls += 1
    heard.do("/record/stop")
    told = note(desk, "short")
    assert told.xruns == desk.player.xruns == 4
    xruns = [(round(event.frame / RATE), event.name, event.count) for event in told.events if event.what == "xrun"]
    assert xruns == [(1, "", 3), (2, "silent clock", 1)]


def test_a_disk_with_room_for_less_than_a_minute_is_told_of_once(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    usage = namedtuple("usage", "total used free")
    heard.do("/record/start", "jam")
    heard.play(BLOCK)
    a_second = desk.recorder.status().bytes_a_second
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 61 * a_second))
    heard.play(2 * RATE)
    assert not [each for each in desk.happened if each.address == "/event/disk_low"]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 30 * a_second))
    heard.play(3 * RATE)
    assert [each.arguments for each in desk.happened if each.address == "/event/disk_low"] == [(30.0,)]


def test_a_disk_that_has_not_answered_yet_is_not_told_to_be_full_and_keeps_no_other_from_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage, hung, answers = namedtuple("usage", "total used free"), tmp_path / "hung", Event()
    hung.mkdir()

    def asked(path: Path) -> Any:
        assert path != hung or answers.wait(PATIENCE_S)
        return usage(0, 0, 1000)

    monkeypatch.setattr(shutil, "disk_usage", asked)
    monkeypatch.setattr("chronus_tui.engine.recording.disk_watch.USUALLY_S", PATIENCE_S)
    told: list[Any] = []
    watch = DiskWatch(lambda *event: told.append(event), by_hand=False)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", lambda self, timeout: None)
        watch.look(0.0, hung, 100, recording=True)
    assert (watch.free_bytes, told) == (None, [])
    watch.look(1.0, tmp_path, 1, recording=True)
    assert (watch.free_bytes, told) == (1000, [])
    answers.set()
    watch.look(2.0, hung, 100, recording=True)
    assert (watch.free_bytes, told) == (1000, [("/event/disk_low", 10.0)])


def test_whoever_hears_that_a_take_ended_by_itself_may_begin_the_next_at_once(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/start", "jam")
    moment, begun = desk.session.moment, list[Future[Any]]()
    tell = desk.recorder.under_way[0]._tell

    def hear(address: str, *arguments: Any) -> None:
        tell(address, *arguments)
        if address == "/event/take_closed":
            begun.append(desk.recorder.start(Wish("next"), moment))

    def full(self: WavWriter, frames: object) -> None:
        raise DiskFull("There is no room.")

    monkeypatch.setattr(desk.recorder.under_way[0], "_tell", hear)
    with monkeypatch.context() as patch:
        patch.setattr(WavWriter, "write", full)
        heard.play(RATE)
    heard.play(BLOCK)
    assert begun[0].result(0) == (str(desk.recorder.folder / "next.wav"),)


def test_a_take_of_bars_ends_on_its_bar_though_its_thread_is_faster_than_the_recorders(desk: Desk, heard: Heard):
    heard.do("/record/on_bar", 1, "bar")
    for _ in range(5 * RATE // BLOCK):
        desk.device.make(BLOCK)
        desk.recorder.turn(desk.now_s)  # it has heard the bar,
        desk.control.turn(desk.now_s, desk.now_s)  # of which it is told after that
        for writer in desk.recorder.under_way:
            writer.step()
        desk.recorder.turn(desk.now_s)
    assert len(read(desk.recorder.folder / "bar.wav")) == 2 * RATE


def test_a_grab_of_stems_is_whole_though_others_are_chosen_while_it_is_written(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.do("/record/taps", "master mix")
    heard.play(2 * RATE)
    monkeypatch.setattr(TakeWriter, "step", lambda self: None)
    desk.ask("/record/grab", 1.0, "both")
    desk.turn(0)
    heard.do("/record/taps", "master")
    heard.do("/record/keep", 300)
    heard.play(BLOCK)
    monkeypatch.undo()
    heard.play(BLOCK)
    assert {len(read(desk.recorder.folder / "both" / f"{tap}.wav")) for tap in ("master", "mix")} == {RATE}


def test_a_fault_of_the_recorder_is_answered_and_the_next_take_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = Desk(tmp_path / "project", pattern(track()))
    recorder, moment = desk.recorder, desk.session.moment

    def faulty(*arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("chronus_tui.engine.recording.schedule.Schedule.grab", faulty)
    monkeypatch.setattr("chronus_tui.engine.recording.take_writer.TakeFile", faulty)
    assert isinstance(recorder.grab(1.0, None).exception(PATIENCE_S), RuntimeError)
    assert "broke off" in str(recorder.start(Wish("jam"), moment).exception(PATIENCE_S))
    monkeypatch.undo()
    assert recorder.start(Wish("jam"), moment).result(PATIENCE_S) == (str(recorder.folder / "jam.wav"),)
    recorder.close()


@pytest.mark.parametrize("command", [("/record/on_bar",), ("/record/on_level", -60.0)])
def test_a_take_that_cannot_begin_when_its_moment_has_come_is_told_of(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch, command: tuple[Any, ...]
):
    def refused(*arguments: object) -> None:
        raise StoreError("The disk refused.")

    monkeypatch.setattr("chronus_tui.engine.recording.take_writer.TakeFile", refused)
    heard.do(*command)
    heard.play(3 * RATE)
    assert heard.failures() == ["The disk refused."]
    assert not desk.recorder.wanted


def test_a_take_for_which_the_system_has_no_thread_is_refused_and_the_next_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk, start = Desk(tmp_path / "project", pattern(track())), threading.Thread.start
    recorder, moment = desk.recorder, desk.session.moment

    def no_more(thread: threading.Thread) -> None:
        if thread.name == "take":
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_more)
        assert "can't start new thread" in str(recorder.start(Wish("jam"), moment).exception(PATIENCE_S))
    assert recorder.start(Wish("jam"), moment).result(PATIENCE_S) == (str(recorder.folder / "jam.wav"),)
    recorder.close()


def test_a_disk_that_does_not_answer_keeps_nobody_from_recording_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    answers, asked = Event(), Event()

    def for_ever(path: Path) -> object:
        asked.set()
        answers.wait(PATIENCE_S)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", for_ever)
    desk = Desk(tmp_path / "project", pattern(track()))
    assert asked.wait(PATIENCE_S)
    desk.turn()
    desk.recorder.start(Wish("jam"), desk.session.moment).result(PATIENCE_S)
    desk.turn(RATE)
    assert desk.recorder.stop().result(PATIENCE_S)[1:] == (1.0, 0, 0)
    answers.set()
    desk.recorder.close()


def test_an_engine_ends_though_the_disk_of_a_take_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answers, asked, real = Event(), Event(), store.wav.writer.write_all

    def for_ever(descriptor: int, data: Any) -> None:
        if len(data) > 10_000:
            asked.set()
            answers.wait(PATIENCE_S)
        real(descriptor, data)

    desk = Desk(tmp_path / "project", pattern(track()))
    desk.recorder.start(Wish("jam"), desk.session.moment).result(PATIENCE_S)
    monkeypatch.setattr(store.wav.writer, "write_all", for_ever)
    monkeypatch.setattr("chronus_tui.engine.recording.writers.CLOSE_S", 0.0)
    desk.turn(RATE)
    desk.recorder.stop()
    assert asked.wait(PATIENCE_S)
    desk.recorder.close()
    assert desk.recorder.hangs
    answers.set()


def test_the_status_is_of_the_take_that_was_answered_last(tmp_path: Path):
    desk = Desk(tmp_path / "project", pattern(track()))
    recorder, moment = desk.recorder, desk.session.moment
    for name in ("one", "two", "three"):
        path = str(recorder.folder / f"{name}.wav")
        assert recorder.start(Wish(name), moment).result(PATIENCE_S) == (path,)
        begun = recorder.status()
        assert (begun.active, begun.path, begun.frames) == (True, path, 0)
        desk.turn(RATE)
        assert recorder.stop().result(PATIENCE_S)[1] == 1.0
        ended = recorder.status()
        assert (ended.active, ended.path, ended.frames) == (False, path, RATE)
    recorder.close()


def test_what_was_asked_of_a_take_that_ended_meanwhile_is_answered(desk: Desk, heard: Heard):
    heard.do("/record/start", "jam")
    writer = desk.recorder.under_way[0]
    heard.do("/record/stop")
    assert not writer.end_at(desk.player.frame, Future())


def test_takes_and_grabs_in_any_order_hold_what_was_heard(desk: Desk, heard: Heard, request: pytest.FixtureRequest):
    _any_order(desk, heard, 100, seed=1)


@pytest.mark.long
def test_ten_thousand_takes_and_grabs_in_any_order_hold_what_was_heard(desk: Desk, heard: Heard):
    _any_order(desk, heard, 10_000, seed=2)


def _any_order(desk: Desk, heard: Heard, count: int, seed: int) -> None:
    """Start, stop, grab and wait at random; each take is compared with what was heard on its frames, and removed."""
    chance = random.Random(seed)
    recordings = desk.project / "recordings"
    running: tuple[str, int] | None = None
    grabs = takes = 0
    while grabs + takes < count:
        match chance.choice(("play", "start", "stop", "grab", "mark", "bar", "cancel")):
            case "play":
                heard.play(BLOCK * chance.randint(1, 8))
            case "start" if not desk.recorder.wanted:
                path = heard.do("/record/start")[0]
                running = str(path), desk.player.frame
            case "stop" if running is not None:
                path, start = running
                running = None
                assert heard.do("/record/stop")[0] == path
                assert np.array_equal(read(path), heard.between(start, desk.player.frame))
                takes += 1
                _remove(recordings, Path(path))
            case "grab" if desk.player.frame > heard.first + RATE:
                seconds = chance.choice((0.1, 0.25, 0.5))
                path = heard.do("/record/grab", seconds)[0]
                end = desk.player.frame
                assert np.array_equal(read(path), heard.between(end - round(seconds * RATE), end))
                grabs += 1
                _remove(recordings, Path(str(path)))
            case "mark" if desk.recorder.status().active:
                heard.do("/record/mark", "here")
            case "bar" if not desk.recorder.wanted:
                heard.do("/record/on_bar", 1)
            case "cancel" if desk.recorder.status().waiting == "bar":
                heard.do("/record/stop")
        if running is None and not desk.recorder.wanted:
            _forget_old(recordings)
        if len(heard.pieces) > 4000:  # the last seconds are enough to compare with
            dropped = heard.pieces[:2000]
            heard.first += sum(map(len, dropped))
            heard.pieces = heard.pieces[2000:]
    assert heard.failures() == []
    assert grabs and takes


def _remove(recordings: Path, path: Path) -> None:
    for each in (path, recordings / f"{path.stem}.json"):
        each.unlink()


def _forget_old(recordings: Path) -> None:
    for each in recordings.iterdir():
        each.unlink()


def test_a_clock_that_stands_still_or_jumps_overwrites_nothing_and_changes_no_take(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    names = []
    for hour in (21, 21, 20, 21):
        monkeypatch.setattr("desk.STARTED", datetime(2026, 11, 21, hour))
        names.append(Path(heard.do("/record/start")[0]).stem)
        heard.play(BLOCK)
        monkeypatch.setattr("desk.STARTED", datetime(2026, 11, 20 + hour % 2))
        heard.play(RATE)
        heard.do("/record/stop")
    late, early = "session_20261121_210000", "session_20261121_200000"
    assert names == [late, f"{late}_2", early, f"{late}_3"]
    assert {note(desk, name).frames for name in names} == {RATE // BLOCK * BLOCK + BLOCK}
    assert {note(desk, name).started[:16] for name in names} == {"2026-11-21T21:00", "2026-11-21T20:00"}
