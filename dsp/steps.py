"""The steps of the pattern that plays: which of them sound, and on which frames.

Each track has two cursors, one for its even steps and one for its odd ones. Early and late steps, swing and
ratchets let a step overlap the next one, but never the one after that; so each cursor goes straight on.

A step that comes early belongs to the time before its grid line. The first steps after play began, or after a
swap on a line, come on that line at the earliest; those that would come early for a bar which another pattern
will play are left to that pattern. A step whose frame passed while tempo or timing changed is played late, not
lost.
"""

from typing import Any

import numpy as np

from dsp.chance import chance
from dsp.clock import beat_of_frame, beat_of_step, frame_of_beat
from dsp.kernels import kernel
from dsp.locks import hand_locks, lock_strip, unlock_strip
from dsp.pattern import NO_NOTE, STEPS_PER_BEAT
from dsp.sizes import CHORD, NOTES, TRACKS
from dsp.state import NEVER

ALWAYS, ROUND_OF, FIRST, NOT_FIRST, FILL, NOT_FILL = range(6)
"""The conditions of a step."""

_EARLIEST = 0.51
"""Steps by which one may come before its grid line, and a little for rounding."""


@kernel
def begin_steps(transport: Any, origin: int) -> None:
    """Let all tracks go on with step `origin` of the song."""
    transport.origin = origin
    for t in range(TRACKS):
        for parity in range(2):
            transport.next_step[t, parity] = origin + (parity - origin) % 2
            transport.next_strike[t, parity] = 0


@kernel
def play_steps(state: Any, start: int, stop: int, ends: int) -> None:
    """List the notes of all steps that lie in frames start..stop.

    ends  the song's step from which on another pattern plays, or NEVER
    """
    transport = state.transport
    if not transport.playing or transport.current < 0:
        return
    reached = beat_of_frame(transport, np.float64(stop), state.rate) * STEPS_PER_BEAT + _EARLIEST
    pattern = state.pool[transport.current]
    for t in range(TRACKS):
        if transport.strip_locked[t] != 0 and frame_of_beat(transport, transport.strip_off_beat[t], state.rate) < stop:
            unlock_strip(state, t)
        for parity in range(2):
            while transport.next_step[t, parity] < reached:
                if not _play_next(state, pattern, t, parity, start, stop, ends):
                    break


@kernel
def _play_next(state: Any, pattern: Any, t: int, parity: int, start: int, stop: int, ends: int) -> bool:
    """Play the next strike of a cursor, or go on to its next step. False where that is not due before `stop`."""
    transport = state.transport
    number = transport.next_step[t, parity]
    strike = transport.next_strike[t, parity]
    track = pattern.tracks[t]
    beat = beat_of_step(transport, number)
    if track.present == 0:
        if frame_of_beat(transport, beat, state.rate) >= stop:
            return False
        _go_on(transport, t, parity)
        return True
    index = (number - transport.origin) % track.length
    step = track.steps[index]
    if strike >= step.ratchet:
        _go_on(transport, t, parity)
        return True
    beat += np.float64(step.micro) / STEPS_PER_BEAT
    part = 1.0 / (STEPS_PER_BEAT * step.ratchet)
    frame = frame_of_beat(transport, beat + strike * part, state.rate)
    if frame >= stop or (step.micro < 0 and number >= ends):
        return False
    if strike == 0:
        state.meters.playheads[t] = index
        if not _is_played(state, pattern.seed, t, track, step, number):
            _go_on(transport, t, parity)
            return True
        if step.locks > 0:
            lock_strip(state, pattern, t, index, beat)
    if step.on or step.slide:
        _strike(state, pattern, t, index, strike, beat, part, max(frame, start))
    transport.next_strike[t, parity] = strike + 1
    return True


@kernel
def _go_on(transport: Any, t: int, parity: int) -> None:
    transport.next_step[t, parity] += 2
    transport.next_strike[t, parity] = 0


@kernel
def _is_played(state: Any, seed: Any, t: int, track: Any, step: Any, number: int) -> bool:
    """Whether a step is played this time: its condition, then chance."""
    transport = state.transport
    condition = step.condition
    if condition != ALWAYS:
        since = (number - transport.origin) // track.length
        if (
            (condition == ROUND_OF and since % step.rounds != step.round - 1)
            or (condition == FIRST and since != 0)
            or (condition == NOT_FIRST and since == 0)
            or (condition == FILL and not transport.fill)
            or (condition == NOT_FILL and transport.fill)
        ):
            return False
    return step.probability >= 1.0 or chance(seed, t, number) < step.probability


@kernel
def _strike(state: Any, pattern: Any, t: int, index: int, strike: int, beat: float, part: float, frame: int) -> None:
    """List the notes of one strike of a step.

    beat  of the step; `part` is how many beats each of its strikes has
    """
    step = pattern.tracks[t].steps[index]
    gate = np.float64(step.gate)
    off_beat = beat + strike * part + min(gate, 1.0) * part
    if gate > 1.0 and strike == step.ratchet - 1:  # the last one is held by the ties
        off_beat = beat + gate / STEPS_PER_BEAT
    slide = step.slide if strike == 0 else 0
    for c in range(1 + CHORD):
        if c > 0 and step.chord[c - 1] == NO_NOTE:
            return
        place = new_note(state, frame - state.frame)
        if place < 0:
            return
        note = state.notes[place]
        note.track = t
        note.slide = slide if c == 0 else 0
        note.accent = step.accent
        note.note = step.note if c == 0 else step.note + step.chord[c - 1]
        note.velocity = step.velocity
        note.off_beat = off_beat
        note.off_frame = NEVER
        if step.locks > 0:
            hand_locks(pattern, t, index, note)


@kernel
def new_note(state: Any, offset: int) -> int:
    """Room in the list for a note at `offset`, behind all that begin before it or with it, with no locks; -1 where
    there is none."""
    if state.notes_count == NOTES:
        return -1
    place = state.notes_count
    while place > 0 and state.notes[place - 1].offset > offset:
        state.notes[place] = state.notes[place - 1]
        place -= 1
    state.notes_count += 1
    state.notes[place].offset = offset
    state.notes[place].locks = 0
    return place
