"""Settings that a step has for itself.

A lock of the instrument belongs to the voice that the step strikes, for as long as it sounds; the track's own
setting goes on for all other voices. A voice that slides to another step glides to what is locked there, and
back to the track's settings where nothing is. A lock of the strip holds for the length of the step, ties
included, and the strip glides there and back.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.lfos import modulated
from dsp.pattern import STEPS_PER_BEAT
from dsp.ramps import glide_to, ramp_quanta
from dsp.sizes import LOCKS, PARAMETERS

_ZERO, _ONE = np.float32(0.0), np.float32(1.0)


@kernel
def lock_strip(state: Any, pattern: Any, t: int, index: int, beat: float) -> None:
    """Let the strip glide to what step `index` of a track locks, which begins at `beat`."""
    transport = state.transport
    track = pattern.tracks[t]
    step = track.steps[index]
    first = track.first_lock + step.first_lock
    locked = np.uint32(0)
    for i in range(first, first + step.locks):
        place = np.int64(pattern.lock_places[i]) - PARAMETERS
        if place >= 0 and track.unlocked & (np.uint32(1) << np.uint32(place)) == 0:
            glide_to(state.strips[t], place, pattern.lock_values[i], state.rate)
            locked = np.uint32(locked | (np.uint32(1) << np.uint32(place)))
    if locked != 0:
        _release(state, t, track, np.uint32(transport.strip_locked[t] & ~locked))
        transport.strip_locked[t] = locked
        transport.strip_off_beat[t] = beat + max(1.0, np.float64(step.gate)) / STEPS_PER_BEAT


@kernel
def unlock_strip(state: Any, t: int) -> None:
    """Let the strip glide back to the track's settings."""
    transport = state.transport
    _release(state, t, state.pool[transport.current].tracks[t], transport.strip_locked[t])
    transport.strip_locked[t] = 0


@kernel
def _release(state: Any, t: int, track: Any, locked: Any) -> None:
    for place in range(PARAMETERS):
        if locked & (np.uint32(1) << np.uint32(place)) != 0:
            glide_to(state.strips[t], place, track.strip[place], state.rate)


@kernel
def hand_locks(pattern: Any, t: int, index: int, note: Any) -> None:
    """Let a note have those locks of step `index` of a track that are its instrument's."""
    track = pattern.tracks[t]
    step = track.steps[index]
    first = track.first_lock + step.first_lock
    for i in range(first, first + step.locks):
        if pattern.lock_places[i] < PARAMETERS:
            note.lock_places[note.locks] = pattern.lock_places[i]
            note.lock_values[note.locks] = pattern.lock_values[i]
            note.locks += 1


@kernel
def strike_locks(voice: Any, note: Any) -> None:
    """Let a voice that is struck have the note's locks."""
    voice.locks = note.locks
    for i in range(note.locks):
        _set(voice.lock[i], note.lock_places[i], note.lock_values[i], _ONE)


@kernel
def slide_locks(voice: Any, note: Any, rate: float) -> None:
    """Let a voice that slides to a note glide from the locks it has to the note's."""
    quanta = ramp_quanta(rate)
    for i in range(voice.locks):
        voice.lock[i].aim = _ZERO
        voice.lock[i].left = quanta
    for i in range(note.locks):
        place = _place_of(voice, note.lock_places[i])
        lock = voice.lock[place]
        if place == voice.locks or lock.place != note.lock_places[i]:
            _set(lock, note.lock_places[i], note.lock_values[i], _ZERO)
            voice.locks = max(voice.locks, place + 1)
        lock.target = note.lock_values[i]
        lock.aim = _ONE
        lock.left = quanta


@kernel
def _place_of(voice: Any, parameter: int) -> int:
    """Where a voice locks a parameter, or may do so: where none is free, in place of one that is being let go."""
    leaving = 0
    for i in range(voice.locks):
        if voice.lock[i].place == parameter:
            return i
        if voice.lock[i].aim == _ZERO:
            leaving = i
    return voice.locks if voice.locks < 2 * LOCKS else leaving


@kernel
def _set(lock: Any, place: int, value: Any, share: Any) -> None:
    lock.place = place
    lock.value = value
    lock.was = value
    lock.target = value
    lock.share = share
    lock.share_was = share
    lock.aim = share
    lock.left = 0


@kernel
def advance_locks(voice: Any) -> None:
    """Move the locks of a voice on by one quantum."""
    i = 0
    while i < voice.locks:
        lock = voice.lock[i]
        lock.was = lock.value
        lock.share_was = lock.share
        if lock.left > 0:
            lock.value += (lock.target - lock.value) / np.float32(lock.left)
            lock.share += (lock.aim - lock.share) / np.float32(lock.left)
            lock.left -= 1
        if lock.share_was == _ZERO and lock.aim == _ZERO:
            voice.locks -= 1
            voice.lock[i] = voice.lock[voice.locks]
        else:
            i += 1


@kernel
def lane_of(state: Any, voice: Any) -> Any:
    """The settings that a voice sounds with, as RAMPS: its track's, or a copy with its locks, which is there until
    the next call."""
    if voice.locks == 0:
        return state.lanes[voice.lane]
    own, locked = state.lanes[voice.lane], state.locked_lane[0]
    for i in range(PARAMETERS):
        locked.value[i] = own.value[i]
        locked.was[i] = own.was[i]
    for i in range(voice.locks):
        lock = voice.lock[i]
        place = lock.place
        now, before = modulated(state, voice, place, lock.value, lock.was)
        locked.value[place] = now * lock.share + locked.value[place] * (_ONE - lock.share)
        locked.was[place] = before * lock.share_was + locked.was[place] * (_ONE - lock.share_was)
    return locked
