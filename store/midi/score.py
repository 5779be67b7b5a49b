"""What a pattern plays, as MIDI has it: notes with a place and a length in ticks.

This follows what the sequencer does with a track: swing, gates, ties, slides, ratchets, early and late steps,
conditions and chance, tracks of different lengths.
A slide is two notes that overlap a little, as the machines do that slide at all.
"""

import math
from collections.abc import Iterator

import msgspec

from store.chance import chance
from store.conditions import Condition, parse_condition
from store.documents import Number, Pattern, Step, Track
from store.limits import RATCHET_MAX, STEPS_MAX
from store.midi.drums import is_drum, key_shift
from store.scales import nearest_in_scale

TICKS_PER_BEAT = 960
TICKS_PER_STEP = TICKS_PER_BEAT // 4
OVERLAP = TICKS_PER_STEP // 20
"""Ticks for which a note sounds on while the next one slides away from it."""

MICROSECONDS = 60_000_000
VELOCITY_MAX = 127
ACCENT = 20
"""What an accent adds to a velocity: MIDI has no accents."""


class Note(msgspec.Struct, frozen=True, order=True):
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


class Performance(msgspec.Struct, frozen=True):
    """How often a pattern is played through, 1..64, and what of it.

    everything  each step that may sound, whatever its chance and condition, instead of what the pattern's seed
                gives and the conditions of those rounds
    """

    rounds: int = 1
    everything: bool = False


ONCE = Performance()


def steps_played(pattern: Pattern, performance: Performance) -> int:
    """Steps in whole bars until the longest track has been heard as often as it shall be."""
    bar = 4 * pattern.beats_per_bar
    longest = max((length_of(track) for track in pattern.tracks), default=1)
    return math.ceil(longest * performance.rounds / bar) * bar


def length_of(track: Track) -> int:
    """Steps until the track starts again."""
    return min(max(track.length, 1), STEPS_MAX)


class _Struck(msgspec.Struct):
    tick: int
    end: int
    velocity: int
    keys: tuple[int, ...]
    slide: bool = False


def notes_of(pattern: Pattern, place: int, performance: Performance = ONCE) -> list[Note]:
    """The notes of the track at `place`, from 0, over `steps_played` steps, in order. No two of a key overlap."""
    struck: list[_Struck] = []
    notes: list[Note] = []
    for strike in sorted(_strikes(pattern, place, performance), key=lambda strike: strike.tick):
        if struck and struck[-1].end > strike.tick:
            if strike.slide and struck[-1].keys == strike.keys:
                continue
            notes += _cut(struck.pop(), strike)
        elif struck:
            notes += _whole(struck.pop())
        struck = [strike]
    for left in struck:
        notes += _whole(left)
    return sorted(notes)


def _strikes(pattern: Pattern, place: int, performance: Performance) -> Iterator[_Struck]:
    """Every strike of every step that sounds, with the end that it has where nothing follows."""
    track = pattern.tracks[place]
    length = length_of(track)
    steps = (track.steps + (Step(),) * length)[:length]
    late, total = late_ticks(pattern.swing), steps_played(pattern, performance)
    last = total * TICKS_PER_STEP
    for number in range(total):
        step = steps[number % length]
        slide = step.tie and step.note is not None
        if not slide and (step.tie or not step.on):
            continue
        keys = _keys(pattern, track, step)
        if not keys or not (performance.everything or _is_played(pattern, place, step, number, number // length)):
            continue
        place_ticks = number * TICKS_PER_STEP + (late if number % 2 else 0)
        begin = place_ticks + clamped(step.micro, -0.5, 0.5) * TICKS_PER_STEP
        ratchet = min(max(step.ratchet, 1), RATCHET_MAX)
        part = TICKS_PER_STEP / ratchet
        gate = _gate(track, steps, number % length)
        for strike in range(ratchet):
            tick = max(round(begin + strike * part), 0)
            end = round(begin + strike * part + min(gate, 1.0) * part)
            if gate > 1.0 and strike == ratchet - 1:  # the last one is held by the ties
                end = round(begin + gate * TICKS_PER_STEP)
            if tick < last:
                sliding = slide and strike == 0
                yield _Struck(tick, min(max(end, tick + 1), last), velocity_of(step), keys, sliding)


def _is_played(pattern: Pattern, place: int, step: Step, number: int, since: int) -> bool:
    """Whether a step is played as step `number` of the song, in round `since` of its track."""
    condition = parse_condition(step.condition) or Condition()
    match condition.kind:
        case "of" if since % condition.rounds != condition.number - 1:
            return False
        case "first" if since != 0:
            return False
        case "not first" if since == 0:
            return False
        case "fill":
            return False
    return step.probability >= 1.0 or chance(pattern.seed, place, number) < step.probability


def _keys(pattern: Pattern, track: Track, step: Step) -> tuple[int, ...]:
    root = track.note if step.note is None else step.note
    notes = [root, *(root + each for each in step.chord)]
    if pattern.scale_lock and not is_drum(track):
        notes = [nearest_in_scale(note, pattern.root, pattern.scale) for note in notes]
    shift = key_shift(track)
    return tuple(sorted({note + shift for note in notes if 0 <= note + shift <= 127}))


def _gate(track: Track, steps: tuple[Step, ...], index: int) -> float:
    """Steps until a note struck at `index` ends: its share of one step, or to the end of the ties behind it."""
    tied = 0
    while tied < len(steps) - 1 and steps[(index + tied + 1) % len(steps)].tie:
        tied += 1
    return tied + 1.0 if tied or steps[index].tie else clamped(track.gate, 0.05, 1.0)


def _whole(struck: _Struck) -> list[Note]:
    return [Note(struck.tick, key, struck.end - struck.tick, struck.velocity) for key in struck.keys]


def _cut(struck: _Struck, following: _Struck) -> list[Note]:
    """The notes as they end where the next begin. A key that is struck again must have ended."""
    overlap = OVERLAP if following.slide else 0
    return [
        Note(struck.tick, key, tick_end - struck.tick, struck.velocity)
        for key in struck.keys
        for tick_end in [following.tick + (0 if key in following.keys else overlap)]
        if tick_end > struck.tick
    ]
