"""Sound that is known to be clean, faults planted in it at known places, and what is found of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chronus_tui.engine.offline.renderer import play_parts
from chronus_tui.engine.offline.sources import Part
from dsp.inspect import Fault, Inspector
from store.codec import decode_pattern

Frames = npt.NDArray[np.float32]
Rng = np.random.Generator

RATE = 48_000
LIBRARY = Path(__file__).parents[2] / "patterns" / "library"
FACTORY = sorted(path for path in LIBRARY.rglob("*.json") if path.parent != LIBRARY)

CLICKS = (np.ones(1), np.array([1.0, 0.6]), np.array([0.5, 1.0, -0.3]), np.linspace(1, 0, 1920) ** 2)
"""A wrong frame, two and three, and a jump that comes back."""


@dataclass(frozen=True)
class Planted:
    """A sound, (frames, 2), with a fault of `kind` somewhere from `start` to `end`."""

    kind: str
    sound: Frames
    start: int
    end: int


def at_24_bits(sound: Frames) -> Frames:
    """As a 24-bit file gives it back."""
    return (np.round(np.clip(sound, -1.0, 1.0) * (2**23 - 1)) / 2**23).astype(np.float32)


def synthetic(rng: Rng, seconds: float) -> Frames:
    """A chord of sines, a bass that saws under a low-pass, drums with hard onsets, and soft noise; panned, 24-bit."""
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    sound = np.zeros((count, 2))
    for _ in range(3):
        pan = rng.uniform(0.3, 0.7)
        tone = rng.uniform(0.05, 0.15) * np.sin(2 * np.pi * rng.uniform(110, 1500) * time + rng.uniform(0, 6))
        sound += np.stack((tone * pan, tone * (1 - pan)), axis=1)
    harmonics = np.arange(1, 24)
    pitch = rng.uniform(40, 90)
    bass = sum(np.sin(2 * np.pi * pitch * k * time) / k**1.6 for k in harmonics)
    sound += 0.1 * np.asarray(bass)[:, None]
    for start in range(int(rng.integers(2000, 9000)), count - 24_000, 12_000):
        ring = np.arange(12_000) / RATE
        fade = np.minimum((len(ring) - np.arange(len(ring))) / 1200, 1.0)
        kick = 0.4 * np.exp(-ring * 18) * fade * np.sin(2 * np.pi * (50 * ring + 12 * (1 - np.exp(-ring * 40))))
        snare = 0.12 * np.exp(-ring * 60) * fade * rng.standard_normal(len(ring))
        sound[start : start + len(ring)] += (kick + (snare if rng.random() < 0.5 else 0.0))[:, None]
    sound += 1e-4 * rng.standard_normal(sound.shape)
    return at_24_bits(np.asarray(sound, np.float32) * np.float32(0.9))


def at_16_bits(sound: Frames, rng: Rng | None = None) -> Frames:
    """As a 16-bit file gives it back; with dither where `rng` is given."""
    dither = 0.0 if rng is None else rng.random(sound.shape) - rng.random(sound.shape)
    return (np.clip(np.round(sound * 32_767 + dither), -32_768, 32_767) / 32_768).astype(np.float32)


def notes(wave: npt.NDArray[np.float64], pause: int, attack: int, release: int) -> npt.NDArray[np.float64]:
    """`wave`, (frames,), in notes of an eighth of a second with `pause` frames of silence at the end of each, which
    begin and end in straight fades of so many frames."""
    length = 6000 - pause
    gate = np.concatenate((np.arange(attack) / attack, np.ones(length - attack - release), np.zeros(pause + release)))
    gate[length - release : length] = 1.0 - np.arange(release) / release
    return wave * np.resize(gate, len(wave))


def zeroed(sound: Frames, rng: Rng) -> Planted:
    """One block of zeros, of 64 to 4096 frames, in one channel or both, where there is sound to miss: over -46 dB in
    the 64 frames before it and in its first 64."""
    start, end = _block(sound, rng, 4096)
    spoilt = sound.copy()
    spoilt[start:end, _channels(rng)] = 0.0
    return Planted("dropout", spoilt, start, end)


def repeated(sound: Frames, rng: Rng) -> Planted:
    """One block, of 64 to 4096 frames, played a second time in the place of the next."""
    start, end = _block(sound, rng, 4096)
    which = _channels(rng)
    spoilt = sound.copy()
    spoilt[start:end, which] = sound[2 * start - end : start, which]
    return Planted("dropout", spoilt, start, end)


def clicked(sound: Frames, rng: Rng) -> Planted:
    """A wrong frame, two or three, or a jump to another level that comes back within 40 ms: the smallest that
    `dsp.inspect.clicks` promises to find, or up to 10 dB more.

    Its highest second difference is at least 4 times that of the sound 7 ms before and after, and its height at least
    -46 dB. Where that would go beyond full scale, the sound leaves no room for a click.
    """
    shape = CLICKS[rng.integers(len(CLICKS))]
    bend = float(np.abs(np.diff(shape, 2, prepend=(0, 0), append=0)).max())
    while True:
        which, start = int(rng.integers(2)), _place(sound, rng, 4000)
        near = float(np.abs(np.diff(sound[start - 350 : start + 350, which], 2)).max())
        height = max(0.005, 4.0 * near / bend) * rng.uniform(1.0, 3.0) * (-1.0 if sound[start, which] > 0 else 1.0)
        spoilt = sound.copy()
        spoilt[start : start + len(shape), which] += (height * shape).astype(np.float32)
        if float(np.abs(spoilt[start : start + 4, which]).max()) < 0.98:
            return Planted("click", spoilt, start - 2, start + 4)


def clipped(sound: Frames, rng: Rng) -> Planted:
    """A passage of 50 ms whose peaks are 6 dB beyond full scale; or all of it, turned down again afterwards."""
    start = _place(sound, rng, 9600)
    spoilt = sound.copy()
    if rng.random() < 0.5:
        loudest = float(np.abs(sound[start : start + 2400]).max())
        spoilt[start : start + 2400] = at_24_bits(sound[start : start + 2400] * np.float32(2.0 / loudest))
        return Planted("clipping", spoilt, start - 480, start + 2880)
    loudest = float(np.abs(sound).max())
    return Planted("clipping", np.clip(sound * np.float32(1.6 / loudest), -1, 1) * np.float32(0.7), 0, len(sound))


def offset(sound: Frames, rng: Rng) -> Planted:
    """DC of -44 to -26 dB, in a recording that ends with half a second of rest."""
    spoilt = np.concatenate((sound, np.zeros((RATE // 2, 2), np.float32)))
    spoilt[len(sound) - 2400 : len(sound)] *= np.linspace(1.0, 0.0, 2400, dtype=np.float32)[:, None]
    spoilt[:, _channels(rng)] += np.float32(rng.uniform(0.006, 0.05) * rng.choice([-1, 1]))
    return Planted("dc", spoilt, 0, len(spoilt))


def dead(sound: Frames, rng: Rng) -> Planted:
    """A channel without sound."""
    spoilt = sound.copy()
    spoilt[:, rng.integers(2)] = 0.0
    return Planted("channel", spoilt, 0, len(sound))


def swapped(sound: Frames, rng: Rng) -> Planted:
    """A channel with its polarity swapped."""
    spoilt = sound.copy()
    spoilt[:, rng.integers(2)] *= -1.0
    return Planted("channel", spoilt, 0, len(sound))


def silenced(sound: Frames, rng: Rng) -> Planted:
    """A pause of 2.1 to 3 s, faded out and in."""
    pause = int(rng.uniform(2.1, 3.0) * RATE)
    start = int(rng.integers(4800, len(sound) - 4800))
    fade = np.linspace(1.0, 0.0, 2400, dtype=np.float32)[:, None]
    before, after = sound[:start].copy(), sound[start:].copy()
    before[-2400:] *= fade
    after[:2400] *= fade[::-1]
    spoilt = np.concatenate((before, np.zeros((pause, 2), np.float32), after))
    return Planted("silence", spoilt, start - 2400, start + pause + 2400)


PLANTERS: dict[str, Callable[[Frames, Rng], Planted]] = {
    "zeroed blocks": zeroed,
    "repeated blocks": repeated,
    "clicks": clicked,
    "clipping": clipped,
    "DC": offset,
    "a dead channel": dead,
    "swapped polarity": swapped,
    "silence": silenced,
}


def _block(sound: Frames, rng: Rng, longest: int) -> tuple[int, int]:
    length = int(rng.choice([64, 128, 256, 441, 480, 512, 1024, 2048, int(rng.integers(64, longest))]))
    while True:
        start = _place(sound, rng, longest + 400)
        # What falls into a pause of the sound is no fault.
        if min(float(np.abs(sound[start + at : start + at + 64]).max(axis=0).min()) for at in (-64, 0)) > 0.005:
            return start, start + length


def _place(sound: Frames, rng: Rng, margin: int) -> int:
    while True:
        start = int(rng.integers(margin, len(sound) - margin))
        if float(np.abs(sound[start - 240 : start + 240]).max(axis=0).min()) > 0.005:
            return start


def _channels(rng: Rng) -> slice:
    return [slice(0, 1), slice(1, 2), slice(0, 2), slice(0, 2)][rng.integers(4)]


@cache
def rendered(path: Path, bars: int) -> Frames:
    pattern = decode_pattern(path.read_bytes(), path.name)
    return at_24_bits(np.concatenate(list(play_parts([Part(pattern, bars)], 1.0, RATE))))


def faults_of(sound: Frames, rate: int = RATE) -> tuple[Fault, ...]:
    inspector = Inspector(rate, sound.shape[1])
    inspector.feed(sound)
    return inspector.finish().faults


def finds(planted: Planted) -> bool:
    """Whether a fault of its kind is told of where it was planted."""
    return any(
        fault.kind == planted.kind and fault.start_frame < planted.end and fault.end_frame > planted.start
        for fault in faults_of(planted.sound)
    )
