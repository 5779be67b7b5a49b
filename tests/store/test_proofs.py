"""Digests of sound that several threads make."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from store.takes.proofs import BLOCK, BlockDigests, sound_digest
from store.wav.samples import samples_of
from store.wav.writer import WavWriter

FRAMES = 5 * BLOCK // 2
SAMPLES = bytes(samples_of(np.random.default_rng(1).uniform(-1.0, 1.0, (FRAMES, 2)).astype(np.float32), 24, None)[0])
PLACES = st.integers(0, FRAMES) | st.sampled_from([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])


def digests(lengths: list[int], cuts: list[int]) -> list[str]:
    """Those of the parts, which stretches were joined to that end at the cuts."""
    joined = BlockDigests(lengths, 0, 6)
    for first, end in pairwise([0, *sorted(cuts), FRAMES]):
        stretch = BlockDigests(lengths, first, 6)
        middle = (first + end) // 2
        stretch.add(memoryview(SAMPLES)[6 * first : 6 * middle])
        stretch.add(memoryview(SAMPLES)[6 * middle : 6 * end])
        joined.join(stretch)
    return joined.of_parts()


@settings(max_examples=30)
@given(st.lists(PLACES, max_size=4), st.lists(PLACES, max_size=3))
def test_the_digests_of_parts_are_the_same_however_the_sound_is_cut(cuts: list[int], ends: list[int]):
    bounds = [0, *sorted(ends), FRAMES]
    lengths = [end - first for first, end in pairwise(bounds)]
    expected = []
    for first, end in pairwise(bounds):
        alone = BlockDigests([end - first], 0, 6)
        alone.add(memoryview(SAMPLES)[6 * first : 6 * end])
        expected += alone.of_parts()
    assert digests(lengths, cuts) == expected


def test_the_digest_of_a_file_is_that_of_its_samples_and_of_no_others(tmp_path: Path):
    sound = np.random.default_rng(2).uniform(-1.0, 1.0, (BLOCK + 7, 2)).astype(np.float32)
    for name in ("one", "other"):
        with WavWriter(tmp_path / name, 48_000, 2, 24, about=b"") as wav:
            wav.write(sound)
        sound[-1, 1] = -sound[-1, 1]
    made = BlockDigests([len(sound)], 0, 6)
    made.add(samples_of(sound, 24, None)[0])
    assert made.of_parts() == [sound_digest(tmp_path / "one")]
    assert sound_digest(tmp_path / "other") != sound_digest(tmp_path / "one")
