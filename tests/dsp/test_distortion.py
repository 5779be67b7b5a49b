"""The distortion: its characters, what they add, and what they must not."""

import numpy as np
import pytest
from bench_effect import above_6_khz, make_distortion, noise, tone
from bench_voice import RATE

from dsp.sizes import QUANTUM


def test_without_mix_the_distortion_leaves_every_bit() -> None:
    sound = noise(0.2, 2.0)
    assert np.array_equal(make_distortion(mix=0, drive=36).play(sound), sound)


def test_distortion_bounds_what_it_gets_and_keeps_the_level_of_the_middle() -> None:
    assert np.abs(make_distortion(mix=1, drive=36).play(noise(0.2, 100.0))).max() < 1.1
    for drive in (0, 12, 36):
        out = make_distortion(mix=1, drive=drive, tone=18_000).play(tone(0.5, 200, 0.25))
        assert 0.2 < np.abs(out[:, 2400:]).max() < 0.3


def test_distortion_adds_odd_harmonics_and_folds_back_little() -> None:
    out = make_distortion(mix=1, drive=24, tone=18_000).play(tone(1, 1313, 0.5))[0]
    spectrum = np.abs(np.fft.rfft(out[: RATE // QUANTUM * QUANTUM] * np.blackman(len(out))))
    assert spectrum[3 * 1313] > 0.1 * spectrum[1313]
    fundamental = spectrum[1313]
    for k in range(1, 19):
        spectrum[1313 * k - 5 : 1313 * k + 6] = 0
    assert spectrum[10:5000].max() < fundamental * 10 ** (-50 / 20)


def test_turning_the_distortion_on_makes_no_click() -> None:
    unit = make_distortion(mix=0, drive=6)
    before = unit.play(tone(0.5, 100, 0.3))
    unit.turn("mix", 1.0)
    after = unit.play(tone(0.5, 100, 0.3))
    assert above_6_khz(np.hstack([before, after])[0]) < 1e-3


CHARACTERS = {"soft": 0, "hard": 1, "fold": 2, "tube": 3, "crush": 4}
FREE_OF_STRAYS = ("soft", "hard", "fold", "tube")
"""The crush folds back by nature."""


def spectrum_of(sound: np.ndarray) -> np.ndarray:
    """Of the last second, a tone in Hz a place."""
    return np.abs(np.fft.rfft(sound[-RATE:] * np.blackman(RATE)))


@pytest.mark.parametrize("character", FREE_OF_STRAYS)
@pytest.mark.parametrize("drive", [12, 24, 36])
def test_no_stray_tone_of_a_driven_5_khz_sine_is_above_60_db(character: str, drive: float) -> None:
    unit = make_distortion(mix=1, drive=drive, tone=18_000, character=CHARACTERS[character])
    spectrum = spectrum_of(unit.play(tone(2, 5000, 1.0))[0])
    strongest = spectrum.max()
    for k in range(5):
        spectrum[max(0, 5000 * k - 5) : 5000 * k + 6] = 0
    assert 20 * np.log10(spectrum.max() / strongest) < -60


@pytest.mark.parametrize("character", CHARACTERS)
def test_no_character_leaves_a_mean(character: str) -> None:
    unit = make_distortion(mix=1, drive=30, character=CHARACTERS[character], bits=3)
    assert abs(unit.play(tone(2, 100, 0.8))[0, -RATE:].mean()) < 1e-4


def test_the_tube_adds_even_harmonics_and_the_soft_one_none() -> None:
    def second(character: str) -> float:
        spectrum = spectrum_of(make_distortion(mix=1, drive=18, character=CHARACTERS[character]).play(tone(2, 200))[0])
        return float(spectrum[400] / spectrum[200])

    assert second("tube") > 0.05
    assert second("soft") < 1e-4


def test_the_crush_leaves_as_many_levels_as_its_bits_say() -> None:
    unit = make_distortion(mix=1, drive=0, character=CHARACTERS["crush"], bits=2, crush_rate=48_000, tone=18_000)
    sound = unit.play(tone(1, 400, 0.9))[0, RATE // 2 :]
    between = np.abs(sound * 2 - np.round(sound * 2))  # two bits leave steps of a half
    assert np.mean(between < 0.12) > 0.8
    assert len(np.unique(np.round(sound[between < 0.12] * 2))) == 5


def test_between_two_characters_it_is_both() -> None:
    sound = tone(0.5, 300, 0.6)
    soft, hard, both = (make_distortion(mix=1, drive=20, character=kind).play(sound) for kind in (0.0, 1.0, 0.5))
    assert np.allclose(both, (soft + hard) / 2, atol=1e-5)


def test_a_dry_sound_beside_the_distorted_one_is_not_combed() -> None:
    """The dry half waits for the distorted one: at a low drive they add up instead of cancelling at some frequency."""
    for hertz in (500, 889, 1777, 5333):
        out = make_distortion(mix=0.5, drive=0, tone=18_000).play(tone(0.5, hertz, 0.02))[0]
        assert np.abs(out[RATE // 4 :]).max() > 0.017
