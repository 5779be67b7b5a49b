"""Project folders, their locks and their library."""

import json
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from store.codec import encode_pattern, encode_project
from store.default_project import default_project
from store.documents import Pattern, Project
from store.errors import BadName, DamagedFile, NotInLibrary, ProjectInUse, StoreError
from store.library.library import Library
from store.locks import ProjectLock
from store.project import open_project, save_project
from store.slots.factory import fill_with_factory
from store.slots.slots import SlotStore

ACID = Pattern(name="acid night", genre="techno")
DUB = Pattern(name="deep", genre="dub")


@pytest.fixture
def factory(tmp_path: Path) -> Path:
    """A factory library of two patterns."""
    root = tmp_path / "factory"
    for pattern in (ACID, DUB):
        (root / pattern.genre).mkdir(parents=True)
        (root / pattern.genre / f"{pattern.name}.json").write_bytes(encode_pattern(pattern))
    slots = {"1": "techno/acid night", "8": "deep"}
    (root / "factory.json").write_text(json.dumps({"format": "chronus-factory", "version": 1, "slots": slots}))
    return root


def test_the_project_is_the_argument_else_the_environment_else_the_current_folder_else_the_users(
    tmp_path: Path,
) -> None:
    environment = {"CHRONUS_PROJECT": "/songs/one"}
    assert default_project("two", environment, tmp_path) == tmp_path / "two"
    assert default_project(None, environment, tmp_path) == Path("/songs/one")
    assert "chronus" in default_project(None, {}, tmp_path).parts
    (tmp_path / "patterns").mkdir()
    assert default_project(None, {}, tmp_path) == tmp_path


def test_opening_a_project_makes_what_is_missing_and_leaves_what_is_there(project: Path) -> None:
    assert open_project(project) == Project(name="project")
    for folder in ("patterns/slots", "patterns/temp", "recordings", ".chronus"):
        assert (project / folder).is_dir()
    assert (project / ".chronus").stat().st_mode & 0o777 == 0o700
    mine = Project(name="mine", bank=3, extra={"mood": "dark"})
    save_project(project, mine)
    assert open_project(project) == mine


def test_opening_a_project_sweeps_what_an_interrupted_save_left_and_nothing_else(project: Path) -> None:
    temp = project / "patterns" / "temp"
    (temp / "bank_01.77.tmp").mkdir(parents=True)
    for name in ("slot_001.json.77-1.tmp", "bank_01.77.tmp/slot_001.json", "mine.json"):
        (temp / name).touch()
    open_project(project)
    assert [path.name for path in temp.iterdir()] == ["mine.json"]


def test_a_damaged_project_file_is_told_and_kept(project: Path) -> None:
    project.mkdir()
    (project / "project.json").write_bytes(encode_project(Project())[:-9])
    with pytest.raises(DamagedFile, match=r"project\.json is damaged"):
        open_project(project)
    assert (project / "project.json").read_bytes() == encode_project(Project())[:-9]


def test_a_project_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=re.escape(f"Could not make the folder {tmp_path / 'file'}")):
        open_project(tmp_path / "file" / "project")


def test_a_new_project_has_the_factory_patterns_in_its_slots(project: Path, factory: Path) -> None:
    open_project(project)
    assert fill_with_factory(project, factory)
    slots = SlotStore(project)
    assert slots.occupied(1) == [1, 8]
    assert slots.read(1, 8) == DUB
    assert list((project / "patterns" / "temp").iterdir()) == []


def test_a_bank_that_was_used_is_never_filled_again(project: Path, factory: Path) -> None:
    open_project(project)
    fill_with_factory(project, factory)
    for slot in (1, 8):
        SlotStore(project).clear(1, slot)
    assert not fill_with_factory(project, factory)
    assert SlotStore(project).occupied(1) == []


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        ({"1": "techno/gone"}, "The library has no pattern 'techno/gone'"),
        ({"129": "deep"}, "'129' is no slot"),
        ({"1": "../../etc/passwd"}, "cannot be a name"),
    ],
)
def test_a_factory_that_is_not_whole_fills_nothing(
    project: Path, factory: Path, slots: dict[str, str], sentence: str
) -> None:
    text = json.dumps({"format": "chronus-factory", "version": 1, "slots": {"8": "deep"} | slots})
    (factory / "factory.json").write_text(text)
    open_project(project)
    with pytest.raises(StoreError, match=sentence):
        fill_with_factory(project, factory)
    assert SlotStore(project).occupied(1) == []
    assert not (project / "patterns/slots/bank_01").exists()


