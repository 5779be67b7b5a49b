"""The compressor: its curve and its times by their formulas, and the track it listens to."""

import numpy as np
import pytest
from bench_effect import make_compressor, noise, silence, tone
from bench_voice import RATE

from dsp.fx.compressor import KNEE_DB


def level(db: float, seconds: float) -> np.ndarray:
    """A wave that is always as high: alternately up and down."""
    sound = silence(seconds)
    sound[:, ::2], sound[:, 1::2] = 10 ** (db / 20), -(10 ** (db / 20))
    return sound


def decibels(sound: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.abs(sound.astype(np.float64)))


def curve(db: float, threshold: float, ratio: float) -> float:
    """Where a level goes: straight, round the knee by a parabola, straight again."""
    over = db - threshold
    slope = 1 - 1 / ratio
    if over <= -KNEE_DB / 2:
        return db
    if over >= KNEE_DB / 2:
        return db - slope * over
    return db - slope * (over + KNEE_DB / 2) ** 2 / (2 * KNEE_DB)


@pytest.mark.parametrize("db", [-60, -27, -23, -20, -17.5, -10, 0, 6])
@pytest.mark.parametrize("ratio", [1, 2, 20])
def test_a_steady_level_goes_where_the_curve_says(db: float, ratio: float) -> None:
    unit = make_compressor(threshold=-20, ratio=ratio, attack=0.001, release=0.01, makeup=3)
    out = unit.play(level(db, 0.3))
    assert decibels(out[:, -100:]) == pytest.approx(curve(db, -20, ratio) + 3, abs=0.01)


@pytest.mark.parametrize("attack", [0.002, 0.02])
def test_it_turns_down_by_an_exponential_of_its_attack(attack: float) -> None:
    cut = decibels(level(0, 0.2)[0]) - decibels(
        make_compressor(threshold=-40, ratio=4, attack=attack, release=2).play(level(0, 0.2))[0]
    )
    seconds = np.arange(1, len(cut) + 1) / RATE
    assert cut == pytest.approx(30 * (1 - np.exp(-seconds / attack)), abs=0.02)


def test_it_lets_go_by_its_release_smoothed_by_its_attack() -> None:
    attack, release = 0.005, 0.1
    unit = make_compressor(threshold=-40, ratio=4, attack=attack, release=release, source=1)
    struck, after = RATE // 2, RATE // 2
    unit.key = np.zeros(struck + after, np.float32)
    unit.key[:struck] = 1.0
    unit.fader = 0.0
    bus = level(-6, 1.0)
    cut = decibels(bus[0]) - decibels(unit.play(bus)[0])
    seconds = np.arange(1, after + 1) / RATE
    falls = (release * np.exp(-seconds / release) - attack * np.exp(-seconds / attack)) / (release - attack)
    assert cut[struck:] == pytest.approx(30 * falls, abs=0.05)


def test_without_mix_not_a_bit_changes() -> None:
    sound = noise(0.2, 1.0)
    assert np.array_equal(make_compressor(mix=0, threshold=-60, makeup=24).play(sound), sound)


def test_the_track_it_listens_to_ducks_the_rest_and_not_itself() -> None:
    unit = make_compressor(source=1, threshold=-30, ratio=20, attack=0.001)
    kick, pad = tone(0.5, 60, 0.5), tone(0.5, 1000, 0.1)
    unit.key = kick[0]
    out = unit.play(kick + pad)[:, RATE // 4 :]
    spectrum = np.abs(np.fft.rfft(out[0] * np.hanning(out.shape[1]))) / out.shape[1] * 4
    assert spectrum[15] == pytest.approx(0.5, rel=0.02)
    assert spectrum[250] < 0.03
