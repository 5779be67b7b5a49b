"""The clap: a few hands that are not quite together, and the room that they are in."""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH
from dsp.kernels.envelopes import decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.shapes import semitones, share, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.drum import OWN, PITCH, SOUND, begin, end, overdrive

PARAMETERS = (
    Parameter("tone", 1200.0, 400.0, 4000.0, "Hz", "The pitch of the hands.", "log"),
    Parameter("focus", 0.45, 0.0, 1.0, "", "How clearly that pitch is heard."),
    Parameter("spread", 0.011, 0.002, 0.04, "s", "The time from one hand to the next.", "log"),
    Parameter("decay", 0.3, 0.03, 2.0, "s", "How long the room rings.", "log"),
    Parameter("room", 0.6, 0.0, 1.0, "", "How loud the room is beside the hands."),
    Parameter("drive", 4.0, 0.0, 30.0, "dB", "How hard it is overdriven.", "db"),
)
TONE = index_of(PARAMETERS, "tone")
FOCUS = index_of(PARAMETERS, "focus")
SPREAD = index_of(PARAMETERS, "spread")
DECAY = index_of(PARAMETERS, "decay")
ROOM = index_of(PARAMETERS, "room")
DRIVE = index_of(PARAMETERS, "drive")

HANDS, UNTIL_NEXT, BURST, ROOM_LEVEL, RISE, ROOM_RISE, LOW, BAND = range(OWN, OWN + 8)

_F = np.float32
_ZERO, _ONE, _TWO = _F(0.0), _F(1.0), _F(2.0)
_GAIN = _F(0.43)
_HANDS = _F(3.0)
_BURST_SPREADS = _F(1.8)
"""A hand has faded by 60 dB after so many spreads: it is heard apart from the next."""
_RISE_S, _ROOM_RISE_S, _RISE_FALLS = _F(0.0004), _F(0.004), _F(3.0)
_WIDEST_DAMPING, _DAMPING_OCTAVES = _F(1.6), _F(0.1)
_HIGH_SHARE = _F(0.12)


@kernel
def render(voice: Any, lane: Any, work: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    if begin(voice, _GAIN):
        memory[HANDS] = _HANDS
    frame_s, pitch = _ONE / _F(rate), semitones(memory[PITCH])
    g = warped(min(lane.value[TONE] * pitch * frame_s, _F(0.4)))
    spread = lane.value[SPREAD] * _F(rate)
    burst_decay = decay_share(lane.value[SPREAD] * _BURST_SPREADS, rate)
    decay = decay_share(lane.value[DECAY], rate)
    rise_share = share(_RISE_S, _RISE_FALLS, rate)
    room_rise_share = share(_ROOM_RISE_S, _RISE_FALLS, rate)
    focus, focus_step = line(lane, FOCUS)
    room, room_step = line(lane, ROOM)
    hands, until_next, burst, room_level = memory[HANDS], memory[UNTIL_NEXT], memory[BURST], memory[ROOM_LEVEL]
    rise, room_rise, low_state, band_state = memory[RISE], memory[ROOM_RISE], memory[LOW], memory[BAND]
    seed = voice.seed
    for i in range(start, stop):
        n = _F(i + 1)
        if hands > _ZERO:
            if until_next < _ONE:
                burst = _ONE
                hands -= _ONE
                until_next += spread
                if hands == _ZERO:
                    room_level = _ONE
            until_next -= _ONE
        seed = next_seed(seed)
        noise = white(seed)
        damping = _WIDEST_DAMPING - (_WIDEST_DAMPING - _DAMPING_OCTAVES) * (focus + focus_step * n)
        low, band, band_state, low_state = state_variable(noise, g, damping, band_state, low_state)
        # A narrower band lets less of the noise through; this keeps its power.
        tone = band * np.sqrt(damping) * _TWO + _HIGH_SHARE * (noise - low)
        rise += (burst - rise) * rise_share
        room_rise += (room_level - room_rise) * room_rise_share
        work[SOUND, WIDTH + i] = tone * (rise + (room + room_step * n) * room_rise)
        burst -= burst * burst_decay
        room_level -= room_level * decay
    gain = overdrive(voice, lane, DRIVE, work, out, start, stop, rate)
    memory[HANDS], memory[UNTIL_NEXT] = hands, until_next
    memory[BURST], memory[ROOM_LEVEL] = flushed(burst), flushed(room_level)
    memory[RISE], memory[ROOM_RISE] = flushed(rise), flushed(room_rise)
    memory[LOW], memory[BAND] = low_state, band_state
    voice.seed = seed
    if hands == _ZERO:
        end(voice, max(rise, room_rise) * gain, stop)
