"""Which take a person means."""

from pathlib import Path

import pytest

from chronus_tui.engine.takes_named import find_take
from store.documents import Take
from store.errors import NoSuchTake
from store.takes.files import write_note


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """The take "jam.1" of the project `tmp_path`, of several files."""
    recordings = tmp_path / "recordings"
    (recordings / "jam.1").mkdir(parents=True)
    (recordings / "jam.1" / "master_001.wav").touch()
    take = Take("jam.1", "", 48_000, 2, 24, in_folder=True, split=True)
    write_note(recordings, take, tmp_path)
    return take


@pytest.mark.parametrize("named", ["jam.1", "jam.1.json", "jam.1/master_001.wav"])
def test_any_file_of_a_take_means_the_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take: Take, named: str
) -> None:
    assert find_take(tmp_path, str(tmp_path / "recordings" / named)) == (tmp_path / "recordings", take)
    monkeypatch.chdir(tmp_path / "recordings")
    assert find_take(tmp_path, named)[1] == take
    monkeypatch.chdir(tmp_path / "recordings" / "jam.1")
    assert find_take(tmp_path, "master_001.wav")[1] == take


@pytest.mark.parametrize("named", ["jam", "elsewhere/jam.1"])
def test_where_a_take_was_looked_for_is_told(tmp_path: Path, take: Take, named: str) -> None:
    folder = tmp_path / "recordings" if "/" not in named else Path("elsewhere")
    note = f"{Path(named).name}.json"
    with pytest.raises(NoSuchTake) as raised:
        find_take(tmp_path, named)
    assert str(raised.value) == f"There is no take {named!r}: its note, {note}, is not in {folder}."
