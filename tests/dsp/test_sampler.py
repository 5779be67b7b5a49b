"""The sampler: what part of a clip is played, how fast, which way round, how long, and how cleanly."""

import numpy as np
import pytest
from bench_voice import RATE, Bench

GAIN = 0.45
"""Of a full hit."""


def noise(frames: int = RATE, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 1, (frames, channels)).astype(np.float32)


def tone(hertz: float, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate).astype(np.float32)[:, None].copy()


def played(clip: np.ndarray, seconds: float, note: float = 60, clip_rate: int = RATE, **values: float) -> np.ndarray:
    return Bench("sampler", values, clip=clip, clip_rate=clip_rate).strike(note).play(seconds) / GAIN


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_note_60_plays_the_mean_of_the_channels_as_it_was_recorded(channels: int) -> None:
    clip = noise(channels=channels)
    sound = played(clip, 1.2)
    assert sound[100 : RATE - 600] == pytest.approx(clip.mean(axis=1)[100 : RATE - 600], abs=1e-6)
    assert not sound[RATE:].any()


def test_backwards_is_forwards_turned_round() -> None:
    clip = noise()
    sound = played(clip, 1.0, reverse=1)
    assert sound[100 : RATE - 600] == pytest.approx(clip[::-1, 0][100 : RATE - 600], abs=1e-6)


@pytest.mark.parametrize(("start", "end"), [(0.25, 0.5), (0.5, 0.25)])
def test_plays_the_region_between_start_and_end_and_no_more(start: float, end: float) -> None:
    clip = noise()
    sound = played(clip, 0.5, start=start, end=end)
    assert sound[100:11_000] == pytest.approx(clip[12_100:23_000, 0], abs=1e-6)
    assert not sound[12_000:].any()


@pytest.mark.parametrize("note", [36, 48, 55, 60.5, 67, 72, 84])
def test_a_tone_at_another_pitch_is_that_tone(note: float) -> None:
    ratio = 2 ** ((note - 60) / 12)
    sound = played(tone(1000.3, 8.0), 0.6, note)[4800:24_000]
    ideal = np.sin(2 * np.pi * 1000.3 * ratio * np.arange(4800, 24_000) / RATE)
    assert np.abs(sound - ideal).max() < 2e-3


def test_what_would_fold_back_is_filtered_away() -> None:
    sound = played(tone(15_000, 4.0), 1.0, 72)
    assert 20 * np.log10(np.abs(sound[4800:]).max()) < -48


def test_a_clip_of_another_rate_keeps_its_pitch() -> None:
    sound = played(tone(440, 2.0, 44_100), 1.0, clip_rate=44_100)[4800:24_000]
    assert sound == pytest.approx(np.sin(2 * np.pi * 440 * np.arange(4800, 24_000) / RATE), abs=2e-3)


def test_a_loop_goes_back_to_its_start_for_as_long_as_it_is_held() -> None:
    clip = tone(480, 1.0)  # a cycle is 100 frames, and the loop a whole number of them
    bench = Bench("sampler", {"loop": 1, "loop_start": 0.5, "crossfade": 0.01}, clip=clip).strike()
    sound = bench.play(3.0) / GAIN
    assert sound[200:] == pytest.approx(np.sin(2 * np.pi * 480 * np.arange(200, 3 * RATE) / RATE), abs=1e-3)
    bench.release()
    bench.play(0.05)
    assert bench.free


@pytest.mark.parametrize("reverse", [0, 1])
def test_a_loop_that_does_not_fit_is_crossfaded_without_a_click(reverse: int) -> None:
    clip = tone(333, 1.0)
    values = {"loop": 1, "loop_start": 0.37, "crossfade": 0.05, "reverse": reverse, "end": 0.913}
    sound = Bench("sampler", values, clip=clip).strike().play(3.0) / GAIN
    assert np.abs(np.diff(sound)).max() < 1.05 * 2 * np.pi * 333 / RATE


def test_one_shot_plays_to_its_end_and_gated_until_it_is_let_go() -> None:
    for gated, lasts_s in ((0, 0.5), (1, 0.1 + 0.02)):
        bench = Bench("sampler", {"gated": gated, "fade_out": 0.02}, clip=tone(200, 0.5)).strike()
        sound = bench.play(0.1)
        bench.release()
        sound = np.concatenate([sound, bench.play(0.6)])
        assert np.flatnonzero(sound)[-1] / RATE == pytest.approx(lasts_s, abs=0.001)
        assert bench.free


def test_fades_are_straight_lines_of_the_length_they_are_given() -> None:
    clip = np.ones((RATE // 2, 1), np.float32)
    sound = played(clip, 0.6, fade_in=0.1, fade_out=0.2)
    at_s = np.arange(len(sound)) / RATE
    ideal = np.clip(np.minimum(at_s / 0.1, (0.5 - at_s) / 0.2), 0, 1)
    assert sound[50:] == pytest.approx(ideal[50:], abs=2e-3)


def test_a_region_begins_and_ends_without_a_click_wherever_it_lies() -> None:
    sound = played(np.ones((RATE, 1), np.float32), 0.6, start=0.3, end=0.6)
    assert np.abs(np.diff(sound)).max() < 0.03


def test_a_turn_of_start_or_direction_is_taken_by_the_next_note_alone() -> None:
    clip = noise()
    bench = Bench("sampler", clip=clip).strike()
    sound = [bench.play(0.1)]
    for knob, value in {"start": 0.9, "reverse": 1, "loop": 1, "gated": 1}.items():
        bench.turn(knob, value)
    sound.append(bench.play(0.4))
    assert np.concatenate(sound)[100:] / GAIN == pytest.approx(clip[100:24_000, 0], abs=1e-6)
