"""Which voice plays which note. A note finds a free place; where too many sound, the oldest gives way, and
fades so that nothing clicks.
"""

from typing import Any

import numpy as np

from dsp.clips import no_clip
from dsp.kernels import kernel
from dsp.locks import slide_locks, strike_locks
from dsp.state import FADING, FREE, HELD, NEVER, RELEASED, SOUNDING, VOICES
from dsp.voices.play import CHOKES, MONO


@kernel
def begin_note(state: Any, note: Any) -> None:
    """Give `note` a voice on its track, or let a sounding voice glide to it."""
    track = note.track
    instrument = state.instrument_of_track[track]
    if instrument < 0:
        return
    if note.slide and _slide(state, note, instrument):
        return
    if MONO[instrument]:
        _fade_track(state, track)
    _choke(state, instrument)
    if _count_sounding(state) >= SOUNDING:
        _steal(state)
    voice = state.voices[_free_place(state)]
    voice.stage = HELD
    voice.instrument = instrument
    voice.track = track
    voice.lane = state.lane_of_track[track]
    voice.accent = note.accent
    voice.fresh = 1
    voice.started = state.frame + note.offset
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


@kernel
def fade(voice: Any) -> None:
    """Let a voice give way: it is gone within a few milliseconds."""
    if voice.stage in (HELD, RELEASED):
        voice.stage = FADING
        voice.fade = 1.0


@kernel
def _slide(state: Any, note: Any, instrument: int) -> bool:
    """Let the youngest held voice of the track glide to the note. False where none is held."""
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
    voice = state.voices[youngest]
    voice.note = note.note
    voice.velocity = note.velocity
    voice.accent = note.accent
    voice.off_beat = note.off_beat
    voice.off_frame = note.off_frame
    slide_locks(voice, note, state.rate)
    return True


@kernel
def _fade_track(state: Any, track: int) -> None:
    for i in range(VOICES):
        if state.voices[i].track == track:
            fade(state.voices[i])


@kernel
def _choke(state: Any, instrument: int) -> None:
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage != FREE and CHOKES[instrument, voice.instrument]:
            fade(voice)


@kernel
def _count_sounding(state: Any) -> int:
    count = 0
    for i in range(VOICES):
        stage = state.voices[i].stage
        if stage in (HELD, RELEASED):
            count += 1
    return count


@kernel
def _steal(state: Any) -> None:
    """Let the oldest released voice give way, or the oldest held one where none is released."""
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
        fade(state.voices[oldest])
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
