"""A compressor of the whole mix, which listens to the mix itself or to one track.

The track it listens to is heard before that track's fader, so that a kick turned down, or muted, ducks the others
all the same; and it is not turned down itself, or it would duck its own attack.

The level is that of the louder side, sample by sample. Its peaks are held and let go by the release, then smoothed
by the attack. Source: Giannoulis, Massberg, Reiss, "Digital dynamic range compressor design", JAES 60, 2012: the
smooth decoupled peak detector in the decibel domain, and the soft knee.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.levels import amount
from dsp.kernels.lines import PER_FRAME, decibel_line, line
from dsp.kernels.shapes import decibels, decibels_of, power_of_two
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM

SOURCES = 17
PARAMETERS = (
    Parameter(
        "source",
        0.0,
        0.0,
        SOURCES - 1.0,
        "",
        "What it listens to: the mix, or one track, which it then spares.",
        choices=("mix", *(str(track) for track in range(1, SOURCES))),
    ),
    Parameter("threshold", -18.0, -60.0, 0.0, "dB", "The level above which it turns down."),
    Parameter("ratio", 4.0, 1.0, 20.0, "", "How many dB more it takes for one dB more to come out.", "log"),
    Parameter("attack", 0.005, 0.0001, 0.2, "s", "How long it takes to turn down.", "log"),
    Parameter("release", 0.15, 0.01, 2.0, "s", "How long it takes to let go.", "log"),
    Parameter("makeup", 0.0, 0.0, 24.0, "dB", "How much louder it all is afterwards.", "db"),
    Parameter("mix", 0.0, 0.0, 1.0, "", "How much of the compressed sound is heard: 0 none, 1 nothing else."),
)
SOURCE = index_of(PARAMETERS, "source")
THRESHOLD = index_of(PARAMETERS, "threshold")
RATIO = index_of(PARAMETERS, "ratio")
ATTACK = index_of(PARAMETERS, "attack")
RELEASE = index_of(PARAMETERS, "release")
MAKEUP = index_of(PARAMETERS, "makeup")
MIX = index_of(PARAMETERS, "mix")

COMPRESSOR = np.dtype(
    [
        ("held", "f4"),  # dB by which the peaks ask to be turned down
        ("cut", "f4"),  # dB by which it is turned down
        ("cuts", "f4", QUANTUM),
        ("source", "i4"),  # the track that is spared, from 1
        ("spared", "f4"),  # how much it is, 0..1
    ],
    align=True,
)

_F = np.float32
_ZERO, _ONE = _F(0.0), _F(1.0)
KNEE_DB = _F(6.0)
_QUIETEST = _F(1e-6)
_SPARE_STEP = _F(1.0 / 30.0)
"""A quantum: a new source is spared in 20 ms, so that nothing clicks."""
_OCTAVES_PER_NEPER = _F(-np.log2(np.e))
_NO_CUT_DB = _F(1e-6)


@kernel
def process(memory: Any, settings: Any, bus: Any, keys: Any, strips: Any, rate: float) -> None:
    """Compress `bus`, (2, 32) float32, in place. Where the mix is 0, not a bit of it changes.

    keys    (tracks, 32) float32, each track before its fader
    strips  (tracks, 2, 32) float32, each track as it went into the mix
    """
    if settings.value[MIX] == _ZERO and settings.was[MIX] == _ZERO:
        clear(memory)
        return
    source = np.int64(settings.target[SOURCE] + _F(0.5))
    spared, spared_step = _spare(memory, source)
    unheard = source == 0 or amount(keys[source - 1]) == _ZERO
    if unheard and memory.held + memory.cut == _ZERO and amount(bus[0]) + amount(bus[1]) == _ZERO:
        return
    _turn_down(memory, settings, bus, keys, source, rate)
    mix, mix_step = line(settings, MIX)
    makeup, makeup_step = decibel_line(settings, MAKEUP)
    for channel in range(2):
        row = bus[channel]
        own = strips[max(memory.source - 1, 0), channel]
        for i in range(0, QUANTUM, WIDTH):
            x = load(row, i)
            louder = ramp(makeup, makeup_step, i)
            gain = louder * decibels(-load(memory.cuts, i))
            wet = x * gain + load(own, i) * ((louder - gain) * ramp(spared, spared_step, i))
            store(row, i, x + (wet - x) * ramp(mix, mix_step, i))


@kernel
def _spare(memory: Any, source: int) -> Any:
    """How much the source is spared before the quantum, and its step: the old one goes, then the new one comes."""
    before = memory.spared
    if memory.source != source and before == _ZERO:
        memory.source = source
    wanted = memory.source == source and source > 0
    memory.spared = min(before + _SPARE_STEP, _ONE) if wanted else max(before - _SPARE_STEP, _ZERO)
    return before, (memory.spared - before) * PER_FRAME


@kernel
def _turn_down(memory: Any, settings: Any, bus: Any, keys: Any, source: int, rate: float) -> None:
    """Fill `cuts` with the dB by which each frame is turned down."""
    threshold = settings.value[THRESHOLD]
    slope = _ONE - _ONE / settings.value[RATIO]
    for i in range(0, QUANTUM, WIDTH):
        level = abs(load(keys[source - 1], i)) if source > 0 else max(abs(load(bus[0], i)), abs(load(bus[1], i)))
        over = decibels_of(max(level, _QUIETEST)) - threshold + KNEE_DB * _F(0.5)
        bent = min(max(over, _ZERO), KNEE_DB)
        # Below the knee 0, in it a parabola, above it the line.
        store(memory.cuts, i, (bent * bent / (KNEE_DB + KNEE_DB) + max(over - KNEE_DB, _ZERO)) * slope)
    attack = _kept(settings.value[ATTACK], rate)
    release = _kept(settings.value[RELEASE], rate)
    held, cut = memory.held, memory.cut
    for i in range(QUANTUM):
        asked = memory.cuts[i]
        held = max(asked, asked + (held - asked) * release)
        cut = held + (cut - held) * attack
        memory.cuts[i] = cut
    memory.held = held if held > _NO_CUT_DB else _ZERO
    memory.cut = cut if cut > _NO_CUT_DB else _ZERO


@kernel
def _kept(seconds: Any, rate: float) -> Any:
    """What is left of a distance after one frame, if 1/e of it is left after `seconds`."""
    return power_of_two(_OCTAVES_PER_NEPER / (seconds * _F(rate)))


@kernel
def clear(memory: Any) -> None:
    """Forget all sound."""
    memory.held, memory.cut, memory.spared = _ZERO, _ZERO, _ZERO
