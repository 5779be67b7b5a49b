"""The patterns that come with Chronus: each is whole, plays as written, has its slot, and is as loud as the others."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from chronus_tui.engine.compile.patterns import compile_pattern
from chronus_tui.engine.factory import factory_library
from chronus_tui.engine.offline.renderer import play_parts
from chronus_tui.engine.offline.sources import Part
from chronus_tui.engine.recording.loudness import LoudnessMeter
from dsp.fx import EFFECTS
from dsp.lfos import SHAPES
from dsp.voices import INSTRUMENTS
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern

RATE = 48_000
BARS = 8
LIBRARY = factory_library()
FILES = sorted(path for path in LIBRARY.glob("*/*.json"))
PATTERNS = [decode_pattern(path.read_bytes(), str(path)) for path in FILES]
GENRES = {"techno", "house", "acid", "dub", "ambient", "electro", "drum and bass", "hip-hop", "idm"}
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
every_pattern = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)


class Heard(NamedTuple):
    """`mean_db` is of the louder channel, in dB of full scale."""

    lufs: float
    true_peak_db: float
    mean_db: float


@cache
def heard(name: str) -> Heard:
    """What a pattern of eight bars, or of one round of its longest track, sounds like in numbers."""
    pattern = next(pattern for pattern in PATTERNS if pattern.name == name)
    meter, total, frames = LoudnessMeter(RATE), np.zeros(2), 0
    for piece in play_parts([Part(pattern, BARS)], 1.0, RATE):
        meter.take(piece)
        total += piece.sum(axis=0, dtype=np.float64)
        frames += len(piece)
    assert meter.lufs is not None
    mean = float(np.abs(total).max()) / frames
    return Heard(meter.lufs, meter.true_peak_db, 20.0 * float(np.log10(max(mean, 1e-9))))


@every_file
def test_a_factory_pattern_is_written_as_a_save_would_write_it(path: Path) -> None:
    content = path.read_bytes()
    pattern = decode_pattern(content, str(path))
    assert encode_pattern(pattern) == content
    assert (path.parent.name, path.stem) == (pattern.genre, pattern.name)
    assert pattern.tags
    assert not pattern.extra


@every_pattern
def test_a_factory_pattern_plays_as_it_is_written(pattern: Pattern) -> None:
    entry, problems = compile_pattern(pattern)
    assert problems == []
    assert np.count_nonzero(entry[0]["tracks"]["present"]) >= 6


@every_pattern
def test_a_factory_pattern_neither_clips_nor_leans_to_one_side_of_zero(pattern: Pattern) -> None:
    assert heard(pattern.name).true_peak_db <= -0.3
    assert heard(pattern.name).mean_db < -60.0


def test_all_factory_patterns_are_equally_loud_within_3_lu() -> None:
    loudness = {pattern.name: heard(pattern.name).lufs for pattern in PATTERNS}
    assert max(loudness.values()) - min(loudness.values()) < 3.0, loudness


def test_there_are_at_least_32_patterns_over_nine_genres() -> None:
    assert len(PATTERNS) >= 32
    assert {pattern.genre for pattern in PATTERNS} == GENRES


def test_every_factory_pattern_has_one_slot_and_the_first_is_acid_night() -> None:
    slots = json.loads((LIBRARY / "factory.json").read_bytes())["slots"]
    assert list(slots) == [str(slot) for slot in range(1, len(slots) + 1)]
    assert sorted(slots.values()) == sorted(f"{path.parent.name}/{path.stem}" for path in FILES)
    assert slots["1"] == "techno/acid night"


def test_the_factory_shows_every_instrument_but_the_sampler_which_has_no_clip_of_its_own() -> None:
    shown = {track.instrument for pattern in PATTERNS for track in pattern.tracks}
    assert shown == {instrument.name for instrument in INSTRUMENTS} - {"sampler"}


def test_the_factory_shows_every_effect_and_what_a_strip_can_do() -> None:
    tracks = [track for pattern in PATTERNS for track in pattern.tracks]
    shown = {name for pattern in PATTERNS for name in pattern.effects}
    shown |= {name for track in tracks for name in track.sends}
    assert shown == {effect.name for effect in EFFECTS}
    assert any(pattern.effects.get("compressor", {}).get("source", 0) for pattern in PATTERNS)
    assert {name for track in tracks for name in track.strip} >= {"filter", "overdrive"}


def test_the_factory_shows_what_a_step_can_do() -> None:
    tracks = [track for pattern in PATTERNS for track in pattern.tracks]
    steps = [step for track in tracks for step in track.steps]
    struck = [step for step in steps if step.on]
    assert any(step.tie and step.note is not None for step in steps)
    assert any(step.accent for step in struck)
    assert any(step.chord for step in struck)
    assert any(step.probability < 1 for step in struck)
    assert any(step.ratchet > 1 for step in struck)
    assert {step.micro > 0 for step in struck if step.micro} == {False, True}
    assert {step.condition for step in struck} >= {"2:2", "4:4", "not first", "fill"}
    assert any(step.locks for step in struck)
    assert any(track.length % 16 for track in tracks)


def test_the_factory_shows_every_shape_of_an_lfo_on_tracks_and_on_whole_patterns() -> None:
    own = [track.lfo for pattern in PATTERNS for track in pattern.tracks if track.lfo is not None]
    whole = [lfo for pattern in PATTERNS for lfo in pattern.lfos]
    assert {lfo.shape for lfo in own + whole} == set(SHAPES)
    assert whole
    assert {lfo.synced for lfo in own + whole} == {False, True}
    assert any(pattern.scale_lock for pattern in PATTERNS)
