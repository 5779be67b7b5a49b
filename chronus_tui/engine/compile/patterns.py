"""From a document to the arrays that the sound reads.

A document may hold anything that has the right types: an unknown instrument or parameter, or a value out of
range, comes from another version or another hand. What cannot be played is left out or clamped, and told;
the document itself stays as it is.
"""

from typing import Any, NamedTuple

import numpy as np

from chronus_tui.engine.clips import NO_CLIP, ClipNumbers
from chronus_tui.engine.compile.settings import Locks, Table, amplitude, clamped, compile_locks
from chronus_tui.engine.compile.steps import Scale, compile_steps
from chronus_tui.engine.parameters import (
    INSTRUMENT_NUMBERS,
    SENDS,
    STRIP_FIELDS,
    Target,
    effect_called,
    instrument_called,
    pattern_target,
    track_target,
)
from dsp import lfos
from dsp.fx import EFFECTS, delay
from dsp.parameters import Parameter
from dsp.pattern import FACTOR, LINEAR, LOG, PATTERN, TRACK
from dsp.sizes import PATTERN_LOCKS, STEPS, TRACKS
from dsp.strip import GAIN, STRIP
from dsp.voices import INSTRUMENTS
from store.documents import Lfo, Pattern, Track
from store.limits import LFOS_MAX
from store.scales import SCALES, nearest_in_scale

Record = Any
"""A record of a structured numpy array, which has no type of its own."""

SAMPLER = "sampler"
TRACKS_REMEMBERED = 256

BPM = Parameter("bpm", 120.0, 20.0, 300.0, "", "Beats a minute.")
SWING = Parameter("swing", 0.0, 0.0, 0.75, "", "How late every second step comes.")
ROOT = Parameter("root", 0.0, 0.0, 11.0, "", "The note from C that the scale begins on.")
GATE = Parameter("gate", 0.5, 0.05, 1.0, "", "How long an untied note is held.")
LFO = {parameter.name: parameter for parameter in lfos.PARAMETERS}
_EFFECTS = {effect.name: Table(effect.parameters) for effect in EFFECTS}
_INSTRUMENTS = tuple(Table(instrument.parameters) for instrument in INSTRUMENTS)
_STRIP = Table(STRIP)


class _Compiled(NamedTuple):
    """A track as the sound reads it. `track` is kept alive, for it is known by its identity."""

    track: Track
    record: Record
    locks: Locks
    told: list[str]


class Compiler:
    """Compiles patterns, and remembers the tracks it has compiled: an edit costs one track, not sixteen.

    Used by one thread; `clips` gives their clips numbers.
    """

    def __init__(self, clips: ClipNumbers) -> None:
        self._clips = clips
        # By identity: a frozen track that is the same object sounds the same in the same scale. Kept beside it,
        # it stays alive.
        self._tracks: dict[tuple[int, Scale | None], _Compiled] = {}

    def compile(self, pattern: Pattern, entry: Record) -> list[str]:
        """Fill `entry`, a record of PATTERN, and tell in sentences what could not be played as written.

        Nothing stays of what lay there before: the sound compares the pattern that comes in with the one that goes,
        and a replay knows neither of their places.
        """
        problems: list[str] = []
        entry["bpm"] = clamped(BPM, pattern.bpm, "the pattern", problems)
        entry["swing"] = clamped(SWING, pattern.swing, "the pattern", problems)
        entry["beats_per_bar"] = min(max(pattern.beats_per_bar, 1), 16)
        entry["effects"] = [
            table.values(pattern.effects.get(name, {}), f"effect {name}", problems) for name, table in _EFFECTS.items()
        ]
        problems += [f"There is no effect {name!r}." for name in pattern.effects if effect_called(name) is None]
        entry["seed"] = pattern.seed % 2**32
        self._compile_tracks(pattern, entry, problems)
        _clear(entry["lfos"])  # which are OF_NOTHING then
        for number, lfo in enumerate(pattern.lfos[:LFOS_MAX]):
            target = pattern_target(pattern, lfo.target)
            _compile_lfo(lfo, target, f"lfo{number + 1}", entry["lfos"][number], problems)
        for place, track in enumerate(pattern.tracks[:TRACKS]):
            if track.lfo is not None:
                target = track_target(track, place, track.lfo.target)
                where = f"the LFO of track {track.name}"
                _compile_lfo(track.lfo, target, where, entry["lfos"][LFOS_MAX + place], problems)
        return problems

    def _compile_tracks(self, pattern: Pattern, entry: Record, problems: list[str]) -> None:
        scale = _scale(pattern, problems)
        soloed = any(track.solo for track in pattern.tracks)
        records = entry["tracks"]
        _clear(records)
        first_lock = 0
        for place, track in enumerate(pattern.tracks[:TRACKS]):
            compiled = self._track(track, scale)
            records[place] = compiled.record
            problems += compiled.told
            if track.mute or (soloed and not track.solo):
                records["strip"][place, GAIN] = 0.0
                records["unlocked"][place] = 1 << GAIN
            if compiled.locks.places:
                first_lock = _take_locks(track, compiled.locks, entry, records[place], first_lock, problems)
        entry["lock_places"][first_lock:] = 0
        entry["lock_values"][first_lock:] = 0.0

    def _track(self, track: Track, scale: Scale | None) -> _Compiled:
        known = self._tracks.get((id(track), scale))
        if known is None:
            known = _compile_track(track, scale, self._clips)
            if len(self._tracks) >= TRACKS_REMEMBERED:
                del self._tracks[next(iter(self._tracks))]
            self._tracks[id(track), scale] = known
        return known


