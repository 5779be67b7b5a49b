"""The acid bass: the song of its filter, the drive inside its loop, accents, slides, and the envelope."""

import numpy as np
import pytest
from bench_voice import RATE, Bench
from pitch import frequency


def brightness(sound: np.ndarray) -> float:
    """The mean frequency of `sound` in Hz, by power."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float(power @ np.fft.rfftfreq(len(sound), 1 / RATE) / power.sum())


@pytest.mark.parametrize("cutoff", [300, 1000, 3000])
def test_at_full_resonance_the_instrument_sings_at_its_cutoff(cutoff: float) -> None:
    values = {"resonance": 1, "env": 0, "drive": 0, "cutoff": cutoff}
    sound = Bench("acid", values).strike(4).play(2.0)[RATE:]  # 10 Hz: hardly more than a tick now and then
    assert abs(1200 * np.log2(frequency(sound) / cutoff)) < 10


def test_drive_works_inside_the_loop_and_takes_the_resonance_down() -> None:
    def peak_over_bass(drive: float) -> float:
        values = {"resonance": 0.8, "env": 0, "cutoff": 1320, "drive": drive}
        spectrum = np.abs(np.fft.rfft(Bench("acid", values).strike(45).play(2.0)[RATE:]))
        return float(spectrum[1320] / spectrum[110])

    assert peak_over_bass(0) > 2 * peak_over_bass(24)


def test_an_accent_pushes_cutoff_and_level_together_as_far_as_it_is_turned_up() -> None:
    def struck(amount: float, accent: bool) -> np.ndarray:
        return Bench("acid", {"env": 0, "accent": amount, "cutoff": 400}).strike(36, accent=accent).play(0.08)

    plain, none, half, full = struck(0, False), struck(0, True), struck(0.5, True), struck(1, True)
    assert brightness(plain) == pytest.approx(brightness(none), rel=0.01)
    assert brightness(none) < brightness(half) < brightness(full)
    assert np.abs(plain).max() < np.abs(none).max() < np.abs(half).max() < np.abs(full).max()


@pytest.mark.parametrize("far", [-12, 2, 12, 24])
def test_a_slide_covers_nearly_all_of_its_way_in_60_ms_however_far(far: int) -> None:
    bench = Bench("acid", {"env": 0, "resonance": 0, "cutoff": 300, "drive": 0}).strike(57)
    bench.play(0.3)
    bench.slide(57 + far)
    bench.play(0.06)
    assert bench.voice["memory"][5] == pytest.approx(np.exp(-4), rel=0.02)  # the share of the way that is left
    bench.play(0.2)
    assert frequency(bench.play(1.0)) == pytest.approx(220 * 2 ** (far / 12), rel=1e-3)


def test_the_filter_closes_by_60_db_of_its_way_in_the_decay() -> None:
    bench = Bench("acid", {"decay": 0.5}).strike(36)
    bench.play(0.25)
    assert bench.voice["memory"][2] == pytest.approx(10 ** (-1.5), rel=0.02)
    accented = Bench("acid", {"decay": 2.0, "accent": 1.0}).strike(36, accent=True)
    accented.play(0.25)
    assert accented.voice["memory"][2] == pytest.approx(1e-3, rel=0.05)  # an accent's decay is short, as on the machine


def test_a_held_note_fades_slowly_and_a_released_one_at_once() -> None:
    bench = Bench("acid", {"env": 0, "cutoff": 1000, "resonance": 0.2}).strike(45)
    first, last = bench.play(0.5), bench.play(2.5)[-RATE // 2 :]
    fallen = 20 * np.log10(np.sqrt(np.mean(first**2)) / np.sqrt(np.mean(last**2)))
    assert fallen == pytest.approx(60 * 2.5 / 9, abs=2)
    bench.release()
    bench.play(0.2)
    assert bench.free


@pytest.mark.parametrize(("note", "limit"), [(36, -70), (60, -65), (84, -60)])
def test_the_drive_of_a_bass_line_adds_little_that_is_no_harmonic(note: int, limit: float) -> None:
    hertz = 440 * 2 ** ((note - 69) / 12)
    sound = Bench("acid", {"env": 0, "cutoff": 8000, "resonance": 0.5, "decay": 5}).strike(note).play(2.0)[RATE:]
    power = np.abs(np.fft.rfft(sound.astype(float) * np.kaiser(RATE, 30.0))) ** 2
    at = np.arange(len(power))
    harmonic = np.abs(at - hertz * np.round(at / hertz)) < 14
    heard = (at > 14) & (at < 20_000)
    assert 10 * np.log10(power[heard & ~harmonic].sum() / power[heard & harmonic].sum()) < limit
