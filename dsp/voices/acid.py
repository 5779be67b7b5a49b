"""The acid bass: one oscillator, overdriven into a resonant four-pole filter that every note opens anew.

The drive works inside the filter's loop: the harder it is driven, the less the resonance stands out. The loop runs at
twice the sample rate, so that less of what the drive adds folds back. An accent opens the filter further, lets it
close faster, and is louder. A slide glides to its note without striking again, as a capacitor is charged: fast at
first, and in the same time however far. Held notes fade slowly.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import SILENT, attack_share, decay_share
from dsp.kernels.filters import flushed, ladder, one_pole
from dsp.kernels.lines import decibel_line, line
from dsp.kernels.oscillators import advance, pulse_of_saw, saw, version_of
from dsp.kernels.shapes import note_hz, semitones, share, soft, soft_between, warped
from dsp.parameters import Parameter, index_of
from dsp.sizes import QUANTUM
from dsp.voice import FREE, HELD
from dsp.voices.touch import head_for, strike

PARAMETERS = (
    Parameter("wave", 0.0, 0.0, 1.0, "", "From saw (0) to square (1)."),
    Parameter("tune", 0.0, -24.0, 24.0, "st", "How far it is tuned up or down."),
    Parameter("cutoff", 320.0, 40.0, 8000.0, "Hz", "Where the filter rests.", "log"),
    Parameter("resonance", 0.75, 0.0, 1.0, "", "How much the filter rings; at the top it sings."),
    Parameter("env", 36.0, 0.0, 84.0, "st", "How far each note opens the filter."),
    Parameter("decay", 0.6, 0.05, 5.0, "s", "How long the filter takes to close again.", "log"),
    Parameter("accent", 0.6, 0.0, 1.0, "", "How much an accent adds."),
    Parameter("glide", 0.06, 0.005, 1.0, "s", "How long a slide takes.", "log"),
    Parameter("drive", 8.0, 0.0, 36.0, "dB", "How hard the filter is overdriven.", "db"),
)
WAVE = index_of(PARAMETERS, "wave")
TUNE = index_of(PARAMETERS, "tune")
CUTOFF = index_of(PARAMETERS, "cutoff")
RESONANCE = index_of(PARAMETERS, "resonance")
ENV = index_of(PARAMETERS, "env")
DECAY = index_of(PARAMETERS, "decay")
ACCENT = index_of(PARAMETERS, "accent")
GLIDE = index_of(PARAMETERS, "glide")
DRIVE = index_of(PARAMETERS, "drive")

PHASE, LEVEL, SWEEP, HEADING, AWAY, LEFT, STRUCK, BITE, G, G_STEP, STEP = range(11)
BEFORE, OFFSET, POLE_1, POLE_2, POLE_3, POLE_4, FADED, MIDDLE, LAST, LATE, LATER = range(11, 22)

GRID = 8
"""Pitch and cutoff are worked out anew every so many frames of the quantum, and the cutoff drawn between them."""

_F = np.float32
_ZERO, _ONE, _HALF = _F(0.0), _F(1.0), _F(0.5)
_PER_GRID = _F(1 / GRID)
_GAIN = _F(0.57)
_ATTACK_S, _HELD_S, _RELEASE_S = _F(0.002), _F(9.0), _F(0.03)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.004), _F(3.0)
_GLIDE_FALLS = _F(4.0)
_ACCENT_DECAY_S = _F(0.25)
"""In which an accent closes the filter, where the decay would take longer."""
_ACCENT_ST = _F(18.0)
_ACCENT_GAIN = _F(0.3)
_FULL_RESONANCE = _F(4.4)
_BASS_KEPT = _F(0.55)
"""Feedback takes from the bass what it gives to the peak; so much of that is given back."""
_INPUT, _OUTPUT = _F(0.2), _F(0.8)
"""A quiet input leaves the resonance room before the ladder saturates."""
_RUMBLE_HZ = _F(18.0)
"""Saturating a lopsided wave shifts its middle, and a note rarely lasts for whole cycles; what lies below this is the
offset that comes of it, and is taken away."""
_LOWEST, _HIGHEST = _F(0.0001), _F(0.21)
_NEAR, _FAR = _F(9 / 32), _F(-1 / 32)
"""Half a sample rate is taken from the double one by the half-band filter of these taps, and a half."""
_QUARTER = _F(0.24)


@kernel
def render(voice: Any, lane: Any, tables: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    fresh = voice.fresh
    accent = _ONE if voice.accent else _ZERO
    touch = strike(voice.velocity, voice.accent) * _GAIN
    if fresh:
        voice.fresh = 0
        memory[SWEEP] = _ONE
        memory[FADED] = _ONE
        memory[HEADING] = voice.note
        memory[BITE] = accent
        memory[STRUCK] = touch
    held = voice.stage == HELD
    frame_s = _ONE / _F(rate)
    half_frame_s = frame_s * _HALF
    amount = lane.value[ACCENT]
    attack = attack_share(_ATTACK_S, rate)
    release, fading = decay_share(_RELEASE_S, rate), decay_share(_HELD_S, rate)
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    glide = share(lane.value[GLIDE], _GLIDE_FALLS, rate)
    lasts = lane.value[DECAY]
    close = decay_share(lasts + (min(lasts, _ACCENT_DECAY_S) - lasts) * amount * memory[BITE], rate)
    rumble = warped(_RUMBLE_HZ * frame_s)
    shape, shape_step = line(lane, WAVE)
    square = shape != _ZERO or shape_step != _ZERO
    resonance, resonance_step = line(lane, RESONANCE)
    cutoff, cutoff_step = line(lane, CUTOFF)
    drive, drive_step = decibel_line(lane, DRIVE)
    heading, away, left = head_for(voice.note, memory[HEADING], memory[AWAY], memory[LEFT])
    phase, level, sweep, faded = memory[PHASE], memory[LEVEL], memory[SWEEP], memory[FADED]
    struck, bite, g, g_step, step = memory[STRUCK], memory[BITE], memory[G], memory[G_STEP], memory[STEP]
    before, offset_state = memory[BEFORE], memory[OFFSET]
    middle, last, late, later = memory[MIDDLE], memory[LAST], memory[LATE], memory[LATER]
    s1, s2, s3, s4 = memory[POLE_1], memory[POLE_2], memory[POLE_3], memory[POLE_4]
    version, blend = version_of(step)
    for i in range(start, stop):
        n = _F(i + 1)
        if i % GRID == 0 or fresh:
            step = min(note_hz(heading + away * left + lane.value[TUNE]) * frame_s, _QUARTER)
            version, blend = version_of(step)
            depth = lane.value[ENV] + _ACCENT_ST * amount * bite
            opened = (cutoff + cutoff_step * n) * semitones(depth * sweep) * half_frame_s
            g_next = warped(min(max(opened, _LOWEST), _HIGHEST))
            if fresh:
                g = g_next
                fresh = 0
            g_step = (g_next - g) * _PER_GRID
        g += g_step
        k = (resonance + resonance_step * n) * _FULL_RESONANCE
        gain = (drive + drive_step * n) * _INPUT
        enters, leaves = gain * (_ONE + _BASS_KEPT * k), _OUTPUT / soft(gain)
        y = middle * _HALF + (late + last) * _NEAR + later * _FAR
        for half in range(2):
            up = saw(tables, version, blend, phase)
            x = up
            if square:
                x += (pulse_of_saw(tables, version, blend, phase, _HALF, up) - up) * (shape + shape_step * n)
            x, s1, s2, s3, s4 = ladder(x * enters, g, k, s1, s2, s3, s4)
            x *= leaves
            driven = soft_between(x, before)
            before = x
            if half == 0:
                middle = driven
            else:
                later, late, last = late, last, driven
            phase = advance(phase, step * _HALF)
        y += last * _FAR
        y *= struck * (_ONE + _ACCENT_GAIN * amount * bite) * level * faded
        offset, offset_state = one_pole(y, rumble, offset_state)
        out[i] += y - offset
        if held:
            level += (_ONE - level) * attack
            faded -= faded * fading
        else:
            level -= level * release
        sweep -= sweep * close
        left -= left * glide
        bite += (accent - bite) * follow
        struck += (touch - struck) * follow
    memory[PHASE], memory[LEVEL], memory[SWEEP], memory[FADED] = phase, level, flushed(sweep), flushed(faded)
    memory[HEADING], memory[AWAY], memory[LEFT] = heading, away, flushed(left)
    memory[STRUCK], memory[BITE], memory[G], memory[G_STEP], memory[STEP] = struck, flushed(bite), g, g_step, step
    memory[BEFORE], memory[OFFSET] = before, flushed(offset_state)
    memory[MIDDLE], memory[LAST], memory[LATE], memory[LATER] = middle, last, late, later
    memory[POLE_1], memory[POLE_2], memory[POLE_3], memory[POLE_4] = s1, s2, s3, s4
    if stop == QUANTUM and not held and max(level, abs(offset_state)) < SILENT:
        voice.stage = FREE
