"""The kernels against closed forms."""

from typing import Any

import numpy as np
import pytest
from pitch import frequency

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, in_all_places, load, store, transpose
from dsp.kernels.envelopes import FALLING, RISING, adsr, attack_share, decay_share
from dsp.kernels.filters import ladder, state_variable
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import pulse, saw, triangle, version_of, wrap
from dsp.kernels.shapes import decibels, note_hz, power_of_two, sine, soft, soft_between, warped
from dsp.kernels.tables import make_tables

RATE = 48_000
TABLES = make_tables()[0]
F = np.float32


@kernel
def _run_wave(tables: Any, kind: int, steps: Any, out: Any) -> None:
    phase = F(0.0)
    for i in range(len(out)):
        version, blend = version_of(steps[i])
        if kind == 0:
            out[i] = saw(tables, version, blend, phase)
        elif kind == 1:
            out[i] = pulse(tables, version, blend, phase, F(0.5))
        elif kind == 2:
            out[i] = triangle(tables, version, blend, phase)
        else:
            out[i] = sine(phase)
        phase = wrap(phase + steps[i])


@kernel
def _run_eight_saws(tables: Any, steps: Any, out: Any) -> None:
    phase, step = in_all_places(F(0.0)), load(steps, 0)
    version, blend = version_of(step)
    for i in range(out.shape[0]):
        store(out[i], 0, saw(tables, version, blend, phase))
        phase = wrap(phase + step)


@kernel
def _run_state_variable(x: Any, g: Any, damping: Any, lows: Any, bands: Any) -> None:
    s1, s2 = F(0.0), F(0.0)
    for i in range(len(x)):
        low, band, s1, s2 = state_variable(x[i], g, damping, s1, s2)
        lows[i] = low
        bands[i] = band


@kernel
def _run_ladder(x: Any, g: Any, resonance: Any, out: Any) -> None:
    s1, s2, s3, s4 = F(0.0), F(0.0), F(0.0), F(0.0)
    for i in range(len(x)):
        y, s1, s2, s3, s4 = ladder(x[i], g, resonance, s1, s2, s3, s4)
        out[i] = y


@kernel
def _run_adsr(held: Any, attack: Any, decay: Any, sustain: Any, release: Any, out: Any) -> None:
    phase, level = RISING, F(0.0)
    for i in range(len(out)):
        phase, level = adsr(i < held, phase, level, attack, decay, sustain, release)
        out[i] = level


@kernel
def _run_noise(seed: Any, out: Any) -> None:
    for i in range(len(out)):
        seed = next_seed(seed)
        out[i] = white(seed)


def wave(kind: int, step: float, frames: int = RATE) -> np.ndarray:
    return glide(kind, np.full(frames, step, np.float32))


def glide(kind: int, steps: np.ndarray) -> np.ndarray:
    out = np.zeros_like(steps)
    _run_wave(TABLES, kind, steps, out)
    return out


@kernel
def _run_transpose(source: Any, apart: int, target: Any, apart_there: int) -> None:
    transpose(source, 1, apart, target, 2, apart_there)


def test_eight_rows_are_turned_into_columns() -> None:
    rows = np.arange(100 * WIDTH, dtype=np.float32)
    columns = np.zeros(100 * WIDTH, np.float32)
    _run_transpose(rows, 9, columns, 11)
    read, written = (at + apart * np.arange(WIDTH)[:, None] + np.arange(WIDTH) for at, apart in ((1, 9), (2, 11)))
    np.testing.assert_array_equal(columns[written], rows[read].T)
    assert np.count_nonzero(columns) == WIDTH * WIDTH


def test_sine_is_a_sine_to_float32_precision() -> None:
    phases = np.linspace(0, 1, 20_001, dtype=np.float32)[:-1]
    made = np.array([sine(phase) for phase in phases])
    assert np.abs(made - np.sin(2 * np.pi * phases.astype(np.float64))).max() < 5e-7


def test_a_minute_of_a_sine_stays_in_tune() -> None:
    sound = wave(3, 440 / RATE, 60 * RATE).astype(np.float64)
    turn = np.exp(-2j * np.pi * 440 / RATE * np.arange(RATE))
    drift = np.angle((sound[-RATE:] @ turn) / (sound[:RATE] @ turn)) / (2 * np.pi)
    assert abs(1200 * np.log2(1 + drift / 59 / 440)) < 0.1  # cents; a trained ear hears 3


