"""The sampler: plays a region of the track's clip, forwards or backwards, at any pitch, once or in a loop.

Which part is played, and in which direction, a note takes with it as it is struck; pitch, level, fades and filter
follow the hand. A slide glides to its note without striking again.
"""

from typing import Any

import numpy as np

from dsp.clips import frame_of
from dsp.kernels import kernel
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.interpolation import CROSSINGS, share_at
from dsp.kernels.lines import PER_FRAME, decibel_line, line
from dsp.kernels.shapes import power_of_two, semitones, share, warped
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM
from dsp.voice import FREE, HELD
from dsp.voices.touch import head_for, strike

PARAMETERS = (
    Parameter("start", 0.0, 0.0, 1.0, "", "Where in the clip it begins, from its beginning (0) to its end (1)."),
    Parameter("end", 1.0, 0.0, 1.0, "", "Where in the clip it ends."),
    Parameter("tune", 0.0, -48.0, 48.0, "st", "How far it is tuned up or down; note 60 plays it as recorded."),
    Parameter("reverse", 0.0, 0.0, 1.0, "", "In which direction it is played.", choices=("forward", "backward")),
    Parameter("loop", 0.0, 0.0, 1.0, "", "Once, or again and again while it is held.", choices=("once", "loop")),
    Parameter("loop_start", 0.0, 0.0, 0.99, "", "Where in the region the loop goes back to."),
    Parameter("crossfade", 0.01, 0.001, 2.0, "s", "How long the end of the loop fades into its start.", "log"),
    Parameter("gated", 0.0, 0.0, 1.0, "", "To its end, or only while it is held.", choices=("one shot", "gated")),
    Parameter("fade_in", 0.001, 0.001, 5.0, "s", "How long it fades in.", "log"),
    Parameter("fade_out", 0.01, 0.002, 5.0, "s", "How long it fades out, at its end or once it is let go.", "log"),
    Parameter("level", 0.0, -24.0, 12.0, "dB", "How loud it is.", "db"),
    Parameter("cutoff", 20000.0, 40.0, 20000.0, "Hz", "What lies above is filtered away; at the top, nothing.", "log"),
    Parameter("resonance", 0.1, 0.0, 1.0, "", "How much the filter rings."),
    Parameter("glide", 0.06, 0.005, 2.0, "s", "How long a slide takes.", "log"),
)
START = index_of(PARAMETERS, "start")
END = index_of(PARAMETERS, "end")
TUNE = index_of(PARAMETERS, "tune")
REVERSE = index_of(PARAMETERS, "reverse")
LOOP = index_of(PARAMETERS, "loop")
LOOP_START = index_of(PARAMETERS, "loop_start")
CROSSFADE = index_of(PARAMETERS, "crossfade")
GATED = index_of(PARAMETERS, "gated")
FADE_IN = index_of(PARAMETERS, "fade_in")
FADE_OUT = index_of(PARAMETERS, "fade_out")
CLIP_LEVEL = index_of(PARAMETERS, "level")
CUTOFF = index_of(PARAMETERS, "cutoff")
RESONANCE = index_of(PARAMETERS, "resonance")
GLIDE = index_of(PARAMETERS, "glide")

# A place in the region is told in two numbers, the whole frames and the rest: one float32 has not enough digits.
WHOLE, PART, FIRST, FRAMES, BACKWARDS, LOOP_AT, OVERLAP = range(7)
RISE, GATE, STRUCK, HEADING, AWAY, LEFT, BAND, LOW, HAS_GATE, HAS_LOOP = range(7, 17)

_F = np.float32
_ZERO, _HALF, _ONE, _TWO = _F(0.0), _F(0.5), _F(1.0), _F(2.0)
_GAIN = _F(0.45)
_NOMINAL_NOTE = _F(60.0)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.004), _F(3.0)
_SHORTEST = 64.0
"""Frames of the shortest region and loop: less is a tone of its own, not the clip."""
_CROSSINGS, _FASTEST, _CLEAN = _F(CROSSINGS), _F(32.0), _F(8.0)
"""Frames of the clip that go into one, at most, and up to which nothing folds back."""
_OPEN_HZ, _OPENS_HZ = _F(20000.0), _F(2000.0)
_Q_OCTAVES = _F(3.0)
_HIGHEST = _F(0.45)


@kernel
def _take_region(voice: Any, lane: Any) -> None:
    """Fix the part of the clip that a fresh voice plays."""
    memory, clip, setting = voice.memory, voice.clip, lane.value
    low = min(setting[START], setting[END]) * clip.frames
    high = max(setting[START], setting[END]) * clip.frames
    frames = np.floor(max(high - low, _SHORTEST))
    memory[FIRST], memory[FRAMES] = np.floor(low), frames
    memory[BACKWARDS] = _ONE if setting[REVERSE] >= _HALF else _ZERO
    memory[HAS_LOOP] = _ONE if setting[LOOP] >= _HALF else _ZERO
    # A loop that nobody could end is played only while it is held.
    memory[HAS_GATE] = max(memory[HAS_LOOP], _ONE if setting[GATED] >= _HALF else _ZERO)
    memory[LOOP_AT] = np.floor(max(min(setting[LOOP_START] * frames, frames - _SHORTEST), 0.0))
    memory[OVERLAP] = np.floor(min(setting[CROSSFADE] * clip.rate, frames - memory[LOOP_AT]))
    memory[GATE] = _ONE
    memory[HEADING] = voice.note
    memory[STRUCK] = strike(voice.velocity, voice.accent) * _GAIN


