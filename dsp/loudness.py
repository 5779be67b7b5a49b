"""How loud something is to people, and how high its wave really rises.

Source: ITU-R BS.1770-5: the K weighting of annex 1, as filters for any rate; the true peak of annex 2, from four
times as many places. Runs off the audio path, on the thread of whoever measures.
"""

from typing import Any

import numpy as np

from dsp.kernels import SOUND, ArrayOf, door

CHANNELS = 2
PHASES, TAPS = 4, 12
_SECTIONS = 2

LOUDNESS = np.dtype(
    [
        ("b", "f8", (_SECTIONS, 3)),
        ("a", "f8", (_SECTIONS, 2)),
        ("past", "f8", (CHANNELS, _SECTIONS, 2)),
        ("around", "f4", (CHANNELS, TAPS)),
        ("between", "f4", (PHASES, TAPS)),
        ("sum", "f8"),  # of the squares of the piece that is being filled, both channels, weighted
        ("square", "f8"),  # the same without weights
        ("filled", "i8"),  # frames in it
        ("piece_frames", "i8"),
        ("peak", "f4", CHANNELS),  # highest sample since the last look
        ("true_peak", "f4"),  # highest place of the wave since the last look
    ],
    align=True,
)


def make_loudness(rate: int) -> np.ndarray[Any, np.dtype[Any]]:
    """A measure of sound of two channels at `rate`, as an array of one record. Its pieces last 100 ms."""
    made = np.zeros(1, LOUDNESS)
    record = made[0]
    for section, (b, a) in enumerate((_shelf(rate), _high_pass(rate))):
        record["b"][section] = b
        record["a"][section] = a
    record["between"] = _between()
    record["piece_frames"] = round(rate / 10)
    return made


def _shelf(rate: int) -> tuple[list[float], list[float]]:
    """What a head does to sound: +4 dB above 1.7 kHz. At 48 kHz these are the numbers of the standard's table 1."""
    gain = 10.0 ** (3.999843853973347 / 20.0)
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    middle = gain**0.4996667741545416
    norm = 1.0 + k / q + k * k
    b = [(gain + middle * k / q + k * k) / norm, 2.0 * (k * k - gain) / norm, (gain - middle * k / q + k * k) / norm]
    return b, [2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm]


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    """How little the ear makes of the lowest tones; table 2 of the standard."""
    k = np.tan(np.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    norm = 1.0 + k / q + k * k
    return [1.0, -2.0, 1.0], [2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm]


def _between() -> np.ndarray[Any, np.dtype[np.float32]]:
    """(PHASES, TAPS): weights of the samples around each of four places between two of them."""
    offsets = np.arange(TAPS) - (TAPS // 2 - 1) - np.arange(PHASES)[:, np.newaxis] / PHASES
    window = np.i0(4.0 * np.sqrt(np.maximum(0.0, 1.0 - (offsets / (TAPS // 2)) ** 2)))
    weights = np.sinc(offsets) * window
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


@door(LOUDNESS, SOUND, ArrayOf(np.float64, 1), ArrayOf(np.float64, 1))
def measure(loudness: Any, frames: Any, weighted: Any, plain: Any) -> int:
    """Go on with `frames`, (frames, 2) float32; how many pieces of 100 ms they fill.

    weighted  (pieces,) float64, overwritten from the start: mean square of each, weighted, both channels added
    plain     (pieces,) float64, the same without weights

    Highest sample and true peak are kept in `loudness` until someone sets them to zero.
    """
    filled = 0
    for i in range(len(frames)):
        for channel in range(CHANNELS):
            x = np.float64(frames[i, channel])
            loudness.square += x * x
            loudness.peak[channel] = max(loudness.peak[channel], abs(frames[i, channel]))
            around = loudness.around[channel]
            for t in range(TAPS - 1):
                around[t] = around[t + 1]
            around[TAPS - 1] = frames[i, channel]
            for phase in range(PHASES):
                y = np.float32(0.0)
                for t in range(TAPS):
                    y += loudness.between[phase, t] * around[t]
                loudness.true_peak = max(loudness.true_peak, abs(y))
            for section in range(_SECTIONS):
                past = loudness.past[channel, section]
                y64 = loudness.b[section, 0] * x + past[0]
                past[0] = loudness.b[section, 1] * x - loudness.a[section, 0] * y64 + past[1]
                past[1] = loudness.b[section, 2] * x - loudness.a[section, 1] * y64
                x = y64
            loudness.sum += x * x
        loudness.filled += 1
        if loudness.filled == loudness.piece_frames:
            weighted[filled] = loudness.sum / loudness.piece_frames
            plain[filled] = loudness.square / loudness.piece_frames
            filled += 1
            loudness.sum = 0.0
            loudness.square = 0.0
            loudness.filled = 0
    return filled
