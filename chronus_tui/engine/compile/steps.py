"""From the steps of a track to the records that the sound reads.

A full bank has 100 000 of them, so each is packed at once, and those that are alike are packed once.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Any

import numpy as np
from msgspec.structs import replace

from chronus_tui.engine.compile.settings import Locks, clamped
from dsp.parameters import Parameter
from dsp.pattern import NO_NOTE, STEP
from dsp.sizes import CHORD, STEPS
from dsp.steps import ALWAYS, FILL, FIRST, NOT_FILL, NOT_FIRST, ROUND_OF
from store.conditions import Condition, parse_condition
from store.documents import Step, Track
from store.limits import RATCHET_MAX
from store.scales import nearest_in_scale

Scale = tuple[int, str]
"""Root and name of the scale that notes are played in."""

VELOCITY = Parameter("velocity", 0.8, 0.0, 1.0, "", "How hard a step is struck.")
PROBABILITY = Parameter("probability", 1.0, 0.0, 1.0, "", "How often a step is played.")
RATCHET = Parameter("ratchet", 1.0, 1.0, RATCHET_MAX, "", "How often a step is struck.")
MICRO = Parameter("micro", 0.0, -0.5, 0.5, "", "How early or late a step comes.")

_PACKED = Struct(f"=8B2h{CHORD}b4f")
"""The fields of STEP in their order; no field of it is padded."""
_NO_LOCKS = (0, 0)
_UNCONDITIONAL = Condition()
_NO_CHORD = (NO_NOTE,) * CHORD
_REST, _TIE = Step(), Step(tie=True)
_SILENCE = _PACKED.pack(0, 0, 0, 1, ALWAYS, 1, 1, 0, 0, 60, *_NO_CHORD, 0.8, 0.5, 1.0, 0.0)
"""A step in which nothing begins."""
_CONDITIONS = {
    "always": ALWAYS,
    "of": ROUND_OF,
    "first": FIRST,
    "not first": NOT_FIRST,
    "fill": FILL,
    "not fill": NOT_FILL,
}


def compile_steps(
    track: Track, length: int, gate: float, scale: Scale | None, locks: Locks, problems: list[str]
) -> Any:
    """The steps of a track, (number of steps,) array of STEP; told in `problems` what could not be played as written.

    length  of the track, 1..STEPS
    gate    the track's, in its range
    scale   that all notes are moved into, or None
    locks   of all steps
    """
    steps = [*track.steps[:STEPS], *(_REST,) * (length - len(track.steps))]
    ties = any(step.tie for step in steps)
    alike: dict[tuple[int, float], bytes] = {}
    packed = []
    for index, step in enumerate(steps):
        if step is _REST:
            packed.append(_SILENCE)
            continue
        held = _gate(steps, index, length, gate) if ties else gate
        fields = alike.get((id(step), held))
        if fields is None:
            told = len(problems)
            fields = _fields(track, step, index, held, scale, locks.steps.get(index, _NO_LOCKS), problems)
            if not step.locks and len(problems) == told:
                alike[id(step), held] = fields
        packed.append(fields)
    return np.frombuffer(b"".join(packed), STEP)


def _fields(
    track: Track,
    step: Step,
    index: int,
    gate: float,
    scale: Scale | None,
    locks: tuple[int, int],
    problems: list[str],
) -> bytes:
    """One step as STEP; `locks` says where its locks begin and how many they are."""
    if step in (_REST, _TIE):
        return _SILENCE
    note = track.note if step.note is None else step.note
    chord: Sequence[int] = step.chord[:CHORD]
    if scale is not None:
        tuned = nearest_in_scale(note, *scale)
        chord = [min(max(nearest_in_scale(note + above, *scale) - tuned, -127), 127) for above in chord]
        note = tuned
    if not (
        0 <= step.velocity <= 1
        and 0 <= step.probability <= 1
        and -0.5 <= step.micro <= 0.5
        and 1 <= step.ratchet <= RATCHET_MAX
    ):
        step = _in_range(step, f"step {index + 1} of track {track.name}", problems)
    condition = parse_condition(step.condition) if step.condition else _UNCONDITIONAL
    if condition is None:
        problems.append(
            f"Step {index + 1} of track {track.name} plays always: there is no condition {step.condition!r}."
        )
        condition = _UNCONDITIONAL
    first_lock, lock_count = locks
    return _PACKED.pack(
        step.on and not step.tie,
        step.accent,
        step.tie and step.note is not None,
        step.ratchet,
        _CONDITIONS[condition.kind],
        condition.number,
        condition.rounds,
        lock_count,
        first_lock,
        note,
        *chord,
        *_NO_CHORD[len(chord) :],
        step.velocity,
        gate,
        step.probability,
        step.micro,
    )


def _in_range(step: Step, where: str, problems: list[str]) -> Step:
    """The step with all its numbers in their ranges, told where they were not."""
    return replace(
        step,
        velocity=clamped(VELOCITY, step.velocity, where, problems),
        probability=clamped(PROBABILITY, step.probability, where, problems),
        micro=clamped(MICRO, step.micro, where, problems),
        ratchet=int(clamped(RATCHET, step.ratchet, where, problems)),
    )


def _gate(steps: Sequence[Step], index: int, length: int, gate: float) -> float:
    """Steps until a note struck at `index` ends: its share of one step, or to the end of the ties behind it."""
    tied = 0
    while tied < length - 1 and steps[(index + tied + 1) % length].tie:
        tied += 1
    return tied + 1.0 if tied or steps[index].tie else gate
