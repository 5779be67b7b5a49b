"""The notes that were struck and could be heard, and when each ended, for the MIDI file beside a take.

`render` writes each down as its voice begins, with the frame on which its gate will close; and once more where it ends
on another, since it was stopped, muted, choked, slid away from, or since the tempo changed. The control thread reads.
Nothing is written where nobody reads any more, and that is counted.
"""

from typing import Any

import numpy as np

from dsp.gates import close_gate_frame
from dsp.kernels import ArrayOf, door, kernel
from dsp.rings import free_place, give_up, oldest_place, publish
from dsp.sizes import VOICES
from dsp.state import STRUCK_RING
from dsp.strip import GAIN
from dsp.voice import HELD

WHOLE, BROKEN = 4, 2
"""How many whole numbers a note has, and how many with a fraction."""


@kernel
def note_struck(state: Any, note: Any, place: int) -> None:
    """Note that the voice at `place` has begun `note`, unless the fader of its track is shut."""
    if _is_shut(state, note.track):
        return
    held = state.struck.held[place]
    held.frame = state.frame + note.offset
    held.end = close_gate_frame(state, note)
    held.track = note.track
    held.slide = note.slide
    held.note = note.note
    held.velocity = note.velocity
    state.struck.sounds[place] = 1
    _tell(state.struck, held)


@kernel
def note_ended(state: Any, place: int, frame: int) -> None:
    """Note that what the voice at `place` plays ends on `frame`."""
    struck = state.struck
    if struck.sounds[place] == 0:
        return
    struck.sounds[place] = 0
    held = struck.held[place]
    if held.end != frame:
        held.end = frame
        _tell(struck, held)


@kernel
def cut_note(state: Any, place: int, frame: int) -> None:
    """Note that what the voice at `place` plays is cut short on `frame`."""
    if state.voices[place].stage != HELD:  # its sound was over before its gate would have closed
        frame = min(frame, state.struck.held[place].end)
    note_ended(state, place, frame)


@kernel
def cut_notes(state: Any, frame: int) -> None:
    """Note that all notes are cut short on `frame`."""
    for place in range(VOICES):
        cut_note(state, place, frame)


@kernel
def cut_shut_notes(state: Any, frame: int) -> None:
    """Note that the notes of tracks whose faders are shut are heard no more from `frame` on."""
    for place in range(VOICES):
        if state.struck.sounds[place] and _is_shut(state, state.struck.held[place].track):
            cut_note(state, place, frame)


@kernel
def _is_shut(state: Any, track: int) -> bool:
    return bool(state.strips[track].target[GAIN] <= np.float32(0.0))


@kernel
def _tell(ring: Any, note: Any) -> None:
    place = free_place(ring)
    if place < 0:
        ring.lost += 1
        return
    ring.entries[place] = note
    publish(ring)


@door(STRUCK_RING, ArrayOf(np.int64, 1), ArrayOf(np.float64, 1))
def take_struck(ring: Any, whole: Any, broken: Any) -> bool:
    """Move the oldest note into `whole`, (WHOLE,) int64: the frame on which it begins and the one on which it ends,
    its track from 0 and whether it slides, and `broken`, (BROKEN,) float64: its note and velocity. One that was there
    before, with the same beginning, ends otherwise than was thought. False where there is none."""
    place = oldest_place(ring)
    if place < 0:
        return False
    entry = ring.entries[place]
    whole[0] = entry.frame
    whole[1] = entry.end
    whole[2] = entry.track
    whole[3] = entry.slide
    broken[0] = entry.note
    broken[1] = entry.velocity
    give_up(ring)
    return True