def test_a_second_engine_is_told_who_plays_the_project(project: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from store.locks import ProjectLock\n"
            "with ProjectLock(Path(sys.argv[1])): print(flush=True); sys.stdin.read()",
            str(project),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    lock = ProjectLock(project)
    sentence = (
        f"Project {project} is already played by engine {holder.pid}; attach with chronus, or end it with chronus stop."
    )
    try:
        with pytest.raises(ProjectInUse, match=re.escape(sentence)):
            lock.acquire()
    finally:
        holder.kill()
        holder.communicate()
    assert (project / ".chronus" / "engine.pid").exists(), "it was killed and could not tidy up"
    with lock, pytest.raises(ProjectInUse):
        ProjectLock(project).acquire()
    lock.release()
    assert not (project / ".chronus" / "engine.pid").exists()


def test_a_pattern_of_the_library_is_found_by_its_name_with_or_without_its_genre(factory: Path) -> None:
    library = Library(factory)
    assert library.names() == ["dub/deep", "techno/acid night"]
    assert library.read("acid night") == ACID
    assert library.read("techno/acid night") == ACID


def test_a_name_in_two_genres_has_to_be_told_apart(project: Path) -> None:
    library = Library(project / "patterns" / "library")
    for genre in ("dub", "house"):
        library.write(Pattern(genre=genre), "deep")
    with pytest.raises(NotInLibrary, match="The library has dub/deep and house/deep; say which"):
        library.read("deep")
    assert library.read("house/deep").genre == "house"


@pytest.mark.parametrize("name", ["gone", "dub/acid night"])
def test_a_name_that_the_library_lacks_says_so(factory: Path, name: str) -> None:
    with pytest.raises(NotInLibrary, match=f"The library has no pattern '{name}'"):
        Library(factory).read(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "", ".", "..", "dub/..", "../dub/deep", "a/b/c"])
def test_a_name_that_is_a_path_reaches_no_file(factory: Path, name: str) -> None:
    with pytest.raises(BadName):
        Library(factory).read(name)


@pytest.mark.parametrize("name", ["../evil", "dub/evil", ""])
def test_a_pattern_is_not_saved_under_a_path(project: Path, name: str) -> None:
    with pytest.raises(BadName):
        Library(project).write(ACID, name)
    assert not project.exists()


def test_a_pattern_is_saved_in_the_folder_of_its_genre_and_what_was_there_is_kept(
    project: Path, clock: Callable[[], datetime]
) -> None:
    root = project / "patterns" / "library"
    library = Library(root, now=clock)
    assert library.write(Pattern(bpm=100), "mine") == root / "unsorted" / "mine.json"
    assert library.write(Pattern(bpm=101), "mine") == root / "unsorted" / "mine.json"
    assert library.read("mine") == Pattern(name="mine", bpm=101)
    (backup,) = (project / "patterns/backups/library/unsorted/mine").iterdir()
    assert backup.read_bytes() == encode_pattern(Pattern(name="mine", bpm=100))


def test_the_projects_own_pattern_goes_before_the_factorys(project: Path, factory: Path) -> None:
    library = Library(project / "patterns" / "library", factory)
    assert library.read("deep") == DUB
    library.write(Pattern(genre="dub", bpm=99), "deep")
    assert library.read("deep").bpm == 99
    assert library.names() == ["dub/deep", "techno/acid night"]


def test_a_file_named_by_a_system_that_takes_letters_apart_is_found(project: Path) -> None:
    folder = project / "cafe"
    folder.mkdir(parents=True)
    (folder / f"{unicodedata.normalize('NFD', 'café')}.json").write_bytes(encode_pattern(ACID))
    library = Library(project)
    assert library.names() == ["cafe/café"]
    assert library.read("café") == ACID


def test_an_engine_starts_though_somebody_looks_at_that_moment_whether_another_has_ended(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = FileLock(project / ".chronus" / "lock")
    looks.acquire()
    monkeypatch.setattr(time, "sleep", lambda seconds: looks.release())
    with ProjectLock(project):
        assert not looks.is_locked
