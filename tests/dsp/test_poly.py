"""The poly: its pitch, purity, unison, sync, pulse width, filter and glide."""

from typing import Any

import numpy as np
import pytest
from bench_voice import RATE, Bench

from dsp.kernels import kernel
from dsp.kernels.oscillators import version_of, wrap
from dsp.kernels.sync import synced_saw, synced_sine, synced_triangle
from dsp.kernels.tables import make_tables

F = np.float32
TABLES = make_tables()[0]
PLAIN = {
    "mix": 0,
    "detune": 0,
    "env": 0,
    "follow": 0,
    "cutoff": 18_000,
    "resonance": 0.15,
    "sustain": 1,
    "decay": 0.005,
}


@kernel
def _run_synced(tables: Any, wave: int, step: Any, ratios: Any, out: Any) -> None:
    phase = F(0.0)
    version, blend = version_of(step)
    for i in range(len(out)):
        if wave == 0:
            out[i] = synced_saw(tables, version, blend, phase, ratios[i], F(0.0))
        elif wave == 1:
            later = synced_saw(tables, version, blend, phase, ratios[i], F(0.7))
            out[i] = later - synced_saw(tables, version, blend, phase, ratios[i], F(0.0))
        elif wave == 2:
            out[i] = synced_triangle(tables, version, blend, phase, ratios[i])
        else:
            out[i] = synced_sine(tables, version, blend, phase, ratios[i])
        phase = wrap(phase + step)


def synced(wave: int, hertz: float, ratio: float, frames: int = 2 * RATE) -> np.ndarray:
    out = np.zeros(frames, np.float32)
    _run_synced(TABLES, wave, F(hertz / RATE), np.full(frames, ratio, np.float32), out)
    return out


def stray_db(sound: np.ndarray, hertz: float) -> float:
    """The power that is no harmonic of `hertz`, against that of the harmonics, below 20 kHz; of one second."""
    power = np.abs(np.fft.rfft(sound.astype(float) * np.kaiser(RATE, 30.0))) ** 2
    at = np.arange(len(power))
    harmonic = np.abs(at - hertz * np.round(at / hertz)) < 14
    heard = (at > 14) & (at < 20_000)
    return float(10 * np.log10(power[heard & ~harmonic].sum() / power[heard & harmonic].sum()))


def cents_off(sound: np.ndarray, hertz: float) -> float:
    """How far the fundamental of `sound`, one second or more, is from `hertz`, by how its phase moves."""
    turned = sound * np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / RATE)
    half = len(sound) // 2
    window = np.hanning(half)
    moved = np.angle((turned[half : 2 * half] @ window) / (turned[:half] @ window))
    return float(1200 * np.log2(1 + moved / (2 * np.pi) * RATE / half / hertz))


