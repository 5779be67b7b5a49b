"""Memory that outlives its engine: where it lies, and whose it is."""

import os
from pathlib import Path

import pytest

from store import lasting
from store.lasting import LastingFolder, folders_left, folders_of_others, make_folder, places

pytestmark = pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="no other system has such places")


def folder_of(project: Path, place: Path) -> LastingFolder:
    project.mkdir(exist_ok=True)
    folder = make_folder(project, [place])
    assert folder is not None
    return folder


def test_each_engine_finds_what_its_own_project_left_and_nobody_else_may_look(tmp_path: Path):
    place = tmp_path / "place"
    place.mkdir()
    mine = folder_of(tmp_path / "one", place)
    other = folder_of(tmp_path / "two", place)
    file = mine.file("sound", 4096)
    assert file is not None and file.reserve(0, 4096)
    file.map()[:4] = b"here"
    file.close()
    assert folders_left(tmp_path / "one", [place]) == [mine.path]
    assert folders_left(tmp_path / "two", [place]) == [other.path]
    assert folders_of_others(tmp_path / "two", [place]) == [mine.path]
    assert (mine.path / "sound").read_bytes()[:4] == b"here"
    assert [path.stat().st_mode & 0o777 for path in (mine.path, mine.path / "sound")] == [0o700, 0o600]
    mine.close()
    assert folders_left(tmp_path / "one", [place]) == []


def test_of_many_folders_of_a_project_the_latest_are_kept(tmp_path: Path):
    folders = [folder_of(tmp_path / "song", tmp_path) for _ in range(4)]
    for age, folder in enumerate(folders):
        os.utime(folder.path, ns=(age, age))
    latest = [folder.path for folder in folders[:1:-1]]
    assert folders_left(tmp_path / "song", [tmp_path]) == latest
    assert sorted(path for path in tmp_path.glob("chronus-*")) == sorted(latest)


def test_what_a_project_left_that_is_no_more_is_removed_by_whichever_engine_starts(tmp_path: Path):
    gone = folder_of(tmp_path / "gone", tmp_path)
    (tmp_path / "gone").rmdir()
    stays = folder_of(tmp_path / "stays", tmp_path)
    folder_of(tmp_path / "new", tmp_path)
    assert not gone.path.exists()
    assert stays.path.exists()


def test_a_place_on_a_disk_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    device = Path("/dev/shm").stat().st_dev
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 35 {os.major(device)}:{os.minor(device)} / /dev/shm rw,noatime - ext4 /dev/root rw\n")
    monkeypatch.setattr(lasting, "_MOUNTS", mounts)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert places() == []
    mounts.write_text(mounts.read_text().replace("ext4", "tmpfs"))
    assert places() == [Path("/dev/shm")]


def test_a_folder_of_somebody_else_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder_of(tmp_path / "song", tmp_path)
    found = f"chronus-{os.getuid() + 1}-"
    (own,) = folders_left(tmp_path / "song", [tmp_path])
    own.rename(own.with_name(own.name.replace(f"chronus-{os.getuid()}-", found)))
    monkeypatch.setattr(os, "getuid", lambda: own.parent.stat().st_uid + 1)
    assert folders_left(tmp_path / "song", [tmp_path]) == []
