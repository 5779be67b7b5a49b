"""Voices side by side: what an instrument that renders eight at once finds in the state, place by place.

The rows of `memory`, `value` and `was` have eight places each. A place that no voice has taken is rendered as
well, but heard by nobody.
"""

from typing import Any

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, bits_of, from_bits, in_all_places, load, store, transpose, where
from dsp.kernels.lines import PER_FRAME
from dsp.sizes import MEMORY, PARAMETERS, QUANTUM
from dsp.voice import KEPT_ROWS
from dsp.voices.touch import head_for, strike

NOTE, STRENGTH, ACCENT, CLOSES, FADE, FADE_STEP, FRESH, SEED = range(WIDTH)
"""Rows of what the players do: the note; how hard it is struck; 1 for an accent; the frame of the quantum on which the
gate closes; the level of a voice that gives way, and how much it falls in each frame; 1 for a voice not yet rendered;
the bits of its seed."""

LEVEL, STRUCK, HEADING, AWAY, LEFT, SWING = range(6)
"""Rows of `memory` in every instrument: how loud a voice is; how hard it was struck; its slide, as `touch.head_for`
takes it; the phase of its vibrato."""

OWN = 6
"""The first row that is an instrument's own."""

_MEMORY = WIDTH
_VALUE = KEPT_ROWS
_WAS = _VALUE + PARAMETERS
_ZERO, _ONE = 0.0, 1.0


@kernel
def touch(eight: Any, row: int) -> Any:
    """What the players do, one of the rows above."""
    return load(eight.rows, row * WIDTH)


@kernel
def keep_touch(eight: Any, row: int, x: Any) -> None:
    """Let the voices keep `x` in such a row."""
    store(eight.rows, row * WIDTH, x)


@kernel
def memory(eight: Any, row: int) -> Any:
    """What the voices kept in a row of their memory."""
    return load(eight.rows, (_MEMORY + row) * WIDTH)


@kernel
def keep(eight: Any, row: int, x: Any) -> None:
    """Let the voices keep `x` in a row of their memory."""
    store(eight.rows, (_MEMORY + row) * WIDTH, x)


@kernel
def value(eight: Any, parameter: int) -> Any:
    """A setting, at the end of the quantum."""
    return load(eight.rows, (_VALUE + parameter) * WIDTH)


@kernel
def recall(eight: Any, parameter: int) -> Any:
    """A setting, before the quantum."""
    return load(eight.rows, (_WAS + parameter) * WIDTH)


@kernel
def line(eight: Any, parameter: int) -> Any:
    """A setting before the quantum, and its step: after frame i it is value + step * (i + 1)."""
    before = recall(eight, parameter)
    return before, (value(eight, parameter) - before) * PER_FRAME


@kernel
def take_place(eight: Any, place: int, voice: Any, closes: int, fade_step: float) -> None:
    """Let a voice take a place.

    closes     frame of the quantum on which its gate closes; beyond the quantum where it stays open
    fade_step  how much the level of a voice that gives way falls in each frame, 0 for others
    """
    places, at = eight.places, place * KEPT_ROWS
    places[at + NOTE] = voice.note
    places[at + STRENGTH] = strike(voice.velocity, voice.accent)
    places[at + ACCENT] = _ONE if voice.accent else _ZERO
    places[at + CLOSES] = closes
    places[at + FADE] = voice.fade
    places[at + FADE_STEP] = fade_step
    places[at + FRESH] = _ONE if voice.fresh else _ZERO
    places[at + SEED] = from_bits(voice.seed)
    for k in range(0, MEMORY, WIDTH):
        store(places, at + _MEMORY + k, load(voice.memory, k))


@kernel
def set_all(eight: Any, lane: Any) -> None:
    """Let all places have the settings of `lane`, as RAMPS."""
    for k in range(PARAMETERS):
        store(eight.rows, (_VALUE + k) * WIDTH, in_all_places(lane.value[k]))
        store(eight.rows, (_WAS + k) * WIDTH, in_all_places(lane.was[k]))


@kernel
def set_place(eight: Any, place: int, lane: Any) -> None:
    """Let one place have settings of its own."""
    for k in range(PARAMETERS):
        eight.rows[(_VALUE + k) * WIDTH + place] = lane.value[k]
        eight.rows[(_WAS + k) * WIDTH + place] = lane.was[k]


@kernel
def take_all(eight: Any, taken: int) -> None:
    """Bring those who took the first places together, row by row. The other places are as the first, for what one
    voice alone needs costs as much as if all did."""
    places = eight.places
    for place in range(taken, WIDTH):
        for k in range(0, KEPT_ROWS, WIDTH):
            store(places, place * KEPT_ROWS + k, load(places, k))
    for k in range(0, KEPT_ROWS, WIDTH):
        transpose(places, k, KEPT_ROWS, eight.rows, k * WIDTH, WIDTH)


@kernel
def leave_all(eight: Any) -> None:
    """Part what they keep, and their sound, place by place."""
    for k in range(0, KEPT_ROWS, WIDTH):
        transpose(eight.rows, k * WIDTH, WIDTH, eight.places, k, KEPT_ROWS)
    for i in range(0, QUANTUM, WIDTH):
        transpose(eight.out, i * WIDTH, WIDTH, eight.sound, i, QUANTUM)


@kernel
def leave_place(eight: Any, place: int, voice: Any, bus: Any, start: int, stop: int) -> None:
    """Give a voice back what it keeps, and add its sound to `bus`, (32,) float32."""
    places, at = eight.places, place * KEPT_ROWS
    for k in range(0, MEMORY, WIDTH):
        store(voice.memory, k, load(places, at + _MEMORY + k))
    voice.fade = places[at + FADE]
    voice.seed = bits_of(places[at + SEED])
    voice.fresh = 0
    sound, first = eight.sound, place * QUANTUM
    for i in range(start, stop):
        bus[i] += sound[first + i]


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
    keep_touch(eight, FADE, fade)
