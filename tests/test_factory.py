"""The patterns that come with Chronus: each is whole, plays as written, and has its slot."""

import json
from pathlib import Path

import numpy as np
import pytest

from chronus_tui.engine.compile import compile_pattern
from chronus_tui.engine.factory import factory_library
from store.codec import decode_pattern, encode_pattern

LIBRARY = factory_library()
FILES = sorted(path for path in LIBRARY.glob("*/*.json"))
every_pattern = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@every_pattern
def test_a_factory_pattern_is_written_as_a_save_would_write_it(path: Path) -> None:
    content = path.read_bytes()
    pattern = decode_pattern(content, str(path))
    assert encode_pattern(pattern) == content
    assert (path.parent.name, path.stem) == (pattern.genre, pattern.name)
    assert not pattern.extra


@every_pattern
def test_a_factory_pattern_plays_as_it_is_written(path: Path) -> None:
    entry, problems = compile_pattern(decode_pattern(path.read_bytes(), str(path)))
    assert problems == []
    assert np.count_nonzero(entry[0]["tracks"]["present"]) >= 6


def test_every_factory_pattern_has_one_slot_and_the_first_is_acid_night() -> None:
    slots = json.loads((LIBRARY / "factory.json").read_bytes())["slots"]
    assert list(slots) == [str(slot) for slot in range(1, len(slots) + 1)]
    assert sorted(slots.values()) == sorted(f"{path.parent.name}/{path.stem}" for path in FILES)
    assert slots["1"] == "techno/acid night"
    assert len(slots) >= 8


def test_the_factory_shows_slides_accents_ties_chords_and_odd_lengths() -> None:
    patterns = [decode_pattern(path.read_bytes(), str(path)) for path in FILES]
    tracks = [track for pattern in patterns for track in pattern.tracks]
    steps = [step for track in tracks for step in track.steps]
    assert any(step.tie and step.note is not None for step in steps)
    assert any(step.accent for step in steps)
    assert any(step.chord for step in steps)
    assert any(track.length % 16 for track in tracks)
    assert {track.instrument for track in tracks} == {"kick", "snare", "clap", "closed_hat", "open_hat", "acid", "poly"}
