"""A bench for one voice: its record and its lane, played quantum by quantum without a sequencer."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from chronus_tui.engine.kernel_cache import open_sound
from dsp.gates import NO_BEAT
from dsp.sizes import QUANTUM
from dsp.state import NEVER, RAMPS, make_state
from dsp.voice import FREE, HELD, RELEASED
from dsp.voices import INSTRUMENTS
from dsp.voices.alone import play_alone

RATE = 48_000
RAMP_QUANTA = 30
CLIP_S = 0.4
NUMBERS = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}


def make_clip(seconds: float = CLIP_S, rate: int = RATE) -> np.ndarray:
    """Recorded sound for a sampler, (frames, 2) float32, at full scale: a low chord that dies away, and its beginning
    is as loud as anything."""
    t = np.arange(round(seconds * rate)) / rate
    left, right = (sum(np.sin(2 * np.pi * hertz * t) for hertz in chord) for chord in ((220, 331), (220, 277)))
    clip = np.stack([left, right], axis=1) * np.exp(-3 * t[:, None] / seconds)
    clip -= clip.mean(axis=0)
    return np.ascontiguousarray(clip / np.abs(clip.mean(axis=1)).max(), np.float32)


def make_ramps(parameters: Any, values: dict[str, float] | None = None) -> np.ndarray:
    """Settings that stand still: the defaults of a table, but for `values`."""
    ramps = np.zeros(1, RAMPS)
    for index, parameter in enumerate(parameters):
        value = (values or {}).get(parameter.name, parameter.default)
        for field in ("value", "was", "target"):
            ramps[0][field][index] = value
    return ramps


class Glide:
    """A setting on its way to another value, as the engine moves it: in 20 ms, on a line."""

    def __init__(self, ramps: np.ndarray, index: int, target: float) -> None:
        self.ramps, self.index = ramps, index
        self.path = list(np.linspace(ramps[0]["value"][index], target, RAMP_QUANTA + 1, dtype=np.float32)[1:])
        ramps[0]["target"][index] = target

    def advance(self) -> None:
        ramps = self.ramps[0]
        ramps["was"][self.index] = ramps["value"][self.index]
        if self.path:
            ramps["value"][self.index] = self.path.pop(0)


class Bench:
    """One voice of an instrument. A sampler plays `clip`, (frames, channels) float32, or that of `make_clip`."""

    def __init__(
        self,
        instrument: str,
        values: dict[str, float] | None = None,
        *,
        rate: int = RATE,
        seed: int = 1,
        clip: np.ndarray | None = None,
        clip_rate: int = RATE,
    ) -> None:
        open_sound(lambda line: None)
        self.instrument = INSTRUMENTS[NUMBERS[instrument]]
        self.rate = rate
        self.state = make_state(rate)[0]
        self.lane = self.state["lanes"][:1]
        self.lane[0] = make_ramps(self.instrument.parameters, values)[0]
        self.glides: list[Glide] = []
        self.voice = self.state["voices"][0]
        self.voice["instrument"] = NUMBERS[instrument]
        self.voice["seed"] = seed
        self.clip = make_clip() if clip is None else clip
        self.voice["clip"] = self.clip.ctypes.data, *self.clip.shape, clip_rate

    def strike(self, note: float | None = None, velocity: float = 1.0, accent: bool = False) -> "Bench":
        self.voice["memory"] = 0.0
        self.voice["fresh"] = 1
        self.voice["stage"] = HELD
        self.voice["note"] = self.instrument.default_note if note is None else note
        self.voice["velocity"] = velocity
        self.voice["accent"] = accent
        self.voice["fade"] = 1.0
        self.voice["off_beat"] = NO_BEAT
        self.voice["off_frame"] = NEVER
        return self

    def slide(self, note: float, accent: bool = False) -> None:
        self.voice["note"] = note
        self.voice["accent"] = accent

    def release(self) -> None:
        if self.voice["stage"] == HELD:
            self.voice["stage"] = RELEASED

    def turn(self, name: str, target: float) -> None:
        index = [parameter.name for parameter in self.instrument.parameters].index(name)
        self.glides.append(Glide(self.lane, index, target))

    @property
    def free(self) -> bool:
        return bool(self.voice["stage"] == FREE)

    def play_out(self, most_seconds: float) -> np.ndarray:
        """What it sounds like until it is free, or for so long at the most."""
        sound = [self.play(0.5)]
        while not self.free and len(sound) < most_seconds / 0.5:
            sound.append(self.play(0.5))
        return np.concatenate(sound)

    def play(self, seconds: float, cuts: Iterable[int] = ()) -> np.ndarray:
        """What it sounds like for some seconds, (frames,) float32; each quantum is made in parts, cut at `cuts`."""
        edges = np.array([0, *cuts, QUANTUM])
        made = np.zeros((round(seconds * self.rate / QUANTUM), QUANTUM), np.float32)
        moving = min(len(made), RAMP_QUANTA + 1) if self.glides else 0
        for quantum in range(moving):
            for glide in self.glides:
                glide.advance()
            play_alone(self.state, edges, made[quantum : quantum + 1])
        if moving > RAMP_QUANTA:
            self.glides.clear()
        play_alone(self.state, edges, made[moving:])
        return made.reshape(-1)
