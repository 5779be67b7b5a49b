"""When a note ends: the frame on which its gate closes, which a beat of the song or a frame of its own says."""

from typing import Any

from dsp.clock import frame_of_beat
from dsp.kernels import kernel

NO_BEAT = 1e18
"""A beat that does not come: the note ends at its frame instead."""


@kernel
def close_gate_frame(state: Any, voice: Any) -> int:
    """The frame on which the gate of a note, or of a held voice, closes."""
    if voice.off_beat >= NO_BEAT:
        return voice.off_frame
    return min(voice.off_frame, frame_of_beat(state.transport, voice.off_beat, state.rate))
