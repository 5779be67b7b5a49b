"""A track's strip: bits that stay, a filter by its formula, a drive that keeps the middle, no click."""

import numpy as np
import pytest
from bench_effect import above_6_khz, noise, rms, tone
from bench_voice import RATE, Glide, make_ramps

from dsp.sizes import QUANTUM
from dsp.strip import STRIP, STRIP_MEMORY, drive_and_filter

PARAMETERS = [parameter.name for parameter in STRIP]


class Strip:
    """The inserts of one strip."""

    def __init__(self, **values: float) -> None:
        self.memory = np.zeros(1, STRIP_MEMORY)[0]
        self.ramps = make_ramps(STRIP, values)
        self.glides: list[Glide] = []

    def turn(self, name: str, target: float) -> None:
        self.glides.append(Glide(self.ramps, PARAMETERS.index(name), target))

    def play(self, sound: np.ndarray) -> np.ndarray:
        """What becomes of `sound`, (frames,)."""
        out = sound.copy()
        for start in range(0, len(sound), QUANTUM):
            for glide in self.glides:
                glide.advance()
            drive_and_filter(self.memory, self.ramps[0], out[start : start + QUANTUM], np.float32(RATE))
        return out


def response(place: float, peak: float, hertz: np.ndarray) -> np.ndarray:
    """The filter's transfer function: two poles, by the bilinear transform tuned to its cutoff."""
    cutoff = 20_000 * 2 ** (8.4 * place) if place < 0 else 20 * 2 ** (9 * place)
    damping = 2**0.5 + (0.12 - 2**0.5) * peak
    s = 1j * np.tan(np.pi * hertz / RATE) / np.tan(np.pi * min(cutoff / RATE, 0.45))
    return np.abs((1 if place < 0 else s * s) / (s * s + damping * s + 1))


@pytest.mark.parametrize("place", [-1.0, -0.6, -0.2, 0.2, 0.6, 1.0])
@pytest.mark.parametrize("peak", [0.0, 0.2, 1.0])
def test_the_filter_answers_by_its_transfer_function(place: float, peak: float) -> None:
    struck = np.zeros(1 << 16, np.float32)
    struck[0] = 1.0
    found = np.abs(np.fft.rfft(Strip(filter=place, peak=peak).play(struck).astype(np.float64)))
    hertz = np.fft.rfftfreq(1 << 16, 1 / RATE)
    wanted = response(place, peak, hertz)
    heard = (hertz > 30) & (hertz < 20_000) & (wanted > 1e-3)
    assert 20 * np.log10(found[heard] / wanted[heard]) == pytest.approx(0, abs=0.2)


def test_at_rest_not_a_bit_changes() -> None:
    sound = noise(0.2, 3.0)[0]
    assert np.array_equal(Strip().play(sound), sound)
    assert np.array_equal(Strip(peak=1.0).play(sound), sound)


def test_the_drive_bends_and_keeps_the_middle() -> None:
    for drive in (6, 20, 36):
        out = Strip(overdrive=drive).play(tone(0.2, 200, 0.25)[0])
        assert 0.2 < np.abs(out[2400:]).max() < 0.3
    squashed = Strip(overdrive=30).play(tone(0.2, 200, 1.0)[0])
    assert rms(squashed[2400:]) / np.abs(squashed[2400:]).max() > 0.9


def test_a_wave_that_leans_to_one_side_is_driven_without_an_offset() -> None:
    wave = tone(2.0, 100, 0.3)[0] + tone(2.0, 200, 0.3)[0] ** 2 - np.float32(0.045)
    assert abs(Strip(overdrive=24).play(wave)[RATE:].mean()) < 1e-4


@pytest.mark.parametrize("drive", [12, 24, 36])
def test_no_stray_tone_of_a_driven_5_khz_sine_is_above_60_db(drive: float) -> None:
    out = Strip(overdrive=drive).play(tone(2, 5000, 1.0)[0])
    spectrum = np.abs(np.fft.rfft(out[-RATE:] * np.blackman(RATE)))
    strongest = spectrum.max()
    for k in range(5):
        spectrum[max(0, 5000 * k - 5) : 5000 * k + 6] = 0
    assert 20 * np.log10(spectrum.max() / strongest) < -60


def test_a_drive_that_only_begins_does_not_comb_the_track() -> None:
    for hertz in (500, 889, 1777, 5333):
        out = Strip(overdrive=1.5).play(tone(0.5, hertz, 0.02)[0])
        assert 0.017 < np.abs(out[RATE // 4 :]).max() < 0.023


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("filter", -1, 1),
        ("filter", 0.5, 0),
        ("filter", 0, -1),
        ("overdrive", 0, 6),
        ("overdrive", 6, 0),
        ("peak", 0, 1),
    ],
)
def test_no_jump_of_the_strip_clicks(name: str, begin: float, end: float) -> None:
    strip = Strip(**({"filter": -0.4} | {name: begin}))
    sound = tone(1, 100, 0.3)[0]
    before = strip.play(sound)
    strip.turn(name, end)
    after = strip.play(sound)
    settled = strip.play(sound)
    around = np.hstack([before[RATE // 2 :], after[: RATE // 2]])
    assert above_6_khz(around) < 1.5 * above_6_khz(settled) + 1e-3


def test_the_filter_forgets_its_tail() -> None:
    strip = Strip(filter=-0.9, peak=1.0, overdrive=12)
    strip.play(noise(0.1)[0])
    assert strip.play(np.zeros(4 * RATE, np.float32))[-RATE:].any() == np.False_
    assert all((strip.memory[field] == 0).all() for field in STRIP_MEMORY.names)
