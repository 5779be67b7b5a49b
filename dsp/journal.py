"""What the sound was told, and when it heard it: enough to make the same sound again.

`render` writes each command down as it receives it, with the first frame of that quantum, and what it hears of a
recording that is listened to, where that does not just go on; the control thread reads.
Nothing is written where nobody reads any more, and that is counted.
"""

from typing import Any

import numpy as np

from dsp.kernels import ArrayOf, door, kernel
from dsp.rings import free_place, give_up, oldest_place, publish
from dsp.state import JOURNAL_RING

WHOLE, BROKEN = 7, 2
"""How many whole numbers a line has, and how many with a fraction."""


LISTENED = -1
"""The kind of a line that is no command. a: whether what lies in the ring of `dsp.audition` is to be heard; b: how many
frames of it in each quantum from this one on; ticket: from which of all on; x: with which level at first."""


@kernel
def write_listened(state: Any) -> None:
    """Note what is heard of the ring of `dsp.audition` from the quantum on that was just mixed."""
    ring, listened = state.journal, state.listened
    place = free_place(ring)
    if place < 0:
        ring.lost += 1
        return
    line = ring.entries[place]
    line.at = state.frame
    line.command.frame = state.frame
    line.command.kind = LISTENED
    line.command.a = listened.open
    line.command.b = listened.count
    line.command.ticket = listened.place
    line.command.base = 0
    line.command.x = listened.gain
    line.command.y = 0.0
    publish(ring)


@kernel
def write_down(state: Any, command: Any) -> None:
    """Note that a command was received in the quantum that is about to be made."""
    ring = state.journal
    place = free_place(ring)
    if place < 0:
        ring.lost += 1
        return
    line = ring.entries[place]
    line.at = state.frame
    line.command = command
    publish(ring)


@door(JOURNAL_RING, ArrayOf(np.int64, 1), ArrayOf(np.float64, 1))
def take_line(ring: Any, whole: Any, broken: Any) -> bool:
    """Move the oldest line into `whole`, (WHOLE,) int64: frame of its quantum, then frame, kind, a, b, ticket and base
    of the command, and `broken`, (BROKEN,) float64: its x and y. False where there is none."""
    place = oldest_place(ring)
    if place < 0:
        return False
    line = ring.entries[place]
    whole[0] = line.at
    whole[1] = line.command.frame
    whole[2] = line.command.kind
    whole[3] = line.command.a
    whole[4] = line.command.b
    whole[5] = line.command.ticket
    whole[6] = line.command.base
    broken[0] = line.command.x
    broken[1] = line.command.y
    give_up(ring)
    return True
