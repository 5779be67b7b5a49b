"""A track's steps, a step a line; what is at its default is left out."""

import math
from typing import Any

from store.codec import reading
from store.codec.format import one_line
from store.codec.json_text import line, list_block
from store.documents import Number, Step
from store.errors import StoreError
from store.limits import CHORD_MAX

REST = Step()

_fields = reading.fields(
    {
        "on": reading.switch,
        "note": reading.maybe(reading.note),
        "velocity": reading.number,
        "accent": reading.switch,
        "tie": reading.switch,
        "chord": reading.items(reading.whole(-127, 127), CHORD_MAX, "notes"),
        "probability": reading.number,
        "ratchet": reading.whole(-(2**31), 2**31 - 1),
        "micro": reading.number,
        "condition": reading.text,
        "locks": reading.entries(reading.number),
    }
)
_REMEMBERED = 4096
_known: dict[str, Step] = {}
"""Steps that were read, by what they were read from: those that are alike are one, in a bank of 131,072 of them."""


def read_step(value: Any) -> Step:
    """The step in a raw object. Raises Wrong."""
    if value == {}:
        return REST
    text = repr(value)  # which tells 1 from 1.0 and from True
    known = _known.get(text)
    if known is None:
        known = Step(**_fields(value))
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[text] = known
    return known


def steps_text(steps: tuple[Step, ...]) -> str:
    """The text of a track's steps. Raises StoreError where a number is not finite."""
    for step in steps:
        if step is not REST:
            _check(step)
    if any(step.locks or step.condition or step.extra for step in steps):
        return list_block(map(one_line, steps))
    # No step holds text or an object, so all can be laid out at once, in a tenth of the time.
    return list_block(line(steps)[1:-1].replace("}, {", "}\n{").split("\n"))


def _check(step: Step) -> None:
    if not math.isfinite(step.velocity + step.probability + step.micro) or step.locks:
        for name in ("velocity", "probability", "micro"):
            _check_finite(name, getattr(step, name))
        for name, value in step.locks.items():
            _check_finite(name, value)


def _check_finite(name: str, value: Number) -> None:
    if not math.isfinite(value):
        raise StoreError(f"A step has the {name} {value}; it takes a number.")
