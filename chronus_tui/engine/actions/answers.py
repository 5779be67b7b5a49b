"""How much an answer may tell: over OSC all of it has to fit into one datagram, and a person reads it."""

from collections.abc import Iterable, Sequence

from chronus_tui.engine.results import Results
from chronus_tui.engine.studio import Call
from chronus_tui.errors import CommandRefused

ANSWER_MAX = 60_000
"""Bytes of names that fit into one datagram, beside what else is in it."""
TOLD_MAX = 20
"""Sentences that are told one by one."""


def names(call: Call, found: Iterable[str], what: str, instead: str) -> Results:
    """The names as results; `what` they are and what to ask for `instead` where there are too many of them.

    Raises CommandRefused where the asker hears over OSC and a datagram does not hold them.
    """
    told = tuple(found)
    if call.request.sender is not None and sum(len(name.encode()) + 5 for name in told) > ANSWER_MAX:
        raise CommandRefused(f"These are {len(told)} {what}, more than one answer holds; {instead}.")
    return told


def shortened(told: Sequence[str], rest: str) -> Results:
    """The first sentences of many, and how many more there are, `rest` being what is said of those."""
    more = len(told) - TOLD_MAX
    return (*told[:TOLD_MAX], *([f"And {more} more {rest}."] if more > 0 else []))
