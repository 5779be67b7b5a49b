"""The poly synthesizer: two oscillators, a sub and noise, a filter that can be swept in character, two envelopes.

A slide glides to its note without striking again. Eight voices are rendered side by side.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, bits_of, from_bits, in_all_places, load, store, total, where
from dsp.kernels.envelopes import adsr, attack_share, decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import PER_FRAME
from dsp.kernels.noise import next_seeds, whites
from dsp.kernels.oscillators import advance, saw, triangle, version_of, wrap
from dsp.kernels.shapes import note_hz, power_of_two, semitones, share, sine, warped
from dsp.parameters import Parameter, index_of
from dsp.voices.eights import (
    ACCENT,
    CLOSES,
    FADE,
    FADE_STEP,
    FRESH,
    NOTE,
    STRENGTH,
    keep,
    line,
    memory,
    recall,
    touch,
    value,
)

_WAVES = ("saw", "pulse", "triangle", "sine")
_MODES = ("low", "band", "high", "notch")
PARAMETERS = (
    Parameter("wave_a", 0.0, 0.0, 3.0, "", "The first oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("wave_b", 0.0, 0.0, 3.0, "", "The second oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("width", 0.5, 0.05, 0.95, "", "How much of its cycle a pulse is high."),
    Parameter("interval", 0.0, -24.0, 24.0, "st", "How far above the first the second oscillator is tuned."),
    Parameter("detune", 0.12, 0.0, 1.0, "st", "How far the oscillators are pulled apart."),
    Parameter("mix", 0.5, 0.0, 1.0, "", "From the first oscillator alone (0) to the second alone (1)."),
    Parameter("sub", 0.0, 0.0, 1.0, "", "How much of a sine an octave below is added."),
    Parameter("noise", 0.0, 0.0, 1.0, "", "How much noise is added."),
    Parameter("cutoff", 2200.0, 20.0, 18000.0, "Hz", "Where the filter rests.", "log"),
    Parameter("resonance", 0.25, 0.0, 1.0, "", "How much the filter rings."),
    Parameter("mode", 0.0, 0.0, 3.0, "", "What the filter passes.", choices=_MODES, blends=True),
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
WIDTH_OF_PULSE = index_of(PARAMETERS, "width")
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
    LEVEL,
    PHASE_A,
    PHASE_B,
    PHASE_SUB,
    STEP_A,
    STEP_B,
    SWING,
    PITCH,
    STRUCK,
    RISING_A,
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
_ZERO, _HALF, _ONE, _TWO, _THREE = _F(0.0), _F(0.5), _F(1.0), _F(2.0), _F(3.0)
_PER_GRID = _F(1 / GRID)
_GAIN = _F(0.4)
_MIDDLE_NOTE = _F(60.0)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.005), _F(3.0)
_GLIDE_FALLS = _F(4.0)
_ACCENT_ENV = _F(0.3)
_Q_OCTAVES = _F(5.0)
"""From no resonance to all of it: Q goes from 1/2 to 16."""
_LOWEST, _HIGHEST = _F(0.0002), _F(0.45)
_FASTEST = _F(0.24)


@kernel
def _damping(resonance: Any) -> Any:
    return _TWO * power_of_two(-_Q_OCTAVES * resonance)


@kernel
def _near(x: Any, middle: Any) -> Any:
    """1 where x is `middle`, falling to 0 at a distance of 1."""
    return max(_ONE - abs(x - middle), _ZERO)


@kernel
def _blend(shape: Any, width: Any, level: Any) -> Any:
    """What an oscillator is made of: the weights of its saw, of its later saw, of triangle and sine, and its offset.

    A pulse is a later saw less a saw, with an offset that keeps its middle at zero.
    """
    pulse = _near(shape, _ONE) * level
    return (
        max(_ONE - shape, _ZERO) * level - pulse,
        pulse,
        _near(shape, _TWO) * level,
        max(shape - _TWO, _ZERO) * level,
        pulse * (width + width - _ONE),
    )


@kernel
def _blend_lines(eight: Any, shape: int, share_was: Any, share_is: Any) -> Any:
    """The five weights of `_blend` before the quantum, and their steps."""
    was = _blend(recall(eight, shape), recall(eight, WIDTH_OF_PULSE), share_was)
    now = _blend(value(eight, shape), value(eight, WIDTH_OF_PULSE), share_is)
    steps = (
        (now[0] - was[0]) * PER_FRAME,
        (now[1] - was[1]) * PER_FRAME,
        (now[2] - was[2]) * PER_FRAME,
        (now[3] - was[3]) * PER_FRAME,
        (now[4] - was[4]) * PER_FRAME,
    )
    return was, steps


@kernel
def _uses(weights: Any, steps: Any, k: int) -> bool:
    return total(abs(weights[k]) + abs(steps[k])) > _ZERO


@kernel
def _oscillator(tables: Any, weights: Any, steps: Any, n: Any, tone: Any, phase: Any, width: Any, uses: Any) -> Any:
    """One frame of an oscillator. `tone` is its version and blend; what it does not use costs nothing."""
    version, blend = tone
    y = weights[4] + steps[4] * n
    if uses[0]:
        y += saw(tables, version, blend, phase) * (weights[0] + steps[0] * n)
    if uses[1]:
        y += saw(tables, version, blend, wrap(phase + _ONE - width)) * (weights[1] + steps[1] * n)
    if uses[2]:
        y += triangle(tables, version, blend, phase) * (weights[2] + steps[2] * n)
    if uses[3]:
        y += sine(phase) * (weights[3] + steps[3] * n)
    return y


@kernel
def _begin(eight: Any) -> None:
    """Set up the memory of those voices that were not rendered yet."""
    fresh = touch(eight, FRESH) > _ZERO
    seed = bits_of(load(eight.seed, 0))
    # Voices of one chord do not start in step: that would be heard as a click of its own.
    seed_a = next_seeds(seed)
    seed_b = next_seeds(seed_a)
    keep(eight, PHASE_A, where(fresh, wrap(abs(whites(seed_a))), memory(eight, PHASE_A)))
    keep(eight, PHASE_B, where(fresh, wrap(abs(whites(seed_b))), memory(eight, PHASE_B)))
    keep(eight, PITCH, where(fresh, touch(eight, NOTE), memory(eight, PITCH)))
    keep(eight, STRUCK, where(fresh, touch(eight, STRENGTH) * _GAIN, memory(eight, STRUCK)))
    store(eight.seed, 0, from_bits(where(fresh, seed_b, seed)))


@kernel
def render(eight: Any, tables: Any, start: int, stop: int, rate: float) -> None:
    """Fill frames `start`..`stop` of `eight.out` with the sound of eight voices."""
    _begin(eight)
    fresh = touch(eight, FRESH)
    frame_s = _ONE / _F(rate)
    attack, decay = attack_share(value(eight, ATTACK), rate), decay_share(value(eight, DECAY), rate)
    release = decay_share(value(eight, RELEASE), rate)
    filter_attack = attack_share(value(eight, FILTER_ATTACK), rate)
    filter_decay = decay_share(value(eight, FILTER_DECAY), rate)
    filter_sustain = value(eight, FILTER_SUSTAIN)
    filter_release = decay_share(value(eight, FILTER_RELEASE), rate)
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    glide = share(value(eight, GLIDE), _GLIDE_FALLS, rate)
    swing_step = value(eight, VIBRATO_RATE) * frame_s
    depth = value(eight, ENV) * (_ONE + _ACCENT_ENV * touch(eight, ACCENT))
    apart = value(eight, DETUNE) * _HALF
    interval, vibrato, tracking = value(eight, INTERVAL), value(eight, VIBRATO), value(eight, FOLLOW)
    width, width_step = line(eight, WIDTH_OF_PULSE)
    mix_was, mix_is = recall(eight, MIX), value(eight, MIX)
    wave_a, wave_a_steps = _blend_lines(eight, WAVE_A, _ONE - mix_was, _ONE - mix_is)
    wave_b, wave_b_steps = _blend_lines(eight, WAVE_B, mix_was, mix_is)
    uses_a = (
        _uses(wave_a, wave_a_steps, 0),
        _uses(wave_a, wave_a_steps, 1),
        _uses(wave_a, wave_a_steps, 2),
        _uses(wave_a, wave_a_steps, 3),
    )
    uses_b = (
        _uses(wave_b, wave_b_steps, 0),
        _uses(wave_b, wave_b_steps, 1),
        _uses(wave_b, wave_b_steps, 2),
        _uses(wave_b, wave_b_steps, 3),
    )
    sub, sub_step = line(eight, SUB)
    noise, noise_step = line(eight, NOISE)
    hisses = total(abs(noise) + abs(noise_step)) > _ZERO
    cutoff, cutoff_step = line(eight, CUTOFF)
    mode, mode_step = line(eight, MODE)
    sustain, sustain_step = line(eight, SUSTAIN)
    damping_was = _damping(recall(eight, RESONANCE))
    damping_step = (_damping(value(eight, RESONANCE)) - damping_was) * PER_FRAME
    phase_a, phase_b, phase_sub = memory(eight, PHASE_A), memory(eight, PHASE_B), memory(eight, PHASE_SUB)
    step_a, step_b, swing, pitch = (
        memory(eight, STEP_A),
        memory(eight, STEP_B),
        memory(eight, SWING),
        memory(eight, PITCH),
    )
    struck, rising, level = memory(eight, STRUCK), memory(eight, RISING_A), memory(eight, LEVEL)
    filter_rising, opened = memory(eight, RISING_F), memory(eight, OPEN)
    g, g_step, band_state, low_state = memory(eight, G), memory(eight, G_STEP), memory(eight, BAND), memory(eight, LOW)
    seed = bits_of(load(eight.seed, 0))
    note, strength = touch(eight, NOTE), touch(eight, STRENGTH) * _GAIN
    closes, fade, fade_step = touch(eight, CLOSES), touch(eight, FADE), touch(eight, FADE_STEP)
    first = start
    while first < stop:
        last = min(stop, (first // GRID + 1) * GRID)
        n = _F(first + 1)
        renewed = where(first % GRID == 0, _ONE, fresh) > _ZERO
        bent = pitch + vibrato * sine(swing)
        step_a = where(renewed, min(note_hz(bent - apart) * frame_s, _FASTEST), step_a)
        step_b = where(renewed, min(note_hz(bent + apart + interval) * frame_s, _FASTEST), step_b)
        shift = depth * opened + tracking * (pitch - _MIDDLE_NOTE)
        tuned = (cutoff + cutoff_step * n) * semitones(shift) * frame_s
        g_next = warped(min(max(tuned, _LOWEST), _HIGHEST))
        g = where(fresh > _ZERO, g_next, g)
        g_step = where(renewed, (g_next - g) * _PER_GRID, g_step)
        fresh = in_all_places(_ZERO)
        tone_a, tone_b = version_of(step_a), version_of(step_b)
        for i in range(first, last):
            n = _F(i + 1)
            held = closes > _F(i)
            g += g_step
            pulse_width = width + width_step * n
            x = _oscillator(tables, wave_a, wave_a_steps, n, tone_a, phase_a, pulse_width, uses_a)
            x += _oscillator(tables, wave_b, wave_b_steps, n, tone_b, phase_b, pulse_width, uses_b)
            x += sine(phase_sub) * (sub + sub_step * n)
            if hisses:
                seed = next_seeds(seed)
                x += whites(seed) * (noise + noise_step * n)
            damping = damping_was + damping_step * n
            low, band, band_state, low_state = state_variable(x, g, damping, band_state, low_state)
            # At no resonance the band has half the gain of the others, and at full resonance Q times as much.
            band = band * damping
            kind = mode + mode_step * n
            through = max(_ONE - kind, _ZERO) * low + _near(kind, _ONE) * band
            rejected = x - band
            y = through + _near(kind, _TWO) * (rejected - low) + max(kind - _TWO, _ZERO) * rejected
            rising, level = adsr(held, rising, level, attack, decay, sustain + sustain_step * n, release)
            filter_rising, opened = adsr(
                held, filter_rising, opened, filter_attack, filter_decay, filter_sustain, filter_release
            )
            fade = max(fade - fade_step, _ZERO)
            store(eight.out, i * WIDTH, struck * level * y * fade)
            phase_a, phase_b = advance(phase_a, step_a), advance(phase_b, step_b)
            phase_sub = advance(phase_sub, step_a * _HALF)
            swing = advance(swing, swing_step)
            pitch += (note - pitch) * glide
            struck += (strength - struck) * follow
        first = last
    keep(eight, PHASE_A, phase_a)
    keep(eight, PHASE_B, phase_b)
    keep(eight, PHASE_SUB, phase_sub)
    keep(eight, STEP_A, step_a)
    keep(eight, STEP_B, step_b)
    keep(eight, SWING, swing)
    keep(eight, PITCH, pitch)
    keep(eight, STRUCK, struck)
    keep(eight, RISING_A, rising)
    keep(eight, LEVEL, flushed(level))
    keep(eight, RISING_F, filter_rising)
    keep(eight, OPEN, flushed(opened))
    keep(eight, G, g)
    keep(eight, G_STEP, g_step)
    keep(eight, BAND, flushed(band_state))
    keep(eight, LOW, flushed(low_state))
    store(eight.seed, 0, from_bits(seed))
    store(eight.touch, FADE * WIDTH, fade)
