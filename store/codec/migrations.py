"""What older files looked like, and what becomes of them. Nothing here writes: a file of an older version
is brought to the current one each time it is read, and written back as such only by a save.

Version 1 of the pattern had its tracks in an object by name, its steps as one line of text, its notes in
Hz and its effects under their numbers. Fields of it that have no place today go to `extra`, the track's
own or the pattern's, under their old names. Fields that bear a name of version 2 are taken for what they
say.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from store.codec import reading
from store.codec.reading import Wrong, wanted
from store.documents import Number
from store.limits import STEPS_MAX
from store.notes import NOTES

T = TypeVar("T")

_STEP_OF_LETTER: Mapping[str, dict[str, Any]] = {
    "X": {"on": True, "accent": True},
    "x": {"on": True},
    ".": {},
    "-": {"tie": True},
}

_INSTRUMENT_WORDS = (
    ("open_hat", ("open", "oh")),
    ("closed_hat", ("hat", "hh", "ch")),
    ("kick", ("kick", "bd")),
    ("snare", ("snare", "sd")),
    ("clap", ("clap", "cp")),
    ("acid", ("bass", "acid", "303", "lead")),
)
"""Words in a track's name that tell its instrument; the first that fits counts."""
_PITCHED = ("acid", "poly")
_NOMINAL_NOTE = 60
"""The note at which a drum has the pitch it is tuned to."""

_DELAY_SEND = 0.3
_SHORTEST_DECAY_S, _DECAY_RANGE_S = 0.3, 7.7


def is_pattern_version_1(raw: Mapping[str, Any]) -> bool:
    """Whether `raw`, the JSON object of a file, is a pattern of version 1: those had no "format"."""
    return "format" not in raw and ("chronus_version" in raw or isinstance(raw.get("tracks"), dict))


