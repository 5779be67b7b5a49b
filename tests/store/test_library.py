"""The library: what a list tells and from where, what is found, and the ways back."""

import os
import shutil
import threading
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from hypothesis import given
from hypothesis import strategies as st

from store.codec import encode_pattern
from store.documents import Pattern, Track
from store.errors import (
    BadFilter,
    BadName,
    DamagedFile,
    LibraryBusy,
    NameTaken,
    NewerVersion,
    NoBackup,
    NotInLibrary,
    StoreError,
)
from store.library import entries as library_entries
from store.library.filters import Query, folded, query_of
from store.library.library import Library
from store.library.tags import begun_from, with_tag, without_tag

NIGHT = Pattern(name="acid night", genre="techno", tags=("acid", "dark"), bpm=132, tracks=(Track("kick", "kick"),))
RAIN = Pattern(name="rain on tin", genre="electro", tags=("dark",), about="a slow one, with bells")
DUB = Pattern(name="Über dub", genre="dub", tags=("slow",))
ALL = (NIGHT, RAIN, DUB)


@pytest.fixture
def open_library(project: Path, clock: Callable[[], datetime]) -> Callable[[], Library]:
    """What opens the project's library anew, as another program does."""
    return lambda: Library(project / "patterns" / "library", runtime=project / ".chronus", now=clock)


@pytest.fixture
def library(open_library: Callable[[], Library]) -> Library:
    library = open_library()
    for pattern in ALL:
        library.write(pattern, pattern.name)
    return library


def found(library: Library, *filters: str) -> list[str]:
    return [entry.full_name for entry in library.select(query_of(filters))]


def file_of(project: Path, name: str) -> Path:
    return project / "patterns" / "library" / f"{name}.json"


def test_a_list_tells_of_each_pattern_what_its_head_says(library: Library) -> None:
    entry = library.entries()["electro/rain on tin"]
    assert (entry.genre, entry.name, entry.tags, entry.about) == ("electro", "rain on tin", RAIN.tags, RAIN.about)
    assert (entry.bpm, entry.problem, entry.factory) == (120, "", False)


def test_a_list_reads_the_head_of_a_file_alone(project: Path, open_library, library, monkeypatch) -> None:
    """Tracks that are rubbish are not looked at; a load finds it out."""
    path = file_of(project, "techno/acid night")
    text = path.read_bytes()
    path.write_bytes(text[: text.index(b'"tracks"') + 12] + b"rubbish" * 1000)
    monkeypatch.setattr(library_entries, "decode_pattern", lambda *_: pytest.fail("the file was read whole"))
    assert open_library().entries()["techno/acid night"].bpm == 132
    with pytest.raises(DamagedFile):
        library.read("techno/acid night")


@pytest.mark.parametrize(
    "relaid",
    [
        lambda text: text.replace(b"\n", b"").replace(b"  ", b""),
        lambda text: text.replace(b"  ", b"\t"),
        lambda text: b'{"tracks": [], ' + text.lstrip()[1:].replace(b'"tracks"', b'"x-tracks"'),
        lambda text: b"\xef\xbb\xbf" + text,
    ],
)
def test_a_file_that_was_laid_out_by_hand_tells_the_same(project: Path, open_library, library, relaid) -> None:
    path = file_of(project, "techno/acid night")
    path.write_bytes(relaid(path.read_bytes()))
    entry = open_library().entries()["techno/acid night"]
    assert (entry.tags, entry.bpm, entry.problem) == (NIGHT.tags, 132, "")


