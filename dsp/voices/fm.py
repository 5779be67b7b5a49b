"""The FM synthesizer: four sines that bend each other's phases, in eight ways to connect them.

The fourth operator may bend itself. One envelope shapes the loudness, another how far the phases are bent, which is
what the ear takes for brightness. A slide glides to its note without striking again. Eight voices are rendered side
by side.
Source: Chowning, "The synthesis of complex audio spectra by means of frequency modulation", JAES 21, 1973.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import nth
from dsp.kernels.eight import WIDTH, anywhere, floating, in_all_places, load, neighbours, store, where, whole
from dsp.kernels.envelopes import adsr, attack_share, decay_share
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import PER_FRAME
from dsp.kernels.oscillators import advance
from dsp.kernels.shapes import note_hz, semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.eights import (
    ACCENT,
    CLOSES,
    FADE,
    FADE_STEP,
    FRESH,
    LEVEL,
    OWN,
    STRENGTH,
    SWING,
    keep,
    leave_touch,
    line,
    memory,
    recall,
    take_touch,
    touch,
    value,
)

_ROUTES = ("4>3>2>1", "4+3>2>1", "4>3+2>1", "4+3+2>1", "4>3 2>1", "4>321", "4>3 2 1", "4 3 2 1")
"""What stands before > bends what stands after it; what stands apart is heard side by side."""
PARAMETERS = (
    Parameter(
        "routing",
        4.0,
        0.0,
        7.0,
        "",
        "Which operator bends which (>), and which stand apart.",
        choices=_ROUTES,
        blends=True,
    ),
    Parameter("ratio_1", 1.0, 0.25, 16.0, "", "The first operator's frequency, in multiples of the note's.", "log"),
    Parameter("ratio_2", 1.0, 0.25, 16.0, "", "The second operator's frequency, in multiples of the note's.", "log"),
    Parameter("ratio_3", 1.0, 0.25, 16.0, "", "The third operator's frequency, in multiples of the note's.", "log"),
    Parameter("ratio_4", 14.0, 0.25, 16.0, "", "The fourth operator's frequency, in multiples of the note's.", "log"),
    Parameter("level_2", 0.35, 0.0, 1.0, "", "How far the second bends what follows it, or how loud it is."),
    Parameter("level_3", 0.8, 0.0, 1.0, "", "How far the third bends what follows it, or how loud it is."),
    Parameter("level_4", 0.25, 0.0, 1.0, "", "How far the fourth bends what follows it, or how loud it is."),
    Parameter("feedback", 0.0, 0.0, 1.0, "", "How far the fourth bends itself, from a sine to a saw to noise."),
    Parameter("detune", 0.03, 0.0, 0.5, "st", "How far the operators are pulled apart."),
    Parameter("attack", 0.003, 0.001, 10.0, "s", "How long a note takes to rise.", "log"),
    Parameter("decay", 2.5, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("sustain", 0.2, 0.0, 1.0, "", "The level that it keeps while it is held."),
    Parameter("release", 0.4, 0.005, 20.0, "s", "How long it takes to die away.", "log"),
    Parameter("bend_attack", 0.001, 0.001, 10.0, "s", "How long the bending takes to rise.", "log"),
    Parameter("bend_decay", 0.9, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("bend_sustain", 0.25, 0.0, 1.0, "", "How much of it stays while the note is held."),
    Parameter("touch", 0.5, 0.0, 1.0, "", "How much less a softer note is bent."),
    Parameter("vibrato", 0.0, 0.0, 2.0, "st", "How far the pitch swings."),
    Parameter("vibrato_rate", 5.0, 0.05, 12.0, "Hz", "How fast the pitch swings.", "log"),
    Parameter("glide", 0.05, 0.005, 2.0, "s", "How long a slide takes.", "log"),
)
ROUTING = index_of(PARAMETERS, "routing")
RATIO_1 = index_of(PARAMETERS, "ratio_1")
RATIO_2 = index_of(PARAMETERS, "ratio_2")
RATIO_3 = index_of(PARAMETERS, "ratio_3")
RATIO_4 = index_of(PARAMETERS, "ratio_4")
LEVEL_2 = index_of(PARAMETERS, "level_2")
LEVEL_3 = index_of(PARAMETERS, "level_3")
LEVEL_4 = index_of(PARAMETERS, "level_4")
FEEDBACK = index_of(PARAMETERS, "feedback")
DETUNE = index_of(PARAMETERS, "detune")
ATTACK = index_of(PARAMETERS, "attack")
DECAY = index_of(PARAMETERS, "decay")
SUSTAIN = index_of(PARAMETERS, "sustain")
RELEASE = index_of(PARAMETERS, "release")
BEND_ATTACK = index_of(PARAMETERS, "bend_attack")
BEND_DECAY = index_of(PARAMETERS, "bend_decay")
BEND_SUSTAIN = index_of(PARAMETERS, "bend_sustain")
TOUCH = index_of(PARAMETERS, "touch")
VIBRATO = index_of(PARAMETERS, "vibrato")
VIBRATO_RATE = index_of(PARAMETERS, "vibrato_rate")
GLIDE = index_of(PARAMETERS, "glide")

PHASE_1, PHASE_2, PHASE_3, PHASE_4, RISING, BEND_RISING, BEND, STEP, LAST, BEFORE, OFFSET = range(OWN, OWN + 11)

GRID = 8
"""Pitch is worked out anew every so many frames of the quantum."""

STEPS, LEVELS, FAR, Y_4, Y_3, Y_2, DEPTH_4, DEPTH_3 = range(8)
"""Rows of `eight.work`: cycles a frame of the note; how loud the voices are; how far the bending has come; what the
operators give, and by how much that bends."""

# A row for each of: 4 bends 3, 4 bends 2, 4 bends 1, 3 bends 2, 3 bends 1, 2 bends 1, 2 is heard, 3 is heard,
# 4 is heard, and the loudness that makes all routings alike. A column for each routing.
_BENDS = np.array(
    [
        [1, 0, 1, 0, 1, 1, 1, 0],
        [0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 1, 0, 0],
        [1, 1, 1, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 1, 0, 1, 1],
        [0, 0, 0, 0, 0, 0, 0, 1],
        [1, 1, 1, 1, 0.62, 1, 0.5, 0.42],
    ],
    np.float32,
).reshape(-1)
_ROUTINGS = 8

_F = np.float32
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_LAST_ROUTING = _F(_ROUTINGS - 1)
_GAIN = _F(0.45)
_FURTHEST_CYCLES = _F(1.6)
_FEEDBACK_CYCLES = _F(0.22)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.005), _F(3.0)
_ACCENT_BEND = _F(0.3)
_FASTEST = _F(0.49)
_RUMBLE_HZ = _F(12.0)
"""Two operators that nearly agree bend the wave's middle up and down, slower than is heard; that is taken away."""


