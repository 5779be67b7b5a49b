"""The limiter: a ceiling that holds, whatever comes."""

import numpy as np
import pytest
from bench_effect import make_limiter, noise, rms, silence, tone, true_peak
from bench_voice import RATE
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsp.fx import limiter
from dsp.sizes import QUANTUM

amplitudes = st.sampled_from([0.0, 1e-6, 0.01, 0.5, 0.96, 0.97, 1.0, 3.0, 50.0, 1e6])


@given(
    levels=st.lists(amplitudes, min_size=1, max_size=12),
    ceiling=st.sampled_from([0.0, -0.3, -6.0, -24.0]),
    release=st.sampled_from([0.01, 0.12, 2.0]),
    seed=st.integers(0, 100),
)
@settings(max_examples=200)
def test_nothing_ever_passes_the_ceiling(levels: list[float], ceiling: float, release: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = np.hstack([level * rng.uniform(-1, 1, (2, QUANTUM)) for level in [*levels, 0, 0]]).astype(np.float32)
    out = make_limiter(ceiling=ceiling, release=release).play(sound)
    assert np.abs(out).max() <= np.float32(10 ** (ceiling / 20)) * (1 + 4e-7)


@given(sound=arrays(np.float32, (2, 4 * QUANTUM), elements=st.floats(width=32)))
@settings(max_examples=200)
def test_whatever_comes_in_what_goes_out_is_sound(sound: np.ndarray) -> None:
    out = make_limiter().play(np.hstack([sound, silence(0.01)]))
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 0.9661


@pytest.mark.parametrize("hertz", [997.0, 8_003.0, 12_000.0, 15_991.0, 19_001.0])
@pytest.mark.parametrize("ceiling", [-0.3, -6.0])
def test_no_true_peak_of_a_tone_exceeds_the_ceiling(hertz: float, ceiling: float) -> None:
    frames = np.arange(RATE // QUANTUM * QUANTUM)
    sound = np.tile(2.0 * np.sin(2 * np.pi * hertz / RATE * frames + np.pi / 4), (2, 1)).astype(np.float32)
    out = make_limiter(ceiling=ceiling).play(sound)[:, RATE // 4 : RATE * 3 // 4]
    faded = out * np.hanning(out.shape[1])  # or its ends would ring
    assert 20 * np.log10(true_peak(faded)) <= ceiling


@pytest.mark.parametrize("seed", range(6))
def test_no_true_peak_of_bursts_of_noise_exceeds_the_ceiling(seed: int) -> None:
    generator = np.random.default_rng(seed)
    spectrum = np.fft.rfft(generator.normal(0, 1, (2, 1 << 15)), axis=1)
    spectrum[:, int(20_000 / RATE * (1 << 15)) :] = 0
    sound = np.fft.irfft(spectrum, axis=1)
    sound *= np.repeat(generator.choice([0.05, 0.3, 2.0, 6.0], 1 << 7), 1 << 8)
    out = make_limiter(release=0.01).play(sound.astype(np.float32))
    assert 20 * np.log10(true_peak(out)) <= -0.3


def test_below_the_ceiling_nothing_changes_but_the_time() -> None:
    sound = noise(0.5, 0.4)
    out = make_limiter().play(sound)
    assert np.array_equal(out[:, limiter.LATENCY :], sound[:, : -limiter.LATENCY])


def test_the_limiter_turns_down_and_comes_back_and_does_not_distort() -> None:
    sound = np.hstack([tone(0.5, 500, 0.4), tone(0.5, 500, 4.0), tone(2, 500, 0.4)])
    out = make_limiter().play(sound)[0]
    assert np.abs(out[26_000:47_000]).max() == pytest.approx(10 ** (-0.3 / 20), rel=0.03)
    assert rms(out[-RATE:]) == pytest.approx(rms(sound[0, -RATE:]), rel=1e-3)
    steady = np.abs(np.fft.rfft(out[28_800:43_200] * np.blackman(14_400)))
    steady[140:161] = 0
    assert steady.max() < 0.003 * 14_400 * 0.42 / 2


def test_gain_moves_the_whole_mix_and_silences_at_the_bottom() -> None:
    sound = noise(0.2, 0.2)
    louder = make_limiter(gain=6).play(sound)
    assert rms(louder[:, 64:]) / rms(sound[:, :-64]) == pytest.approx(10 ** (6 / 20), rel=1e-4)
    assert not make_limiter(gain=-60).play(sound).any()
