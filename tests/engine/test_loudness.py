"""Loudness and true peak, by the test signals of EBU Tech 3341."""

import numpy as np
import numpy.typing as npt
import pytest

from chronus_tui.engine.recording.loudness import LoudnessMeter

Frames = npt.NDArray[np.float32]


def tones(rate: int, *parts: tuple[float, float]) -> Frames:
    """1 kHz in both channels: so many dB of full scale, for so many seconds each."""
    level = np.concatenate([np.full(round(seconds * rate), 10 ** (db / 20)) for db, seconds in parts])
    wave = level * np.sin(2 * np.pi * 1000 * np.arange(len(level)) / rate)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def measured(frames: Frames, rate: int, piece: int = 12_345) -> LoudnessMeter:
    meter = LoudnessMeter(rate)
    for at in range(0, len(frames), piece):
        meter.take(frames[at : at + piece])
    return meter


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
    ids=["1", "2", "3", "4", "5"],
)
def test_integrated_loudness_is_that_of_the_standards_signals(parts, lufs):
    assert measured(tones(48_000, *parts), 48_000).lufs == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize("rate", [44_100, 88_200, 96_000])
def test_loudness_is_the_same_at_every_rate(rate):
    assert measured(tones(rate, (-23, 5)), rate).lufs == pytest.approx(-23.0, abs=0.1)


def test_one_channel_is_3_lu_less_than_two():
    frames = tones(48_000, (-23, 5))
    frames[:, 1] = 0
    assert measured(frames, 48_000).lufs == pytest.approx(-26.0, abs=0.1)


def test_loudness_does_not_depend_on_how_the_sound_is_cut():
    frames = np.random.default_rng(1).uniform(-0.3, 0.3, (48_000, 2)).astype(np.float32)
    assert len({measured(frames, 48_000, piece).lufs for piece in (1000, 4800, 48_000)}) == 1


def test_silence_has_no_loudness():
    assert measured(np.zeros((48_000, 2), np.float32), 48_000).lufs is None


@pytest.mark.parametrize(
    ("divided", "degrees", "amplitude", "dbtp"),
    [(4, 0, 0.5, -6.0), (4, 45, 0.5, -6.0), (6, 60, 0.5, -6.0), (8, 67.5, 0.5, -6.0), (4, 45, 1.41, 3.0)],
)
def test_the_true_peak_lies_between_the_samples(divided, degrees, amplitude, dbtp):
    wave = amplitude * np.sin(2 * np.pi * np.arange(48_000) / divided + np.deg2rad(degrees))
    fade = np.minimum(1.0, np.arange(48_000) / 2400)
    frames = np.stack([wave * fade, np.zeros(48_000)], axis=1).astype(np.float32)
    assert dbtp - 0.4 <= measured(frames, 48_000).true_peak_db <= dbtp + 0.2


def test_rms_is_of_the_last_moment():
    meter = measured(tones(48_000, (-6, 1), (-20, 1)), 48_000)
    assert meter.rms_db == pytest.approx(-23.0, abs=0.1)
