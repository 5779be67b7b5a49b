"""From a document to the arrays that the sound reads.

A document may hold anything that has the right types: an unknown instrument or parameter, or a value out of
range, comes from another version or another hand. What cannot be played is left out or clamped, and told;
the document itself stays as it is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from chronus_tui.engine.clips import NO_CLIP, ClipNumbers
from chronus_tui.engine.parameters import (
    INSTRUMENT_NUMBERS,
    SENDS,
    STRIP_FIELDS,
    Target,
    effect_called,
    instrument_called,
    parameter_called,
    pattern_target,
    track_target,
)
from dsp import lfos
from dsp.fx import EFFECTS
from dsp.parameters import Parameter
from dsp.state import (
    CHORD,
    FACTOR,
    LINEAR,
    LOCKS,
    LOG,
    OF_NOTHING,
    PARAMETERS,
    PATTERN,
    STEPS,
    TRACK,
    TRACKS,
)
from dsp.steps import ALWAYS, FILL, FIRST, NOT_FILL, NOT_FIRST, ROUND_OF
from dsp.strip import GAIN, STRIP
from dsp.voices import INSTRUMENTS
from store.conditions import Condition, parse_condition
from store.documents import LFOS_MAX, RATCHET_MAX, Lfo, Number, Pattern, Step, Track
from store.scales import SCALES, nearest_in_scale

Record = Any
"""A record of a structured numpy array, which has no type of its own."""

SAMPLER = "sampler"
Scale = tuple[int, str]
"""Root and name of the scale that notes are played in."""

SILENT_DB = STRIP[GAIN].low
TRACKS_REMEMBERED = 256

BPM = Parameter("bpm", 120.0, 20.0, 300.0, "", "Beats a minute.")
SWING = Parameter("swing", 0.0, 0.0, 0.75, "", "How late every second step comes.")
ROOT = Parameter("root", 0.0, 0.0, 11.0, "", "The note from C that the scale begins on.")
GATE = Parameter("gate", 0.5, 0.05, 1.0, "", "How long an untied note is held.")
VELOCITY = Parameter("velocity", 0.8, 0.0, 1.0, "", "How hard a step is struck.")
PROBABILITY = Parameter("probability", 1.0, 0.0, 1.0, "", "How often a step is played.")
RATCHET = Parameter("ratchet", 1.0, 1.0, RATCHET_MAX, "", "How often a step is struck.")
MICRO = Parameter("micro", 0.0, -0.5, 0.5, "", "How early or late a step comes.")
LFO = {parameter.name: parameter for parameter in lfos.PARAMETERS}
_UNCONDITIONAL = Condition()
_NO_CHORD = (0,) * CHORD
_SILENT = (Step(), Step(tie=True))
_SILENCE = (False, False, False, 0, 0, 1, ALWAYS, 1, 1, 60, 0.8, 0.5, 1.0, 0.0, _NO_CHORD)
"""The steps that most steps are, in which nothing begins, and their fields: a bank has 100 000 steps to compile."""
_CONDITIONS = {
    "always": ALWAYS,
    "of": ROUND_OF,
    "first": FIRST,
    "not first": NOT_FIRST,
    "fill": FILL,
    "not fill": NOT_FILL,
}


class Compiler:
    """Compiles patterns, and remembers the tracks it has compiled: an edit costs one track, not sixteen.

    Used by one thread; `clips` gives their clips numbers.
    """

    def __init__(self, clips: ClipNumbers) -> None:
        self._clips = clips
        # By identity: a frozen track that is the same object sounds the same in the same scale. Kept beside it,
        # it stays alive.
        self._tracks: dict[tuple[int, Scale | None], tuple[Track, Record, list[str]]] = {}

    def compile(self, pattern: Pattern, entry: Record) -> list[str]:
        """Fill `entry`, a record of PATTERN, and tell in sentences what could not be played as written."""
        problems: list[str] = []
        entry["bpm"] = _clamped(BPM, pattern.bpm, "the pattern", problems)
        entry["swing"] = _clamped(SWING, pattern.swing, "the pattern", problems)
        entry["beats_per_bar"] = min(max(pattern.beats_per_bar, 1), 16)
        for row, effect in enumerate(EFFECTS):
            settings = pattern.effects.get(effect.name, {})
            entry["effects"][row] = _values(effect.parameters, settings, f"effect {effect.name}", problems)
        problems += [f"There is no effect {name!r}." for name in pattern.effects if effect_called(name) is None]
        entry["seed"] = pattern.seed % 2**32
        scale = _scale(pattern, problems)
        soloed = any(track.solo for track in pattern.tracks)
        for place in range(TRACKS):
            if place >= len(pattern.tracks):
                entry["tracks"][place]["present"] = 0
                continue
            track = pattern.tracks[place]
            compiled, told = self._track(track, scale)
            entry["tracks"][place] = compiled
            problems += told
            if track.mute or (soloed and not track.solo):
                entry["tracks"][place]["strip"][GAIN] = 0.0
                entry["tracks"][place]["unlocked"] = 1 << GAIN
        entry["lfos"]["kind"] = OF_NOTHING
        for number, lfo in enumerate(pattern.lfos[:LFOS_MAX]):
            target = pattern_target(pattern, lfo.target)
            _compile_lfo(lfo, target, f"lfo{number + 1}", entry["lfos"][number], problems)
        for place, track in enumerate(pattern.tracks[:TRACKS]):
            if track.lfo is not None:
                target = track_target(track, place, track.lfo.target)
                where = f"the LFO of track {track.name}"
                _compile_lfo(track.lfo, target, where, entry["lfos"][LFOS_MAX + place], problems)
        return problems

    def _track(self, track: Track, scale: Scale | None) -> tuple[Record, list[str]]:
        known = self._tracks.get((id(track), scale))
        if known is None:
            compiled = np.zeros((), TRACK)
            known = track, compiled, _compile_track(track, scale, compiled, self._clips)
            if len(self._tracks) >= TRACKS_REMEMBERED:
                del self._tracks[next(iter(self._tracks))]
            self._tracks[id(track), scale] = known
        return known[1], known[2]


def compile_pattern(pattern: Pattern) -> tuple[np.ndarray[Any, np.dtype[Any]], list[str]]:
    """One pattern as an array of one record of PATTERN, and what could not be played as written."""
    entry = np.zeros(1, PATTERN)
    return entry, Compiler(ClipNumbers()).compile(pattern, entry[0])


def played_note(pattern: Pattern, track: Track, note: int) -> int:
    """The note that sounds where `note` is played on a track: the nearest of the scale where that is locked."""
    instrument = instrument_called(track.instrument)
    in_tune = pattern.scale_lock and instrument is not None and instrument.pitched
    return nearest_in_scale(note, pattern.root, pattern.scale) if in_tune else note


def _scale(pattern: Pattern, problems: list[str]) -> Scale | None:
    """The scale that all notes are played in, or None where they are played as written."""
    if pattern.scale not in SCALES:
        problems.append(f"There is no scale {pattern.scale!r}; notes play as they are written.")
        return None
    root = int(_clamped(ROOT, pattern.root, "the pattern", problems))
    return (root, pattern.scale) if pattern.scale_lock else None


def _compile_lfo(lfo: Lfo, target: Target | None, where: str, out: Record, problems: list[str]) -> None:
    if target is None:
        if lfo.target:
            problems.append(f"{where} moves nothing: there is no {lfo.target!r}.")
        return
    if lfo.shape not in lfos.SHAPES:
        problems.append(f"{where} is a sine: there is no shape {lfo.shape!r}.")
    parameter = target.parameter
    out["kind"], out["row"], out["place"] = target.kind, target.row, target.place
    out["scale"] = LOG if parameter.scale == "log" else LINEAR
    out["low"], out["high"] = parameter.low, parameter.high
    if parameter is STRIP[GAIN]:
        out["scale"] = FACTOR
        out["low"], out["high"] = (10.0 ** (db / 20.0) for db in (parameter.low, parameter.high))
    out["shape"] = lfos.SHAPES.index(lfo.shape) if lfo.shape in lfos.SHAPES else 0
    out["synced"] = lfo.synced
    for name in ("rate_hz", "beats", "depth", "phase"):
        out[name] = _clamped(LFO[name], getattr(lfo, name), where, problems)


def _compile_track(track: Track, scale: Scale | None, out: Record, clips: ClipNumbers) -> list[str]:
    problems: list[str] = []
    number = INSTRUMENT_NUMBERS.get(track.instrument)
    if number is None:
        return [f"Track {track.name} is silent: there is no instrument {track.instrument!r}."]
    where = f"track {track.name}"
    instrument = INSTRUMENTS[number]
    out["present"] = 1
    out["instrument"] = number
    out["clip"] = clips.number(track.clip) if track.clip else NO_CLIP
    if track.instrument == SAMPLER and out["clip"] == NO_CLIP:
        problems.append(
            f"Track {track.name} is silent: its sampler has no clip; /track/{track.name}/clip gives it one."
        )
    out["length"] = min(max(track.length, 1), STEPS)
    out["sound"] = _values(instrument.parameters, track.parameters, where, problems)
    sends = {name: value for name, value in track.sends.items() if name in SENDS}
    problems += [f"There is no send {name!r} on {where}." for name in track.sends if name not in SENDS]
    fields = {name: getattr(track, field) for name, field in STRIP_FIELDS.items()}
    out["strip"] = _values(STRIP, track.strip | sends | fields, where, problems)
    out["strip"][GAIN] = _amplitude(float(out["strip"][GAIN]))
    gate = _clamped(GATE, track.gate, where, problems)
    steps = [*track.steps[:STEPS], *(Step(),) * (int(out["length"]) - len(track.steps))]
    in_tune = scale if instrument.pitched else None
    out["steps"][: len(steps)] = [_step(track, steps, index, gate, in_tune, problems) for index in range(len(steps))]
    for index, step in enumerate(steps):
        if step.locks:
            _compile_locks(track, index, instrument.parameters, step.locks, out, problems)
    return problems


def _step(
    track: Track, steps: Sequence[Step], index: int, gate: float, scale: Scale | None, problems: list[str]
) -> tuple[Any, ...]:
    """One step as the fields of STEP, without its locks."""
    step = steps[index]
    if step in _SILENT:
        return _SILENCE
    slide = step.tie and step.note is not None
    note = track.note if step.note is None else step.note
    chord: Sequence[int] = step.chord[:CHORD]
    if scale is not None:
        tuned = nearest_in_scale(note, *scale)
        chord = [nearest_in_scale(note + above, *scale) - tuned for above in chord]
        note = tuned
    if not (
        0 <= step.velocity <= 1
        and 0 <= step.probability <= 1
        and -0.5 <= step.micro <= 0.5
        and 1 <= step.ratchet <= RATCHET_MAX
    ):
        step = _step_in_range(step, f"step {index + 1} of track {track.name}", problems)
    condition = parse_condition(step.condition) if step.condition else _UNCONDITIONAL
    if condition is None:
        problems.append(
            f"Step {index + 1} of track {track.name} plays always: there is no condition {step.condition!r}."
        )
        condition = _UNCONDITIONAL
    return (
        step.on and not step.tie,
        step.accent,
        slide,
        len(chord),
        0,  # locks follow
        step.ratchet,
        _CONDITIONS[condition.kind],
        condition.number,
        condition.rounds,
        note,
        step.velocity,
        _gate(track, steps, index, gate),
        step.probability,
        step.micro,
        (*chord, *(0,) * (CHORD - len(chord))) if chord else _NO_CHORD,
    )


def _step_in_range(step: Step, where: str, problems: list[str]) -> Step:
    """The step with all its numbers in their ranges, told where they were not."""
    return replace(
        step,
        velocity=_clamped(VELOCITY, step.velocity, where, problems),
        probability=_clamped(PROBABILITY, step.probability, where, problems),
        micro=_clamped(MICRO, step.micro, where, problems),
        ratchet=int(_clamped(RATCHET, step.ratchet, where, problems)),
    )


def _gate(track: Track, steps: Sequence[Step], index: int, gate: float) -> float:
    """Steps until a note struck at `index` ends: its share of one step, or to the end of the ties behind it."""
    length = min(max(track.length, 1), STEPS)
    tied = 0
    while tied < length - 1 and steps[(index + tied + 1) % length].tie:
        tied += 1
    return tied + 1.0 if tied or steps[index].tie else gate


def _values(table: Sequence[Parameter], settings: dict[str, Number], where: str, problems: list[str]) -> list[float]:
    """The values of a table's parameters in order, padded: as set, or clamped, or their defaults."""
    values = [parameter.default for parameter in table]
    for name, value in settings.items():
        parameter = parameter_called(name, tuple(table))
        if parameter is None:
            problems.append(f"There is no parameter {name!r} on {where}.")
            continue
        values[table.index(parameter)] = _clamped(parameter, value, where, problems)
    return values + [0.0] * (PARAMETERS - len(values))


