"""A bench for one effect: its memory and its settings, played quantum by quantum, and sounds to send through it."""

from pathlib import Path
from typing import Any

import numpy as np
from bench_voice import RATE, Glide, make_ramps

from dsp.fx import chorus, compressor, delay, distortion, limiter, reverb
from dsp.sizes import QUANTUM, TRACKS

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
        self.keys = np.zeros((TRACKS, QUANTUM), np.float32)
        self.strips = np.zeros((TRACKS, 2, QUANTUM), np.float32)
        self.key: np.ndarray | None = None
        """(frames,), the first track before its fader, for the compressor; after it, it is as loud as `fader` says."""
        self.fader = 1.0

    def turn(self, name: str, target: float) -> None:
        index = [parameter.name for parameter in self.module.PARAMETERS].index(name)
        self.glides.append(Glide(self.ramps, index, target))

    def play(self, sound: np.ndarray) -> np.ndarray:
        """What becomes of `sound`, (2, frames): in place, or, for an effect that is sent to, what comes back."""
        assert sound.shape[1] % QUANTUM == 0
        out = np.zeros_like(sound)
        for start in range(0, sound.shape[1], QUANTUM):
            for glide in self.glides:
                glide.advance()
            here = slice(start, start + QUANTUM)
            if self.key is not None:
                self.keys[0] = self.key[here]
                self.strips[0] = self.key[here] * self.fader
            out[:, here] = self._quantum(np.ascontiguousarray(sound[:, here]))
        return out

    def _quantum(self, sound: np.ndarray) -> np.ndarray:
        rate, settings, process = np.float32(self.rate), self.ramps[0], self.module.process
        if self.module in (delay, reverb, chorus):
            bus = np.zeros((2, QUANTUM), np.float32)
            tempo = (self.bpm,) if self.module is delay else ()
            process(self.memory, settings, sound, bus, *tempo, rate)
            return bus
        tracks = (self.keys, self.strips) if self.module is compressor else ()
        process(self.memory, settings, sound, *tracks, rate)
        return sound


def make_delay(rate: int = RATE, **values: float) -> Unit:
    return Unit(delay, delay.DELAY, {"level": 0, "width": 0} | values, rate)


def make_reverb(rate: int = RATE, **values: float) -> Unit:
    return Unit(reverb, reverb.REVERB, {"level": 0} | values, rate)


def make_limiter(**values: float) -> Unit:
    return Unit(limiter, limiter.LIMITER, values)


def make_distortion(**values: float) -> Unit:
    return Unit(distortion, distortion.DISTORTION, values)


def make_chorus(**values: float) -> Unit:
    return Unit(chorus, chorus.CHORUS, values)


def make_compressor(**values: float) -> Unit:
    return Unit(compressor, compressor.COMPRESSOR, {"mix": 1} | values)


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


def above_6_khz(sound: np.ndarray) -> float:
    spectrum = np.fft.rfft(sound * np.blackman(len(sound)))
    spectrum[: 6000 * len(sound) // RATE] = 0
    return float(np.abs(np.fft.irfft(spectrum)).max())


def true_peak(sound: np.ndarray) -> float:
    """The highest point of the wave through the samples, by 32 times as many of them."""
    frames = sound.shape[1]
    spectrum = np.fft.rfft(sound, axis=1)
    return float(np.abs(np.fft.irfft(spectrum, 32 * frames, axis=1)).max() * 32)


EVERY: dict[str, Any] = {
    "distortion": distortion,
    "chorus": chorus,
    "delay": delay,
    "reverb": reverb,
    "compressor": compressor,
    "master": limiter,
}
_LAYOUTS = {
    "distortion": distortion.DISTORTION,
    "chorus": chorus.CHORUS,
    "delay": delay.DELAY,
    "reverb": reverb.REVERB,
    "compressor": compressor.COMPRESSOR,
    "master": limiter.LIMITER,
}
_TO_KEEP: dict[str, dict[str, float]] = {
    "distortion": {"mix": 1.0, "character": 1.5, "drive": 18.0},
    "chorus": {"depth": 1.0, "rate": 2.0},
    "delay": {"beats": 0.0625, "feedback": 0.6},
    "reverb": {"pre_delay": 0.0, "level": 0.0},
    "compressor": {"mix": 1.0, "threshold": -30.0, "makeup": 6.0},
    "master": {"gain": 9.0},
}


def make(name: str, values: dict[str, float], rate: int = RATE) -> Unit:
    """The effect called `name`."""
    return Unit(EVERY[name], _LAYOUTS[name], values, rate)


def reference(name: str) -> np.ndarray:
    """(2, frames): a burst of noise and a tone through an effect."""
    burst, low = noise(0.02, 0.5, seed=7), tone(0.05, 110, 0.4)
    return make(name, _TO_KEEP[name]).play(np.hstack([burst, low, silence(0.06)]))


if __name__ == "__main__":
    folder = Path(__file__).parent / "reference"
    folder.mkdir(exist_ok=True)
    for effect in EVERY:
        np.save(
            folder / f"{effect}.npy", np.clip(np.round(reference(effect) * 2**15), -(2**15), 2**15 - 1).astype("<i2")
        )
