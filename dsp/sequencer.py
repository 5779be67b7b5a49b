"""What happens, and on which frame: commands, swaps of the pattern, steps.

`sequence` looks at the next quantum and leaves the notes that begin in it in `state.notes`, in the order
of their frames. It makes no sound itself. A quantum is cut at every frame on which something happens:
the steps before that frame are played, then the commands of that frame are carried out, then a swap
whose line lies there, and so on to the quantum's end.
"""

from typing import Any

import numpy as np

from dsp.click import strike
from dsp.clips import take_clip
from dsp.clock import (
    beat_of_frame,
    beat_of_step,
    exact_frame_of_beat,
    frame_of_beat,
    next_line,
    set_tempo,
)
from dsp.kernels import kernel
from dsp.messages import (
    ANY,
    BAR,
    CANCEL,
    CANCELLED,
    CLICK,
    CLIP,
    FADE_OUT,
    LINE_BEAT,
    LINE_END,
    NOTE,
    PLAY,
    PLAYED,
    STALE,
    STOP,
    STOPPED,
    SWAP_AT_LINE,
    SWAP_NOW,
    SWAPPED,
    SYNC,
    SYNCED,
    drop_first_pending,
    emit,
    receive,
)
from dsp.settings import take_settings
from dsp.state import CHORD, HELD, NEVER, NOTES, QUANTUM, STEPS_PER_BEAT, TRACKS, VOICES

NO_BEAT = 1e18
"""A beat that does not come: the note ends at its frame instead."""
NEARLY = 1e-9
"""Bars nearer to a whole number than this are that number."""


@kernel
def sequence(state: Any) -> None:
    """Carry out all that falls into the next quantum, and list its notes in `state.notes`."""
    start = state.frame
    end = start + QUANTUM
    state.notes_count = 0
    receive(state)
    at = start
    while True:
        due = min(_command_frame(state), _swap_frame(state, at))
        _play_steps(state, at, min(due, end))
        if due >= end:
            return
        at = max(at, due)
        while state.pending_count > 0 and state.pending[0].frame <= at:
            _carry_out(state, at)
        if _swap_frame(state, at) <= at:
            _swap_at_line(state, at)


@kernel
def _command_frame(state: Any) -> Any:
    return state.pending[0].frame if state.pending_count > 0 else NEVER


@kernel
def _swap_frame(state: Any, at: int) -> Any:
    """The frame on which the queued pattern is due, seen from `at`."""
    transport = state.transport
    if transport.queued < 0:
        return NEVER
    if not transport.playing:
        return at
    return frame_of_beat(transport, _swap_beat(state, at), state.rate)


@kernel
def _swap_beat(state: Any, at: int) -> float:
    """The beat of the line that the queued pattern waits for, seen from frame `at` while playing."""
    transport = state.transport
    if transport.queued_line == LINE_END and transport.current >= 0:
        begin = transport.origin / STEPS_PER_BEAT
        apart = _round_steps(state.pool[transport.current]) * transport.queued_rounds / STEPS_PER_BEAT
        # Its beginning is no end of it, though a command may arrive on that very frame.
        return max(begin + apart, next_line(transport, at, state.rate, begin, apart))
    apart = 1.0 if transport.queued_line == LINE_BEAT else transport.beats_per_bar
    return next_line(transport, at, state.rate, transport.bar_beat, apart)


@kernel
def _round_steps(pattern: Any) -> int:
    """Steps of one round of a pattern: those of its longest track, or of a bar where it has none."""
    steps = 0
    for t in range(TRACKS):
        if pattern.tracks[t].present:
            steps = max(steps, pattern.tracks[t].length)
    return steps if steps > 0 else int(pattern.beats_per_bar * STEPS_PER_BEAT)