def _clear(records: Record) -> None:
    """Make nothing of records that lie one behind another. As bytes, for numpy clears a field at a time."""
    records.view(np.uint8).fill(0)


def _take_locks(track: Track, locks: Locks, entry: Record, record: Record, first: int, problems: list[str]) -> int:
    """Put the locks of a track among its pattern's, from place `first` on. Returns the place behind them."""
    room = PATTERN_LOCKS - first
    record["first_lock"] = first
    if len(locks.places) > room:
        steps = record["steps"]
        steps["locks"] = np.clip(room - steps["first_lock"], 0, steps["locks"])
        problems.append(
            f"Track {track.name} plays {room} of its {len(locks.places)} locks: "
            f"all tracks of a pattern have at most {PATTERN_LOCKS}."
        )
    behind = first + min(len(locks.places), room)
    entry["lock_places"][first:behind] = locks.places[:room]
    entry["lock_values"][first:behind] = locks.values[:room]
    return behind


def compile_pattern(pattern: Pattern) -> tuple[np.ndarray[Any, np.dtype[Any]], list[str]]:
    """One pattern as an array of one record of PATTERN, and what could not be played as written."""
    entry = np.zeros(1, PATTERN)
    return entry, Compiler(ClipNumbers()).compile(pattern, entry[0])


def echo_s(pattern: Pattern) -> float:
    """How far back the echoes of a pattern reach, seconds, as it is played."""
    beats = _EFFECTS["delay"].values(pattern.effects.get("delay", {}), "", [])[delay.BEATS]
    return beats * 60.0 / clamped(BPM, pattern.bpm, "", [])


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
    root = int(clamped(ROOT, pattern.root, "the pattern", problems))
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
        out[name] = clamped(LFO[name], getattr(lfo, name), where, problems)


def _compile_track(track: Track, scale: Scale | None, clips: ClipNumbers) -> _Compiled:
    problems: list[str] = []
    out = np.zeros((), TRACK)
    number = INSTRUMENT_NUMBERS.get(track.instrument)
    if number is None:
        told = f"Track {track.name} is silent: there is no instrument {track.instrument!r}."
        return _Compiled(track, out, Locks([], [], {}), [told])
    where = f"track {track.name}"
    out["present"] = 1
    out["instrument"] = number
    clip = clips.number(track.clip) if track.clip else NO_CLIP
    out["clip"] = clip
    if track.instrument == SAMPLER and clip == NO_CLIP:
        problems.append(
            f"Track {track.name} is silent: its sampler has no clip; /track/{track.name}/clip gives it one."
        )
    length = min(max(track.length, 1), STEPS)
    out["length"] = length
    out["sound"] = _INSTRUMENTS[number].values(track.parameters, where, problems)
    sends = {name: value for name, value in track.sends.items() if name in SENDS}
    problems += [f"There is no send {name!r} on {where}." for name in track.sends if name not in SENDS]
    fields = {name: getattr(track, field) for name, field in STRIP_FIELDS.items()}
    strip = _STRIP.values(track.strip | sends | fields, where, problems)
    strip[GAIN] = amplitude(strip[GAIN])
    out["strip"] = strip
    gate = clamped(GATE, track.gate, where, problems)
    in_tune = scale if INSTRUMENTS[number].pitched else None
    locks = compile_locks(track, _INSTRUMENTS[number], _STRIP, problems)
    steps = compile_steps(track, length, gate, in_tune, locks, problems)
    out["steps"][: len(steps)] = steps
    return _Compiled(track, out, locks, problems)
