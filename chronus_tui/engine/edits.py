"""Every edit of a pattern as a pure function: the old pattern in, the new one out.

Tracks are numbered from 0 and steps from 0 here; people's names and numbers are read in `track_index`.
Each raises CommandRefused where the pattern does not allow it.
"""

from typing import Any

from msgspec.structs import replace

from chronus_tui.engine.parameters import (
    INSTRUMENT_NUMBERS,
    SENDS,
    STRIP_FIELDS,
    instrument_called,
    parameter_called,
)
from chronus_tui.errors import CommandRefused
from dsp.strip import STRIP
from store.documents import Number, Pattern, Preset, Step, Track
from store.limits import STEPS_MAX, TRACKS_MAX

TRACK_NAME_MAX = 32
STEP_CHARACTERS = "Xx.-"


def track_index(pattern: Pattern, name: str) -> int:
    """The place, from 0, of the track that a person calls by name or by number from 1."""
    for index, track in enumerate(pattern.tracks):
        if track.name == name:
            return index
    if name.isascii() and name.isdigit() and 1 <= int(name) <= len(pattern.tracks):
        return int(name) - 1
    names = ", ".join(track.name for track in pattern.tracks) or "none"
    raise CommandRefused(f"There is no track {name!r}; the pattern has: {names}.")


def with_track(pattern: Pattern, index: int, **changes: Any) -> Pattern:
    """`pattern` with some fields of one track changed."""
    tracks = list(pattern.tracks)
    tracks[index] = replace(tracks[index], **changes)
    return replace(pattern, tracks=tuple(tracks))


def step_of(track: Track, step: int) -> Step:
    """One step, which a track may not have written out."""
    return track.steps[step] if step < len(track.steps) else Step()


def with_step(pattern: Pattern, index: int, step: int, **changes: Any) -> Pattern:
    """`pattern` with some fields of one step changed. The step lies within the track's length."""
    track = pattern.tracks[index]
    if step >= track.length:
        raise CommandRefused(f"Track {track.name} has {track.length} steps; there is no step {step + 1}.")
    steps = list(track.steps) + [Step()] * (step + 1 - len(track.steps))
    steps[step] = replace(steps[step], **changes)
    return with_track(pattern, index, steps=tuple(steps))


def with_step_text(pattern: Pattern, index: int, text: str) -> Pattern:
    """`pattern` with a track's steps written as text: X accent, x hit, . rest, - tie.

    The text's length becomes the track's. Notes and velocities that steps had stay theirs.
    """
    if not 1 <= len(text) <= STEPS_MAX:
        raise CommandRefused(f"The steps are {len(text)} characters; 1 to {STEPS_MAX} fit.")
    wrong = [character for character in text if character not in STEP_CHARACTERS]
    if wrong:
        raise CommandRefused(f"{wrong[0]!r} is no step; write X accent, x hit, . rest, - tie.")
    track = pattern.tracks[index]
    steps = tuple(
        replace(step_of(track, place), on=character in "Xx", accent=character == "X", tie=character == "-")
        for place, character in enumerate(text)
    )
    return with_track(pattern, index, steps=steps, length=len(text))


def with_parameter(pattern: Pattern, index: int, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of a track's instrument set."""
    return with_track(pattern, index, parameters={**pattern.tracks[index].parameters, name: value})


def with_strip(pattern: Pattern, index: int, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of a track's mixer strip set, wherever a track keeps it."""
    if name in STRIP_FIELDS:
        return with_track(pattern, index, **{STRIP_FIELDS[name]: value})
    if name in SENDS:
        return with_track(pattern, index, sends={**pattern.tracks[index].sends, name: value})
    return with_track(pattern, index, strip={**pattern.tracks[index].strip, name: value})


def with_effect(pattern: Pattern, effect: str, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of an effect set."""
    settings = {**pattern.effects.get(effect, {}), name: value}
    return replace(pattern, effects={**pattern.effects, effect: settings})


def with_instrument(pattern: Pattern, index: int, name: str) -> Pattern:
    """`pattern` with another instrument on a track, at its defaults. Steps keep their notes and the strip's locks."""
    instrument = instrument_called(name)
    if instrument is None:
        raise CommandRefused(f"There is no instrument {name!r}; there are {', '.join(INSTRUMENT_NUMBERS)}.")
    if pattern.tracks[index].instrument == name:
        return pattern
    track = pattern.tracks[index]
    steps = tuple(
        replace(step, locks={key: value for key, value in step.locks.items() if parameter_called(key, STRIP)})
        for step in track.steps
    )
    lfo = track.lfo
    if lfo is not None and not parameter_called(lfo.target, instrument.parameters, STRIP):
        lfo = replace(lfo, target="")
    return with_track(
        pattern, index, instrument=name, parameters={}, preset="", note=instrument.default_note, steps=steps, lfo=lfo
    )


def with_preset(pattern: Pattern, index: int, preset: Preset) -> Pattern:
    """`pattern` with the sound of a preset on a track, whose instrument it becomes, too."""
    changed = with_instrument(pattern, index, preset.instrument)
    return with_track(changed, index, parameters=dict(preset.parameters), preset=preset.name)


def with_clip(pattern: Pattern, index: int, name: str) -> Pattern:
    """`pattern` with a track that plays the clip called `name`: a sampler, if it was none."""
    return with_track(with_instrument(pattern, index, "sampler"), index, clip=name)


def with_new_track(pattern: Pattern, instrument: str, name: str | None) -> Pattern:
    """`pattern` with one more track, of an empty bar."""
    if len(pattern.tracks) >= TRACKS_MAX:
        raise CommandRefused(f"The pattern has {TRACKS_MAX} tracks; no more fit.")
    found = instrument_called(instrument)
    if found is None:
        raise CommandRefused(f"There is no instrument {instrument!r}; there are {', '.join(INSTRUMENT_NUMBERS)}.")
    names = {track.name for track in pattern.tracks}
    free = name or next(
        choice for choice in (instrument, *(f"{instrument}{n}" for n in range(2, 99))) if choice not in names
    )
    track = Track(name=_track_name(pattern, free), instrument=instrument, note=found.default_note)
    return replace(pattern, tracks=(*pattern.tracks, track))


def with_track_name(pattern: Pattern, index: int, name: str) -> Pattern:
    """`pattern` with a track renamed, for its LFOs too."""
    if name == pattern.tracks[index].name:
        return pattern
    renamed = with_track(pattern, index, name=_track_name(pattern, name))
    before = f"{pattern.tracks[index].name} "
    lfos = tuple(
        replace(lfo, target=f"{name} {lfo.target.removeprefix(before)}") if lfo.target.startswith(before) else lfo
        for lfo in pattern.lfos
    )
    return replace(renamed, lfos=lfos)


def without_track(pattern: Pattern, index: int) -> Pattern:
    """`pattern` with one track less."""
    return replace(pattern, tracks=pattern.tracks[:index] + pattern.tracks[index + 1 :])


def _track_name(pattern: Pattern, name: str) -> str:
    """`name`, where a track may be called so: it must fit into an address."""
    if not name or len(name) > TRACK_NAME_MAX or not name.isprintable() or any(c in "/ #*,?[]{}" for c in name):
        raise CommandRefused(
            f"A track cannot be called {name[:TRACK_NAME_MAX]!r}; use up to {TRACK_NAME_MAX} letters, "
            "digits, - or _, and no blanks."
        )
    if name.isdigit():
        raise CommandRefused(f"A track cannot be called {name!r}; numbers name tracks by their place.")
    if any(track.name == name for track in pattern.tracks):
        raise CommandRefused(f"There is a track {name!r} already.")
    return name
