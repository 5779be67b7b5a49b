"""Every voice that sounds, played by its instrument into its track: one at a time, or eight side by side."""

from typing import Any

import numpy as np

from dsp.gates import close_gate_frame
from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH
from dsp.kernels.envelopes import SILENT
from dsp.locks import advance_locks, lane_of
from dsp.sizes import QUANTUM, TRACKS, VOICES
from dsp.struck import note_ended
from dsp.voice import FADING, FREE, GROUPS, HELD, NOBODY, RELEASED
from dsp.voices.eights import LEVEL, leave_all, leave_place, set_all, set_place, take_all, take_place
from dsp.voices.play import FM, IN_EIGHTS, POLY, play, play_eight

FADE_S = 0.004
"""In which a voice gives way: long enough to be no click, short enough not to be heard as an echo."""

_OPEN = 2 * QUANTUM
"""A frame of the quantum that does not come: the gate stays open."""


@kernel
def sound(state: Any, start: int, stop: int) -> None:
    """Add frames start..stop of every voice to its track."""
    sounding, in_eights = 0, 0
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage == FREE:
            continue
        sounding += 1
        if start == 0 and voice.locks > 0:
            advance_locks(voice)
        if IN_EIGHTS[voice.instrument]:
            if in_eights == 0:
                _send_home(state.eight)
            _join(state, i)
            in_eights += 1
        else:
            _sound_alone(state, i, start, stop)
    if in_eights > 0:
        _sound_in_eights(state, POLY, 0, start, stop)
        _sound_in_eights(state, FM, TRACKS, start, stop)
    state.meters.voices = sounding


@kernel
def _sound_alone(state: Any, number: int, start: int, stop: int) -> None:
    voice, string = state.voices[number], state.strings[number]
    rate = np.float32(state.rate)
    lane = lane_of(state, voice)
    bus = state.track_bus[voice.track]
    if voice.stage == FADING:
        _fading(state, voice, string, lane, bus, start, stop)
        return
    at = start
    if voice.stage == HELD:
        closes = close_gate_frame(state, voice) - state.frame
        if closes < stop:
            at = max(start, closes)
            if at > start:
                play(voice, lane, state.tables, string, state.work, bus, start, at, rate)
            if voice.stage == HELD:
                voice.stage = RELEASED
            note_ended(state, number, state.frame + at)
    if voice.stage != FREE and at < stop:
        play(voice, lane, state.tables, string, state.work, bus, at, stop, rate)


@kernel
def _fading(state: Any, voice: Any, string: Any, lane: Any, bus: Any, start: int, stop: int) -> None:
    """Add a voice that gives way, ever quieter."""
    scratch = state.voice_bus
    scratch[start:stop] = np.float32(0.0)
    level = voice.fade
    play(voice, lane, state.tables, string, state.work, scratch, start, stop, np.float32(state.rate))
    step = np.float32(1.0 / (FADE_S * state.rate))
    for i in range(start, stop):
        level = max(np.float32(0.0), level - step)
        bus[i] += scratch[i] * level
    voice.fade = level
    # The instrument may have ended the voice by itself; otherwise it goes when the fade is over.
    if level == 0.0:
        voice.stage = FREE


@kernel
def _send_home(eight: Any) -> None:
    """Let nobody stand in any group."""
    for group in range(GROUPS):
        eight.first[group] = NOBODY


@kernel
def _join(state: Any, number: int) -> None:
    """Let a voice stand behind those of its track that play the same instrument."""
    eight, voice = state.eight, state.voices[number]
    group = voice.track if voice.instrument == POLY else TRACKS + voice.track
    if eight.first[group] == NOBODY:
        eight.first[group] = number
    else:
        eight.after[eight.last[group]] = number
    eight.last[group] = number
    eight.after[number] = NOBODY


@kernel
def _sound_in_eights(state: Any, instrument: int, first: int, start: int, stop: int) -> None:
    """Add frames start..stop of all voices of an instrument, whose groups begin with `first`, in eights.

    Those of two tracks never stand in one eight: all of an eight is rendered with as many copies and as many waves as
    any of its voices needs.
    """
    taken = 0
    for group in range(first, first + TRACKS):
        i = state.eight.first[group]
        while i != NOBODY:
            _take(state, taken, i, stop)
            taken += 1
            if taken == WIDTH:
                _sound_eight(state, instrument, taken, start, stop)
                taken = 0
            i = state.eight.after[i]
        if taken > 0:
            _sound_eight(state, instrument, taken, start, stop)
            taken = 0


@kernel
def _take(state: Any, place: int, number: int, stop: int) -> None:
    voice = state.voices[number]
    closes = _OPEN if voice.stage == FADING else 0
    if voice.stage == HELD:
        closes = close_gate_frame(state, voice) - state.frame
        if closes < stop:
            voice.stage = RELEASED
            note_ended(state, number, state.frame + max(closes, 0))
        closes = min(max(closes, 0), _OPEN)
    step = 1.0 / (FADE_S * state.rate) if voice.stage == FADING else 0.0
    state.eight.voice[place] = number
    take_place(state.eight, place, voice, closes, step)
    first = state.voices[state.eight.voice[0]]
    if place == 0:
        set_all(state.eight, lane_of(state, voice))
    elif voice.lane != first.lane or voice.locks > 0 or first.locks > 0:
        set_place(state.eight, place, lane_of(state, voice))


@kernel
def _sound_eight(state: Any, instrument: int, taken: int, start: int, stop: int) -> None:
    eight = state.eight
    take_all(eight, taken)
    play_eight(instrument, eight, state.tables, start, stop, np.float32(state.rate))
    leave_all(eight)
    for place in range(taken):
        voice = state.voices[eight.voice[place]]
        leave_place(eight, place, voice, state.track_bus[voice.track], start, stop)
        ended = voice.stage == RELEASED and stop == QUANTUM and voice.memory[LEVEL] < SILENT
        if ended or voice.fade == 0.0:
            voice.stage = FREE