def test_a_file_of_version_1_is_listed(project: Path, library: Library) -> None:
    old = Path(__file__).parent / "data" / "pattern_v1.json"
    shutil.copy(old, file_of(project, "techno/old"))
    entry = library.entries()["techno/old"]
    assert entry.problem == ""
    assert entry.bpm == library.read("techno/old").bpm


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", DamagedFile),
        (b"{", DamagedFile),
        (b"[]", DamagedFile),
        (b"\xff\xfe", DamagedFile),
        (b'{"format": "chronus-take", "version": 1}', DamagedFile),
        (b'{"format": "chronus-pattern", "version": 99}', NewerVersion),
    ],
)
def test_a_file_that_cannot_be_read_is_listed_with_the_reason_and_hinders_nothing(
    project: Path, library: Library, content: bytes, error: type[StoreError]
) -> None:
    path = file_of(project, "techno/bad")
    path.write_bytes(content)
    entry = library.entries()["techno/bad"]
    assert "bad.json" in entry.problem and entry.problem.endswith(".")
    assert found(library, "tag=dark") == ["electro/rain on tin", "techno/acid night"]
    for refused in (
        lambda: library.read("techno/bad"),
        lambda: library.rename("techno/bad", "good"),
        lambda: library.change("techno/bad", lambda pattern: with_tag(pattern, "x")),
    ):
        with pytest.raises(error):
            refused()
    assert path.read_bytes() == content
    assert library.delete("techno/bad") == "techno/bad"
    assert library.restore("techno/bad") == "techno/bad"
    assert path.read_bytes() == content


def test_what_is_no_file_is_listed_with_the_reason(project: Path, library: Library) -> None:
    os.mkfifo(file_of(project, "techno/pipe"))
    file_of(project, "techno/folder").mkdir()
    file_of(project, "techno/link").symlink_to("nowhere.json")
    (project / "patterns/library/loose.json").touch()
    problems = {name: entry.problem for name, entry in library.entries().items() if entry.problem}
    assert sorted(problems) == ["techno/folder", "techno/pipe"]
    assert all("it is no file" in problem for problem in problems.values())


def test_a_list_is_true_however_a_file_was_changed(project: Path, open_library, library: Library) -> None:
    other = open_library()
    assert len(other.names()) == 3
    path = file_of(project, "techno/acid night")
    with path.open("r+b") as file:  # in place: neither the folder nor the file's number changes
        text = file.read()
        file.seek(0)
        file.write(text.replace(b'"bpm": 132', b'"bpm": 133'))
    assert other.entries()["techno/acid night"].bpm == 133
    library.write(Pattern(genre="dub"), "new")
    file_of(project, "dub/Über dub").unlink()
    assert other.names() == ["dub/new", "electro/rain on tin", "techno/acid night"]


def many(library: Library, count: int) -> None:
    for number in range(count):
        library.write(Pattern(genre="many", bpm=60 + number), f"{number:03}")


def test_another_program_takes_what_is_listed_from_the_index(project, open_library, library, monkeypatch) -> None:
    many(library, 70)
    names = library.names()
    assert (project / ".chronus/library.index").exists()
    monkeypatch.setattr(library_entries, "_head_of", lambda path: pytest.fail(f"{path} was read again"))
    monkeypatch.setattr(library_entries, "decode_pattern", lambda *_: pytest.fail("a file was read again"))
    other = open_library()
    assert other.names() == names
    assert other.entries() == library.entries()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "folder", "elsewhere"])
