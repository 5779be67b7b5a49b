"""Which voice plays which note. A note finds a free place; where too many sound, the oldest gives way, and
fades so that nothing clicks.
"""

from typing import Any

import numpy as np

from dsp.clips import no_clip
from dsp.kernels import kernel
from dsp.locks import slide_locks, strike_locks
from dsp.sizes import SOUNDING, VOICES
from dsp.state import NEVER
from dsp.struck import cut_note, note_struck
from dsp.voice import FADING, FREE, HELD, RELEASED
from dsp.voices.play import CHOKES, MONO


@kernel
def begin_note(state: Any, note: Any) -> None:
    """Give `note` a voice on its track, or let a sounding voice glide to it."""
    track = note.track
    instrument = state.instrument_of_track[track]
    if instrument < 0:
        return
    frame = state.frame + note.offset
    if note.slide and _slide(state, note, instrument, frame):
        return
    if MONO[instrument]:
        _fade_track(state, track, frame)
    _choke(state, instrument, frame)
    if _count_sounding(state) >= SOUNDING:
        _steal(state, frame)
    place = _free_place(state)
    cut_note(state, place, frame)
    voice = state.voices[place]
    voice.stage = HELD
    voice.instrument = instrument
    voice.track = track
    voice.lane = state.lane_of_track[track]
    voice.accent = note.accent
    voice.fresh = 1
    voice.started = frame
    voice.off_beat = note.off_beat
    voice.off_frame = note.off_frame
    voice.note = note.note
    voice.velocity = note.velocity
    voice.fade = 1.0
    voice.memory[:] = 0.0
    if state.clip_of_track[track] < 0:
        no_clip(voice.clip)
    else:
        voice.clip = state.clips[state.clip_of_track[track]]
    strike_locks(voice, note)
    # Numerical Recipes' generator: a seed of its own for each voice, the same in every run.
    state.seed = np.uint32(state.seed * np.uint32(1664525) + np.uint32(1013904223))
    voice.seed = state.seed | np.uint32(1)
    note_struck(state, note, place)


@kernel
def fade(state: Any, place: int, frame: int) -> None:
    """Let a voice give way from `frame` on: it is gone within a few milliseconds."""
    voice = state.voices[place]
    if voice.stage in (HELD, RELEASED):
        cut_note(state, place, frame)
        voice.stage = FADING
        voice.fade = 1.0


@kernel
def _slide(state: Any, note: Any, instrument: int, frame: int) -> bool:
    """Let the youngest held voice of the track glide to the note, which begins on `frame`. False where none is held."""
    youngest = -1
    for i in range(VOICES):
        voice = state.voices[i]
        if (
            voice.stage == HELD
            and voice.track == note.track
            and voice.instrument == instrument
            and (youngest < 0 or voice.started > state.voices[youngest].started)
        ):
            youngest = i
    if youngest < 0:
        return False
    cut_note(state, youngest, frame)
    voice = state.voices[youngest]
    voice.note = note.note
    voice.velocity = note.velocity
    voice.accent = note.accent
    voice.off_beat = note.off_beat
    voice.off_frame = note.off_frame
    slide_locks(voice, note, state.rate)
    note_struck(state, note, youngest)
    return True


@kernel
def _fade_track(state: Any, track: int, frame: int) -> None:
    for i in range(VOICES):
        if state.voices[i].track == track:
            fade(state, i, frame)


@kernel
def _choke(state: Any, instrument: int, frame: int) -> None:
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage != FREE and CHOKES[instrument, voice.instrument]:
            fade(state, i, frame)


@kernel
def _count_sounding(state: Any) -> int:
    count = 0
    for i in range(VOICES):
        stage = state.voices[i].stage
        if stage in (HELD, RELEASED):
            count += 1
    return count


@kernel
def _steal(state: Any, frame: int) -> None:
    """On `frame` let the oldest released voice give way, or the oldest held one where none is released."""
    oldest = -1
    oldest_started = NEVER
    oldest_released = False
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage not in (HELD, RELEASED):
            continue
        released = voice.stage == RELEASED
        if (released and not oldest_released) or (released == oldest_released and voice.started < oldest_started):
            oldest = i
            oldest_started = voice.started
            oldest_released = released
    if oldest >= 0:
        fade(state, oldest, frame)
        state.counters.stolen += 1


@kernel
def _free_place(state: Any) -> int:
    """A free place, or that of the fading voice that is nearest to silence."""
    quietest = 0
    quietest_fade = np.float32(2.0)
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage == FREE:
            return i
        if voice.stage == FADING and voice.fade < quietest_fade:
            quietest = i
            quietest_fade = voice.fade
    return quietest
