"""What a pattern plays, as MIDI has it: notes with a place and a length in ticks.

This follows what the sequencer does with a track: swing, gates, ties, slides, tracks of different lengths.
A slide is two notes that overlap a little, as the machines do that slide at all.
"""

import math
from dataclasses import dataclass

from store.documents import STEPS_MAX, Number, Pattern, Step, Track
from store.midi_drums import key_shift

TICKS_PER_BEAT = 960
TICKS_PER_STEP = TICKS_PER_BEAT // 4
OVERLAP = TICKS_PER_STEP // 20
"""Ticks for which a note sounds on while the next one slides away from it."""

MICROSECONDS = 60_000_000
VELOCITY_MAX = 127
ACCENT = 20
"""What an accent adds to a velocity: MIDI has no accents."""


@dataclass(frozen=True, order=True)
class Note:
    """One note: where it begins, its key 0..127, how long it is (both in ticks), and its velocity 1..127."""

    tick: int
    key: int
    length: int
    velocity: int


def clamped(value: Number, low: float, high: float) -> float:
    """`value` as the sequencer would play it; a document may hold any number."""
    return min(max(float(value), low), high)


def tempo_of(bpm: Number) -> int:
    """Microseconds of a beat, as MIDI writes a tempo."""
    return round(MICROSECONDS / clamped(bpm, 20.0, 300.0))


def velocity_of(step: Step) -> int:
    """1..127; 0 would end the note."""
    plain = max(1, round(clamped(step.velocity, 0.0, 1.0) * VELOCITY_MAX))
    return min(plain + ACCENT, VELOCITY_MAX) if step.accent else plain


def late_ticks(swing: Number) -> int:
    """Ticks by which every second step comes late."""
    return round(TICKS_PER_STEP * clamped(swing, 0.0, 0.75))


def steps_played(pattern: Pattern) -> int:
    """Steps in whole bars until the longest track has been heard once."""
    bar = 4 * pattern.beats_per_bar
    longest = max((length_of(track) for track in pattern.tracks), default=1)
    return math.ceil(longest / bar) * bar


def length_of(track: Track) -> int:
    """Steps until the track starts again."""
    return min(max(track.length, 1), STEPS_MAX)


@dataclass
class _Struck:
    tick: int
    end: int
    velocity: int
    keys: tuple[int, ...]


def notes_of(pattern: Pattern, track: Track) -> list[Note]:
    """The notes of one track over `steps_played` steps, in order. No two of a key overlap."""
    length = length_of(track)
    steps = (track.steps + (Step(),) * length)[:length]
    late, shift, total = late_ticks(pattern.swing), key_shift(track), steps_played(pattern)
    struck: list[_Struck] = []
    notes: list[Note] = []
    for number in range(total):
        step = steps[number % length]
        slide = step.tie and step.note is not None
        if not slide and (step.tie or not step.on):
            continue
        tick = number * TICKS_PER_STEP + (late if number % 2 else 0)
        keys = _keys(step, track.note, shift)
        if not keys:
            continue
        if struck and struck[-1].end > tick:
            if slide and struck[-1].keys == keys:
                continue
            overlap = OVERLAP if slide else 0
            notes += _cut(struck.pop(), tick, overlap, keys)
        elif struck:
            notes += _whole(struck.pop())
        end = min(tick + _gate_ticks(track, steps, number % length), total * TICKS_PER_STEP)
        struck = [_Struck(tick, end, velocity_of(step), keys)]
    for left in struck:
        notes += _whole(left)
    return sorted(notes)


def _keys(step: Step, own: int, shift: int) -> tuple[int, ...]:
    root = (own if step.note is None else step.note) + shift
    return tuple(sorted({key for key in (root, *(root + each for each in step.chord)) if 0 <= key <= 127}))


def _gate_ticks(track: Track, steps: tuple[Step, ...], index: int) -> int:
    """Ticks until a note struck at `index` ends: its share of a step, or to the end of the ties behind it."""
    tied = 0
    while tied < len(steps) - 1 and steps[(index + tied + 1) % len(steps)].tie:
        tied += 1
    if tied or steps[index].tie:
        return (tied + 1) * TICKS_PER_STEP
    return max(1, round(clamped(track.gate, 0.05, 1.0) * TICKS_PER_STEP))


def _whole(struck: _Struck) -> list[Note]:
    return [Note(struck.tick, key, struck.end - struck.tick, struck.velocity) for key in struck.keys]


def _cut(struck: _Struck, tick: int, overlap: int, next_keys: tuple[int, ...]) -> list[Note]:
    """The notes as they end where the next begin. A key that is struck again must have ended."""
    return [
        Note(struck.tick, key, tick + (0 if key in next_keys else overlap) - struck.tick, struck.velocity)
        for key in struck.keys
    ]