@kernel
def _route(routing: Any, row: int) -> Any:
    """A row of the table, for a routing that may lie between two."""
    place = min(max(routing, _ZERO), _LAST_ROUTING)
    column = min(max(whole(place), np.int32(0)), np.int32(_ROUTINGS - 2))
    this, following = neighbours(_BENDS, column + np.int32(row * _ROUTINGS))
    return this + (following - this) * (place - floating(column))


@kernel
def _route_line(eight: Any, row: int) -> Any:
    """The same before the quantum, and its step."""
    was, now = recall(eight, ROUTING), value(eight, ROUTING)
    before, step = _route(was, row), in_all_places(_ZERO)
    if anywhere(abs(now - was) > _ZERO):
        step = (_route(now, row) - before) * PER_FRAME
    return before, step


@kernel
def _depth(level: Any) -> Any:
    """Cycles by which an operator of a level bends: its square, for the ear hears the first few tenths most."""
    return level * level * _FURTHEST_CYCLES


@kernel
def _move_hands(eight: Any, start: int, stop: int, rate: float) -> None:
    """Work out all that envelopes, vibrato and slides do in frames `start`..`stop`: the first rows of `eight.work`."""
    fresh = touch(eight, FRESH)
    frame_s = _ONE / _F(rate)
    attack, decay = attack_share(value(eight, ATTACK), rate), decay_share(value(eight, DECAY), rate)
    release = decay_share(value(eight, RELEASE), rate)
    bend_attack, bend_decay = attack_share(value(eight, BEND_ATTACK), rate), decay_share(value(eight, BEND_DECAY), rate)
    bend_sustain = value(eight, BEND_SUSTAIN)
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    arrive = frame_s / value(eight, GLIDE)
    swing_step, vibrato = value(eight, VIBRATO_RATE) * frame_s, value(eight, VIBRATO)
    sustain, sustain_step = line(eight, SUSTAIN)
    struck, strength, (heading, away, left) = take_touch(eight, _GAIN)
    softer = _ONE - value(eight, TOUCH) * (_ONE - min(touch(eight, STRENGTH), _ONE))
    harder = softer * (_ONE + _ACCENT_BEND * touch(eight, ACCENT))
    swing, step = memory(eight, SWING), memory(eight, STEP)
    rising, level = memory(eight, RISING), memory(eight, LEVEL)
    bend_rising, bend = memory(eight, BEND_RISING), memory(eight, BEND)
    closes, fade, fade_step = touch(eight, CLOSES), touch(eight, FADE), touch(eight, FADE_STEP)
    first = start
    while first < stop:
        last = min(stop, (first // GRID + 1) * GRID)
        renewed = where(first % GRID == 0, _ONE, fresh) > _ZERO
        step = where(renewed, note_hz(heading + away * left + vibrato * sine(swing)) * frame_s, step)
        fresh = in_all_places(_ZERO)
        for i in range(first, last):
            n, at = nth(i), i * WIDTH
            held = closes >= n
            rising, level = adsr(held, rising, level, attack, decay, sustain + sustain_step * n, release)
            bend_rising, bend = adsr(held, bend_rising, bend, bend_attack, bend_decay, bend_sustain, release)
            fade = max(fade - fade_step, _ZERO)
            store(eight.work[STEPS], at, step)
            store(eight.work[LEVELS], at, struck * level * fade)
            store(eight.work[FAR], at, bend * harder)
            swing = advance(swing, swing_step)
            left = max(left - arrive, _ZERO)
            struck += (strength - struck) * follow
        first = last
    keep(eight, STEP, step)
    keep(eight, RISING, rising)
    keep(eight, BEND_RISING, bend_rising)
    keep(eight, BEND, flushed(bend))
    leave_touch(eight, flushed(level), struck, (heading, away, left), swing, fade)


@kernel
def _fourth(eight: Any, start: int, stop: int, ratio: Any) -> None:
    """Let the fourth operator play: the rows of what it gives, and by how much that bends."""
    feedback, feedback_step = line(eight, FEEDBACK)
    feeds_back = anywhere(max(recall(eight, FEEDBACK), value(eight, FEEDBACK)) > _ZERO)
    level, level_step = line(eight, LEVEL_4)
    phase, last, before = memory(eight, PHASE_4), memory(eight, LAST), memory(eight, BEFORE)
    for i in range(start, stop):
        n, at = nth(i), i * WIDTH
        place = phase
        if feeds_back:
            # The mean of the last two keeps a strong feedback from hunting at half the sample rate.
            place += (last + before) * _HALF * (feedback + feedback_step * n) * _FEEDBACK_CYCLES
        y = sine(place)
        before, last = last, y
        store(eight.work[Y_4], at, y)
        store(eight.work[DEPTH_4], at, _depth(level + level_step * n) * load(eight.work[FAR], at) * y)
        phase = advance(phase, min(load(eight.work[STEPS], at) * ratio, _FASTEST))
    keep(eight, PHASE_4, phase)
    keep(eight, LAST, last)
    keep(eight, BEFORE, before)


@kernel
def _third(eight: Any, start: int, stop: int, ratio: Any) -> None:
    """Let the third operator play, bent by the fourth."""
    bends_43, bends_43_step = _route_line(eight, 0)
    level, level_step = line(eight, LEVEL_3)
    phase = memory(eight, PHASE_3)
    for i in range(start, stop):
        n, at = nth(i), i * WIDTH
        y = sine(phase + (bends_43 + bends_43_step * n) * load(eight.work[DEPTH_4], at))
        store(eight.work[Y_3], at, y)
        store(eight.work[DEPTH_3], at, _depth(level + level_step * n) * load(eight.work[FAR], at) * y)
        phase = advance(phase, min(load(eight.work[STEPS], at) * ratio, _FASTEST))
    keep(eight, PHASE_3, phase)


@kernel
def _second(eight: Any, start: int, stop: int, ratio: Any) -> None:
    """Let the second operator play, bent by those two."""
    bends_42, bends_42_step = _route_line(eight, 1)
    bends_32, bends_32_step = _route_line(eight, 3)
    phase = memory(eight, PHASE_2)
    for i in range(start, stop):
        n, at = nth(i), i * WIDTH
        bend = (bends_42 + bends_42_step * n) * load(eight.work[DEPTH_4], at)
        bend += (bends_32 + bends_32_step * n) * load(eight.work[DEPTH_3], at)
        store(eight.work[Y_2], at, sine(phase + bend))
        phase = advance(phase, min(load(eight.work[STEPS], at) * ratio, _FASTEST))
    keep(eight, PHASE_2, phase)


@kernel
def _first(eight: Any, start: int, stop: int, ratio: Any) -> None:
    """Fill frames `start`..`stop` of `eight.out` with the first operator, bent by the others, and what is heard of
    those; not yet as loud as the voices are."""
    bends_41, bends_41_step = _route_line(eight, 2)
    bends_31, bends_31_step = _route_line(eight, 4)
    bends_21, bends_21_step = _route_line(eight, 5)
    heard_2, heard_2_step = _route_line(eight, 6)
    heard_3, heard_3_step = _route_line(eight, 7)
    heard_4, heard_4_step = _route_line(eight, 8)
    two, two_step = line(eight, LEVEL_2)
    three, three_step = line(eight, LEVEL_3)
    four, four_step = line(eight, LEVEL_4)
    phase = memory(eight, PHASE_1)
    for i in range(start, stop):
        n, at = nth(i), i * WIDTH
        level_2, y_2 = two + two_step * n, load(eight.work[Y_2], at)
        depth_2 = _depth(level_2) * load(eight.work[FAR], at) * y_2
        bend = (bends_41 + bends_41_step * n) * load(eight.work[DEPTH_4], at)
        bend += (bends_31 + bends_31_step * n) * load(eight.work[DEPTH_3], at)
        y = sine(phase + bend + (bends_21 + bends_21_step * n) * depth_2)
        others = (heard_2 + heard_2_step * n) * level_2 * y_2
        others += (heard_3 + heard_3_step * n) * (three + three_step * n) * load(eight.work[Y_3], at)
        y = y + others + (heard_4 + heard_4_step * n) * (four + four_step * n) * load(eight.work[Y_4], at)
        store(eight.out, at, y)
        phase = advance(phase, min(load(eight.work[STEPS], at) * ratio, _FASTEST))
    keep(eight, PHASE_1, phase)


@kernel
def _level(eight: Any, start: int, stop: int, rate: float) -> None:
    """Make frames `start`..`stop` of `eight.out` as loud as they are heard, about a middle that stands still."""
    loudness, loudness_step = _route_line(eight, 9)
    offset, rumble = memory(eight, OFFSET), warped(_RUMBLE_HZ * (_ONE / _F(rate)))
    for i in range(start, stop):
        at = i * WIDTH
        y = load(eight.out, at) * (loudness + loudness_step * nth(i))
        deep, offset = one_pole(y, rumble, offset)
        store(eight.out, at, load(eight.work[LEVELS], at) * (y - deep))
    keep(eight, OFFSET, flushed(offset))


@kernel
def render(eight: Any, start: int, stop: int, rate: float) -> None:
    """Fill frames `start`..`stop` of `eight.out` with the sound of eight voices. All operators start together.

    Each operator plays for itself through all frames: only a feedback has to wait for the frame before.
    """
    _move_hands(eight, start, stop, rate)
    # A little of it each way, and never the same, so that no two operators beat alike.
    detune = value(eight, DETUNE)
    _fourth(eight, start, stop, value(eight, RATIO_4) * semitones(detune * _F(0.3)))
    _third(eight, start, stop, value(eight, RATIO_3) * semitones(-detune))
    _second(eight, start, stop, value(eight, RATIO_2) * semitones(detune * _HALF))
    _first(eight, start, stop, value(eight, RATIO_1))
    _level(eight, start, stop, rate)
