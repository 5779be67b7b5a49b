import json
from pathlib import Path
from typing import Any

import pytest
from midi_songs import song_of_bars

from chronus_tui.cli import main
from store.chains import Chains
from store.codec import encode_pattern
from store.documents import Pattern, Step, Track
from store.library.library import Library
from store.locks import ProjectLock
from store.slots.slots import SlotStore

PATTERN = Pattern(
    name="night", bpm=125, swing=0.3, tracks=(Track("bd", "kick", steps=(Step(on=True), *[Step()] * 15)),)
)


@pytest.fixture
def slots(project: Path) -> SlotStore:
    made = SlotStore(project)
    made.write(1, 3, PATTERN)
    return made


def test_a_slot_goes_out_and_comes_back_to_another(slots: SlotStore, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "out.mid"
    assert main(["midi", "export", "3", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: night, 1 tracks\n"
    assert main(["midi", "import", str(out), "--slot", "7"]) == 0
    assert capsys.readouterr().out == "slot 007: night, 125 bpm, 1 tracks\n"
    assert slots.read(1, 7) == PATTERN


def test_without_a_slot_the_library_has_it_under_a_name_of_its_own(project: Path, tmp_path: Path, capsys: Any) -> None:
    file, out = tmp_path / "night.json", tmp_path / "out.mid"
    file.write_bytes(encode_pattern(PATTERN))
    assert main(["midi", "export", str(file), str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pattern"] == "night"
    names = []
    for _ in range(2):
        assert main(["midi", "import", str(out), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["told"] == []
        names += [each["name"] for each in said["patterns"]]
    assert names == ["night", "night 2"]
    assert Library(project / "patterns" / "library").read("night 2").tracks == PATTERN.tracks


def test_a_long_file_fills_the_next_free_slots_and_is_a_chain(
    slots: SlotStore, project: Path, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "long.mid"
    file.write_bytes(song_of_bars(12))
    assert main(["midi", "import", str(file), "--slot", "2", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [each["slot"] for each in made["patterns"]] == [2, 4, 5]
    assert made["chain"] == "long"
    assert [(entry.bank, entry.slot) for entry in Chains(project).read("long").entries] == [(1, 2), (1, 4), (1, 5)]
    assert main(["midi", "import", str(file), "--slot", "2:9"]) == 0
    assert "chain long 2: /chain/load has it at hand" in capsys.readouterr().out
    assert [(entry.bank, entry.slot) for entry in Chains(project).read("long 2").entries] == [(2, 9), (2, 10), (2, 11)]
    assert slots.read(1, 3) == PATTERN
    assert main(["midi", "import", str(file), "--slot", "127"]) == 1
    assert "3 patterns" in capsys.readouterr().err
    assert slots.occupied(1) == [2, 3, 4, 5]


def test_the_slots_of_a_running_engine_are_left_alone(
    slots: SlotStore, project: Path, tmp_path: Path, capsys: Any
) -> None:
    out = tmp_path / "out.mid"
    assert main(["midi", "export", "3", str(out)]) == 0
    capsys.readouterr()
    with ProjectLock(project):
        assert main(["midi", "import", str(out), "--slot", "7"]) == 1
    assert capsys.readouterr().err.startswith("The project's engine runs, ")
    assert slots.occupied(1) == [3]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["midi"], 2),
        (["midi", "play"], 2),
        (["midi", "import"], 2),
        (["midi", "import", "x.mid", "--slot", "129"], 2),
        (["midi", "import", "missing.mid"], 1),
        (["midi", "import", "text.mid"], 1),
        (["midi", "export", "99", "out.mid"], 1),
        (["midi", "export", "no such pattern", "out.mid"], 1),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], code: int, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.mid").write_text("no music")
    assert main(words) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert not Path("out.mid").exists()


def test_a_new_project_has_the_factorys_slots_beside_the_one_imported(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "song.mid"
    file.write_bytes(song_of_bars(1))
    assert main(["midi", "import", str(file), "--slot", "100"]) == 0
    occupied = SlotStore(project).occupied(1)
    assert len(occupied) > 1
    assert 100 in occupied
