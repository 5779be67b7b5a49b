"""The instruments: what holds for all of them, and what each promises."""

import numpy as np
import pytest
from bench_voice import NUMBERS, RATE, Bench
from pitch import frequency

from dsp.sizes import QUANTUM
from dsp.voices import INSTRUMENTS
from dsp.voices.alone import play_alone
from dsp.voices.play import CHOKES, MONO

NAMES = [instrument.name for instrument in INSTRUMENTS]
PITCHED = ["acid", "poly", "fm", "pluck"]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("mix", 0.0),
        ("interval", 24.0),
        ("detune", 1.0),
        ("sub", 1.0),
        ("cutoff", 20.0),
        ("cutoff", 18_000.0),
        ("resonance", 1.0),
        ("mode", 2.0),
        ("env", 72.0),
        ("sustain", 0.0),
        ("vibrato", 2.0),
    ],
)
def test_a_jump_of_a_knob_of_the_poly_makes_no_click(name: str, target: float) -> None:
    # A sine has nothing above 6 kHz, so that whatever is there is a click.
    bench = Bench("poly", {"wave_a": 3, "wave_b": 3, "sustain": 1, "filter_sustain": 0.5, "attack": 0.05})
    sound = [bench.strike(60).play(1.0)]
    bench.turn(name, target)
    sound.append(bench.play(1.0))
    assert _above_6_khz(np.concatenate(sound)[RATE // 2 :]) < 2e-4


def _above_6_khz(sound: np.ndarray) -> float:
    spectrum = np.fft.rfft(sound * np.blackman(len(sound)))
    spectrum[: 6000 * len(sound) // RATE] = 0
    return float(np.abs(np.fft.irfft(spectrum)).max())


@pytest.mark.parametrize("name", ["cutoff", "resonance", "env", "drive"])
def test_a_jump_of_a_knob_of_the_acid_makes_no_click(name: str) -> None:
    bench = Bench("acid", {"wave": 0, "cutoff": 60, "resonance": 0.2, "env": 0, "drive": 0})
    quiet = bench.strike(24).play(1.0)[RATE // 2 :]
    bench.turn(name, {"cutoff": 200, "resonance": 0.9, "env": 12, "drive": 12}[name])
    assert _above_6_khz(np.concatenate([quiet, bench.play(0.5)])) < 2e-4


@pytest.mark.parametrize("note", [33, 57, 69, 81, 93])
@pytest.mark.parametrize("wave", [0, 1, 2, 3])
def test_the_poly_is_in_tune(note: int, wave: int) -> None:
    bench = Bench("poly", {"wave_a": wave, "detune": 0, "mix": 0, "cutoff": 18_000, "sustain": 1})
    sound = bench.strike(note).play(1.5)[RATE // 2 :]
    assert 1200 * np.log2(frequency(sound) / (440 * 2 ** ((note - 69) / 12))) == pytest.approx(0, abs=2)


@pytest.mark.parametrize("note", [28, 40, 52, 69, 88, 100])
def test_the_string_is_in_tune(note: int) -> None:
    bench = Bench("pluck", {"decay": 20, "damping": 0.3, "pick": 500, "position": 0.5})
    sound = bench.strike(note).play(1.5)[RATE // 2 :]
    hertz = 440 * 2 ** ((note - 69) / 12)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 20))
    near = slice(int(hertz * 0.97 * (1 << 20) / RATE), int(hertz * 1.03 * (1 << 20) / RATE))
    found = (near.start + int(spectrum[near].argmax())) * RATE / (1 << 20)
    assert 1200 * np.log2(found / hertz) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("decay", [0.5, 2.0])
def test_the_string_rings_as_long_as_it_is_told(decay: float) -> None:
    sound = Bench("pluck", {"decay": decay, "damping": 0, "pick": 500, "position": 0.5}).strike(57).play(decay)
    loud = [np.sqrt(np.mean(sound[at : at + 2400] ** 2)) for at in (2400, len(sound) * 3 // 4)]
    passed = (len(sound) * 3 // 4 - 2400) / RATE
    assert -20 * np.log10(loud[1] / loud[0]) == pytest.approx(60 * passed / decay, rel=0.05)


@pytest.mark.parametrize("note", [28, 38, 52])
@pytest.mark.parametrize("release", [0.02, 0.08])
def test_a_string_that_is_let_go_makes_no_step_that_it_did_not_make_before(note: int, release: float) -> None:
    bench = Bench("pluck", {"release": release, "pick": 2000}).strike(note)
    held = bench.play(0.2)[-RATE // 10 :]
    bench.release()
    let_go = np.concatenate([held[-1:], bench.play(0.1)])
    assert np.abs(np.diff(let_go)).max() <= np.abs(np.diff(held)).max()


def test_two_operators_have_the_side_tones_of_bessel() -> None:
    index_cycles = 1.6 * 0.5**2
    values = {"routing": 3, "ratio_2": 4, "level_2": 0.5, "level_3": 0, "level_4": 0, "detune": 0, "sustain": 1}
    sound = Bench("fm", values | {"bend_sustain": 1}).strike(45).play(3.0)[RATE : 3 * RATE]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    turns = 2 * np.pi * np.arange(4096) / 4096
    bessel = [abs(np.mean(np.cos(k * turns - 2 * np.pi * index_cycles * np.sin(turns)))) for k in range(4)]
    # Side tone k lies at 1 + 4 k times the note, the lower ones reflected to 4 k - 1.
    found = [spectrum[round(220 * (1 + 4 * k)) - 4 : round(220 * (1 + 4 * k)) + 5].max() for k in range(4)]
    assert [f / found[0] for f in found] == pytest.approx([b / bessel[0] for b in bessel], rel=0.02)


def test_every_routing_is_about_as_loud() -> None:
    loud = [
        np.sqrt(np.mean(Bench("fm", {"routing": routing, "sustain": 1}).strike().play(0.5) ** 2))
        for routing in range(8)
    ]
    assert 20 * np.log10(max(loud) / min(loud)) < 6


@pytest.mark.parametrize(("name", "tune"), [("tom", 100.0), ("rim", 400.0)])
def test_a_drum_rings_at_its_pitch(name: str, tune: float) -> None:
    values = {"tune": tune, "decay": 0.5, "drive": 0}
    values |= {"skin": 0, "breath": 0} if name == "tom" else {"balance": 0, "click": 0}
    sound = Bench(name, values).strike().play(0.7)[RATE // 4 :]
    assert frequency(sound) == pytest.approx(tune, rel=0.01)


def test_the_cowbell_has_two_pitches_at_its_interval() -> None:
    values = {"tune": 500, "interval": 7, "decay": 2, "drive": 0, "focus": 0, "knock": 0}
    sound = Bench("cowbell", values).strike().play(1.0)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    for hertz in (500, 500 * 2 ** (7 / 12)):
        assert spectrum[round(hertz) - 2 : round(hertz) + 3].max() > 0.3 * spectrum.max()


def test_the_kick_settles_on_its_pitch() -> None:
    sound = Bench("kick", {"tune": 50, "decay": 4, "click": 0, "drive": 0}).strike().play(1.5)
    assert frequency(sound[RATE // 2 :]) == pytest.approx(50, rel=0.01)


def test_a_drum_is_transposed_by_the_distance_from_note_60() -> None:
    sound = Bench("kick", {"tune": 50, "decay": 4, "click": 0, "drive": 0}).strike(72).play(1.5)
    assert frequency(sound[RATE // 2 :]) == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("name", PITCHED)
def test_a_slide_glides_to_its_note_without_striking_again(name: str) -> None:
    values = {
        "poly": {"detune": 0},
        "acid": {"env": 0, "resonance": 0, "cutoff": 200},
        "fm": {"level_2": 0, "level_3": 0, "sustain": 1},
        "pluck": {"decay": 20, "damping": 0, "pick": 400, "position": 0.5},
    }[name] | {"glide": 0.1}
    bench = Bench(name, values).strike(45)
    before = bench.play(1.0)
    bench.slide(57)
    bench.play(0.04)
    on_the_way = bench.play(0.02)
    bench.play(0.4)
    after = bench.play(0.5)
    assert frequency(before[RATE // 2 :]) == pytest.approx(110, rel=0.01)
    assert frequency(after) == pytest.approx(220, rel=0.01)
    assert np.abs(on_the_way).max() > 0.02
    assert np.abs(after).max() < 1.5 * np.abs(before[RATE // 2 :]).max()


def test_an_accent_opens_the_filter_of_the_acid() -> None:
    def brightness(accent: bool) -> float:
        power = np.abs(np.fft.rfft(Bench("acid").strike(36, accent=accent).play(0.1))) ** 2
        return float(power[200:].sum() / power.sum())  # from 2 kHz on

    assert brightness(True) > 1.5 * brightness(False)


def test_resonance_rings_at_the_cutoff() -> None:
    sound = Bench("acid", {"resonance": 1, "env": 0, "cutoff": 1000, "drive": 0}).strike(28).play(1.0)[RATE // 2 :]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    near, below = (hertz > 900) & (hertz < 1100), (hertz > 300) & (hertz < 600)
    assert spectrum[near].max() > 4 * spectrum[below].max()


def test_a_closed_hat_silences_an_open_one_and_drums_give_way_to_themselves() -> None:
    closed, opened = NUMBERS["closed_hat"], NUMBERS["open_hat"]
    assert CHOKES[closed, opened]
    assert CHOKES.sum() == 2
    assert [name for name in NAMES if not MONO[NUMBERS[name]]] == ["poly", "fm", "pluck", "sampler"]


def test_a_hat_that_starts_inside_a_quantum_is_silent_before_it() -> None:
    bench = Bench("closed_hat").strike()
    made = np.zeros((1, QUANTUM), np.float32)
    play_alone(bench.state, np.array([20, QUANTUM]), made)
    assert not made[0, :20].any()
    assert made[0, 20:].any()
