"""The notes that were struck and could be heard, for the MIDI file beside a take.

`render` writes each down as its voice begins; the control thread reads. Nothing is written where nobody reads any
more, and that is counted.
"""

from typing import Any

import numpy as np

from dsp.kernels import ArrayOf, door, kernel
from dsp.memory import load_acquire, store_release
from dsp.sequencer import close_gate_frame
from dsp.state import STRUCK, STRUCK_RING
from dsp.strip import GAIN

WHOLE, BROKEN = 4, 2
"""How many whole numbers a note has, and how many with a fraction."""


@kernel
def note_struck(state: Any, note: Any) -> None:
    """Note that `note` is struck now, unless its track has no instrument, or its fader is shut."""
    track = note.track
    if state.instrument_of_track[track] < 0 or state.strips[track].target[GAIN] <= np.float32(0.0):
        return
    ring = state.struck
    head = ring.head[0]
    if head - load_acquire(ring.tail, 0) >= STRUCK:
        ring.lost += 1
        return
    entry = ring.entries[head % STRUCK]
    entry.frame = state.frame + note.offset
    entry.end = close_gate_frame(state, note)
    entry.track = track
    entry.slide = note.slide
    entry.note = note.note
    entry.velocity = note.velocity
    store_release(ring.head, 0, head + 1)


@door(STRUCK_RING, ArrayOf(np.int64, 1), ArrayOf(np.float64, 1))
def take_struck(ring: Any, whole: Any, broken: Any) -> bool:
    """Move the oldest note into `whole`, (WHOLE,) int64: the frame on which it begins and the one on which its gate
    closes, its track from 0 and whether it slides, and `broken`, (BROKEN,) float64: its note and velocity. False where
    there is none."""
    tail = ring.tail[0]
    if tail == load_acquire(ring.head, 0):
        return False
    entry = ring.entries[tail % STRUCK]
    whole[0] = entry.frame
    whole[1] = entry.end
    whole[2] = entry.track
    whole[3] = entry.slide
    broken[0] = entry.note
    broken[1] = entry.velocity
    store_release(ring.tail, 0, tail + 1)
    return True
