"""Recordings and the notes beside them."""

import errno
import os
import threading
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from disks import fill
from msgspec.structs import replace

import store.takes.shelf
import store.takes.under_way
from store.codec import decode_take
from store.documents import Take, TakeEvent
from store.errors import BadName, DiskFull, StoreError
from store.frames import framed
from store.takes.files import is_taken, session_name
from store.takes.played import PlayedFile
from store.takes.repair import repair_unfinished
from store.takes.shelf import TakeShelf
from store.takes.under_way import TakeFile

RATE = 48_000
PATIENCE_S = 60.0
TAKE = Take(
    "jam", "2026-11-21T21:00:00", RATE, 2, 24, coding="wav24", bpm=125, slot=7, pattern="acid night", device="null"
)
AUDIO = np.zeros((1000, 2), np.float32)


class Folders:
    """Where takes of a project lie, and what is in there."""

    def __init__(self, project: Path) -> None:
        self.recordings = project / "recordings"
        self.temp = project / "patterns" / "temp"
        self.problems: list[StoreError] = []

    def start(self, take: Take = TAKE) -> TakeFile:
        return TakeFile(self.recordings, self.temp, take)

    def note(self, name: str) -> Take:
        path = self.recordings / f"{name}.json"
        return decode_take(path.read_bytes(), str(path))

    def cut_off(self, take: Take = TAKE) -> TakeFile:
        """One that nobody goes on with, nor any thread of it."""
        begun = self.start(take)
        begun.write(AUDIO)
        begun._aside.finish()
        return begun

    def repair(self) -> list[str]:
        return repair_unfinished(self.recordings, self.temp, self.problems.append)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.recordings.iterdir())


@pytest.fixture
def folders(project: Path) -> Folders:
    return Folders(project)


def test_a_take_without_a_name_is_called_after_its_start() -> None:
    assert session_name(datetime(2026, 11, 21, 21, 0, 0)) == "session_20261121_210000"


def test_the_note_tells_what_became_of_the_take(folders: Folders) -> None:
    take = folders.start()
    assert folders.note("jam") == TAKE, "incomplete, from the start"
    take.write(AUDIO)
    take.drop(12)
    closed = take.close()
    lost = TakeEvent(1000, "dropped", count=12)
    assert closed == msgspec.structs.replace(TAKE, frames=1000, dropped=12, events=(lost,), complete=True)
    assert folders.note("jam") == closed
    assert soundfile.info(str(take.path)).frames == 1000
    assert list(folders.temp.iterdir()) == []


def test_a_name_that_exists_is_never_overwritten(folders: Folders) -> None:
    first = folders.start()
    first.write(AUDIO)
    first.close()
    assert folders.start(msgspec.structs.replace(TAKE, name="jam")).take.name == "jam_2"
    (folders.recordings / "jam_3.flac").touch()
    assert folders.start(msgspec.structs.replace(TAKE, name="JAM")).take.name == "JAM_4"
    assert soundfile.info(str(first.path)).frames == 1000


@pytest.mark.parametrize("name", ["../../etc/passwd", "/tmp/x", "", ".wav", "a\0b", "con"])
def test_a_take_is_not_recorded_under_a_path(folders: Folders, name: str) -> None:
    with pytest.raises(BadName):
        folders.start(msgspec.structs.replace(TAKE, name=name))
    assert folders.names() == []


def test_takes_that_were_cut_off_are_finished_at_the_next_start(folders: Folders) -> None:
    folders.start(msgspec.structs.replace(TAKE, name="done")).close()
    cut_off = folders.cut_off()
    with cut_off.path.open("ab") as file:
        file.write(bytes(6 * 50 + 5))
    assert soundfile.info(str(cut_off.path)).frames == 1000, "the rest is not told yet"
    assert folders.repair() == ["jam"]
    assert folders.note("jam") == msgspec.structs.replace(TAKE, frames=1050, complete=True)
    assert soundfile.info(str(cut_off.path)).frames == 1050
    assert folders.repair() == []
    assert folders.problems == []