def test_an_index_that_is_not_what_was_written_is_not_used_and_made_anew(
    project: Path, open_library, library: Library, damage: str
) -> None:
    many(library, 70)
    expected = library.entries()
    index = project / ".chronus/library.index"
    data = index.read_bytes()
    match damage:
        case "cut":
            index.write_bytes(data[:-10])
        case "flipped":
            place = data.index(b"acid night")
            index.write_bytes(data[:place] + b"b" + data[place + 1 :])
        case "empty":
            index.write_bytes(b"")
        case "text":
            index.write_bytes(b"{}" * 100)
        case "folder":
            index.unlink()
            index.mkdir()
        case "elsewhere":
            moved = project.with_name("moved")
            shutil.copytree(project, moved)
            other = Library(moved / "patterns/library", runtime=moved / ".chronus")
            assert {name: entry.bpm for name, entry in other.entries().items()} == {
                name: entry.bpm for name, entry in expected.items()
            }
            return
    assert open_library().entries() == expected
    if damage != "folder":
        assert index.read_bytes() == data


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ((), ["dub/Über dub", "electro/rain on tin", "techno/acid night"]),
        (("genre=techno",), ["techno/acid night"]),
        (("genre=TECHNO", "genre=dub"), ["dub/Über dub", "techno/acid night"]),
        (("genre=polka",), []),
        (("tag=dark",), ["electro/rain on tin", "techno/acid night"]),
        (("tag=dark", "tag=acid"), ["techno/acid night"]),
        (("tag=dark", "genre=electro"), ["electro/rain on tin"]),
        (("text=uber",), ["dub/Über dub"]),
        (("ÜBER",), ["dub/Über dub"]),
        (("text=bells",), ["electro/rain on tin"]),
        (("text=slow",), ["dub/Über dub", "electro/rain on tin"]),
        (("text=acd nght",), ["techno/acid night"]),
        (("text=acid bells",), []),
        (("name=acid night",), ["techno/acid night"]),
        (("name=dub/acid night",), []),
        (("recent=1",), ["dub/Über dub"]),
        (("recent=1", "tag=dark"), ["electro/rain on tin"]),
        (("recent=99",), ["dub/Über dub", "electro/rain on tin", "techno/acid night"]),
        (("limit=1",), ["dub/Über dub"]),
        (("from=2", "limit=1"), ["electro/rain on tin"]),
        (("from=9",), []),
    ],
)
def test_filters_hold_together(project: Path, library: Library, filters: tuple[str, ...], names: list[str]) -> None:
    for second, pattern in enumerate(ALL):
        os.utime(file_of(project, f"{pattern.genre}/{pattern.name}"), (second, second))
    assert found(library, *filters) == names


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gener=x", "There is no filter 'gener'; there are genre, tag, name, text, recent, limit, from."),
        ("recent=few", "The filter recent takes a whole number from 1 on, not 'few'."),
        ("recent=0", "The filter recent takes a whole number from 1 on, not '0'."),
        ("limit=-1", "The filter limit takes a whole number from 1 on, not '-1'."),
        ("from=" + "9" * 50, "The filter from takes a whole number from 1 on, not '" + "9" * 40 + "'."),
        ("tag=", "The filter 'tag=' has no value; write tag=something, or leave it out."),
    ],
)
def test_a_filter_that_is_none_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        query_of([text])
    assert str(refusal.value) == sentence


def test_the_closer_a_word_is_to_a_name_the_earlier_the_pattern_stands(open_library) -> None:
    library = open_library()
    for name, genre, tags, about in (
        ("dub", "a", (), ""),
        ("dub plate", "a", (), ""),
        ("night dub", "a", (), ""),
        ("x", "a", ("dub",), ""),
        ("y", "dub", (), ""),
        ("redubbed", "a", (), ""),
        ("z", "a", (), "made for dub"),
        ("drum bass", "a", (), ""),
        ("duet under boats", "a", (), ""),
    ):
        library.write(Pattern(genre=genre, tags=tags, about=about), name)
    # 32, 24, 24 for the tag, 16, 16 for the genre, 12, 4 for letters close together, 4 for a word in what is said
    assert found(library, "text=dub") == [
        "a/dub", "a/dub plate", "a/x", "a/night dub", "dub/y", "a/redubbed", "a/drum bass", "a/z",
    ]  # fmt: skip


@given(st.text(max_size=30))
def test_every_text_is_a_query_or_refused(text: str) -> None:
    try:
        assert isinstance(query_of([text]), Query)
    except BadFilter as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize(("text", "plain"), [("ÜBER", "uber"), ("Straße", "strasse"), ("İ™", "itm"), ("夜", "夜")])
def test_case_and_accents_do_not_count(text: str, plain: str) -> None:
    assert folded(text) == folded(unicodedata.normalize("NFD", text)) == plain


