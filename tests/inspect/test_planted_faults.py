"""Faults planted at known places are found, and clean sound is called clean."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from planting import (
    FACTORY,
    PLANTERS,
    RATE,
    Frames,
    at_16_bits,
    at_24_bits,
    faults_of,
    finds,
    notes,
    rendered,
    synthetic,
)

from dsp.inspect import Inspector

PLANTED = 10
"""Of each kind in each material. `python tests/inspect/measure.py` plants 200."""


@cache
def material(name: str) -> tuple[Frames, ...]:
    if name == "synthetic":
        rng = np.random.default_rng(5)
        return tuple(synthetic(rng, 3.0) for _ in range(6))
    names = ("acid night", "warehouse", "slow glass", "robot funk")
    return tuple(rendered(path, 2)[: 4 * RATE] for path in FACTORY if path.stem in names)


@pytest.mark.parametrize("origin", ["synthetic", "factory"])
@pytest.mark.parametrize("name", PLANTERS)
def test_every_planted_fault_is_found_where_it_was_planted(name: str, origin: str) -> None:
    rng = np.random.default_rng(7)
    sounds = material(origin)
    for number in range(PLANTED):
        planted = PLANTERS[name](sounds[number % len(sounds)], rng)
        assert finds(planted), (number, planted.start, planted.end)


@pytest.mark.parametrize("path", FACTORY, ids=lambda path: path.stem)
def test_a_factory_pattern_gives_no_false_alarm(path: Path) -> None:
    assert faults_of(rendered(path, 2)) == ()


@pytest.mark.parametrize(("name", "bars"), [("acid rain", 14), ("glitch hymn", 60)])
def test_neither_an_edge_that_rings_on_nor_a_stroke_at_full_height_is_a_click_however_long_it_plays(
    name: str, bars: int
) -> None:
    (path,) = (path for path in FACTORY if path.stem == name)
    assert faults_of(rendered(path, bars)) == ()


def test_synthetic_sound_gives_no_false_alarm() -> None:
    assert [faults_of(sound) for sound in material("synthetic")] == [()] * 6


def waves() -> Iterator[tuple[str, Frames]]:
    time = np.arange(2 * RATE) / RATE
    for hertz in (41.2, 55.0, 100.0, 440.0, 1000.0, 9000.0):
        turns = hertz * time
        yield f"sine {hertz}", 0.5 * np.sin(2 * np.pi * turns)
        yield f"saw {hertz}", 0.5 * (2 * (turns % 1.0) - 1)
        yield f"square {hertz}", 0.5 * np.where(turns % 1.0 < 0.5, 1.0, -1.0)
    yield "noise", 0.2 * np.random.default_rng(1).standard_normal(len(time))


@pytest.mark.parametrize(("name", "wave"), list(waves()), ids=[name for name, _ in waves()])
def test_a_plain_wave_has_no_fault(name: str, wave: Frames) -> None:
    assert faults_of(at_24_bits(np.stack((wave, wave), axis=1))) == ()


def music() -> Iterator[tuple[str, Frames]]:
    """Clean sound that looks like faults: hard gates, pauses, pulses, strokes, loops and slices."""
    rng = np.random.default_rng(6)
    time = np.arange(2 * RATE) / RATE
    tones = {
        "sine": 0.5 * np.sin(2 * np.pi * 441 * time),
        "bass": 0.5 * np.sin(2 * np.pi * 55 * time),
        "saw": 0.4 * (2 * (110.3 * time % 1.0) - 1),
        "square": 0.4 * np.where(55 * time % 1.0 < 0.5, 1.0, -1.0),
        "chord": sum(0.1 * np.sin(2 * np.pi * hertz * time + hertz) for hertz in (220.0, 277.2, 329.6, 440.5)),
        "noise": 0.1 * rng.standard_normal(len(time)),
    }
    for name, tone in tones.items():
        for pause, attack, release in ((64, 24, 48), (480, 240, 96), (3000, 48, 192)):
            yield f"{name}, gated for {pause}", notes(np.asarray(tone), pause, attack, release)
    place = np.arange(2 * RATE) % 441
    for width in (4, 30):
        yield f"pulses of {width}", 0.5 * np.select([place < width, place < 2 * width], [1.0, -1.0])
        yield f"grains of {width}", np.where(place < width, 0.5 * np.sin(2 * np.pi * (place + 0.5) / width), 0.0)
    stroke = np.arange(6000)
    fade = np.minimum((6000 - stroke) / 100, 1.0)
    hat = 0.3 * rng.standard_normal(6000) * np.exp(-stroke / 600) * fade
    rim = 0.5 * np.cos(2 * np.pi * 800 * stroke / RATE) * np.exp(-stroke / 300) * np.minimum(stroke / 8, 1.0)
    yield "hats", np.resize(hat, len(time))
    yield "rims in a chord", np.resize(rim, len(time)) + 0.5 * np.asarray(tones["chord"])
    yield "a loop of hats", np.resize(hat[:4000] * np.minimum((4000 - stroke[:4000]) / 48, 1.0), len(time))
    slices = (np.asarray(tones["chord"]) + 0.5 * tones["noise"]).reshape(-1, 3000)
    slices *= np.minimum(np.minimum(np.arange(3000), np.arange(3000)[::-1]) / 48, 1.0)
    yield "slices played four times", np.repeat(slices[::4], 4, axis=0).ravel()


@pytest.mark.parametrize(("name", "sound"), list(music()), ids=[name for name, _ in music()])
def test_music_that_looks_like_faults_gives_no_false_alarm(name: str, sound: Frames) -> None:
    stereo = np.stack((sound, 0.7 * sound), axis=1)
    dithered = at_16_bits(stereo, np.random.default_rng(8))
    assert [faults_of(each) for each in (at_24_bits(stereo), at_16_bits(stereo), dithered)] == [()] * 3


def test_zeros_that_begin_where_a_wave_crosses_zero_are_told_by_how_it_comes_back() -> None:
    bass = 0.4 * np.sin(2 * np.pi * 60 * np.arange(2 * RATE) / RATE)
    bass[40_000:40_700] = 0.0  # 50 periods, and then seven eighths of one
    assert [(fault.kind, fault.start_frame) for fault in faults_of(at_24_bits(np.stack((bass, bass), axis=1)))] == [
        ("dropout", 40_000)
    ]


def test_a_steep_flank_is_a_click_only_where_it_takes_a_single_frame() -> None:
    time = np.arange(2 * RATE) / RATE
    bass = 0.3 * np.sin(2 * np.pi * 55 * time)
    flank = np.zeros(len(time))
    flank[40_000:41_000] = np.linspace(1.0, 0.0, 1000) ** 2
    limited = np.convolve(flank, [0.13, 0.5, 0.31, 0.06])[: len(time)]
    for jump, clicks in ((limited, 0), (flank, 1)):
        sound = at_24_bits(np.stack((bass + 0.4 * jump,) * 2, axis=1))
        assert [fault.kind for fault in faults_of(sound)] == ["click"] * clicks


def test_noise_that_was_cut_at_full_scale_is_clipping_though_single_frames_were_cut() -> None:
    noise = np.diff(np.random.default_rng(4).standard_normal(RATE + 1), prepend=0.0)[: RATE + 1]
    noise *= 0.4 / np.abs(noise).max()
    assert faults_of(at_24_bits(np.stack((noise, noise), axis=1))) == ()
    noise[20_000:22_400] *= 1.4 / np.abs(noise[20_000:22_400]).max()
    cut = at_24_bits(np.stack((noise, noise), axis=1))
    assert "clipping" in [fault.kind for fault in faults_of(cut)]


def test_noise_that_was_cut_and_turned_down_is_clipping_and_what_a_limiter_held_is_not() -> None:
    noise = np.random.default_rng(4).standard_normal(2 * RATE) * 0.1
    cut = np.clip(noise, -0.2, 0.2)
    assert "clipping" in [fault.kind for fault in faults_of(at_24_bits(np.stack((cut, cut), axis=1)))]
    held = noise.copy()
    loud = np.flatnonzero(np.abs(noise) > 0.35)
    held[loud] = 0.35 * np.sign(noise[loud])
    assert len(loud) > 20
    assert faults_of(at_24_bits(np.stack((held, held), axis=1))) == ()


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("hertz", [55.0, 997.3, 9001.3, 15_000.1])
def test_a_sine_at_full_scale_is_not_clipped(bits: int, hertz: float) -> None:
    top = 2 ** (bits - 1) - 1
    sine = np.round(np.sin(2 * np.pi * hertz * np.arange(2 * RATE) / RATE) * top) / (top + 1)
    assert faults_of(np.stack((sine, sine), axis=1).astype(np.float32)) == ()


def test_a_recording_of_8_bits_is_clean_though_what_is_soft_in_it_is_zero_for_a_while() -> None:
    for sound in material("synthetic"):
        assert faults_of((np.round(sound * 0.3 * 127) / 128).astype(np.float32)) == ()


def test_a_dropout_in_8_bits_is_found() -> None:
    sound = (np.round(material("synthetic")[0] * 127) / 128).astype(np.float32)
    loud = 48_000 + int(np.abs(sound[48_000:96_000, 0]).argmax())
    sound[loud : loud + 256] = 0.0
    assert ("dropout", loud, 256) in [(fault.kind, fault.start_frame, fault.frames) for fault in faults_of(sound)]


def test_no_fragment_of_clean_sound_has_a_fault() -> None:
    rng = np.random.default_rng(11)
    for frames in (1, 10, 300, 9_000, 20_000):
        for sound in material("synthetic") * 3:
            start = int(rng.integers(len(sound) - frames))
            assert faults_of(sound[start : start + frames].copy()) == (), (frames, start)


def test_mono_is_no_fault() -> None:
    sound = material("synthetic")[0]
    assert faults_of(sound[:, :1].copy()) == ()
    assert faults_of(np.repeat(sound[:, :1], 2, axis=1)) == ()


def test_the_pieces_in_which_a_recording_comes_do_not_matter() -> None:
    rng = np.random.default_rng(3)
    sound = np.concatenate([PLANTERS["clicks"](synthetic(rng, 8.0), rng).sound for _ in range(4)])
    sound[495_000:525_000] = 0.0
    whole = faults_of(sound)
    assert any(fault.kind == "dropout" and fault.start_frame == 495_000 for fault in whole)
    for size in (4_097, 100_000):
        inspector = Inspector(RATE, 2)
        for start in range(0, len(sound), size):
            inspector.feed(sound[start : start + size])
        assert inspector.finish().faults == whole


def test_what_is_not_finite_is_told_as_a_dropout() -> None:
    sound = material("synthetic")[0].copy()
    sound[70_000:70_100] = np.nan
    assert [(fault.kind, fault.start_frame) for fault in faults_of(sound)] == [("dropout", 70_000)]


def test_a_fault_is_told_once() -> None:
    sound = material("synthetic")[1].copy()
    sound[60_000:60_256] = 0.0
    assert [(fault.kind, fault.start_frame, fault.frames, fault.channel) for fault in faults_of(sound)] == [
        ("dropout", 60_000, 256, None)
    ]