def pattern_version_1_to_2(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw fields of a version 2 pattern that sounds as `raw` did.

    - A track's instrument is told from its name, and is "poly" where the name tells nothing.
    - `notes`, in Hz, are handed to the hits in turn, over and over, as the nearest MIDI notes. `base_freq`
      becomes the track's own note, `filter_freq` its parameter `cutoff`.
    - A drum's note is relative to its tuning: `base_freq`, or else the first of `notes`, is note 60, and
      what a kick is tuned to.
    - The reverb's `mix` becomes every track's send, its `room` 0..1 a decay of 0.3 to 8 s.
    - The delay's `time` in seconds becomes beats at the pattern's tempo; every track sends it 0.3.

    Raises Wrong with the place in the version 1 file.
    """
    pattern = dict(raw)
    bpm = _at("bpm", reading.number, pattern.get("bpm", 120.0))
    effects, sends = _take_effects(pattern, bpm)
    old_tracks = _at("tracks", _object, pattern.pop("tracks", {}))
    pattern["tracks"] = [_track(name, track, sends) for name, track in old_tracks.items()]
    if effects:
        pattern["effects"] = effects
    return pattern


def _track(name: str, old: Any, sends: Mapping[str, Any]) -> dict[str, Any]:
    place = f"tracks.{name}"
    left = dict(_at(place, _object, old))
    instrument = _instrument(name)
    track: dict[str, Any] = {"name": name, "instrument": instrument}
    if "gate_frac" in left:
        track["gate"] = _at(f"{place}.gate_frac", reading.number, left.pop("gate_frac"))
    if sends:
        track["sends"] = dict(sends)
    steps = _at(f"{place}.pattern", _steps, left.pop("pattern", ""))
    frequencies = _at(f"{place}.notes", reading.items(_frequency), left.pop("notes", []))
    base_hz = _at(f"{place}.base_freq", _frequency, left["base_freq"]) if "base_freq" in left else None
    if instrument in _PITCHED:
        notes = [_note_of_hz(hz) for hz in frequencies]
        if base_hz is not None:
            track["note"] = _note_of_hz(left.pop("base_freq"))
        if "filter_freq" in left:
            track["parameters"] = {"cutoff": _at(f"{place}.filter_freq", reading.number, left.pop("filter_freq"))}
    else:
        nominal_hz = base_hz or (frequencies[0] if frequencies else 0)
        notes = [_note_of_hz(hz, _NOMINAL_NOTE, nominal_hz) for hz in frequencies]
        if instrument == "kick" and nominal_hz:
            track["parameters"] = {"tune": nominal_hz}
            left.pop("base_freq", None)
    _hand_out(notes, steps, track.get("note", _NOMINAL_NOTE))
    if steps:
        track["length"] = len(steps)
        track["steps"] = steps
    return track | left


def _hand_out(notes: list[int], steps: list[dict[str, Any]], own_note: int) -> None:
    """Give the hits among `steps` the `notes` in turn; what is the track's own note all along needs none."""
    if set(notes) <= {own_note}:
        return
    hits = (step for step in steps if step.get("on"))
    for step, note in zip(hits, itertools.cycle(notes), strict=False):
        step["note"] = note


def _instrument(name: str) -> str:
    plain = name.lower()
    return next((instrument for instrument, words in _INSTRUMENT_WORDS if any(w in plain for w in words)), "poly")


def _steps(value: Any) -> list[dict[str, Any]]:
    line = reading.text(value)
    if len(line) > STEPS_MAX:
        raise Wrong(f"holds {len(line)} steps; at most {STEPS_MAX} fit")
    for letter in line:
        if letter not in _STEP_OF_LETTER:
            raise wanted(letter, "X, x, . or - for each step")
    return [dict(_STEP_OF_LETTER[letter]) for letter in line]


def _take_effects(pattern: dict[str, Any], bpm: float) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The settings of today's effects, and the sends to them; what is understood is taken out of `pattern`."""
    old = dict(_at("global_effects", _object, pattern.pop("global_effects", {})))
    effects: dict[str, dict[str, Any]] = {}
    sends: dict[str, Any] = {}
    reverb = _settings(old, "reverb1", ("mix", "room"))
    if "mix" in reverb:
        sends["reverb"] = reverb["mix"]
    if "room" in reverb:
        effects["reverb"] = {"decay": _SHORTEST_DECAY_S + _DECAY_RANGE_S * reverb["room"]}
    delay = _settings(old, "delay1", ("time", "feedback"))
    if delay:
        sends["delay"] = _DELAY_SEND
        effects["delay"] = {}
    if "time" in delay:
        effects["delay"]["beats"] = float(delay["time"]) * bpm / 60
    if "feedback" in delay:
        effects["delay"]["feedback"] = delay["feedback"]
    if old:
        pattern["global_effects"] = old
    return effects, sends


def _settings(effects: dict[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any]:
    """The `known` settings of the effect `name`, taken out of `effects`; what is left of it stays there."""
    place = f"global_effects.{name}"
    left = dict(_at(place, _object, effects.pop(name, {})))
    taken = {key: _at(f"{place}.{key}", reading.number, left.pop(key)) for key in known if key in left}
    if left:
        effects[name] = left
    return taken


def _frequency(value: Any) -> Number:
    hz = reading.number(value)
    if hz <= 0:
        raise wanted(value, "a frequency in Hz")
    return hz


def _note_of_hz(hz: Number, note: int = 69, note_hz: Number = 440) -> int:
    """The MIDI note nearest to `hz` where `note` has `note_hz`; the lowest or highest one beyond."""
    return min(max(note + round(12 * (math.log2(hz) - math.log2(note_hz))), 0), NOTES - 1)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wanted(value, "an object")
    return value


def _at(place: str, read: Callable[[Any], T], value: Any) -> T:
    """`read(value)`, with `place` named where it is wrong."""
    try:
        return read(value)
    except Wrong as wrong:
        raise wrong.inside(place) from None
