"""The reverb: an honest decay at every frequency, and a tail without a ring."""

import numpy as np
import pytest
from bench_effect import above_6_khz, impulse, make_reverb, noise, rms, silence, tone
from bench_voice import RATE


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("decay_s", [0.4, 2.0, 8.0])
def test_the_room_takes_its_time_to_decay_within_10_percent(decay_s: float, rate: int) -> None:
    unit = make_reverb(rate, decay=decay_s, damping=18_000, pre_delay=0, motion=0.0, low_cut=20)
    answer = unit.play(impulse(min(decay_s, 3) + 0.5, rate)).sum(axis=0)
    spectrum = np.fft.rfft(answer)
    hertz = np.fft.rfftfreq(len(answer), 1 / rate)
    spectrum[(hertz < 200) | (hertz > 2000)] = 0
    power = np.square(np.fft.irfft(spectrum, len(answer)))
    parts = [part.mean() for part in np.array_split(power, 40)]
    times = np.arange(40) * len(answer) / rate / 40
    kept = (times > 0.12) & (times < 0.75 * min(decay_s, 3))
    slope = np.polyfit(times[kept], 10 * np.log10(parts)[kept], 1)[0]
    assert -60 / slope == pytest.approx(decay_s, rel=0.1)


def test_the_room_answers_after_its_pre_delay() -> None:
    early = np.flatnonzero(np.abs(make_reverb(motion=0, pre_delay=0).play(impulse(0.5))[0]) > 1e-6)[0]
    late = np.flatnonzero(np.abs(make_reverb(motion=0, pre_delay=0.1).play(impulse(0.5))[0]) > 1e-6)[0]
    assert late - early == 4800


def test_damping_lets_the_highs_die_sooner() -> None:
    def highs(damping_hz: float) -> float:
        answer = make_reverb(decay=3, damping=damping_hz).play(impulse(1))[0, RATE // 2 :]
        power = np.abs(np.fft.rfft(answer)) ** 2
        return float(power[len(power) // 4 :].sum() / power.sum())

    assert highs(2000) < 0.01 * highs(18_000)


def test_a_room_without_width_is_in_the_middle_and_a_wide_one_is_not() -> None:
    narrow = make_reverb(width=0).play(impulse(0.5))
    wide = make_reverb(width=1).play(impulse(0.5))
    assert np.array_equal(narrow[0], narrow[1])
    assert abs(np.corrcoef(wide)[0, 1]) < 0.2


def test_the_longest_room_never_grows() -> None:
    unit = make_reverb(decay=30, damping=18_000, motion=1, low_cut=20)
    unit.play(noise(1, 1.0))
    early = rms(unit.play(silence(1)))
    unit.play(silence(3))
    late = rms(unit.play(silence(1)))
    assert 0.1 * early < late < early


@pytest.mark.parametrize("name", ["decay", "damping", "pre_delay", "motion", "level", "low_cut", "width"])
def test_a_jump_of_the_room_makes_no_click(name: str) -> None:
    unit = make_reverb(decay=3, motion=0)
    sound = tone(2, 300)
    before = unit.play(sound)
    targets = {"decay": 0.2, "damping": 500, "pre_delay": 0.15, "motion": 1, "level": -60, "low_cut": 20, "width": 0}
    unit.turn(name, targets[name])
    after = unit.play(sound)
    assert above_6_khz(np.hstack([before, after])[0, RATE:]) < 1e-3


def test_a_room_rests_once_it_is_silent() -> None:
    unit = make_reverb(decay=0.2)
    unit.play(noise(0.2))
    unit.play(silence(2))
    head = int(unit.memory["head"])
    assert not unit.play(silence(0.2)).any()
    assert unit.memory["head"] == head
    assert unit.play(noise(0.2)).any()


def decay_of(answer: np.ndarray, rate: int, hertz: float, begin_s: float, end_s: float) -> float:
    """Seconds for 60 dB, of the octave around a frequency, by the slope of its power."""
    # A bell of a band, whose ringing is over at once: that of a sharp one would be louder than the tail.
    octaves = np.log2(np.maximum(np.fft.rfftfreq(2 * len(answer), 1 / rate), 1.0) / hertz)
    band = np.fft.irfft(np.fft.rfft(answer, 2 * len(answer)) * np.exp(-8 * octaves**2))
    power = np.square(band)[int(begin_s * rate) : int(end_s * rate)]
    levels = 10 * np.log10([part.mean() for part in np.array_split(power, 40)])
    return -60 / float(np.polyfit(np.linspace(begin_s, end_s, 40), levels, 1)[0])


@pytest.mark.parametrize("hertz", [250, 500, 1000, 2000])
@pytest.mark.parametrize("decay_s", [1.0, 3.0])
def test_the_decay_is_true_from_the_lows_to_the_mids(decay_s: float, hertz: float) -> None:
    unit = make_reverb(decay=decay_s, damping=18_000, pre_delay=0, low_cut=20, motion=0)
    answer = unit.play(impulse(decay_s + 0.5)).sum(axis=0)
    assert decay_of(answer, RATE, hertz, 0.2, 0.9 * decay_s) == pytest.approx(decay_s, rel=0.1)


def test_at_the_damping_the_room_falls_twice_as_fast() -> None:
    unit = make_reverb(decay=4.0, damping=3000, pre_delay=0, low_cut=20, motion=0)
    answer = unit.play(impulse(3)).sum(axis=0)
    assert decay_of(answer, RATE, 3000, 0.2, 1.5) == pytest.approx(2.0, rel=0.15)
    assert decay_of(answer, RATE, 500, 0.2, 2.5) == pytest.approx(4.0, rel=0.1)


def test_the_echoes_soon_are_as_dense_as_noise() -> None:
    answer = make_reverb(decay=3, pre_delay=0, motion=0).play(impulse(0.6))[0]
    for second in (0.25, 0.35, 0.5):
        window = answer[int((second - 0.02) * RATE) : int((second + 0.02) * RATE)]
        beyond = np.mean(np.abs(window) > window.std())
        assert beyond / 0.3173 == pytest.approx(1.0, abs=0.15)  # the share of a normal distribution beyond one sigma


@pytest.mark.parametrize("decay_s", [2.2, 8.0])
def test_no_tone_stands_out_of_the_tail(decay_s: float) -> None:
    answer = make_reverb(decay=decay_s, damping=18_000, pre_delay=0, low_cut=20).play(impulse(2.5))
    for side in answer:
        tail = side[RATE // 2 : RATE // 2 + 3 * RATE // 2].astype(np.float64)
        tail *= 10 ** (3 * np.arange(len(tail)) / RATE / decay_s)
        power = np.abs(np.fft.rfft(tail * np.hanning(len(tail)))) ** 2
        near = np.convolve(power, np.ones(150) / 150, "same")
        band = slice(int(150 * 1.5), int(5000 * 1.5))
        shape = (power / near)[band]
        # Noise has 0.56, and its highest of so many tones stands some 10 dB above those around it.
        assert np.exp(np.mean(np.log(shape))) > 0.2
        assert 10 * np.log10(shape.max()) < 17
