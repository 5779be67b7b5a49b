"""What the control thread tells the sound, and what the sound tells back, over two rings in the state.

One thread writes each ring and one reads it, neither ever waits. `push_command` and `take_event` are
called by the control thread; `emit` by the sound itself.
"""

from typing import Any

import numpy as np

from dsp.journal import write_down
from dsp.kernels import ArrayOf, door, kernel
from dsp.rings import free_place, give_up, oldest_place, publish
from dsp.sizes import PENDING
from dsp.state import COMMAND_RING, EVENT_RING

# Commands, and what their fields mean.
PLAY = 1
STOP = 2
SWAP_NOW = 3  # a: pool entry; ticket: this swap's; base: ticket it was made from, or ANY
SWAP_AT_LINE = 4  # a: pool entry; ticket; b: the line it waits for; x: rounds, for LINE_END; at once while stopped
CANCEL = 5  # forget the swap that waits
NOTE = 6  # a: track; b: accent; x: note; y: velocity; ticket: frames until it ends
SYNC = 7  # ticket comes back with the event
FADE_OUT = 8  # ticket: frames to silence
FILL = 9  # a: whether the fill is held that steps may wait for
CLIP = 10  # a: the clip's number; b: channels; ticket: address; base: frames; x: frames a second
CLICK = 11  # a count-in's click; a: on a bar's first beat

# What a swap may wait for.
LINE_BAR = 0  # the next bar; the new pattern begins there with its first step
LINE_BEAT = 1  # the next beat; the bar goes on, as it does where a pattern is swapped at once
LINE_END = 2  # the end of the pattern, once or after more rounds; the new one begins there with its first step

# Events. Each carries the frame on which it took effect.
SWAPPED = 1  # a: pool entry; ticket
STALE = 2  # a: pool entry that was refused, because what it was made from plays no longer; ticket
SYNCED = 3  # ticket
CANCELLED = 4  # a: pool entry; ticket
PLAYED = 5
STOPPED = 6
SILENCED = 7  # a value was not finite; the quantum was made silent and the sound began anew
CLIP_TAKEN = 8  # a: the clip's number; ticket: the address it had before, which no new voice will read any more
BAR = 9  # a bar begins

ANY = -1
AT_ONCE = -1


@door(COMMAND_RING, int, int, int, int, int, int, float, float)
def push_command(ring: Any, frame: int, kind: int, a: int, b: int, ticket: int, base: int, x: float, y: float) -> bool:
    """Hand one command to the sound. False where the ring is full, and nothing was written."""
    place = free_place(ring)
    if place < 0:
        return False
    entry = ring.entries[place]
    entry.frame = frame
    entry.kind = kind
    entry.a = a
    entry.b = b
    entry.ticket = ticket
    entry.base = base
    entry.x = x
    entry.y = y
    publish(ring)
    return True


@kernel
def emit(state: Any, frame: int, kind: int, a: int, ticket: int) -> None:
    """Tell the control thread what happened; counted as lost where it does not listen."""
    ring = state.events
    place = free_place(ring)
    if place < 0:
        state.counters.lost_events += 1
        return
    entry = ring.entries[place]
    entry.frame = frame
    entry.kind = kind
    entry.a = a
    entry.ticket = ticket
    publish(ring)


@door(EVENT_RING, ArrayOf(np.int64, 1))
def take_event(ring: Any, out: Any) -> bool:
    """Move the oldest event into `out`, (4,) int64: frame, kind, a, ticket. False where there is none."""
    place = oldest_place(ring)
    if place < 0:
        return False
    entry = ring.entries[place]
    out[0] = entry.frame
    out[1] = entry.kind
    out[2] = entry.a
    out[3] = entry.ticket
    give_up(ring)
    return True


@kernel
def receive(state: Any) -> None:
    """Move new commands to those that wait, in the order of their frames.

    One that is to act at once, or whose frame has passed, acts on the first frame of this quantum; the
    latter is counted as late. Commands of one frame keep the order in which they were sent. Where too many
    wait, the rest stay in the ring, and the control thread finds it full.
    """
    ring = state.commands
    taken = oldest_place(ring)
    while taken >= 0 and state.pending_count < PENDING:
        entry = ring.entries[taken]
        write_down(state, entry)
        frame = entry.frame
        if frame < state.frame:
            if frame != AT_ONCE:
                state.counters.late += 1
            frame = state.frame
        place = state.pending_count
        while place > 0 and state.pending[place - 1].frame > frame:
            state.pending[place] = state.pending[place - 1]
            place -= 1
        state.pending[place] = entry
        state.pending[place].frame = frame
        state.pending_count += 1
        give_up(ring)
        taken = oldest_place(ring)


@kernel
def drop_first_pending(state: Any) -> None:
    """Take the first waiting command from its queue."""
    for i in range(1, state.pending_count):
        state.pending[i - 1] = state.pending[i]
    state.pending_count -= 1


def no_event() -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Room for one event, as `take_event` fills it."""
    return np.zeros(4, np.int64)
