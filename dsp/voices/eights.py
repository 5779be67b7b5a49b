"""Voices side by side: what an instrument that renders eight at once finds in the state, place by place.

The rows of `memory`, `value` and `was` have eight places each. A place that no voice has taken is rendered as
well, but heard by nobody.
"""

from typing import Any

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, bits_of, from_bits, load, store, where
from dsp.kernels.lines import PER_FRAME
from dsp.state import MEMORY, PARAMETERS
from dsp.voices.touch import head_for, strike

NOTE, STRENGTH, ACCENT, CLOSES, FADE, FADE_STEP, FRESH = range(7)
"""Rows of `touch`: the note; how hard it is struck; 1 for an accent; the frame of the quantum on which the gate
closes; the level of a voice that gives way, and how much it falls in each frame; 1 for a voice not yet rendered."""

LEVEL, STRUCK, HEADING, AWAY, LEFT, SWING = range(6)
"""Rows of `memory` in every instrument: how loud a voice is; how hard it was struck; its slide, as `touch.head_for`
takes it; the phase of its vibrato."""

OWN = 6
"""The first row that is an instrument's own."""

_ZERO, _ONE = 0.0, 1.0


@kernel
def touch(eight: Any, row: int) -> Any:
    """What the players do, one of the rows above."""
    return load(eight.touch, row * WIDTH)


@kernel
def memory(eight: Any, row: int) -> Any:
    """What the voices kept in a row of their memory."""
    return load(eight.memory, row * WIDTH)


@kernel
def keep(eight: Any, row: int, x: Any) -> None:
    """Let the voices keep `x` in a row of their memory."""
    store(eight.memory, row * WIDTH, x)


@kernel
def value(eight: Any, parameter: int) -> Any:
    """A setting, at the end of the quantum."""
    return load(eight.value, parameter * WIDTH)


@kernel
def recall(eight: Any, parameter: int) -> Any:
    """A setting, before the quantum."""
    return load(eight.was, parameter * WIDTH)


@kernel
def line(eight: Any, parameter: int) -> Any:
    """A setting before the quantum, and its step: after frame i it is value + step * (i + 1)."""
    before = recall(eight, parameter)
    return before, (value(eight, parameter) - before) * PER_FRAME


@kernel
def take_place(eight: Any, place: int, voice: Any, lane: Any, closes: int, fade_step: float) -> None:
    """Let a voice take a place.

    closes     frame of the quantum on which its gate closes; beyond the quantum where it stays open
    fade_step  how much the level of a voice that gives way falls in each frame, 0 for others
    """
    for k in range(MEMORY):
        eight.memory[k * WIDTH + place] = voice.memory[k]
    for k in range(PARAMETERS):
        eight.value[k * WIDTH + place] = lane.value[k]
        eight.was[k * WIDTH + place] = lane.was[k]
    rows = eight.touch
    rows[NOTE * WIDTH + place] = voice.note
    rows[STRENGTH * WIDTH + place] = strike(voice.velocity, voice.accent)
    rows[ACCENT * WIDTH + place] = _ONE if voice.accent else _ZERO
    rows[CLOSES * WIDTH + place] = closes
    rows[FADE * WIDTH + place] = voice.fade
    rows[FADE_STEP * WIDTH + place] = fade_step
    rows[FRESH * WIDTH + place] = _ONE if voice.fresh else _ZERO
    eight.seed[place] = from_bits(voice.seed)


@kernel
def leave_place(eight: Any, place: int, voice: Any, bus: Any, start: int, stop: int) -> None:
    """Give a voice back what it keeps, and add its sound to `bus`, (32,) float32."""
    for k in range(MEMORY):
        voice.memory[k] = eight.memory[k * WIDTH + place]
    voice.fade = eight.touch[FADE * WIDTH + place]
    voice.seed = bits_of(eight.seed[place])
    voice.fresh = 0
    for i in range(start, stop):
        bus[i] += eight.out[i * WIDTH + place]


@kernel
def take_touch(eight: Any, gain: Any) -> Any:
    """How hard each voice is struck in this piece, now and in the end, times `gain`; and its slide."""
    fresh, note, strength = touch(eight, FRESH) > _ZERO, touch(eight, NOTE), touch(eight, STRENGTH) * gain
    heading = where(fresh, note, memory(eight, HEADING))
    slide = head_for(note, heading, memory(eight, AWAY), memory(eight, LEFT))
    return where(fresh, strength, memory(eight, STRUCK)), strength, slide


@kernel
def leave_touch(eight: Any, level: Any, struck: Any, slide: Any, swing: Any, fade: Any) -> None:
    """Keep what the hands did, and how loud it has become, for the next piece."""
    heading, away, left = slide
    keep(eight, LEVEL, level)
    keep(eight, STRUCK, struck)
    keep(eight, HEADING, heading)
    keep(eight, AWAY, away)
    keep(eight, LEFT, left)
    keep(eight, SWING, swing)
    store(eight.touch, FADE * WIDTH, fade)