@kernel
def _play_steps(state: Any, start: int, stop: int) -> None:
    """Strike the steps of all tracks that lie in start..stop."""
    transport = state.transport
    if not transport.playing or transport.current < 0:
        return
    pattern = state.pool[transport.current]
    for t in range(TRACKS):
        track = pattern.tracks[t]
        while True:
            number = transport.next_step[t]
            beat = beat_of_step(transport, number)
            frame = frame_of_beat(transport, beat, state.rate)
            if frame >= stop:
                break
            transport.next_step[t] = number + 1
            if track.present == 0:
                continue
            index = (number - transport.origin) % track.length
            state.meters.playheads[t] = index
            step = track.steps[index]
            if step.on == 0 and step.slide == 0:
                continue
            # A step whose frame passed while the tempo changed is played late, not lost.
            offset = max(frame, start) - state.frame
            off_beat = beat + step.gate / STEPS_PER_BEAT
            _add_note(state, offset, t, step.slide, step.accent, step.note, step.velocity, off_beat, NEVER)
            for c in range(min(step.chord_size, CHORD)):
                _add_note(state, offset, t, 0, step.accent, step.note + step.chord[c], step.velocity, off_beat, NEVER)


@kernel
def _add_note(
    state: Any,
    offset: int,
    track: int,
    slide: int,
    accent: int,
    note: float,
    velocity: float,
    off_beat: float,
    off_frame: int,
) -> None:
    """Put one note into the list, behind all that begin before it or with it."""
    if state.notes_count == NOTES:
        return
    place = state.notes_count
    while place > 0 and state.notes[place - 1].offset > offset:
        _copy_note(state.notes[place - 1], state.notes[place])
        place -= 1
    entry = state.notes[place]
    entry.offset = offset
    entry.track = track
    entry.slide = slide
    entry.accent = accent
    entry.note = note
    entry.velocity = velocity
    entry.off_beat = off_beat
    entry.off_frame = off_frame
    state.notes_count += 1


@kernel
def _copy_note(source: Any, target: Any) -> None:
    target.offset = source.offset
    target.track = source.track
    target.slide = source.slide
    target.accent = source.accent
    target.note = source.note
    target.velocity = source.velocity
    target.off_beat = source.off_beat
    target.off_frame = source.off_frame


@kernel
def _carry_out(state: Any, at: int) -> None:
    """Do what the first waiting command says, on frame `at`."""
    command = state.pending[0]
    transport = state.transport
    kind = command.kind
    if kind == PLAY:
        if not transport.playing:
            _play(state, at)
    elif kind == STOP:
        if transport.playing:
            _stop(state, at)
    elif kind == SWAP_NOW:
        if command.base == ANY or command.base == transport.ticket:
            _swap(state, command.a, command.ticket, at)
        else:
            emit(state, at, STALE, command.a, command.ticket)
    elif kind == SWAP_AT_LINE:
        _forget_queued(state, at)
        transport.queued = command.a
        transport.queued_ticket = command.ticket
        transport.queued_line = command.b
        transport.queued_rounds = max(1, int(command.x))
    elif kind == CANCEL:
        _forget_queued(state, at)
    elif kind == NOTE:
        _add_note(state, at - state.frame, command.a, 0, command.b, command.x, command.y, NO_BEAT, at + command.ticket)
    elif kind == CLIP:
        take_clip(state, command, at)
    elif kind == SYNC:
        emit(state, at, SYNCED, 0, command.ticket)
    elif kind == FADE_OUT:
        state.fade_step = -1.0 / max(1, command.ticket)
    elif kind == CLICK:
        strike(state.click, at, command.a)
    drop_first_pending(state)


@kernel
def _play(state: Any, at: int) -> None:
    transport = state.transport
    transport.playing = 1
    transport.bar_beat = 0.0
    transport.bar_number = 0
    transport.origin = 0
    transport.next_step[:] = 0
    set_tempo(transport, transport.bpm, at, 0.0)
    emit(state, at, PLAYED, 0, 0)


@kernel
def _stop(state: Any, at: int) -> None:
    """Stop the steps and close every gate; what sounds dies away."""
    state.transport.playing = 0
    state.meters.playheads[:] = -1
    for i in range(VOICES):
        if state.voices[i].stage == HELD:
            state.voices[i].off_beat = NO_BEAT
            state.voices[i].off_frame = min(at, state.voices[i].off_frame)
    for i in range(state.notes_count):
        state.notes[i].off_beat = NO_BEAT
        state.notes[i].off_frame = min(at, state.notes[i].off_frame)
    emit(state, at, STOPPED, 0, 0)


