"""In which rounds of its track a step is played, as people write it: "2:4", "first", "not fill"."""

import re
from typing import Literal, NamedTuple

ROUNDS_MAX = 64
"""As many as a condition can count to, and as a pattern is played through for a file."""
PLAIN_CONDITIONS = ("first", "not first", "fill", "not fill")

_OF = re.compile(r"([0-9]{1,2}):([0-9]{1,2})")


class Condition(NamedTuple):
    """`kind` "of": in the round number `number` of every `rounds`, counted from 1."""

    kind: Literal["always", "of", "first", "not first", "fill", "not fill"] = "always"
    number: int = 1
    rounds: int = 1


def parse_condition(text: str) -> Condition | None:
    """The condition that `text` means, "" for none, or None where it means nothing."""
    match text:
        case "":
            return Condition()
        case "first" | "not first" | "fill" | "not fill":
            return Condition(text)
    found = _OF.fullmatch(text)
    if found is None:
        return None
    number, rounds = int(found[1]), int(found[2])
    return Condition("of", number, rounds) if 1 <= number <= rounds <= ROUNDS_MAX else None
