"""A WAV file of which several threads write a stretch each."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from store.errors import StoreError
from store.wav.stretches import WavOfStretches

RATE = 48_000
SOUND = np.random.default_rng(1).uniform(-1.0, 1.0, (300, 2)).astype(np.float32)


def test_who_waits_for_frames_reads_them_as_soon_as_all_before_them_are_there(tmp_path: Path):
    path = tmp_path / "sound.wav"
    with ThreadPoolExecutor(1) as pool:
        with WavOfStretches(path, RATE, 2, 32, 300) as whole:
            whole.open_early()
            with whole.stretch(100) as later, whole.stretch(0) as first:
                first.write(SOUND[:60])
                assert whole.reaches(60)
                assert np.array_equal(soundfile.read(path, 60, dtype="float32")[0], SOUND[:60])
                more = pool.submit(whole.reaches, 61)
                later.write(SOUND[100:])
                assert not more.done()
                first.write(SOUND[60:100])
                assert more.result()
            assert whole.reaches(1000)
        assert whole.reaches(1000)
    assert np.array_equal(soundfile.read(path, dtype="float32")[0], SOUND)


def test_who_waits_for_frames_that_will_never_be_is_told_so(tmp_path: Path):
    path = tmp_path / "sound.wav"
    whole = WavOfStretches(path, RATE, 2, 32, 300)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(whole.reaches, 1)
        with pytest.raises(StoreError), whole:
            raise StoreError("The disk is full.")
        assert waits.result() is False
    assert not path.exists()