def test_power_of_two_matches_numpy_and_is_exact_at_whole_numbers() -> None:
    x = np.linspace(-20, 20, 4001, dtype=np.float32)
    made = np.array([power_of_two(v) for v in x])
    assert np.abs(made / np.exp2(x.astype(np.float64)) - 1).max() < 4e-7
    assert [power_of_two(F(v)) for v in (-1, 0, 1, 10)] == [0.5, 1.0, 2.0, 1024.0]
    assert decibels(F(0.0)) == 1.0
    assert note_hz(F(69.0)) == 440.0


@pytest.mark.parametrize("freq_norm", [0.0002, 0.01, 0.1, 0.25, 0.4, 0.45])
def test_warped_is_the_tangent(freq_norm: float) -> None:
    assert warped(F(freq_norm)) == pytest.approx(np.tan(np.pi * freq_norm), rel=2e-5)


def test_saturation_over_a_line_is_the_mean_of_saturation_on_it() -> None:
    for before, now in [(-2.0, 3.0), (0.1, 0.2), (0.7, 0.7), (-1.0, 1.0)]:
        mean = np.mean([soft(F(v)) for v in np.linspace(before, now, 20_001)])
        assert soft_between(F(now), F(before)) == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize(
    ("kind", "amplitudes"),
    [
        (0, [2 / np.pi / k for k in range(1, 9)]),
        (1, [4 / np.pi / k if k % 2 else 0.0 for k in range(1, 9)]),
        (2, [8 / np.pi**2 / k**2 if k % 2 else 0.0 for k in range(1, 9)]),
    ],
    ids=["saw", "pulse", "triangle"],
)
def test_harmonics_have_the_strengths_of_the_ideal_wave(kind: int, amplitudes: list[float]) -> None:
    spectrum = np.abs(np.fft.rfft(wave(kind, 100 / RATE))) / (RATE / 2)
    assert [spectrum[100 * k] for k in range(1, 9)] == pytest.approx(amplitudes, abs=0.004)


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["saw", "pulse", "triangle"])
@pytest.mark.parametrize("hertz", [110.07, 659.41, 2793.37, 6271.9])
def test_what_is_no_harmonic_below_20_khz_is_90_db_weaker(kind: int, hertz: float) -> None:
    sound = wave(kind, hertz / RATE, 2 * RATE)[RATE:]
    power = np.abs(np.fft.rfft(sound * np.kaiser(RATE, 30.0))) ** 2  # its side lobes are far below any stray tone
    at = np.arange(len(power))
    harmonic = np.abs(at - hertz * np.round(at / hertz)) < 14
    heard = (at > 14) & (at < 20_000)
    assert 10 * np.log10(power[heard & ~harmonic].sum() / power[heard & harmonic].sum()) < -90


def test_a_gliding_saw_is_as_clean_as_a_steady_one() -> None:
    frames = 4 * RATE
    steps = (110.07 / RATE * (6271.9 / 110.07) ** (np.arange(frames) / frames)).astype(np.float32)
    phase = np.zeros(frames)
    now = F(0.0)
    for i in range(frames):
        phase[i] = now
        now = wrap(F(now + steps[i]))
    ideal = np.zeros(frames)
    for k in range(1, 220):
        # What lies above 20 kHz may fade as it likes; here it goes by 24 kHz.
        kept = np.clip((24_000 - steps * RATE * k) / 3_500, 0, 1)
        ideal -= kept**2 * (3 - 2 * kept) * 2 / np.pi / k * np.sin(2 * np.pi * k * phase)
    error = glide(0, steps) - ideal
    window = np.kaiser(2400, 20.0)
    below_18_khz = 900

    def power(sound: np.ndarray) -> float:
        pieces = np.lib.stride_tricks.sliding_window_view(sound, 2400)[::1200] * window
        return float((np.abs(np.fft.rfft(pieces)[:, :below_18_khz]) ** 2).sum())

    assert 10 * np.log10(power(error) / power(ideal)) < -90


def test_eight_side_by_side_have_the_bits_of_one_alone() -> None:
    steps = (np.geomspace(30, 9000, 8) / RATE).astype(np.float32)
    together = np.zeros((1000, 8), np.float32)
    _run_eight_saws(TABLES, steps, together)
    for place, step in enumerate(steps):
        assert np.array_equal(together[:, place], glide(0, np.full(1000, step)))


