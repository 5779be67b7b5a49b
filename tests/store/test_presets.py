"""The folder of presets."""

from pathlib import Path

import pytest
from documents_strategies import presets
from hypothesis import given

from store.codec import decode_preset, encode_preset
from store.documents import Preset
from store.errors import BadName, DamagedFile, NoPreset
from store.presets import Presets

SQUELCH = Preset("squelch", "acid", {"cutoff": 260, "not yet known": 0.5}, {"x-mood": "sour"})


@pytest.fixture
def shelf(tmp_path: Path) -> Presets:
    factory = tmp_path / "factory"
    Presets(factory / "presets").write(SQUELCH)
    return Presets(tmp_path / "project" / "presets", factory / "presets")


@given(presets)
def test_a_preset_comes_back_from_its_text_as_it_was(preset: Preset) -> None:
    assert decode_preset(encode_preset(preset), "p.json") == preset


def test_a_factory_preset_is_read_with_all_that_is_not_known_of_it(shelf: Presets) -> None:
    assert shelf.instruments() == ["acid"]
    assert shelf.names("acid") == ["squelch"]
    assert shelf.read("acid", "squelch") == SQUELCH


def test_the_projects_own_preset_wins_over_the_factorys_of_that_name(shelf: Presets, tmp_path: Path) -> None:
    own = Preset("squelch", "acid", {"cutoff": 900.0})
    assert shelf.write(own) == tmp_path / "project" / "presets" / "acid" / "squelch.json"
    assert shelf.read("acid", "squelch") == own
    assert shelf.names("acid") == ["squelch"]
    assert Presets(tmp_path / "factory" / "presets").read("acid", "squelch") == SQUELCH


def test_what_a_save_replaces_is_kept_as_a_backup(shelf: Presets, tmp_path: Path) -> None:
    shelf.write(Preset("mine", "kick", {"decay": 1}))
    shelf.write(Preset("mine", "kick", {"decay": 2}))
    (kept,) = (tmp_path / "project" / "backups" / "presets" / "kick" / "mine").iterdir()
    assert decode_preset(kept.read_bytes(), "kept").parameters == {"decay": 1}


def test_a_preset_goes_by_the_name_of_its_file(shelf: Presets, tmp_path: Path) -> None:
    folder = tmp_path / "project" / "presets" / "acid"
    folder.mkdir(parents=True)
    (folder / "mine.json").write_bytes(encode_preset(SQUELCH))
    assert shelf.read("acid", "mine").name == "mine"


@pytest.mark.parametrize("name", ["../squelch", "a/b", ".hidden", "", "nul"])
def test_a_name_that_leads_elsewhere_is_refused(shelf: Presets, name: str) -> None:
    with pytest.raises(BadName):
        shelf.read("acid", name)
    with pytest.raises(BadName):
        shelf.write(Preset(name, "acid"))
    with pytest.raises(BadName):
        shelf.names(name)


def test_a_preset_that_is_missing_or_damaged_is_told_of(shelf: Presets, tmp_path: Path) -> None:
    with pytest.raises(NoPreset, match="acid has no preset 'other'"):
        shelf.read("acid", "other")
    folder = tmp_path / "project" / "presets" / "acid"
    folder.mkdir(parents=True)
    (folder / "bad.json").write_text('{"format": "chronus-preset", "version": 1, "name": 3}')
    with pytest.raises(DamagedFile, match=r"bad\.json is damaged: name is 3"):
        shelf.read("acid", "bad")
