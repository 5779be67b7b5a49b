"""The delay: exact times, echoes that fade and bounce, no click."""

import numpy as np
import pytest
from bench_effect import BPM, above_6_khz, impulse, make_delay, noise, rms, silence, tone
from bench_voice import RATE

from dsp.fx import delay
from dsp.sizes import QUANTUM


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("beats", [0.0625, 1 / 3, 0.75, 1.0])
def test_echoes_come_exactly_in_time(beats: float, rate: int) -> None:
    echoes = make_delay(rate, beats=beats, feedback=0.5, tone=18_000, low_cut=20).play(impulse(2.5, rate))
    frames = round(float(np.float32(beats)) * 60 / BPM * rate)
    assert np.flatnonzero(np.abs(echoes[0]) > 1e-9)[0] == frames
    assert echoes[0, frames] == 1.0
    assert np.flatnonzero(np.abs(echoes[0, frames + 1 :]) > 1e-3)[0] + frames + 1 == 2 * frames


def test_each_echo_is_weaker_by_the_feedback() -> None:
    echoes = make_delay(beats=0.5, feedback=0.5).play(np.hstack([tone(0.2, 800), silence(1.8)]))
    strengths = [rms(echoes[0, n * 12_000 + 2400 : n * 12_000 + 8000]) for n in (1, 2, 3)]
    assert strengths[1] / strengths[0] == pytest.approx(0.5, rel=0.06)
    assert strengths[2] / strengths[1] == pytest.approx(0.5, rel=0.06)


def test_full_width_bounces_from_left_to_right() -> None:
    echoes = make_delay(beats=0.5, feedback=0.8, width=1).play(impulse(1.6))
    sides = [np.abs(echoes[:, n * 12_000 : n * 12_000 + 500]).max(axis=1) for n in (1, 2, 3)]
    assert sides[0][0] > 0.5
    assert sides[0][1] == 0.0
    assert sides[1][0] == 0.0
    assert sides[1][1] > 0.2
    assert sides[2][0] > 0.1


@pytest.mark.parametrize("glide", [0.0, 0.2])
@pytest.mark.parametrize(("name", "target"), [("beats", 1 / 3), ("beats", 2.0), ("feedback", 0.0), ("level", -60.0)])
def test_a_jump_of_the_delay_makes_no_click(name: str, target: float, glide: float) -> None:
    unit = make_delay(beats=0.5, feedback=0.6, glide=glide)
    sound = tone(4, 200)
    half = sound.shape[1] // 2
    before = unit.play(sound[:, :half])
    unit.turn(name, target)
    after = unit.play(sound[:, half:])
    steps = np.abs(np.diff(np.hstack([before, after])[0, 24_000:]))
    assert steps.max() < (2.5 if glide else 1.5) * np.abs(np.diff(before[0, 60_000:])).max()
    assert above_6_khz(np.hstack([before, after])[0, 48_000:]) < 1e-3


def test_a_new_time_glides_bending_the_pitch_and_arrives_to_the_frame() -> None:
    unit = make_delay(beats=0.5, feedback=0, glide=0.3, tone=18_000)
    unit.play(tone(1, 440))
    unit.turn("beats", 0.4)
    hum = unit.play(tone(1, 440))[0]
    crossings = np.diff(np.flatnonzero((hum[:-1] < 0) & (hum[1:] >= 0)))
    bent = RATE / crossings
    assert 460 < bent.max() < 881  # sped up, by an octave at most
    assert bent[-50:] == pytest.approx(440, rel=0.02)
    unit.play(silence(0.6))
    assert np.abs(unit.play(impulse(0.5))[0]).argmax() == 9600


def test_a_glide_is_over_in_about_its_time() -> None:
    unit = make_delay(beats=0.5, feedback=0, glide=0.4)
    unit.play(noise(0.5))
    unit.turn("beats", 0.45)
    places = []
    for _ in range(RATE // QUANTUM):
        unit.play(np.full((2, QUANTUM), 0.1, np.float32))
        places.append(float(unit.memory["place"]) or float(unit.memory["near"]))
    assert np.all(np.diff(places) <= 0)
    moved = (12_000 - np.array(places)) / 1200
    assert 0.1 * RATE < QUANTUM * np.flatnonzero(moved > 0.9)[0] < 0.4 * RATE
    assert places[-1] == 10_800


def test_a_new_tempo_moves_the_echoes() -> None:
    unit = make_delay(beats=0.5, feedback=0, glide=0)
    unit.play(silence(0.1))
    unit.bpm = 60.0
    unit.play(silence(0.1))
    assert np.abs(unit.play(impulse(1))[0]).argmax() == 24_000


def test_a_cleared_delay_is_silent_though_its_line_is_not() -> None:
    unit = make_delay(beats=0.5, feedback=0.9)
    unit.play(noise(1))
    delay.clear(unit.memory)
    assert not unit.play(silence(1)).any()
    assert np.abs(unit.play(impulse(0.5))[0]).argmax() == 12_000


def test_a_delay_rests_once_its_echoes_have_died_and_wakes_again() -> None:
    unit = make_delay(beats=0.25, feedback=0.5)
    unit.play(noise(0.2))
    unit.play(silence(4))
    assert unit.memory["quiet"] > 12_000
    assert not unit.play(silence(1)).any()
    assert np.abs(unit.play(impulse(0.5))[0]).argmax() == 6000