@pytest.mark.parametrize(("cutoff_hz", "q"), [(100, 0.5), (900, 2.0), (6000, 8.0), (15_000, 1.0)])
def test_the_state_variable_filter_has_the_response_of_its_transfer_function(cutoff_hz: float, q: float) -> None:
    frames = 1 << 16
    impulse = np.zeros(frames, np.float32)
    impulse[0] = 1.0
    lows, bands = np.zeros_like(impulse), np.zeros_like(impulse)
    g = warped(F(cutoff_hz / RATE))
    _run_state_variable(impulse, g, F(1 / q), lows, bands)
    hertz = np.fft.rfftfreq(frames, 1 / RATE)[1:-1]
    s = 1j * np.tan(np.pi * hertz / RATE) / np.tan(np.pi * cutoff_hz / RATE)
    below = 1 / (s * s + s / q + 1)
    assert np.abs(np.fft.rfft(lows)[1:-1] - below).max() < 2e-3 * q
    assert np.abs(np.fft.rfft(bands)[1:-1] - s * below).max() < 2e-3 * q


@pytest.mark.parametrize("resonance", [0.0, 2.0, 3.5])
def test_the_ladder_is_four_poles_in_a_loop_for_soft_sounds(resonance: float) -> None:
    frames, cutoff_hz = 1 << 15, 1000
    impulse = np.zeros(frames, np.float32)
    impulse[0] = 1e-3
    out = np.zeros_like(impulse)
    _run_ladder(impulse, warped(F(cutoff_hz / RATE)), F(resonance), out)
    hertz = np.fft.rfftfreq(frames, 1 / RATE)[1:-1]
    pole = 1 / (1 + 1j * np.tan(np.pi * hertz / RATE) / np.tan(np.pi * cutoff_hz / RATE))
    expected = pole**4 / (1 + resonance * pole**4)
    assert np.abs(np.fft.rfft(out)[1:-1] * 1e3 - expected).max() < 5e-3 * np.abs(expected).max()


@pytest.mark.parametrize("resonance", [4.1, 4.4])
@pytest.mark.parametrize("hertz", [100, 200, 440, 1000, 2000, 3500, 5000])
def test_the_ladder_sings_in_tune_with_its_cutoff_and_never_runs_away(hertz: float, resonance: float) -> None:
    kick, out = np.zeros(3 * RATE, np.float32), np.zeros(3 * RATE, np.float32)
    kick[0] = 0.1
    _run_ladder(kick, warped(F(hertz / RATE)), F(resonance), out)
    assert abs(1200 * np.log2(frequency(out[-RATE:]) / hertz)) < 1
    assert 0.05 < np.abs(out[-RATE:]).max() < 1.0


def test_adsr_takes_the_times_it_is_given() -> None:
    attack_s, decay_s, sustain, release_s = 0.05, 0.2, 0.5, 0.3
    out = np.zeros(2 * RATE, np.float32)
    shares = (
        attack_share(F(attack_s), F(RATE)),
        decay_share(F(decay_s), F(RATE)),
        F(sustain),
        decay_share(F(release_s), F(RATE)),
    )
    _run_adsr(RATE, *shares, out)
    assert np.argmax(out >= 1.0) == pytest.approx(attack_s * RATE, rel=0.01)
    assert out[int((attack_s + decay_s) * RATE)] - sustain == pytest.approx((1 - sustain) / 1000, rel=0.05)
    assert out[RATE - 1] == pytest.approx(sustain, abs=1e-3)
    assert out[RATE + int(release_s * RATE)] == pytest.approx(out[RATE - 1] / 1000, rel=0.05)
    assert np.abs(np.diff(out)).max() < 1.3 * shares[0]


def test_a_release_before_the_top_falls_from_where_it_is() -> None:
    assert adsr(False, RISING, F(0.3), F(0.1), F(0.1), F(0.5), F(0.01)) == (FALLING, pytest.approx(0.297))


def test_noise_is_white_and_the_same_for_the_same_seed() -> None:
    first, again, other = (np.zeros(1 << 16, np.float32) for _ in range(3))
    for seed, out in ((1, first), (1, again), (2, other)):
        _run_noise(np.uint32(seed), out)
    assert np.array_equal(first, again)
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.02
    assert np.abs(first).max() <= 1.0
    assert first.mean() == pytest.approx(0, abs=0.01)
    assert first.var() == pytest.approx(1 / 3, rel=0.02)
    eighths = [band.mean() for band in np.array_split(np.abs(np.fft.rfft(first)[1:]) ** 2, 8)]
    assert max(eighths) / min(eighths) < 1.1