def _compile_locks(
    track: Track, index: int, own: tuple[Parameter, ...], locks: dict[str, Number], out: Record, problems: list[str]
) -> None:
    """Fill the locks of one step; those that name nothing are told and left out."""
    where = f"step {index + 1} of track {track.name}"
    count = 0
    for name, value in locks.items():
        parameter = parameter_called(name, own, STRIP)
        if parameter is None:
            problems.append(f"{where} locks {name!r}, and the track has no such parameter.")
        elif count == LOCKS:
            problems.append(f"{where} has more than {LOCKS} locks; {name} is left out.")
        else:
            of_strip = parameter in STRIP
            clamped = _clamped(parameter, value, where, problems)
            place = PARAMETERS + STRIP.index(parameter) if of_strip else own.index(parameter)
            out["lock_places"][index, count] = place
            out["lock_values"][index, count] = _amplitude(clamped) if place == PARAMETERS + GAIN else clamped
            count += 1
    out["steps"][index]["locks"] = count


def _clamped(parameter: Parameter, value: Number, where: str, problems: list[str]) -> float:
    """`value` in the parameter's range; told where it lies outside."""
    if not parameter.low <= value <= parameter.high:
        unit = f" {parameter.unit}" if parameter.unit else ""
        problems.append(
            f"{parameter.name} of {where} is {value:g}; it goes from {parameter.low:g} to {parameter.high:g}{unit}, "
            "and plays at the nearest."
        )
    return parameter.clamp(value)


def _amplitude(gain_db: float) -> float:
    return 0.0 if gain_db <= SILENT_DB else float(10.0 ** (gain_db / 20.0))