def test_what_cannot_be_repaired_is_told_and_left_and_hinders_no_other(folders: Folders) -> None:
    lost = folders.cut_off(msgspec.structs.replace(TAKE, name="a"))
    lost.path.unlink()
    (folders.recordings / "b.json").write_text("{")
    folders.cut_off(msgspec.structs.replace(TAKE, name="c"))
    assert folders.repair() == ["c"]
    assert [str(problem).partition(":")[0].rpartition("/")[2] for problem in folders.problems] == [
        "a.wav",
        "b.json is damaged at line 1, column 2",
    ]
    assert (folders.recordings / "b.json").read_text() == "{"


def test_a_take_that_cannot_begin_leaves_nothing(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def failing(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        if str(target).endswith("jam.json"):
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(StoreError, match=r"jam\.json: access is denied"):
        folders.start()
    assert folders.names() == []
    assert list(folders.temp.iterdir()) == []


def test_a_take_that_fills_the_disk_is_closed_with_its_note(small_disk: Path) -> None:
    folders = Folders(small_disk)
    take = folders.start()
    audio = np.random.default_rng(1).uniform(-0.9, 0.9, (1000, 2)).astype(np.float32)
    with pytest.raises(DiskFull, match="the disk is full"):
        for _ in range(1000):
            take.write(audio)
    closed = take.close()
    assert closed.complete
    assert folders.note("jam") == closed
    taken = soundfile.read(take.path, dtype="float32")[0]
    assert len(taken) == closed.frames > 100_000
    assert np.abs(taken - np.resize(audio, taken.shape)).max() <= 0.5 / 2**23


def test_takes_may_lie_on_another_disk_than_the_project(project: Path, small_disk: Path) -> None:
    project.mkdir()
    (project / "recordings").symlink_to(small_disk)
    folders = Folders(project)
    take = folders.start()
    assert {"jam.json", "jam.reserve.tmp", "jam.wav"} <= {*folders.names()}, "room is kept where the take is"
    take.close()
    assert folders.note("jam").complete
    assert folders.names() == ["jam.json", "jam.wav"]


def test_on_a_full_disk_a_take_does_not_begin_and_says_so(small_disk: Path) -> None:
    folders = Folders(small_disk)
    folders.recordings.mkdir()
    fill(small_disk)
    with pytest.raises(DiskFull, match="the disk is full"):
        folders.start()
    assert folders.names() == []


def test_taps_that_fill_the_disk_end_on_the_same_frame(small_disk: Path) -> None:
    folders = Folders(small_disk)
    take = folders.start(msgspec.structs.replace(TAKE, taps=("master", "dry", "01 kick")))
    audio = np.random.default_rng(1).uniform(-0.9, 0.9, (1000, 2)).astype(np.float32)
    with pytest.raises(DiskFull, match="the disk is full"):
        for _ in range(1000):
            take.write(audio, audio, audio)
    closed = take.close()
    found = {soundfile.info(str(path)).frames for path in take.path.iterdir()}
    assert found == {closed.frames}
    assert closed.frames > 30_000
    assert folders.note("jam") == closed


def test_a_disk_that_is_slow_to_sync_holds_up_no_sound_not_where_a_take_nor_where_a_part_begins(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    for folder in (folders.recordings, folders.temp):
        folder.mkdir(parents=True)  # as a project has them
    monkeypatch.setattr(os, "fsync", lambda descriptor: answers.wait(PATIENCE_S))
    take = TakeFile(folders.recordings, folders.temp, msgspec.structs.replace(TAKE, taps=("master", "dry")), 2500)
    for _ in range(9):
        take.write(AUDIO + 0.5, AUDIO + 0.25)
    assert sum(path.stat().st_size for path in take.path.iterdir()) == take.size_bytes > 9000 * 2 * 6
    assert not answers.is_set()
    answers.set()
    assert take.close().parts == (2500, 2500, 2500, 1500)


def test_a_part_that_the_disk_lost_is_told_of_though_others_follow(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = TakeFile(folders.recordings, folders.temp, TAKE, 1500)
    take.write(AUDIO)
    real = os.fsync

    def losing(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name.endswith("_001.wav"):
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", losing)
    with pytest.raises(StoreError, match=r"_001\.wav"):
        for _ in range(3):
            take.write(AUDIO)
        take.close()


def test_a_tap_in_which_nothing_was_heard_is_left_out(folders: Folders) -> None:
    take = folders.start(msgspec.structs.replace(TAKE, taps=("master", "01 kick", "02")))
    take.write(AUDIO, AUDIO + 0.5, AUDIO)
    assert take.close().taps == ("master", "01 kick")
    assert sorted(path.name for path in take.path.iterdir()) == ["01 kick.wav", "master.wav"]


def test_notes_that_a_full_disk_left_are_finished_at_the_next_start_and_those_of_no_take_go(folders: Folders) -> None:
    folders.start().close()
    PlayedFile(folders.recordings, "jam", ()).close()
    PlayedFile(folders.recordings, "gone", ()).close()
    assert folders.repair() == []
    assert folders.names() == ["jam.json", "jam.mid", "jam.wav"]


def test_what_a_command_meant_for_a_frame_that_did_not_come_is_in_no_take(folders: Folders) -> None:
    take = folders.start()
    take.write(AUDIO)
    take.tell(*(TakeEvent(frame, "command", "/track/1/gain 0.0") for frame in (1000, 1001)))
    assert [event.frame for event in take.close().events] == [1000]


def test_a_take_whose_notes_are_damaged_is_finished_without_them(folders: Folders) -> None:
    folders.cut_off()
    (folders.recordings / "jam.notes").write_bytes(framed(b"no list of tracks"))
    assert folders.repair() == ["jam"]
    assert folders.note("jam").complete
    assert ["jam.notes holds no notes" in str(problem) for problem in folders.problems] == [True]
    assert not (folders.recordings / "jam.mid").exists()


def test_a_note_that_was_about_to_be_written_under_a_name_that_the_take_has_no_more_does_not_stay(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written, moved = store.takes.under_way.write_note, threading.Event(), threading.Event()

    def held(recordings: Path, take: Take, temp_dir: Path, synced: bool = True) -> None:
        if synced and take.name == "jam":
            written.set()
            moved.wait(PATIENCE_S)
        real(recordings, take, temp_dir, synced)

    monkeypatch.setattr(store.takes.under_way, "write_note", held)
    take = folders.start()
    take.write(AUDIO)
    assert written.wait(PATIENCE_S)
    (folders.recordings / "jam.wav").unlink()
    (folders.recordings / "jam.wav").write_bytes(b"somebody else's")
    take.take_another_name()
    moved.set()
    take.close()
    assert folders.names() == ["jam.wav", "jam_2.json", "jam_2.wav"]


def test_a_take_that_begins_while_another_is_given_its_name_has_one_of_its_own(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = folders.start()
    take.write(AUDIO + 0.5)
    take.close()
    begun: list[TakeFile] = []
    begins = threading.Thread(target=lambda: begun.append(folders.start(replace(TAKE, name="wanted"))))

    def begins_then(folder: Path, name: str) -> bool:
        found = is_taken(folder, name)
        begins.start()
        begins.join(0.1)  # it waits its turn; else it would take the name
        return found

    monkeypatch.setattr(store.takes.shelf, "is_taken", begins_then)
    assert TakeShelf([folders.recordings], folders.temp).rename("jam", "wanted") == "wanted"
    begins.join(PATIENCE_S)
    begun[0].close()
    assert begun[0].take.name == "wanted_2"
    assert len(soundfile.read(folders.recordings / "wanted.wav")[0]) == len(AUDIO)
