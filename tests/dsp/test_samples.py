"""What was made, beside what a sound file holds."""

import numpy as np
import pytest

from dsp.samples import first_other, pack_24
from store.wav.samples import samples_of

SMALLEST = {16: 4 / 2**15, 24: 1 / 2**23, 32: 2.0**-149}
"""A change that is surely told: a step, and where there is dither, more than dither and rounding take up."""


def some_sound() -> np.ndarray:
    """2001 samples, some of which are over full scale and some at rest, as floats that 24 bits cannot all hold."""
    sound = np.random.default_rng(1).uniform(-1.2, 1.2, 2001).astype(np.float32)
    sound[[3, 700, 1500]] = 0.0, -1.0, 1.0
    sound[800:1000] = 0.0
    return sound


def held(sound: np.ndarray, bits: int, big_endian: bool) -> np.ndarray:
    """What a file of it holds."""
    dither = np.random.default_rng(2) if bits == 16 else None
    samples = np.frombuffer(samples_of(sound.reshape(-1, 1), bits, dither)[0], np.uint8)
    return np.ascontiguousarray(samples.reshape(-1, bits // 8)[:, :: -1 if big_endian else 1]).reshape(-1)


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("bits", [16, 24, 32])
def test_a_file_holds_what_it_was_made_of_and_the_first_sample_that_is_another_is_told(bits: int, big_endian: bool):
    sound = some_sound()
    file = held(sound, bits, big_endian)
    assert first_other(sound, file, bits, big_endian) == -1
    assert first_other(sound[:0], file[:0], bits, big_endian) == -1
    for other in (0, 511, 512, 900, 2000):
        changed = sound.copy()
        changed[other] = 0.0 if sound[other] else SMALLEST[bits]
        changed[other:][-1] = -sound[-1]
        assert first_other(changed, file, bits, big_endian) == other


def test_sound_is_packed_into_24_bits_as_it_is_recorded():
    sound = some_sound()
    packed = np.empty(3 * len(sound), np.uint8)
    pack_24(sound, packed)
    assert np.array_equal(packed, held(sound, 24, big_endian=False))