@pytest.mark.parametrize("wave", [0, 1, 2, 3], ids=["saw", "pulse", "triangle", "sine"])
@pytest.mark.parametrize("hertz", [20.0, 55.0, 440.0, 1760.0, 7040.0, 10_000.0])
def test_is_in_tune_within_half_a_cent_from_20_hz_to_10_khz(wave: int, hertz: float) -> None:
    note = 69 + 12 * np.log2(hertz / 440)
    sound = Bench("poly", PLAIN | {"wave_a": wave}).strike(note).play(2.5)[RATE // 2 :]
    assert abs(cents_off(sound, hertz)) < 0.5


@pytest.mark.parametrize("hertz", [110.07, 659.41, 2793.37, 6271.9])
def test_a_saw_of_the_instrument_has_its_stray_power_at_90_db_below_its_own(hertz: float) -> None:
    sound = Bench("poly", PLAIN).strike(69 + 12 * np.log2(hertz / 440)).play(2.0)[RATE:]
    assert stray_db(sound, hertz) < -90


@pytest.mark.parametrize(
    ("wave", "limit"), [(0, -84), (1, -84), (2, -91), (3, -50)], ids=["saw", "pulse", "tri", "sine"]
)
@pytest.mark.parametrize("ratio", [0.6, 1.5, 2.7, 3.99])
@pytest.mark.parametrize("hertz", [110.07, 659.41, 2793.37])
def test_a_synced_wave_is_almost_as_pure_as_a_free_one(wave: int, limit: float, ratio: float, hertz: float) -> None:
    assert stray_db(synced(wave, hertz, ratio)[RATE:], hertz) < limit


@pytest.mark.parametrize("wave", [0, 1, 2, 3], ids=["saw", "pulse", "triangle", "sine"])
@pytest.mark.parametrize("ratio", [0.6, 1.0, 1.5, 3.3])
def test_a_synced_wave_is_one_that_begins_anew_with_its_master(wave: int, ratio: float) -> None:
    hertz = 110.0
    own = (np.arange(2 * RATE) * float(F(hertz / RATE)) % 1) * ratio % 1
    naive = [
        2 * own - 1,
        np.where(own < 0.3, 1.0, -1.0),
        1 - 4 * np.abs((own + 0.25) % 1 - 0.5),
        np.sin(2 * np.pi * own),
    ]
    expected = np.abs(np.fft.rfft(naive[wave][:RATE]))[110 : 20 * 110 : 110]
    found = np.abs(np.fft.rfft(synced(wave, hertz, ratio)[:RATE]))[110 : 20 * 110 : 110]
    assert found / expected.max() == pytest.approx(expected / expected.max(), abs=0.01)


def test_sync_ties_the_second_oscillator_to_the_pitch_of_the_first() -> None:
    values = PLAIN | {"mix": 1, "interval": 7.3}
    free = Bench("poly", values).strike(57).play(2.0)[RATE:]
    tied = Bench("poly", values | {"sync": 1}).strike(57).play(2.0)[RATE:]
    assert stray_db(tied, 220.0) < -84
    assert stray_db(free, 220.0) > -20


def test_the_filters_envelope_sweeps_a_synced_oscillator() -> None:
    values = PLAIN | {"mix": 1, "sync": 1, "interval_env": 24, "filter_decay": 1.0, "filter_sustain": 0}
    sound = Bench("poly", values).strike(45).play(2.0)

    def brightness(part: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
        return float(power @ np.arange(len(power)) / power.sum())

    assert brightness(sound[4800:9600]) > 1.4 * brightness(sound[-4800:])


@pytest.mark.parametrize("copies", [2, 3, 5, 7])
def test_copies_in_unison_stand_around_the_note_and_are_as_loud_as_one(copies: int) -> None:
    values = PLAIN | {"wave_a": 3, "unison": copies, "spread": 1.0}
    sound = np.concatenate([Bench("poly", values, seed=seed).strike(93).play(2.0)[RATE:] for seed in range(1, 9)])
    power = np.mean([np.abs(np.fft.rfft(part * np.hanning(RATE))) ** 2 for part in sound.reshape(8, RATE)], axis=0)
    tones = [k for k in range(1500, 2000) if power[k] > 0.05 * power.max() and power[k] == power[k - 4 : k + 5].max()]
    assert len(tones) == copies
    cents = 1200 * np.log2(np.array(tones) / 1760)
    assert abs(cents.mean()) < 2
    assert cents.max() - cents.min() == pytest.approx(200 if copies > 2 else 100, abs=3)
    alone = np.sqrt(np.mean(Bench("poly", values | {"unison": 1}).strike(93).play(2.0)[RATE:] ** 2))
    assert np.sqrt(np.mean(sound**2)) / alone == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("width", [0.1, 0.3, 0.5])
def test_a_pulse_has_the_harmonics_of_its_width_and_no_offset(width: float) -> None:
    sound = Bench("poly", PLAIN | {"wave_a": 1, "width": width, "cutoff": 18_000}).strike(45).play(2.0)[RATE:]
    spectrum = np.abs(np.fft.rfft(sound)) / (RATE / 2)
    found = spectrum[[110 * k for k in range(1, 9)]]
    expected = np.abs([4 / np.pi / k * np.sin(np.pi * k * width) for k in range(1, 9)])
    assert found / np.linalg.norm(found) == pytest.approx(expected / np.linalg.norm(expected), abs=0.02)
    assert abs(sound.mean()) < 1e-4


def test_pulse_width_modulation_swings_the_width_at_its_rate() -> None:
    values = PLAIN | {"wave_a": 1, "pwm": 0.2, "pwm_rate": 2.0}
    sound = Bench("poly", values).strike(69).play(2.0)[RATE:]
    # The second harmonic of a square is silent, and is heard the more the narrower the pulse.
    second = np.abs(np.convolve(sound * np.exp(-2j * np.pi * 880 * np.arange(RATE) / RATE), np.hanning(2400), "same"))
    swings = np.abs(np.fft.rfft(second[2400:-2400] - second[2400:-2400].mean()))
    assert swings[1:20].argmax() + 1 == pytest.approx(2 * 2 * 0.9, abs=1)


@pytest.mark.parametrize(
    ("mode", "passed", "stopped"), [(0, 200, 8000), (1, 1000, 100), (2, 8000, 200), (3, 8000, 1000)]
)
def test_the_filter_passes_low_band_high_or_all_but_a_band(mode: int, passed: int, stopped: int) -> None:
    def level(hertz: float) -> float:
        values = PLAIN | {"wave_a": 3, "cutoff": 1000, "mode": mode, "resonance": 0.3}
        sound = Bench("poly", values).strike(69 + 12 * np.log2(hertz / 440)).play(1.0)[RATE // 2 :]
        return float(np.sqrt(np.mean(sound**2)))

    assert level(passed) > 10 * level(stopped)


@pytest.mark.parametrize("name", ["poly", "fm"])
@pytest.mark.parametrize("far", [1, 12, 36])
def test_a_slide_takes_its_time_however_far_it_goes_and_ends_on_the_note(name: str, far: int) -> None:
    seconds = 0.4
    values = {
        "poly": PLAIN | {"wave_a": 3},
        "fm": {"level_2": 0, "level_3": 0, "level_4": 0, "detune": 0, "sustain": 1},
    }
    bench = Bench(name, values[name] | {"glide": seconds}).strike(57)
    bench.play(0.2)
    bench.slide(57 + far)
    sound = bench.play(seconds + 2.0)

    def semitones_at(at_s: float) -> float:
        part = sound[round((at_s - 0.025) * RATE) : round((at_s + 0.025) * RATE)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
        return float(12 * np.log2(spectrum.argmax() * RATE / (1 << 18) / 220))

    assert semitones_at(seconds / 2) == pytest.approx(far / 2, abs=0.05 * far + 0.05)
    assert abs(cents_off(sound[round(seconds * RATE) + 64 :], 220 * 2 ** (far / 12))) < 0.1
