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
    exact_frame_of_beat,
    frame_of_beat,
    next_line,
    set_tempo,
)
from dsp.gates import NO_BEAT
from dsp.kernels import kernel
from dsp.lfos import begin_lfos, take_lfos
from dsp.locks import unlock_strip
from dsp.messages import (
    ANY,
    BAR,
    CANCEL,
    CANCELLED,
    CLICK,
    CLIP,
    FADE_OUT,
    FILL,
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
from dsp.pattern import STEPS_PER_BEAT
from dsp.settings import take_settings
from dsp.sizes import QUANTUM, TRACKS, VOICES
from dsp.state import NEVER
from dsp.steps import begin_steps, new_note, play_steps
from dsp.struck import cut_notes, cut_shut_notes
from dsp.voice import HELD

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
        play_steps(state, at, min(due, end), _ends(state, at))
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
def _ends(state: Any, at: int) -> Any:
    """The song's step from which on the queued pattern plays, or NEVER where it will not begin anew."""
    transport = state.transport
    if transport.queued < 0 or not transport.playing or transport.queued_line == LINE_BEAT:
        return NEVER
    return int(np.floor(_swap_beat(state, at) * STEPS_PER_BEAT + 0.5))


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
        _sound_note(state, command, at)
    elif kind == CLIP:
        take_clip(state, command, at)
    elif kind == SYNC:
        emit(state, at, SYNCED, 0, command.ticket)
    elif kind == FADE_OUT:
        state.fade_step = -1.0 / max(1, command.ticket)
    elif kind == CLICK:
        strike(state.click, at, command.a)
    elif kind == FILL:
        transport.fill = command.a
    drop_first_pending(state)


@kernel
def _sound_note(state: Any, command: Any, at: int) -> None:
    """List a note that begins on frame `at`."""
    place = new_note(state, at - state.frame)
    if place < 0:
        return
    note = state.notes[place]
    note.track = command.a
    note.slide = 0
    note.accent = command.b
    note.note = command.x
    note.velocity = command.y
    note.off_beat = NO_BEAT
    note.off_frame = at + command.ticket


@kernel
def _play(state: Any, at: int) -> None:
    transport = state.transport
    transport.playing = 1
    transport.bar_beat = 0.0
    transport.bar_number = 0
    begin_steps(transport, 0)
    set_tempo(transport, transport.bpm, at, 0.0)
    begin_lfos(state, at)
    emit(state, at, PLAYED, 0, 0)


@kernel
def _stop(state: Any, at: int) -> None:
    """Stop the steps and close every gate; what sounds dies away."""
    state.transport.playing = 0
    state.meters.playheads[:] = -1
    for t in range(TRACKS):
        if state.transport.strip_locked[t] != 0:
            unlock_strip(state, t)
    cut_notes(state, at)
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
        begin_steps(transport, int(np.floor(beat * STEPS_PER_BEAT + 0.5)))
    entry = transport.queued
    transport.queued = -1
    _swap(state, entry, transport.queued_ticket, at)


@kernel
def _swap(state: Any, entry: int, ticket: int, at: int) -> None:
    """Let another compiled pattern play from frame `at`. The playhead, the running voices and the tails of
    the effects stay as they are."""
    transport = state.transport
    pattern = state.pool[entry]
    before = np.int64(transport.current)
    transport.current = entry
    transport.ticket = ticket
    if transport.playing:
        _take_time(state, pattern, at)
    transport.bpm = pattern.bpm
    transport.swing = pattern.swing
    transport.beats_per_bar = pattern.beats_per_bar
    take_settings(state, pattern, before < 0, at)
    cut_shut_notes(state, at)
    take_lfos(state, before, pattern)
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