@kernel
def _read(clip: Any, place: float, narrow: Any, reach: float) -> Any:
    """The clip between its frames, `place` frames from its beginning; silence beyond its ends.

    narrow  how much of a zero crossing of the sinc one frame is, at most 1
    reach   frames on each side that are heard
    """
    y = _ZERO
    first = max(int(np.ceil(place - reach)), 0)
    away = _F(first - place)
    for k in range(min(int(np.floor(place + reach)), clip.frames - 1) + 1 - first):
        y += frame_of(clip, first + k) * share_at(abs(away + _F(k)) * narrow)
    return y * narrow


@kernel
def render(voice: Any, lane: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory, clip = voice.memory, voice.clip
    if voice.fresh:
        voice.fresh = 0
        _take_region(voice, lane)
    frames, backwards = float(memory[FRAMES]), memory[BACKWARDS] > _ZERO
    # What is read is `origin` and the way in the region, forth or back.
    origin = float(memory[FIRST]) + (frames - 1.0 if backwards else 0.0)
    sign = -1.0 if backwards else 1.0
    loops, loop_frames = memory[HAS_LOOP] > _ZERO, frames - float(memory[LOOP_AT])
    overlap = float(memory[OVERLAP])
    held = voice.stage == HELD or memory[HAS_GATE] == _ZERO
    frame_s = _ONE / _F(rate)
    fade_in, fade_out = frame_s / lane.value[FADE_IN], frame_s / lane.value[FADE_OUT]
    arrive = frame_s / lane.value[GLIDE]
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    level, level_step = decibel_line(lane, CLIP_LEVEL)
    tune, tune_step = line(lane, TUNE)
    cutoff = lane.value[CUTOFF]
    g = warped(min(cutoff * frame_s, _HIGHEST))
    filtered = min(max((_OPEN_HZ - lane.was[CUTOFF]) / _OPENS_HZ, _ZERO), _ONE)
    filtered_step = (min(max((_OPEN_HZ - cutoff) / _OPENS_HZ, _ZERO), _ONE) - filtered) * PER_FRAME
    damping = _TWO * power_of_two(-_Q_OCTAVES * lane.value[RESONANCE])
    touch = strike(voice.velocity, voice.accent) * _GAIN
    heading, away, left = head_for(voice.note, memory[HEADING], memory[AWAY], memory[LEFT])
    whole, part = float(memory[WHOLE]), memory[PART]
    rise, gate, struck, band_state, low_state = memory[RISE], memory[GATE], memory[STRUCK], memory[BAND], memory[LOW]
    natural = _F(clip.rate / float(rate))
    for i in range(start, stop):
        n = _F(i + 1)
        pitch = heading + away * left - _NOMINAL_NOTE + tune + tune_step * n
        speed = min(natural * semitones(pitch), _FASTEST)
        scale = min(max(speed, _ONE), _CLEAN)
        narrow, reach = _ONE / scale, float(_CROSSINGS * scale)
        way, x = whole + float(part), _ZERO
        if way < frames:
            x = _read(clip, origin + sign * way, narrow, reach)
            if loops:
                into = way - (frames - overlap)
                if into > 0.0:
                    x += (_read(clip, origin + sign * (way - loop_frames), narrow, reach) - x) * _F(into / overlap)
            else:
                x *= min(_F(frames - way) / speed * fade_out, _ONE)
        low, _, band_state, low_state = state_variable(x, g, damping, band_state, low_state)
        x += (low - x) * (filtered + filtered_step * n)
        out[i] += struck * rise * gate * (level + level_step * n) * x
        rise = min(rise + fade_in, _ONE)
        if not held:
            gate = max(gate - fade_out, _ZERO)
        part += speed
        whole, part = whole + float(np.floor(part)), part - np.floor(part)
        if loops and whole >= frames:
            whole -= loop_frames * np.floor((whole - (frames - loop_frames)) / loop_frames)
        left = max(left - arrive, _ZERO)
        struck += (touch - struck) * follow
    memory[WHOLE], memory[PART] = min(whole, frames), part
    memory[RISE], memory[GATE], memory[STRUCK] = rise, gate, struck
    memory[HEADING], memory[AWAY], memory[LEFT] = heading, away, left
    memory[BAND], memory[LOW] = flushed(band_state), flushed(low_state)
    if stop == QUANTUM and (gate == _ZERO or clip.frames == 0 or whole >= frames):
        voice.stage = FREE
