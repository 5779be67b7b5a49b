"""Patterns become sound files, whole, of the length that arithmetic says."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from playing import RATE, pattern, track

from chronus_tui.engine.offline.renderer import render
from chronus_tui.errors import ChronusError
from store.codec import encode_pattern

ALONE = {"sends": {}, "gain_db": -12.0}


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    first = pattern(track("x...x...", "kick", **ALONE), track("x.", "closed_hat", **ALONE), bpm=120)
    second = pattern(track("..x.", "snare", **ALONE), bpm=90)
    paths = [tmp_path / "first.json", tmp_path / "second.json"]
    for path, each in zip(paths, (first, second), strict=True):
        path.write_bytes(encode_pattern(each))
    return [str(path) for path in paths]


def test_a_chain_is_as_long_as_its_bars_and_its_tail(tmp_path: Path, sources: list[str]):
    out = tmp_path / "chain.wav"
    made = render(tmp_path, sources, out, bars=2, tail_s=1.5, rate=RATE, stems=False)
    wanted = round(RATE * (2 * 4 * 60 / 120 + 2 * 4 * 60 / 90 + 1.5))
    assert made["files"][0]["frames"] == wanted
    assert soundfile.info(out).frames == wanted


def test_the_second_pattern_comes_in_on_its_bar(tmp_path: Path, sources: list[str]):
    out = tmp_path / "chain.wav"
    render(tmp_path, sources, out, bars=1, tail_s=0, rate=RATE, stems=False)
    alone = tmp_path / "alone.wav"
    render(tmp_path, sources[:1], alone, bars=1, tail_s=0, rate=RATE, stems=False)
    bar = 2 * RATE
    assert np.array_equal(soundfile.read(out)[0][:bar], soundfile.read(alone)[0][:bar])


def test_stems_sum_to_the_whole_where_nothing_limits(tmp_path: Path, sources: list[str]):
    out = tmp_path / "whole.wav"
    made = render(tmp_path, sources[:1], out, bars=1, tail_s=0.5, rate=RATE, stems=True)
    whole, *stems = (soundfile.read(each["path"])[0] for each in made["files"])
    assert len(stems) == 2
    assert np.abs(sum(stems) - whole).max() < 3 / 2**23


@pytest.mark.parametrize("name", ["out.mp3", "nowhere/out.wav"])
def test_a_file_that_cannot_be_written_as_asked_is_refused(tmp_path: Path, sources: list[str], name: str):
    with pytest.raises(ChronusError):
        render(tmp_path, sources, tmp_path / name, bars=1, tail_s=0, rate=RATE, stems=False)
    assert not (tmp_path / name).exists()
