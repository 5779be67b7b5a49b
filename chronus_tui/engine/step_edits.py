"""Edits of what steps do besides sounding, of all steps of a track at once, and of LFOs.

Pure functions, numbered from 0, as those in `edits`.
"""

from msgspec.structs import replace

from chronus_tui.engine import edits
from chronus_tui.engine.parameters import check, pattern_target, tables_of, track_target
from chronus_tui.errors import CommandRefused
from dsp import lfos
from dsp.pattern import OF_EFFECT
from dsp.sizes import LOCKS
from store.documents import Lfo, Number, Pattern
from store.limits import LFOS_MAX


def with_lock(pattern: Pattern, index: int, step: int, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of one step locked to a value."""
    track = pattern.tracks[index]
    check(name, tables_of(track), track.name, value)
    locks = {**edits.step_of(track, step).locks, name: value}
    if len(locks) > LOCKS:
        raise CommandRefused(f"Step {step + 1} of {track.name} has {LOCKS} locks; no more fit.")
    return edits.with_step(pattern, index, step, locks=locks)


def without_lock(pattern: Pattern, index: int, step: int, name: str | None) -> Pattern:
    """`pattern` with one lock of one step less, or with none of them."""
    track = pattern.tracks[index]
    locks = edits.step_of(track, step).locks
    if name is None:
        return edits.with_step(pattern, index, step, locks={})
    if name not in locks:
        held = ", ".join(locks) or "none"
        raise CommandRefused(f"Step {step + 1} of {track.name} has no lock {name!r}; it has {held}.")
    return edits.with_step(pattern, index, step, locks={key: value for key, value in locks.items() if key != name})


def with_euclid(pattern: Pattern, index: int, hits: int, steps: int | None, rotation: int) -> Pattern:
    """`pattern` with `hits` spread as evenly as can be over a track's steps, the first hit on step `rotation`.

    Steps keep what they had besides: notes, velocities, accents, locks.
    """
    track = pattern.tracks[index]
    length = track.length if steps is None else steps
    if hits > length:
        raise CommandRefused(f"{hits} hits do not fit into {length} steps.")
    spread = _spread(hits, length)
    changed = tuple(
        replace(edits.step_of(track, place), on=spread[(place - rotation) % length], tie=False)
        for place in range(length)
    )
    return edits.with_track(pattern, index, steps=changed + track.steps[length:], length=length)


def _spread(hits: int, length: int) -> list[bool]:
    """`hits` among `length` places, as evenly as can be, the first place first.

    Source: Toussaint, "The Euclidean Algorithm Generates Traditional Musical Rhythms", 2005.
    """
    groups, rest = [[True]] * hits, [[False]] * (length - hits)
    while groups and len(rest) > 1:
        paired = min(len(groups), len(rest))
        groups, rest = (
            [group + end for group, end in zip(groups, rest, strict=False)],
            groups[paired:] or rest[paired:],
        )
    return [place for group in (*groups, *rest) for place in group]


def with_rotation(pattern: Pattern, index: int, by: int) -> Pattern:
    """`pattern` with the steps that a track plays moved later by `by` places, or earlier below 0."""
    track = pattern.tracks[index]
    played = [edits.step_of(track, place) for place in range(track.length)]
    turned = tuple(played[(place - by) % track.length] for place in range(track.length))
    return edits.with_track(pattern, index, steps=turned + track.steps[track.length :])


def with_track_lfo(pattern: Pattern, index: int, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of a track's LFO set."""
    lfo = pattern.tracks[index].lfo or Lfo()
    return edits.with_track(pattern, index, lfo=_turned(lfo, name, value))


def with_track_lfo_target(pattern: Pattern, index: int, name: str) -> Pattern:
    """`pattern` with a track's LFO on one of the track's parameters, or on none."""
    track = pattern.tracks[index]
    if name and track_target(track, index, name) is None:
        names = ", ".join(parameter.name for parameter in tables_of(track))
        raise CommandRefused(f"There is no parameter {name!r} on {track.name}; there are {names}.")
    return edits.with_track(pattern, index, lfo=replace(track.lfo or Lfo(), target=name))


def with_lfo(pattern: Pattern, number: int, name: str, value: Number) -> Pattern:
    """`pattern` with one parameter of one of its LFOs set."""
    return _with_lfo(pattern, number, _turned(_lfo_of(pattern, number), name, value))


def with_lfo_target(pattern: Pattern, number: int, target: str) -> Pattern:
    """`pattern` with one of its LFOs on the parameter that `target` names, such as "acid cutoff", or on none."""
    found = pattern_target(pattern, target)
    if target and found is None:
        raise CommandRefused(
            f"There is nothing called {target[:64]!r}; write a track or an effect and one of its parameters, "
            "such as delay feedback."
        )
    if found is not None and found.kind != OF_EFFECT:
        target = f"{pattern.tracks[found.row].name} {found.parameter.name}"  # a number would name another one's place
    return _with_lfo(pattern, number, replace(_lfo_of(pattern, number), target=target))


def _lfo_of(pattern: Pattern, number: int) -> Lfo:
    return pattern.lfos[number] if number < len(pattern.lfos) else Lfo()


def _with_lfo(pattern: Pattern, number: int, lfo: Lfo) -> Pattern:
    all_of_them = [_lfo_of(pattern, place) for place in range(LFOS_MAX)]
    all_of_them[number] = lfo
    return replace(pattern, lfos=tuple(all_of_them[: max(number + 1, len(pattern.lfos))]))


def _turned(lfo: Lfo, name: str, value: Number) -> Lfo:
    match name:
        case "shape":
            return replace(lfo, shape=lfos.SHAPES[round(value)])
        case "synced":
            return replace(lfo, synced=value >= 0.5)
        case _:
            return replace(lfo, **{name: value})
