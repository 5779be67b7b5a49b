"""The poly synthesizer: two oscillators in up to seven copies, a sub and noise, a filter that can be swept in
character, two envelopes.

The second oscillator can be synced to the first. A slide glides to its note without striking again. Eight voices are
rendered side by side: first all that hands and envelopes do, then the oscillators, then the filter.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import nth
from dsp.kernels.eight import WIDTH, anywhere, bits_of, from_bits, in_all_places, load, store, total, where
from dsp.kernels.envelopes import adsr, attack_share, decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import PER_FRAME
from dsp.kernels.noise import next_seeds, whites
from dsp.kernels.oscillators import advance, wrap
from dsp.kernels.shapes import note_hz, power_of_two, semitones, share, sine, warped
from dsp.voices.eights import (
    ACCENT,
    CLOSES,
    FADE,
    FADE_STEP,
    FRESH,
    LEVEL,
    SEED,
    SWING,
    keep,
    keep_touch,
    leave_touch,
    line,
    memory,
    recall,
    take_touch,
    touch,
    value,
)
from dsp.voices.poly_oscillators import add_copies, blend_lines, has_pulses
from dsp.voices.poly_settings import (
    ATTACK,
    BAND,
    CUTOFF,
    DECAY,
    DETUNE,
    ENV,
    FILTER_ATTACK,
    FILTER_DECAY,
    FILTER_RELEASE,
    FILTER_SUSTAIN,
    FOLLOW,
    G_STEP,
    GAINS,
    GLIDE,
    GRID,
    INTERVAL,
    INTERVAL_ENV,
    LEVELS,
    LOW,
    MODE,
    NOISE,
    OPEN,
    PHASE_A,
    PHASE_SUB,
    PWM,
    PWM_RATE,
    RATIO,
    RATIO_STEP,
    RATIOS,
    RELEASE,
    RESONANCE,
    RISING_A,
    RISING_F,
    STEP_A,
    STEP_B,
    STEPS_A,
    STEPS_B,
    SUB,
    SUSTAIN,
    VIBRATO,
    VIBRATO_RATE,
    WIDENING,
    WIDTH_OF_PULSE,
    WIDTHS,
    G,
    grid_end,
    near,
)

_F = np.float32
_ZERO, _HALF, _ONE, _TWO = _F(0.0), _F(0.5), _F(1.0), _F(2.0)
_PER_GRID = _F(1 / GRID)
_GAIN = _F(0.4)
_MIDDLE_NOTE = _F(60.0)
_FOLLOW_S, _FOLLOW_FALLS = _F(0.005), _F(3.0)
_ACCENT_ENV = _F(0.3)
_Q_OCTAVES = _F(5.0)
"""From no resonance to all of it: Q goes from 1/2 to 16."""
_LOWEST, _HIGHEST = _F(0.0002), _F(0.45)
_FASTEST = _F(0.24)
_NARROWEST, _WIDEST = _F(0.02), _F(0.98)


@kernel
def _begin(eight: Any) -> None:
    """Set up the phases of those voices that were not rendered yet."""
    fresh = touch(eight, FRESH) > _ZERO
    if not anywhere(fresh):
        return
    seed = bits_of(touch(eight, SEED))
    # Voices of one chord do not start in step: that would be heard as a click of its own. Nor do the subs of a line:
    # the first half swing of a short note is its largest, and notes that all begin alike add up to an offset.
    for phase in range(PHASE_A, PHASE_SUB + 1):
        seed = next_seeds(seed)
        keep(eight, phase, where(fresh, wrap(abs(whites(seed))), memory(eight, phase)))
    keep_touch(eight, SEED, where(fresh, from_bits(seed), touch(eight, SEED)))


@kernel
def _move_hands(eight: Any, start: int, stop: int, pulses: bool, rate: float) -> None:
    """Work out, for frames `start`..`stop`, all that envelopes, vibrato and slides do: the rows of `eight.work` from
    the widths of the pulses on.

    pulses  whether those are heard
    """
    fresh = touch(eight, FRESH)
    frame_s = _ONE / _F(rate)
    attack, decay = attack_share(value(eight, ATTACK), rate), decay_share(value(eight, DECAY), rate)
    release = decay_share(value(eight, RELEASE), rate)
    filter_attack = attack_share(value(eight, FILTER_ATTACK), rate)
    filter_decay = decay_share(value(eight, FILTER_DECAY), rate)
    filter_sustain = value(eight, FILTER_SUSTAIN)
    filter_release = decay_share(value(eight, FILTER_RELEASE), rate)
    follow = share(_FOLLOW_S, _FOLLOW_FALLS, rate)
    arrive = frame_s / value(eight, GLIDE)
    swing_step, widening_step = value(eight, VIBRATO_RATE) * frame_s, value(eight, PWM_RATE) * frame_s
    depth = value(eight, ENV) * (_ONE + _ACCENT_ENV * touch(eight, ACCENT))
    apart, interval, raised = value(eight, DETUNE) * _HALF, value(eight, INTERVAL), value(eight, INTERVAL_ENV)
    vibrato, tracking = value(eight, VIBRATO), value(eight, FOLLOW)
    cutoff, cutoff_step = line(eight, CUTOFF)
    sustain, sustain_step = line(eight, SUSTAIN)
    step_a, step_b = memory(eight, STEP_A), memory(eight, STEP_B)
    ratio, ratio_step = memory(eight, RATIO), memory(eight, RATIO_STEP)
    swing, widening = memory(eight, SWING), memory(eight, WIDENING)
    struck, strength, (heading, away, left) = take_touch(eight, _GAIN)
    rising, level = memory(eight, RISING_A), memory(eight, LEVEL)
    filter_rising, opened = memory(eight, RISING_F), memory(eight, OPEN)
    g, g_step = memory(eight, G), memory(eight, G_STEP)
    closes, fade, fade_step = touch(eight, CLOSES), touch(eight, FADE), touch(eight, FADE_STEP)
    first = start
    while first < stop:
        last = grid_end(first, stop)
        renewed = where(first % GRID == 0, _ONE, fresh) > _ZERO
        pitch = heading + away * left
        bent = pitch + vibrato * sine(swing)
        above = apart + apart + interval + raised * opened
        step_a = where(renewed, note_hz(bent - apart) * frame_s, step_a)
        step_b = where(renewed, note_hz(bent - apart + above) * frame_s, step_b)
        store(eight.work[STEPS_A], first * WIDTH, step_a)
        store(eight.work[STEPS_B], first * WIDTH, step_b)
        shift = depth * opened + tracking * (pitch - _MIDDLE_NOTE)
        tuned = (cutoff + cutoff_step * nth(first)) * semitones(shift) * frame_s
        g_next, ratio_next = warped(min(max(tuned, _LOWEST), _HIGHEST)), semitones(above)
        g, ratio = where(fresh > _ZERO, g_next, g), where(fresh > _ZERO, ratio_next, ratio)
        g_step = where(renewed, (g_next - g) * _PER_GRID, g_step)
        ratio_step = where(renewed, (ratio_next - ratio) * _PER_GRID, ratio_step)
        fresh = in_all_places(_ZERO)
        if pulses:
            _widen(eight, first, last, widening, widening_step)
        for i in range(first, last):
            n, at = nth(i), i * WIDTH
            held = closes >= n
            g += g_step
            ratio += ratio_step
            rising, level = adsr(held, rising, level, attack, decay, sustain + sustain_step * n, release)
            filter_rising, opened = adsr(
                held, filter_rising, opened, filter_attack, filter_decay, filter_sustain, filter_release
            )
            fade = max(fade - fade_step, _ZERO)
            store(eight.work[GAINS], at, g)
            store(eight.work[RATIOS], at, ratio)
            store(eight.work[LEVELS], at, struck * level * fade)
            swing, widening = advance(swing, swing_step), advance(widening, widening_step)
            left = max(left - arrive, _ZERO)
            struck += (strength - struck) * follow
        first = last
    keep(eight, STEP_A, step_a)
    keep(eight, STEP_B, step_b)
    keep(eight, RATIO, ratio)
    keep(eight, RATIO_STEP, ratio_step)
    keep(eight, WIDENING, widening)
    keep(eight, RISING_A, rising)
    keep(eight, RISING_F, filter_rising)
    keep(eight, OPEN, flushed(opened))
    keep(eight, G, g)
    keep(eight, G_STEP, g_step)
    leave_touch(eight, flushed(level), struck, (heading, away, left), swing, fade)


@kernel
def _widen(eight: Any, first: int, last: int, widening: Any, widening_step: Any) -> None:
    """Fill frames `first`..`last` of the row of widths."""
    width, width_step = line(eight, WIDTH_OF_PULSE)
    depth = value(eight, PWM)
    for i in range(first, last):
        broad = width + width_step * nth(i) + depth * sine(widening)
        store(eight.work[WIDTHS], i * WIDTH, min(max(broad, _NARROWEST), _WIDEST))
        widening = advance(widening, widening_step)


@kernel
def _add_sub_and_noise(eight: Any, start: int, stop: int) -> None:
    """Add to frames `start`..`stop` of `eight.out` what is no copy of an oscillator."""
    sub, sub_step = line(eight, SUB)
    noise, noise_step = line(eight, NOISE)
    hisses = total(abs(noise) + abs(noise_step)) > _ZERO
    phase_sub, seed = memory(eight, PHASE_SUB), bits_of(touch(eight, SEED))
    first = start
    while first < stop:
        last = grid_end(first, stop)
        step_sub = min(load(eight.work[STEPS_A], first * WIDTH), _FASTEST) * _HALF
        for i in range(first, last):
            n, at = nth(i), i * WIDTH
            x = load(eight.out, at) + sine(phase_sub) * (sub + sub_step * n)
            if hisses:
                seed = next_seeds(seed)
                x += whites(seed) * (noise + noise_step * n)
            store(eight.out, at, x)
            phase_sub = advance(phase_sub, step_sub)
        first = last
    keep(eight, PHASE_SUB, phase_sub)
    keep_touch(eight, SEED, from_bits(seed))


@kernel
def _damping(resonance: Any) -> Any:
    return _TWO * power_of_two(-_Q_OCTAVES * resonance)


@kernel
def _passes(mode: Any) -> Any:
    """What the filter lets through: of its low output, of its band, of what is neither, and of what is not the band."""
    return max(_ONE - mode, _ZERO), near(mode, _ONE), near(mode, _TWO), max(mode - _TWO, _ZERO)


@kernel
def _filter(eight: Any, start: int, stop: int) -> None:
    """Filter frames `start`..`stop` of `eight.out`, and make them as loud as they are heard."""
    mode, mode_step = line(eight, MODE)
    turns = anywhere(abs(mode_step) > _ZERO)
    low_share, band_share, high_share, rejected_share = _passes(mode)
    damping_was = _damping(recall(eight, RESONANCE))
    damping_step = (_damping(value(eight, RESONANCE)) - damping_was) * PER_FRAME
    band_state, low_state = memory(eight, BAND), memory(eight, LOW)
    for i in range(start, stop):
        n, at = nth(i), i * WIDTH
        x = load(eight.out, at)
        damping = damping_was + damping_step * n
        low, band, band_state, low_state = state_variable(
            x, load(eight.work[GAINS], at), damping, band_state, low_state
        )
        # At no resonance the band has half the gain of the others, and at full resonance Q times as much.
        band = band * damping
        if turns:
            low_share, band_share, high_share, rejected_share = _passes(mode + mode_step * n)
        rejected = x - band
        y = low_share * low + band_share * band + high_share * (rejected - low) + rejected_share * rejected
        store(eight.out, at, load(eight.work[LEVELS], at) * y)
    keep(eight, BAND, flushed(band_state))
    keep(eight, LOW, flushed(low_state))


@kernel
def render(eight: Any, tables: Any, start: int, stop: int, rate: float) -> None:
    """Fill frames `start`..`stop` of `eight.out` with the sound of eight voices."""
    _begin(eight)
    waves = blend_lines(eight)
    _move_hands(eight, start, stop, has_pulses(waves), rate)
    add_copies(eight, tables, start, stop, waves)
    _add_sub_and_noise(eight, start, stop)
    _filter(eight, start, stop)
