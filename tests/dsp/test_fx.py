"""The effects: exact times, honest decays, a ceiling that holds, and nothing where nothing is asked for."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bench_voice import RATE, Glide, make_ramps
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsp.fx import EFFECTS, delay, distortion, limiter, order, reverb
from dsp.state import PARAMETERS, QUANTUM

BPM = 120.0


class Unit:
    """One effect with its memory and its settings."""

    def __init__(self, module: Any, layout: Any, values: dict[str, float], rate: int = RATE) -> None:
        self.module = module
        self.memory = np.zeros(1, layout)[0]
        self.ramps = make_ramps(module.PARAMETERS, values)
        self.rate = rate
        self.bpm = BPM
        self.glides: list[Glide] = []

    def turn(self, name: str, target: float) -> None:
        index = [parameter.name for parameter in self.module.PARAMETERS].index(name)
        self.glides.append(Glide(self.ramps, index, target))

    def _quanta(self, sound: np.ndarray, make: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        assert sound.shape[1] % QUANTUM == 0
        out = np.zeros_like(sound)
        for start in range(0, sound.shape[1], QUANTUM):
            for glide in self.glides:
                glide.advance()
            here = slice(start, start + QUANTUM)
            out[:, here] = make(np.ascontiguousarray(sound[:, here]))
        return out

    def insert(self, sound: np.ndarray) -> np.ndarray:
        """What becomes of `sound`, (2, frames), in place."""

        def make(bus: np.ndarray) -> np.ndarray:
            self.module.process(self.memory, self.ramps[0], bus, np.float32(self.rate))
            return bus

        return self._quanta(sound, make)

    def answer(self, sound: np.ndarray) -> np.ndarray:
        """What comes back for `sound`, (2, frames), that is sent."""

        def make(send: np.ndarray) -> np.ndarray:
            bus = np.zeros((2, QUANTUM), np.float32)
            tempo = (self.bpm,) if self.module is delay else ()
            self.module.process(self.memory, self.ramps[0], send, bus, *tempo, np.float32(self.rate))
            return bus

        return self._quanta(sound, make)


def make_delay(rate: int = RATE, **values: float) -> Unit:
    return Unit(delay, delay.DELAY, {"level": 0, "width": 0} | values, rate)


def make_reverb(rate: int = RATE, **values: float) -> Unit:
    return Unit(reverb, reverb.REVERB, {"level": 0} | values, rate)


def make_limiter(**values: float) -> Unit:
    return Unit(limiter, limiter.LIMITER, values)


def make_distortion(**values: float) -> Unit:
    return Unit(distortion, distortion.DISTORTION, values)


def silence(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.zeros((2, int(seconds * rate) // QUANTUM * QUANTUM), np.float32)


def impulse(seconds: float, rate: int = RATE) -> np.ndarray:
    sound = silence(seconds, rate)
    sound[:, 0] = 1.0
    return sound


def noise(seconds: float, level: float = 0.5, seed: int = 1) -> np.ndarray:
    sound = silence(seconds)
    sound[:] = np.random.default_rng(seed).uniform(-level, level, sound.shape)
    return sound


def tone(seconds: float, hertz: float, level: float = 0.5) -> np.ndarray:
    sound = silence(seconds)
    sound[:] = level * np.sin(2 * np.pi * hertz / RATE * np.arange(sound.shape[1]))
    return sound


def rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def test_rows_are_the_places_of_the_effects() -> None:
    names = [effect.name for effect in EFFECTS]
    assert len(names) == order.EFFECTS
    for row, name in enumerate(names):
        assert getattr(order, f"{name.upper()}_ROW") == row
    for effect in EFFECTS:
        assert len(effect.parameters) < PARAMETERS
        for parameter in effect.parameters:
            assert parameter.low <= parameter.default <= parameter.high
            assert parameter.help.endswith(".")


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("beats", [0.0625, 1 / 3, 0.75, 1.0])
def test_echoes_come_exactly_in_time(beats: float, rate: int) -> None:
    echoes = make_delay(rate, beats=beats, feedback=0.5, tone=18_000, low_cut=20).answer(impulse(2.5, rate))
    frames = round(float(np.float32(beats)) * 60 / BPM * rate)
    assert np.flatnonzero(np.abs(echoes[0]) > 1e-9)[0] == frames
    assert echoes[0, frames] == 1.0
    assert np.flatnonzero(np.abs(echoes[0, frames + 1 :]) > 1e-3)[0] + frames + 1 == 2 * frames


def test_each_echo_is_weaker_by_the_feedback() -> None:
    echoes = make_delay(beats=0.5, feedback=0.5).answer(np.hstack([tone(0.2, 800), silence(1.8)]))
    strengths = [rms(echoes[0, n * 12_000 + 2400 : n * 12_000 + 8000]) for n in (1, 2, 3)]
    assert strengths[1] / strengths[0] == pytest.approx(0.5, rel=0.06)
    assert strengths[2] / strengths[1] == pytest.approx(0.5, rel=0.06)


def test_full_width_bounces_from_left_to_right() -> None:
    echoes = make_delay(beats=0.5, feedback=0.8, width=1).answer(impulse(1.6))
    sides = [np.abs(echoes[:, n * 12_000 : n * 12_000 + 500]).max(axis=1) for n in (1, 2, 3)]
    assert sides[0][0] > 0.5
    assert sides[0][1] == 0.0
    assert sides[1][0] == 0.0
    assert sides[1][1] > 0.2
    assert sides[2][0] > 0.1


@pytest.mark.parametrize(("name", "target"), [("beats", 1 / 3), ("beats", 2.0), ("feedback", 0.0), ("level", -60.0)])
def test_a_jump_of_the_delay_makes_no_click(name: str, target: float) -> None:
    unit = make_delay(beats=0.5, feedback=0.6)
    sound = tone(4, 200)
    half = sound.shape[1] // 2
    before = unit.answer(sound[:, :half])
    unit.turn(name, target)
    after = unit.answer(sound[:, half:])
    steps = np.abs(np.diff(np.hstack([before, after])[0, 24_000:]))
    assert steps.max() < 1.5 * np.abs(np.diff(before[0, 60_000:])).max()
    assert _above_6_khz(np.hstack([before, after])[0, 48_000:]) < 1e-3


def _above_6_khz(sound: np.ndarray) -> float:
    spectrum = np.fft.rfft(sound * np.blackman(len(sound)))
    spectrum[: 6000 * len(sound) // RATE] = 0
    return float(np.abs(np.fft.irfft(spectrum)).max())


def test_a_new_tempo_moves_the_echoes() -> None:
    unit = make_delay(beats=0.5, feedback=0)
    unit.answer(silence(0.1))
    unit.bpm = 60.0
    unit.answer(silence(0.1))
    assert np.abs(unit.answer(impulse(1))[0]).argmax() == 24_000


def test_a_cleared_delay_is_silent_though_its_line_is_not() -> None:
    unit = make_delay(beats=0.5, feedback=0.9)
    unit.answer(noise(1))
    delay.clear(unit.memory)
    assert not unit.answer(silence(1)).any()
    assert np.abs(unit.answer(impulse(0.5))[0]).argmax() == 12_000


def test_a_delay_rests_once_its_echoes_have_died_and_wakes_again() -> None:
    unit = make_delay(beats=0.25, feedback=0.5)
    unit.answer(noise(0.2))
    unit.answer(silence(4))
    assert unit.memory["quiet"] > 12_000
    assert not unit.answer(silence(1)).any()
    assert np.abs(unit.answer(impulse(0.5))[0]).argmax() == 6000


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("decay_s", [0.4, 2.0, 8.0])
def test_the_room_takes_its_time_to_decay_within_10_percent(decay_s: float, rate: int) -> None:
    unit = make_reverb(rate, decay=decay_s, damping=18_000, pre_delay=0, motion=0.0, low_cut=20)
    answer = unit.answer(impulse(min(decay_s, 3) + 0.5, rate)).sum(axis=0)
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
    early = np.flatnonzero(np.abs(make_reverb(motion=0, pre_delay=0).answer(impulse(0.5))[0]) > 1e-6)[0]
    late = np.flatnonzero(np.abs(make_reverb(motion=0, pre_delay=0.1).answer(impulse(0.5))[0]) > 1e-6)[0]
    assert late - early == 4800


def test_damping_lets_the_highs_die_sooner() -> None:
    def highs(damping_hz: float) -> float:
        answer = make_reverb(decay=3, damping=damping_hz).answer(impulse(1))[0, RATE // 2 :]
        power = np.abs(np.fft.rfft(answer)) ** 2
        return float(power[len(power) // 4 :].sum() / power.sum())

    assert highs(2000) < 0.01 * highs(18_000)


def test_a_room_without_width_is_in_the_middle_and_a_wide_one_is_not() -> None:
    narrow = make_reverb(width=0).answer(impulse(0.5))
    wide = make_reverb(width=1).answer(impulse(0.5))
    assert np.array_equal(narrow[0], narrow[1])
    assert abs(np.corrcoef(wide)[0, 1]) < 0.2


def test_the_longest_room_never_grows() -> None:
    unit = make_reverb(decay=30, damping=18_000, motion=1, low_cut=20)
    unit.answer(noise(1, 1.0))
    early = rms(unit.answer(silence(1)))
    unit.answer(silence(3))
    late = rms(unit.answer(silence(1)))
    assert 0.1 * early < late < early


@pytest.mark.parametrize("name", ["decay", "damping", "pre_delay", "motion", "level", "low_cut", "width"])
def test_a_jump_of_the_room_makes_no_click(name: str) -> None:
    unit = make_reverb(decay=3, motion=0)
    sound = tone(2, 300)
    before = unit.answer(sound)
    unit.turn(name, {"decay": 0.2, "damping": 500, "pre_delay": 0.15, "motion": 1, "level": -60}.get(name, 0.0) or 20)
    after = unit.answer(sound)
    assert _above_6_khz(np.hstack([before, after])[0, RATE:]) < 1e-3


def test_a_room_rests_once_it_is_silent() -> None:
    unit = make_reverb(decay=0.2)
    unit.answer(noise(0.2))
    unit.answer(silence(2))
    head = int(unit.memory["head"])
    assert not unit.answer(silence(0.2)).any()
    assert unit.memory["head"] == head
    assert unit.answer(noise(0.2)).any()


amplitudes = st.sampled_from([0.0, 1e-6, 0.01, 0.5, 0.96, 0.97, 1.0, 3.0, 50.0, 1e6])


@given(
    levels=st.lists(amplitudes, min_size=1, max_size=12),
    ceiling=st.sampled_from([0.0, -0.3, -6.0, -24.0]),
    release=st.sampled_from([0.01, 0.12, 2.0]),
    seed=st.integers(0, 100),
)
@settings(max_examples=200, deadline=None)
def test_nothing_ever_passes_the_ceiling(levels: list[float], ceiling: float, release: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = np.hstack([level * rng.uniform(-1, 1, (2, QUANTUM)) for level in [*levels, 0, 0]]).astype(np.float32)
    out = make_limiter(ceiling=ceiling, release=release).insert(sound)
    assert np.abs(out).max() <= np.float32(10 ** (ceiling / 20)) * (1 + 4e-7)


@given(sound=arrays(np.float32, (2, 4 * QUANTUM), elements=st.floats(width=32)))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_in_what_goes_out_is_sound(sound: np.ndarray) -> None:
    out = make_limiter().insert(np.hstack([sound, silence(0.01)]))
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 0.9661


def true_peak(sound: np.ndarray) -> float:
    """The highest point of the wave through the samples, by 32 times as many of them."""
    frames = sound.shape[1]
    spectrum = np.fft.rfft(sound, axis=1)
    return float(np.abs(np.fft.irfft(spectrum, 32 * frames, axis=1)).max() * 32)


@pytest.mark.parametrize("hertz", [997.0, 8_003.0, 12_000.0, 15_991.0, 19_001.0])
@pytest.mark.parametrize("ceiling", [-0.3, -6.0])
def test_no_true_peak_of_a_tone_exceeds_the_ceiling(hertz: float, ceiling: float) -> None:
    frames = np.arange(RATE // QUANTUM * QUANTUM)
    sound = np.tile(2.0 * np.sin(2 * np.pi * hertz / RATE * frames + np.pi / 4), (2, 1)).astype(np.float32)
    out = make_limiter(ceiling=ceiling).insert(sound)[:, RATE // 4 : RATE * 3 // 4]
    faded = out * np.hanning(out.shape[1])  # or its ends would ring
    assert 20 * np.log10(true_peak(faded)) <= ceiling


@pytest.mark.parametrize("seed", range(6))
def test_no_true_peak_of_bursts_of_noise_exceeds_the_ceiling(seed: int) -> None:
    generator = np.random.default_rng(seed)
    spectrum = np.fft.rfft(generator.normal(0, 1, (2, 1 << 15)), axis=1)
    spectrum[:, int(20_000 / RATE * (1 << 15)) :] = 0
    sound = np.fft.irfft(spectrum, axis=1)
    sound *= np.repeat(generator.choice([0.05, 0.3, 2.0, 6.0], 1 << 7), 1 << 8)
    out = make_limiter(release=0.01).insert(sound.astype(np.float32))
    assert 20 * np.log10(true_peak(out)) <= -0.3


def test_below_the_ceiling_nothing_changes_but_the_time() -> None:
    sound = noise(0.5, 0.4)
    out = make_limiter().insert(sound)
    assert np.array_equal(out[:, limiter.LATENCY :], sound[:, : -limiter.LATENCY])


def test_the_limiter_turns_down_and_comes_back_and_does_not_distort() -> None:
    sound = np.hstack([tone(0.5, 500, 0.4), tone(0.5, 500, 4.0), tone(2, 500, 0.4)])
    out = make_limiter().insert(sound)[0]
    assert np.abs(out[26_000:47_000]).max() == pytest.approx(10 ** (-0.3 / 20), rel=0.03)
    assert rms(out[-RATE:]) == pytest.approx(rms(sound[0, -RATE:]), rel=1e-3)
    steady = np.abs(np.fft.rfft(out[28_800:43_200] * np.blackman(14_400)))
    steady[140:161] = 0
    assert steady.max() < 0.003 * 14_400 * 0.42 / 2


def test_gain_moves_the_whole_mix_and_silences_at_the_bottom() -> None:
    sound = noise(0.2, 0.2)
    louder = make_limiter(gain=6).insert(sound)
    assert rms(louder[:, 64:]) / rms(sound[:, :-64]) == pytest.approx(10 ** (6 / 20), rel=1e-4)
    assert not make_limiter(gain=-60).insert(sound).any()


def test_without_mix_the_distortion_leaves_every_bit() -> None:
    sound = noise(0.2, 2.0)
    assert np.array_equal(make_distortion(mix=0, drive=36).insert(sound), sound)


def test_distortion_bounds_what_it_gets_and_keeps_the_level_of_the_middle() -> None:
    assert np.abs(make_distortion(mix=1, drive=36).insert(noise(0.2, 100.0))).max() < 1.1
    for drive in (0, 12, 36):
        out = make_distortion(mix=1, drive=drive, tone=18_000).insert(tone(0.5, 200, 0.25))
        assert 0.2 < np.abs(out[:, 2400:]).max() < 0.3


def test_distortion_adds_odd_harmonics_and_folds_back_little() -> None:
    out = make_distortion(mix=1, drive=24, tone=18_000).insert(tone(1, 1313, 0.5))[0]
    spectrum = np.abs(np.fft.rfft(out[: RATE // QUANTUM * QUANTUM] * np.blackman(len(out))))
    assert spectrum[3 * 1313] > 0.1 * spectrum[1313]
    fundamental = spectrum[1313]
    for k in range(1, 19):
        spectrum[1313 * k - 5 : 1313 * k + 6] = 0
    assert spectrum[10:5000].max() < fundamental * 10 ** (-50 / 20)


def test_turning_the_distortion_on_makes_no_click() -> None:
    unit = make_distortion(mix=0, drive=6)
    before = unit.insert(tone(0.5, 100, 0.3))
    unit.turn("mix", 1.0)
    after = unit.insert(tone(0.5, 100, 0.3))
    assert _above_6_khz(np.hstack([before, after])[0]) < 1e-3
