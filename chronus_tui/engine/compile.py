"""From a document to the arrays that the sound reads.

A document may hold anything that has the right types: an unknown instrument or parameter, or a value out of
range, comes from another version or another hand. What cannot be played is left out or clamped, and told;
the document itself stays as it is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from chronus_tui.engine.clips import NO_CLIP, ClipNumbers
from chronus_tui.engine.parameters import INSTRUMENT_NUMBERS, SENDS, STRIP_FIELDS, effect_called, parameter_called
from dsp.fx import EFFECTS
from dsp.parameters import Parameter
from dsp.state import CHORD, PARAMETERS, PATTERN, STEPS, TRACK, TRACKS
from dsp.strip import GAIN, STRIP
from dsp.voices import INSTRUMENTS
from store.documents import Number, Pattern, Step, Track

Record = Any
"""A record of a structured numpy array, which has no type of its own."""

SAMPLER = "sampler"
SILENT_DB = STRIP[GAIN].low
TRACKS_REMEMBERED = 256


class Compiler:
    """Compiles patterns, and remembers the tracks it has compiled: an edit costs one track, not sixteen.

    Used by one thread; `clips` gives their clips numbers.
    """

    def __init__(self, clips: ClipNumbers) -> None:
        self._clips = clips
        # By identity: a frozen track that is the same object sounds the same. Kept beside it, it stays alive.
        self._tracks: dict[int, tuple[Track, Record, list[str]]] = {}

    def compile(self, pattern: Pattern, entry: Record) -> list[str]:
        """Fill `entry`, a record of PATTERN, and tell in sentences what could not be played as written."""
        problems: list[str] = []
        entry["bpm"] = min(max(float(pattern.bpm), 20.0), 300.0)
        entry["swing"] = min(max(float(pattern.swing), 0.0), 0.75)
        entry["beats_per_bar"] = min(max(pattern.beats_per_bar, 1), 16)
        for row, effect in enumerate(EFFECTS):
            settings = pattern.effects.get(effect.name, {})
            entry["effects"][row] = _values(effect.parameters, settings, f"effect {effect.name}", problems)
        problems += [f"There is no effect {name!r}." for name in pattern.effects if effect_called(name) is None]
        soloed = any(track.solo for track in pattern.tracks)
        for place in range(TRACKS):
            if place >= len(pattern.tracks):
                entry["tracks"][place]["present"] = 0
                continue
            track = pattern.tracks[place]
            compiled, told = self._track(track)
            entry["tracks"][place] = compiled
            problems += told
            if track.mute or (soloed and not track.solo):
                entry["tracks"][place]["strip"][GAIN] = 0.0
        return problems

    def _track(self, track: Track) -> tuple[Record, list[str]]:
        known = self._tracks.get(id(track))
        if known is None:
            compiled = np.zeros((), TRACK)
            known = track, compiled, _compile_track(track, compiled, self._clips)
            if len(self._tracks) >= TRACKS_REMEMBERED:
                del self._tracks[next(iter(self._tracks))]
            self._tracks[id(track)] = known
        return known[1], known[2]


def compile_pattern(pattern: Pattern) -> tuple[np.ndarray[Any, np.dtype[Any]], list[str]]:
    """One pattern as an array of one record of PATTERN, and what could not be played as written."""
    entry = np.zeros(1, PATTERN)
    return entry, Compiler(ClipNumbers()).compile(pattern, entry[0])


def _compile_track(track: Track, out: Record, clips: ClipNumbers) -> list[str]:
    problems: list[str] = []
    number = INSTRUMENT_NUMBERS.get(track.instrument)
    if number is None:
        return [f"Track {track.name} is silent: there is no instrument {track.instrument!r}."]
    where = f"track {track.name}"
    out["present"] = 1
    out["instrument"] = number
    out["clip"] = clips.number(track.clip) if track.clip else NO_CLIP
    if track.instrument == SAMPLER and out["clip"] == NO_CLIP:
        problems.append(
            f"Track {track.name} is silent: its sampler has no clip; /track/{track.name}/clip gives it one."
        )
    out["length"] = min(max(track.length, 1), STEPS)
    out["sound"] = _values(INSTRUMENTS[number].parameters, track.parameters, where, problems)
    sends = {name: value for name, value in track.sends.items() if name in SENDS}
    fields = {name: getattr(track, field) for name, field in STRIP_FIELDS.items()}
    out["strip"] = _values(STRIP, track.strip | sends | fields, where, problems)
    out["strip"][GAIN] = _amplitude(float(out["strip"][GAIN]))
    steps = [*track.steps[:STEPS], *(Step(),) * (int(out["length"]) - len(track.steps))]
    out["steps"][: len(steps)] = [_step(track, steps, index) for index in range(len(steps))]
    return problems


def _step(track: Track, steps: Sequence[Step], index: int) -> tuple[Any, ...]:
    """One step as the fields of STEP."""
    step = steps[index]
    slide = step.tie and step.note is not None
    note = track.note if step.note is None else step.note
    velocity = min(max(float(step.velocity), 0.0), 1.0)
    chord = step.chord[:CHORD]
    return (
        step.on and not step.tie,
        step.accent,
        slide,
        len(chord),
        note,
        velocity,
        _gate(track, steps, index),
        (*chord, *(0,) * (CHORD - len(chord))),
    )


def _gate(track: Track, steps: Sequence[Step], index: int) -> float:
    """Steps until a note struck at `index` ends: its share of one step, or to the end of the ties behind it."""
    length = min(max(track.length, 1), STEPS)
    tied = 0
    while tied < length - 1 and steps[(index + tied + 1) % length].tie:
        tied += 1
    return tied + 1.0 if tied or steps[index].tie else min(max(float(track.gate), 0.05), 1.0)


def _values(table: Sequence[Parameter], settings: dict[str, Number], where: str, problems: list[str]) -> list[float]:
    """The values of a table's parameters in order, padded: as set, or clamped, or their defaults."""
    values = [parameter.default for parameter in table]
    for name, value in settings.items():
        parameter = parameter_called(name, tuple(table))
        if parameter is None:
            problems.append(f"There is no parameter {name!r} on {where}.")
            continue
        if not parameter.low <= value <= parameter.high:
            unit = f" {parameter.unit}" if parameter.unit else ""
            problems.append(
                f"{name} of {where} is {value:g}; it goes from {parameter.low:g} to {parameter.high:g}{unit}, "
                "and plays at the nearest."
            )
        values[table.index(parameter)] = parameter.clamp(value)
    return values + [0.0] * (PARAMETERS - len(values))


def _amplitude(gain_db: float) -> float:
    return 0.0 if gain_db <= SILENT_DB else float(10.0 ** (gain_db / 20.0))
