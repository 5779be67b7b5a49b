"""The poly synthesizer: two oscillators, a sub and noise, a filter that can be swept in character, two envelopes.

A slide glides to its note without striking again.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.envelopes import SILENT, adsr, attack_share, decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import PER_FRAME, line
from dsp.kernels.noise import next_seed, white
from dsp.kernels.oscillators import wave, wrap
from dsp.kernels.shapes import note_hz, power_of_two, semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.state import FREE, HELD, QUANTUM
from dsp.voices.touch import strike

_WAVES = "saw (0), pulse (1), triangle (2), sine (3)"
PARAMETERS = (
    Parameter("wave_a", 0.0, 0.0, 3.0, "", f"The first oscillator's wave: {_WAVES}."),
    Parameter("wave_b", 0.0, 0.0, 3.0, "", f"The second oscillator's wave: {_WAVES}."),
    Parameter("width", 0.5, 0.05, 0.95, "", "How much of its cycle a pulse is high."),
    Parameter("interval", 0.0, -24.0, 24.0, "st", "How far above the first the second oscillator is tuned."),
    Parameter("detune", 0.12, 0.0, 1.0, "st", "How far the oscillators are pulled apart."),
    Parameter("mix", 0.5, 0.0, 1.0, "", "From the first oscillator alone (0) to the second alone (1)."),
    Parameter("sub", 0.0, 0.0, 1.0, "", "How much of a sine an octave below is added."),
    Parameter("noise", 0.0, 0.0, 1.0, "", "How much noise is added."),
    Parameter("cutoff", 2200.0, 20.0, 18000.0, "Hz", "Where the filter rests.", "log"),
    Parameter("resonance", 0.25, 0.0, 1.0, "", "How much the filter rings."),
    Parameter("mode", 0.0, 0.0, 2.0, "", "What the filter passes: the low (0), a band (1), the high (2)."),
    Parameter("env", 18.0, -72.0, 72.0, "st", "How far the filter's envelope opens it, or closes it."),
    Parameter("follow", 0.4, 0.0, 1.0, "", "How far the filter follows the note."),
    Parameter("attack", 0.005, 0.001, 10.0, "s", "How long a note takes to rise.", "log"),
    Parameter("decay", 0.5, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("sustain", 0.7, 0.0, 1.0, "", "The level that it keeps while it is held."),
    Parameter("release", 0.4, 0.005, 20.0, "s", "How long it takes to die away.", "log"),
    Parameter("filter_attack", 0.005, 0.001, 10.0, "s", "How long the filter takes to open.", "log"),
    Parameter("filter_decay", 0.6, 0.005, 20.0, "s", "How long it takes to fall to its sustain.", "log"),
    Parameter("filter_sustain", 0.2, 0.0, 1.0, "", "How far it stays open while the note is held."),
    Parameter("filter_release", 0.4, 0.005, 20.0, "s", "How long it takes to close.", "log"),
    Parameter("vibrato", 0.0, 0.0, 2.0, "st", "How far the pitch swings."),
    Parameter("vibrato_rate", 5.0, 0.05, 12.0, "Hz", "How fast the pitch swings.", "log"),
    Parameter("glide", 0.08, 0.005, 2.0, "s", "How long a slide takes.", "log"),
)
WAVE_A = index_of(PARAMETERS, "wave_a")
WAVE_B = index_of(PARAMETERS, "wave_b")
WIDTH = index_of(PARAMETERS, "width")
INTERVAL = index_of(PARAMETERS, "interval")
DETUNE = index_of(PARAMETERS, "detune")
MIX = index_of(PARAMETERS, "mix")
SUB = index_of(PARAMETERS, "sub")
NOISE = index_of(PARAMETERS, "noise")
CUTOFF = index_of(PARAMETERS, "cutoff")
RESONANCE = index_of(PARAMETERS, "resonance")
MODE = index_of(PARAMETERS, "mode")
ENV = index_of(PARAMETERS, "env")
FOLLOW = index_of(PARAMETERS, "follow")
ATTACK = index_of(PARAMETERS, "attack")
DECAY = index_of(PARAMETERS, "decay")
SUSTAIN = index_of(PARAMETERS, "sustain")
RELEASE = index_of(PARAMETERS, "release")
FILTER_ATTACK = index_of(PARAMETERS, "filter_attack")
FILTER_DECAY = index_of(PARAMETERS, "filter_decay")
FILTER_SUSTAIN = index_of(PARAMETERS, "filter_sustain")
FILTER_RELEASE = index_of(PARAMETERS, "filter_release")
VIBRATO = index_of(PARAMETERS, "vibrato")
VIBRATO_RATE = index_of(PARAMETERS, "vibrato_rate")
GLIDE = index_of(PARAMETERS, "glide")

(
    PHASE_A,
    PHASE_B,
    PHASE_SUB,
    STEP_A,
    STEP_B,
    SWING,
    PITCH,
    STRUCK,
    RISING_A,
    LEVEL,
    RISING_F,
    OPEN,
    G,
    G_STEP,
    BAND,
    LOW,
) = range(16)

GRID = 8
"""Pitch and cutoff are worked out anew every so many frames of the quantum, and the cutoff drawn between them."""

_F = np.float32
_ZERO, _HALF, _ONE, _TWO = _F(0.0), _F(0.5), _F(1.0), _F(2.0)
_PER_GRID = _F(1 / GRID)
_GAIN = _F(0.4)
_MIDDLE_NOTE = _F(60.0)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.005), _F(3.0)
_GLIDE_FALLS = _F(4.0)
_ACCENT_ENV = _F(1.3)
_Q_OCTAVES = _F(5.0)
"""From no resonance to all of it: Q goes from 1/2 to 16."""
_LOWEST, _HIGHEST = _F(0.0002), _F(0.45)
_FASTEST = _F(0.24)


@kernel
def _damping(resonance: Any) -> Any:
    return _TWO * power_of_two(-_Q_OCTAVES * resonance)


@kernel
def render(voice: Any, lane: Any, out: Any, start: int, stop: int, rate: float) -> None:
    """Add frames `start`..`stop` of the quantum to `out`, (32,) float32."""
    memory = voice.memory
    fresh = voice.fresh
    touch = strike(voice.velocity, voice.accent) * _GAIN
    if fresh:
        voice.fresh = 0
        memory[PITCH] = voice.note
        memory[STRUCK] = touch
        # Voices of one chord do not start in step: that would be heard as a click of its own.
        seed = next_seed(voice.seed)
        memory[PHASE_A] = abs(white(seed))
        seed = next_seed(seed)
        memory[PHASE_B] = abs(white(seed))
        memory[PHASE_A] = wrap(memory[PHASE_A])
        memory[PHASE_B] = wrap(memory[PHASE_B])
        voice.seed = seed
    held = voice.stage == HELD
    frame_s = _ONE / _F(rate)
    value = lane.value
    attack, decay = attack_share(value[ATTACK], rate), decay_share(value[DECAY], rate)
    release = decay_share(value[RELEASE], rate)
    filter_attack, filter_decay = attack_share(value[FILTER_ATTACK], rate), decay_share(value[FILTER_DECAY], rate)
    filter_release = decay_share(value[FILTER_RELEASE], rate)
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    glide = share(value[GLIDE], _GLIDE_FALLS, rate)
    swing_step = value[VIBRATO_RATE] * frame_s
    depth = value[ENV] * (_ACCENT_ENV if voice.accent else _ONE)
    shape_a, shape_a_step = line(lane, WAVE_A)
    shape_b, shape_b_step = line(lane, WAVE_B)
    width, width_step = line(lane, WIDTH)
    mix, mix_step = line(lane, MIX)
    sub, sub_step = line(lane, SUB)
    noise, noise_step = line(lane, NOISE)
    cutoff, cutoff_step = line(lane, CUTOFF)
    mode, mode_step = line(lane, MODE)
    sustain, sustain_step = line(lane, SUSTAIN)
    damping_was, damping_is = _damping(lane.was[RESONANCE]), _damping(value[RESONANCE])
    damping_step = (damping_is - damping_was) * PER_FRAME
    phase_a, phase_b, phase_sub = memory[PHASE_A], memory[PHASE_B], memory[PHASE_SUB]
    step_a, step_b, swing, pitch = memory[STEP_A], memory[STEP_B], memory[SWING], memory[PITCH]
    struck, rising, level = memory[STRUCK], memory[RISING_A], memory[LEVEL]
    filter_rising, opened = memory[RISING_F], memory[OPEN]
    g, g_step, band_state, low_state = memory[G], memory[G_STEP], memory[BAND], memory[LOW]
    seed = voice.seed
    note = voice.note
    for i in range(start, stop):
        n = _F(i + 1)
        if i % GRID == 0 or fresh:
            bent = pitch + value[VIBRATO] * sine(swing)
            apart = value[DETUNE] * _HALF
            step_a = min(note_hz(bent - apart) * frame_s, _FASTEST)
            step_b = min(note_hz(bent + apart + value[INTERVAL]) * frame_s, _FASTEST)
            shift = depth * opened + value[FOLLOW] * (pitch - _MIDDLE_NOTE)
            tuned = (cutoff + cutoff_step * n) * semitones(shift) * frame_s
            g_next = warped(min(max(tuned, _LOWEST), _HIGHEST))
            if fresh:
                g = g_next
                fresh = 0
            g_step = (g_next - g) * _PER_GRID
        g += g_step
        pulse_width = width + width_step * n
        a = wave(shape_a + shape_a_step * n, phase_a, step_a, pulse_width)
        b = wave(shape_b + shape_b_step * n, phase_b, step_b, pulse_width)
        x = a + (b - a) * (mix + mix_step * n)
        x += sine(phase_sub) * (sub + sub_step * n)
        hiss = noise + noise_step * n
        if hiss > _ZERO:
            seed = next_seed(seed)
            x += white(seed) * hiss
        damping = damping_was + damping_step * n
        low, band, band_state, low_state = state_variable(x, g, damping, band_state, low_state)
        kind = mode + mode_step * n
        away = abs(kind - _ONE)
        edge = low if kind < _ONE else x - damping * band - low
        # At no resonance the band has half the gain of the others, and at full resonance Q times as much.
        y = edge * away + band * damping * (_ONE - away)
        rising, level = adsr(held, rising, level, attack, decay, sustain + sustain_step * n, release)
        filter_rising, opened = adsr(
            held, filter_rising, opened, filter_attack, filter_decay, value[FILTER_SUSTAIN], filter_release
        )
        out[i] += struck * level * y
        phase_a, phase_b = wrap(phase_a + step_a), wrap(phase_b + step_b)
        phase_sub = wrap(phase_sub + step_a * _HALF)
        swing = wrap(swing + swing_step)
        pitch += (note - pitch) * glide
        struck += (touch - struck) * follow
    memory[PHASE_A], memory[PHASE_B], memory[PHASE_SUB] = phase_a, phase_b, phase_sub
    memory[STEP_A], memory[STEP_B], memory[SWING], memory[PITCH] = step_a, step_b, swing, pitch
    memory[STRUCK], memory[RISING_A], memory[LEVEL] = struck, rising, flushed(level)
    memory[RISING_F], memory[OPEN] = filter_rising, flushed(opened)
    memory[G], memory[G_STEP], memory[BAND], memory[LOW] = g, g_step, flushed(band_state), flushed(low_state)
    voice.seed = seed
    if stop == QUANTUM and not held and level < SILENT:
        voice.stage = FREE