def test_what_was_used_is_among_the_most_recent_and_a_damaged_note_of_it_does_no_harm(
    project: Path, open_library, library: Library
) -> None:
    for pattern in ALL:
        os.utime(file_of(project, f"{pattern.genre}/{pattern.name}"), (1, 1))
    library.note_use("acid night")
    library.note_use("electro/rain on tin")
    assert found(open_library(), "recent=2") == ["electro/rain on tin", "techno/acid night"]
    library.note_use("gone")
    (project / ".chronus/library.used").write_text("{")
    assert len(found(open_library(), "recent=3")) == 3
    library.note_use("dub/Über dub")
    assert found(open_library(), "recent=1") == ["dub/Über dub"]


def test_a_tag_is_given_and_taken_with_a_backup_of_what_was(project: Path, library: Library) -> None:
    before = file_of(project, "techno/acid night").read_bytes()
    assert library.change("acid night", lambda pattern: with_tag(pattern, " favourite "))
    assert found(library, "tag=favourite") == ["techno/acid night"]
    assert not library.change("acid night", lambda pattern: with_tag(pattern, "favourite"))
    (backup,) = (project / "patterns/backups/library/techno/acid night").iterdir()
    assert backup.read_bytes() == before
    assert library.change("acid night", lambda pattern: without_tag(pattern, "favourite"))
    assert library.read("acid night") == NIGHT


@pytest.mark.parametrize("tag", ["", " ", "a=b", "x" * 41, "a\nb", "\u202e"])
def test_a_text_that_is_no_tag_is_refused(library: Library, tag: str) -> None:
    with pytest.raises(BadName, match=r"cannot be a tag: .*\.$"):
        library.change("acid night", lambda pattern: with_tag(pattern, tag))
    assert library.read("acid night") == NIGHT


def test_a_template_is_begun_from_without_its_name(library: Library) -> None:
    library.change("acid night", lambda pattern: with_tag(pattern, "template"))
    begun = begun_from(library.read("acid night"))
    assert (begun.name, begun.tags, begun.tracks) == ("untitled", NIGHT.tags, NIGHT.tracks)
    assert begun_from(NIGHT) is NIGHT


def test_a_pattern_is_renamed_and_moved_to_another_genre(project: Path, library: Library) -> None:
    assert library.rename("acid night", "day") == "techno/day"
    assert library.read("techno/day").name == "day"
    assert library.rename("techno/day", "acid/day") == "acid/day"
    assert library.read("day").genre == "acid"
    assert not (project / "patterns/library/techno").exists()
    assert library.rename("day", "unsorted/day") == "unsorted/day"
    assert library.read("day").genre == ""
    assert library.rename("day", "day") == "unsorted/day"
    assert library.names() == ["dub/Über dub", "electro/rain on tin", "unsorted/day"]


@pytest.mark.parametrize("new", ["electro/rain on tin", "../x", "a/b/c", "", "con", "x" * 101, "/x/y"])
def test_a_name_that_is_taken_or_none_is_refused_and_changes_nothing(library: Library, new: str) -> None:
    with pytest.raises((NameTaken, BadName), match=r"\.$"):
        library.rename("acid night", new)
    assert library.names() == ["dub/Über dub", "electro/rain on tin", "techno/acid night"]
    assert library.read("rain on tin") == RAIN


def test_what_is_deleted_lies_in_the_trash_until_that_is_emptied(project: Path, library: Library) -> None:
    library.delete("acid night")
    library.write(NIGHT, "acid night")
    library.delete("techno/acid night")
    library.delete("rain on tin")
    assert library.names() == ["dub/Über dub"]
    assert [each.name for each in library.trash()] == ["electro/rain on tin", "techno/acid night", "techno/acid night"]
    assert library.restore("rain on tin") == "electro/rain on tin"
    assert library.restore("techno/acid night", 2) == "techno/acid night"
    assert library.read("acid night") == NIGHT
    assert library.empty_trash() == 1
    assert library.trash() == []
    assert list((project / "patterns/trash").iterdir()) == []
    with pytest.raises(NoBackup, match="Neither the library nor its trash has a pattern 'gone'"):
        library.restore("gone")


