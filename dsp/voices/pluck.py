"""The pluck: a string, that is a wave that runs up and down it and loses a little at every turn.

The string is filled with the shape that the finger gives it, and from then on only listened to. A slide glides to its
note without plucking again.
Source: Jaffe, Smith, "Extensions of the Karplus-Strong plucked-string algorithm", CMJ 7, 1983.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import SILENT, decay_share
from dsp.kernels.filters import one_pole
from dsp.kernels.noise import next_seed, white
from dsp.kernels.shapes import note_hz, power_of_two, share, warped
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM, STRING
from dsp.voice import FREE, HELD
from dsp.voices.touch import head_for, strike

PARAMETERS = (
    Parameter("tune", 0.0, -24.0, 24.0, "st", "How far it is tuned up or down."),
    Parameter("decay", 3.0, 0.1, 20.0, "s", "How long the string rings while it is held.", "log"),
    Parameter("damping", 0.25, 0.0, 1.0, "", "How much sooner its brightness fades."),
    Parameter("pick", 6000.0, 200.0, 16000.0, "Hz", "How hard the pick is: what lies above is not plucked.", "log"),
    Parameter("position", 0.2, 0.02, 0.5, "", "Where it is plucked: near the bridge (0), or in its middle (0.5)."),
    Parameter("release", 0.3, 0.02, 10.0, "s", "How long it rings once it is let go.", "log"),
    Parameter("glide", 0.06, 0.005, 1.0, "s", "How long a slide takes.", "log"),
)
TUNE = index_of(PARAMETERS, "tune")
DECAY = index_of(PARAMETERS, "decay")
DAMPING = index_of(PARAMETERS, "damping")
PICK = index_of(PARAMETERS, "pick")
POSITION = index_of(PARAMETERS, "position")
RELEASE = index_of(PARAMETERS, "release")
GLIDE = index_of(PARAMETERS, "glide")

HEAD, LEVEL, HEADING, AWAY, LEFT, STRUCK, RISE, LATE, LATER, DELAY, DELAY_STEP, KEEPS, KEPT = range(13)

GRID = 8
"""The string's length is worked out anew every so many frames of the quantum, and drawn between them."""

_F = np.float32
_ZERO, _ONE, _TWO, _HALF = _F(0.0), _F(1.0), _F(2.0), _F(0.5)
_SIXTH = _F(1 / 6)
_PER_GRID = _F(1 / GRID)
_GAIN = _F(0.44)
_RISE_S, _SETTLES_S, _FALLS = _F(0.0004), _F(0.01), _F(3.0)
"""The second is how long a string that is let go takes to lose as much at every turn as it will: at once, it clicks."""
_OCTAVES_PER_60_DB = _F(np.log2(1000.0))
_MASK = STRING - 1
_NOISE = _F(0.08)
_SHORTEST, _LONGEST = _F(4.0), _F(STRING - 8)
_MOST_DAMPING = _F(0.5)


@kernel
def _pluck(string: Any, frames: int, position: Any, g: Any, seed: Any) -> Any:
    """Fill the last `frames` of `string`, before its place 0, with a plucked shape as loud as full scale: the seed.

    Where a string is held aside by a finger its two parts slope to and fro; let go, each end moves as a rectangle
    whose width is the place of the finger. A little noise makes no two notes quite alike.
    """
    high = max(1, int(position * _F(frames)))
    first = STRING - frames
    low, mean = _ZERO, _ZERO
    # The second time round the filter has forgotten where it began.
    for i in range(2 * frames):
        k = i if i < frames else i - frames
        seed = next_seed(seed)
        shape = (_ONE if k < high else _ZERO) + white(seed) * _NOISE
        y, low = one_pole(shape, g, low)
        if i >= frames:
            string[first + k] = y
            mean += y
    mean /= _F(frames)
    loudest = _F(1e-6)
    for i in range(first, STRING):
        string[i] -= mean
        loudest = max(loudest, abs(string[i]))
    for i in range(first, STRING):
        string[i] /= loudest
    return seed


@kernel
def render(voice: Any, lane: Any, string: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32.

    string  (STRING,) float32, this voice's own
    """
    memory = voice.memory
    tune = lane.value[TUNE]
    fresh = voice.fresh
    if fresh:
        voice.fresh = 0
        period = min(max(_F(rate) / note_hz(voice.note + tune), _SHORTEST), _LONGEST)
        string[:] = _ZERO
        g = warped(min(lane.value[PICK] / _F(rate), _F(0.45)))
        voice.seed = _pluck(string, int(period), lane.value[POSITION], g, voice.seed)
        memory[HEAD] = _ZERO
        memory[LEVEL] = _ONE
        memory[HEADING] = voice.note
        memory[STRUCK] = strike(voice.velocity, voice.accent) * _GAIN
    held = voice.stage == HELD
    lasts = lane.value[DECAY] if held else min(lane.value[RELEASE], lane.value[DECAY])
    fall = decay_share(lasts, rate)
    damping = lane.value[DAMPING] * lane.value[DAMPING] * _MOST_DAMPING
    rise_share = share(_RISE_S, _FALLS, rate)
    settle = share(_SETTLES_S, _FALLS, rate)
    arrive = _ONE / (lane.value[GLIDE] * _F(rate))
    heading, away, left = head_for(voice.note, memory[HEADING], memory[AWAY], memory[LEFT])
    head = np.int64(memory[HEAD])
    level, struck, rise = memory[LEVEL], memory[STRUCK], memory[RISE]
    late, later = memory[LATE], memory[LATER]
    delay, delay_step = memory[DELAY], memory[DELAY_STEP]
    keeps, kept = memory[KEEPS], memory[KEPT]
    for i in range(start, stop):
        if i % GRID == 0 or fresh:
            period = min(max(_F(rate) / note_hz(heading + away * left + tune), _SHORTEST), _LONGEST)
            keeps = power_of_two(-_OCTAVES_PER_60_DB * period / (lasts * _F(rate)))
            # The damping's three points are one frame late in their middle.
            if fresh:
                delay = period - _ONE
                kept = keeps
                fresh = 0
            delay_step = (period - _ONE - delay) * _PER_GRID
        delay += delay_step
        whole = np.int64(delay)
        t = delay - _F(whole)
        at = head - whole
        a, b = string[(at + 1) & _MASK], string[at & _MASK]
        c, d = string[(at - 1) & _MASK], string[(at - 2) & _MASK]
        # Lagrange's cubic through four points.
        up, down, far = t + _ONE, t - _ONE, t - _TWO
        x = b * up * down * far * _HALF - a * t * down * far * _SIXTH
        x += d * up * t * down * _SIXTH - c * up * t * far * _HALF
        y = late + damping * ((x + later) * _HALF - late)
        later, late = late, x
        kept += (keeps - kept) * settle
        y *= kept
        y = y if abs(y) > _F(1e-15) else _ZERO
        string[head] = y
        head = (head + 1) & _MASK
        rise += (_ONE - rise) * rise_share
        out[i] += struck * rise * y
        level -= level * fall
        left = max(left - arrive, _ZERO)
    memory[HEAD], memory[LEVEL] = _F(head), level
    memory[HEADING], memory[AWAY], memory[LEFT] = heading, away, left
    memory[RISE], memory[LATE], memory[LATER] = rise, late, later
    memory[DELAY], memory[DELAY_STEP] = delay, delay_step
    memory[KEEPS], memory[KEPT] = keeps, kept
    if stop == QUANTUM and level < SILENT:
        voice.stage = FREE