@kernel
def _forget_queued(state: Any, at: int) -> None:
    transport = state.transport
    if transport.queued >= 0:
        emit(state, at, CANCELLED, transport.queued, transport.queued_ticket)
        transport.queued = -1


@kernel
def _swap_at_line(state: Any, at: int) -> None:
    """Bring in the queued pattern. Its first step lies on the line, which begins a bar, unless that is a beat's."""
    transport = state.transport
    if transport.playing and transport.queued_line != LINE_BEAT:
        beat = _swap_beat(state, at)
        # A pattern may end within a bar, which is cut short then, and counts as one.
        transport.bar_number += int(np.ceil((beat - transport.bar_beat) / transport.beats_per_bar - NEARLY))
        transport.bar_beat = beat
        transport.origin = int(np.floor(beat * STEPS_PER_BEAT + 0.5))
        transport.next_step[:] = transport.origin
    entry = transport.queued
    transport.queued = -1
    _swap(state, entry, transport.queued_ticket, at)


@kernel
def _swap(state: Any, entry: int, ticket: int, at: int) -> None:
    """Let another compiled pattern play from frame `at`. The playhead, the running voices and the tails of
    the effects stay as they are."""
    transport = state.transport
    pattern = state.pool[entry]
    first = transport.current < 0
    transport.current = entry
    transport.ticket = ticket
    if transport.playing:
        _take_time(state, pattern, at)
    transport.bpm = pattern.bpm
    transport.swing = pattern.swing
    transport.beats_per_bar = pattern.beats_per_bar
    take_settings(state, pattern, first)
    emit(state, at, SWAPPED, entry, ticket)


@kernel
def _take_time(state: Any, pattern: Any, at: int) -> None:
    """Anchor a new tempo, and number the bars on, where the pattern counts time in another way."""
    transport = state.transport
    rate = state.rate
    if pattern.bpm != transport.bpm:
        beat = beat_of_frame(transport, at, rate)
        # On a bar line the anchor is the line itself, which lies between two frames.
        if frame_of_beat(transport, transport.bar_beat, rate) == at:
            beat = transport.bar_beat
        set_tempo(transport, pattern.bpm, exact_frame_of_beat(transport, beat, rate), beat)
    if pattern.beats_per_bar != transport.beats_per_bar:
        bars = np.floor((beat_of_frame(transport, at, rate) - transport.bar_beat) / transport.beats_per_bar)
        transport.bar_beat += bars * transport.beats_per_bar
        transport.bar_number += int(bars)


@kernel
def close_gate_frame(state: Any, voice: Any) -> int:
    """The frame on which the gate of a held voice closes."""
    if voice.off_beat >= NO_BEAT:
        return voice.off_frame
    return min(voice.off_frame, frame_of_beat(state.transport, voice.off_beat, state.rate))


@kernel
def tell_position(state: Any) -> None:
    """Write down where the playhead is at the beginning of this quantum, for whoever looks; tell of a bar that
    begins in it."""
    transport = state.transport
    meters = state.meters
    if not transport.playing:
        meters.bar = 0
        meters.beat = 0.0
        meters.beats_to_swap = 0.0
        return
    beat = beat_of_frame(transport, state.frame, state.rate)
    bars = max(0.0, np.floor((beat - transport.bar_beat) / transport.beats_per_bar))
    meters.bar = transport.bar_number + int(bars)
    meters.beat = max(0.0, beat - transport.bar_beat - bars * transport.beats_per_bar)
    meters.beats_to_swap = 0.0
    if transport.queued >= 0:
        meters.beats_to_swap = max(0.0, _swap_beat(state, state.frame) - beat)
    bar_beat = next_line(transport, state.frame, state.rate, transport.bar_beat, transport.beats_per_bar)
    line = frame_of_beat(transport, bar_beat, state.rate)
    if bar_beat >= transport.bar_beat and line < state.frame + QUANTUM:
        emit(state, line, BAR, 0, 0)
