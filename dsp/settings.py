"""A swapped-in pattern's settings on their way to the sound: every value glides from where it is.

Each track has three lanes of instrument settings: what sounds keeps those of the instrument that it was struck with,
as no other instrument's can be trusted to make a sound of it. One lane is played; in another what was struck before
the track changed its instrument rings out; and in the third what rang before that gives way.
"""

from typing import Any

import numpy as np

from dsp.allocation import fade
from dsp.fx.order import EFFECTS
from dsp.kernels import kernel
from dsp.ramps import glide_to, jump_to
from dsp.sizes import LANES, LFOS, PARAMETERS, TRACKS, VOICES
from dsp.state import NO_LANE
from dsp.voice import FREE


@kernel
def take_settings(state: Any, pattern: Any, at_once: bool, at: int) -> None:
    """Let all settings move to those of `pattern` from frame `at` on; `at_once` where nothing sounds yet."""
    for t in range(TRACKS):
        track = pattern.tracks[t]
        if track.present == 0:
            continue
        state.clip_of_track[t] = track.clip
        lane = state.lanes[state.lane_of_track[t]]
        if state.instrument_of_track[t] != track.instrument:
            _change_instrument(state, t, track.instrument, at)
            lane = state.lanes[state.lane_of_track[t]]
            for i in range(PARAMETERS):
                jump_to(lane, i, track.sound[i])
        for i in range(PARAMETERS):
            glide_to(lane, i, track.sound[i], state.rate)
        transport = state.transport
        transport.strip_locked[t] = np.uint32(transport.strip_locked[t] & ~track.unlocked)
        _move(state.strips[t], track.strip, transport.strip_locked[t], state.rate, at_once)
    for e in range(EFFECTS):
        _move(state.effects[e], pattern.effects[e], np.uint32(0), state.rate, at_once)


@kernel
def _move(ramps: Any, targets: Any, locked: Any, rate: float, at_once: bool) -> None:
    """Let all values move to `targets`, but those whose bits are set in `locked`: a step has them now."""
    for i in range(PARAMETERS):
        if at_once:
            jump_to(ramps, i, targets[i])
        elif locked & (np.uint32(1) << np.uint32(i)) == 0:
            glide_to(ramps, i, targets[i], rate)


@kernel
def _change_instrument(state: Any, track: int, instrument: int, at: int) -> None:
    """Let what the track plays from now on have a lane of its own, in which nothing sounds."""
    lane = np.int64(state.lane_of_track[track])
    if _sounds(state, lane):
        _leave(state, track, at)
    else:
        _forget_waves(state, lane)
    state.instrument_of_track[track] = instrument


@kernel
def _sounds(state: Any, lane: int) -> bool:
    sounds = False
    for i in range(VOICES):
        sounds = sounds or (state.voices[i].stage != FREE and state.voices[i].lane == lane)
    return sounds


@kernel
def _leave(state: Any, track: int, at: int) -> None:
    """Go on to the track's next lane. What sounds in the one that is left rings out; what rings since before that
    gives way, in the settings that it was struck with."""
    left = np.int64(state.lane_of_track[track])
    lane = track * LANES + (left + 1) % LANES
    for i in range(VOICES):
        voice = state.voices[i]
        if voice.stage == FREE or voice.track != track or voice.lane == left:
            continue
        if voice.lane == lane:  # three instruments were struck within the time of a fade
            voice.stage = FREE
        else:
            fade(state, i, at)
    state.lane_of_track[track] = lane


@kernel
def _forget_waves(state: Any, lane: int) -> None:
    """Let no LFO take what it made of another instrument's settings for this one's."""
    for i in range(LFOS):
        run = state.lfos[i]
        if run.lane == lane:
            run.applied = 0
            run.lane = NO_LANE