def test_what_is_in_the_library_is_restored_from_its_backups(library: Library) -> None:
    for bpm in (100, 101):
        library.write(Pattern(genre="dub", bpm=bpm), "x")
    assert library.restore("dub/x") == "dub/x"
    assert library.read("x").bpm == 100
    library.restore("x")
    assert library.read("x").bpm == 101
    with pytest.raises(NoBackup, match="has 3 backups; there is no number 9"):
        library.restore("x", 9)


def test_a_factory_pattern_that_is_changed_becomes_the_projects_own(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "factory"
    (root / "techno").mkdir(parents=True)
    (root / "techno" / "acid night.json").write_bytes(encode_pattern(NIGHT))
    library = Library(project / "patterns" / "library", root, project / ".chronus")
    assert library.entries()["techno/acid night"].factory
    with pytest.raises(StoreError, match="comes with Chronus and cannot be deleted"):
        library.delete("acid night")
    library.change("acid night", lambda pattern: with_tag(pattern, "favourite"))
    assert not library.entries()["techno/acid night"].factory
    assert (root / "techno" / "acid night.json").read_bytes() == encode_pattern(NIGHT)
    library.delete("acid night")
    assert library.read("acid night") == NIGHT
    assert library.restore("acid night") == "techno/acid night"
    assert "favourite" in library.read("acid night").tags, "out of the trash, though the factory has one of that name"
    library.delete("acid night")
    library.write(DUB, "older")
    os.utime(file_of(project, "dub/older"), (1, 1))
    assert found(library, "recent=1") == ["dub/older"], "what comes with Chronus was saved by nobody here"
    library.delete("older")
    library.rename("acid night", "mine")
    assert library.names() == ["techno/acid night", "techno/mine"]


def test_names_are_the_same_however_they_are_composed(project: Path, library: Library) -> None:
    apart = unicodedata.normalize("NFD", "Über dub")
    file_of(project, "dub/Über dub").rename(file_of(project, f"dub/{apart}"))
    assert "dub/Über dub" in library.names()
    assert library.read("dub/Über dub") == DUB
    assert library.rename("Über dub", "dub/plain") == "dub/plain"
    assert len(library.names()) == 3


def test_who_writes_while_another_program_does_waits_and_then_says_so(library, open_library, monkeypatch) -> None:
    other = open_library()
    monkeypatch.setattr("store.library.library.LOCK_WAIT_S", 0.05)
    with library._writing():
        with pytest.raises(LibraryBusy, match=r"Another program has been writing to the library .*\.$"):
            other.delete("acid night")
        assert other.read("acid night") == NIGHT
        other.note_use("acid night")  # is not noted, and nobody is disturbed
    assert other.delete("acid night") == "techno/acid night"


def test_programs_that_write_at_once_lose_nothing(
    open_library: Callable[[], Library], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.library.library.LOCK_WAIT_S", 600.0)  # the disk may be slow, and turns are not in order

    def tag(number: int) -> None:
        mine = open_library()
        for each in range(5):
            mine.change("acid night", partial(with_tag, tag=f"{number} {each}"))
            mine.names()

    threads = [threading.Thread(target=tag, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.read("acid night").tags) == 2 + 4 * 5


def test_a_folder_that_cannot_be_read_says_so(project: Path, library: Library) -> None:
    shutil.rmtree(project / "patterns/library")
    (project / "patterns/library").touch()
    with pytest.raises(StoreError, match=r"Could not read .*library: .*\.$"):
        library.names()
    with pytest.raises(NotInLibrary):
        Library(project / "nowhere").path("x")


def test_who_waits_to_write_has_his_turn_before_whoever_writes_on_and_on(
    open_library: Callable[[], Library], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.library.library.LOCK_WAIT_S", 60.0)
    order: list[str] = []

    def write() -> None:
        with open_library()._writing():
            order.append("waited")

    waits, turn = threading.Thread(target=write), FileLock(project / ".chronus" / "library.turn")
    with open_library()._writing():
        waits.start()
        while not order:
            try:
                turn.acquire(timeout=0)
            except Timeout:
                break  # it waits
            turn.release()
    with open_library()._writing():
        order.append("wrote on")
    waits.join()
    assert order == ["waited", "wrote on"]
