"""A swapped-in pattern's settings on their way to the sound: every value glides from where it is.

Each track has two lanes of instrument settings. A track that changes its instrument takes up the other
lane, so that what still sounds of the old instrument keeps the settings that it was struck with.
"""

from typing import Any

import numpy as np

from dsp.fx.order import EFFECTS
from dsp.kernels import kernel
from dsp.ramps import glide_to, jump_to
from dsp.state import FADING, FREE, PARAMETERS, TRACKS, VOICES
from dsp.struck import cut_note


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
    lane = 2 * track + 1 - state.lane_of_track[track] % 2
    for i in range(VOICES):
        voice = state.voices[i]
        # Only a second change within one tail finds a voice here; it gives way.
        if voice.stage != FREE and voice.lane == lane and voice.stage != FADING:
            cut_note(state, i, at)
            voice.stage = FADING
            voice.fade = 1.0
    state.lane_of_track[track] = lane
    state.instrument_of_track[track] = instrument
