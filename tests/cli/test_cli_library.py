"""`chronus library`: what it finds, and what it does to many patterns at once."""

import json
from pathlib import Path
from typing import Any

import pytest
import soundfile

from chronus_tui.cli import main
from chronus_tui.engine.offline.sources import slot_place
from store.codec import encode_pattern
from store.documents import Pattern, Step, Track
from store.library.library import Library
from store.locks import ProjectLock
from store.slots.slots import SlotStore

KICK = Track("kick", "kick", steps=(Step(on=True),) * 16)
ONE = Pattern(name="one", genre="polka", tags=("odd",), tracks=(KICK,))
TWO = Pattern(name="two", genre="polka", tracks=(KICK,))


@pytest.fixture
def library(project: Path) -> Library:
    library = Library(project / "patterns" / "library", runtime=project / ".chronus")
    for pattern in (ONE, TWO):
        library.write(pattern, pattern.name)
    return library


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    assert main(["library", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["library", *words]) in (1, 2)
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1
    return sentence


def test_a_list_tells_what_the_filters_find(library: Library, capsys: Any) -> None:
    assert [each["name"] for each in told(capsys, "list", "genre=polka")["patterns"]] == ["polka/one", "polka/two"]
    assert main(["library", "list", "tag=odd", "one"]) == 0
    assert capsys.readouterr().out == "polka/one  120  odd\n"
    assert main(["library", "list", "genre=none"]) == 0
    assert capsys.readouterr().out == "No pattern is found.\n"


def test_a_tag_is_given_to_all_that_are_found_and_taken_again(library: Library, capsys: Any) -> None:
    assert told(capsys, "tag", "dance", "genre=polka")["tagged"] == ["polka/one", "polka/two"]
    assert library.read("one").tags == ("odd", "dance")
    assert told(capsys, "untag", "dance", "name=one") == {"found": 1, "untagged": ["polka/one"], "problems": []}
    assert library.read("two").tags == ("dance",)


def test_old_files_are_written_anew_and_only_those(project: Path, library: Library, capsys: Any) -> None:
    old = Path(__file__).parents[1] / "store" / "data" / "pattern_v1.json"
    path = project / "patterns" / "library" / "polka" / "old.json"
    path.write_bytes(old.read_bytes())
    assert told(capsys, "convert", "all")["converted"] == ["polka/old"]
    assert path.read_bytes() == encode_pattern(library.read("old"))
    (backup,) = (project / "patterns/backups/library/polka/old").iterdir()
    assert backup.read_bytes() == old.read_bytes()


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(project: Path, library: Library, capsys: Any) -> None:
    (project / "patterns/library/polka/bad.json").write_text("{")
    made = told(capsys, "tag", "x", "genre=polka", code=1)
    assert made["tagged"] == ["polka/one", "polka/two"]
    assert len(made["problems"]) == 1 and "bad.json is damaged" in made["problems"][0]


def test_many_become_midi_files_and_sound(library: Library, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "out"
    assert len(told(capsys, "midi", "genre=polka", "-o", str(out))["written"]) == 2
    assert (out / "polka" / "one.mid").read_bytes().startswith(b"MThd")
    assert told(capsys, "render", "name=one", "-o", str(out), "--bars", "1", "--tail", "0")["rendered"] == ["polka/one"]
    assert soundfile.info(str(out / "polka" / "one.wav")).frames == 96_000


def test_a_selection_goes_out_and_in(library: Library, tmp_path: Path, capsys: Any) -> None:
    out = str(tmp_path / "polka.zip")
    assert told(capsys, "export", out, "genre=polka")["count"] == 2
    assert "already" in refused(capsys, "export", out)
    library.delete("one")
    assert told(capsys, "import", out) == {"kind": "library", "count": 2, "new": 1}
    assert "leave out --bank" in refused(capsys, "import", out, "--bank", "2")


def test_a_bank_goes_out_and_into_another_unless_an_engine_has_the_slots(project, library, tmp_path, capsys) -> None:
    slots = SlotStore(project)
    for slot in (3, 4):
        slots.write(1, slot, ONE)
    slots.write(2, 3, TWO)
    out = str(tmp_path / "bank.zip")
    assert told(capsys, "export", out, "--bank", "1")["count"] == 2
    with ProjectLock(project):
        assert "chronus send /library/import NAME" in refused(capsys, "import", out, "--bank", "2")
    assert slots.read(2, 3) == TWO
    assert told(capsys, "import", out, "--bank", "2") == {"kind": "bank", "bank": 2, "count": 2}
    assert (slots.read(2, 3), slots.read(2, 4), slots.read_backup(2, 3)) == (ONE, ONE, TWO)


@pytest.mark.parametrize(
    "words",
    [
        ("list", "gener=x"),
        ("tag", "a=b", "name=one"),
        ("tag", "x"),
        ("export", "x.zip", "--bank", "17"),
        ("export", "x.zip", "--bank", "1", "genre=polka"),
        ("export", "x.zip", "genre=none"),
        ("import", "gone.zip"),
        ("nothing",),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(library: Library, capsys, tmp_path, monkeypatch, words) -> None:
    monkeypatch.chdir(tmp_path)
    refused(capsys, *words)
    assert list(tmp_path.glob("*.zip")) == []
    assert library.read("one") == ONE


def test_a_slot_of_any_bank_is_a_source(project: Path, tmp_path: Path, capsys: Any) -> None:
    assert [slot_place(text) for text in ("13", "2:13", "2/13", "dub/13", "2:13:4", "²")] == [
        (1, 13), (2, 13), (2, 13), None, None, None,
    ]  # fmt: skip
    SlotStore(project).write(2, 13, TWO)
    out = tmp_path / "x.mid"
    assert main(["midi", "export", "2:13", str(out)]) == 0
    assert main(["midi", "import", str(out), "--slot", "3:7"]) == 0
    assert SlotStore(project).read(3, 7).tracks == TWO.tracks
    capsys.readouterr()
    for slot in ("17:1", "1:129", "x"):
        assert main(["midi", "import", str(out), "--slot", slot]) == 2
        assert capsys.readouterr().err.count("\n") == 1
