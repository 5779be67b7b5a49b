"""The poly synthesizer: two oscillators in up to seven copies, a sub and noise, a filter that can be swept in
character, two envelopes.

The second oscillator can be synced to the first. A slide glides to its note without striking again. Eight voices are
rendered side by side.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.eight import WIDTH, anywhere, bits_of, from_bits, in_all_places, load, store, total, where
from dsp.kernels.envelopes import adsr, attack_share, decay_share
from dsp.kernels.filters import flushed, state_variable
from dsp.kernels.lines import PER_FRAME
from dsp.kernels.noise import next_seeds, whites
from dsp.kernels.oscillators import advance, saw, triangle, version_of, wrap
from dsp.kernels.shapes import note_hz, power_of_two, semitones, share, sine, warped
from dsp.kernels.sync import synced_saw, synced_sine, synced_triangle
from dsp.parameters import Parameter, index_of
from dsp.voices.eights import (
    ACCENT,
    CLOSES,
    FADE,
    FADE_STEP,
    FRESH,
    LEVEL,
    OWN,
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

_WAVES = ("saw", "pulse", "triangle", "sine")
_MODES = ("low", "band", "high", "notch")
PARAMETERS = (
    Parameter("wave_a", 0.0, 0.0, 3.0, "", "The first oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("wave_b", 0.0, 0.0, 3.0, "", "The second oscillator's wave.", choices=_WAVES, blends=True),
    Parameter("width", 0.5, 0.05, 0.95, "", "How much of its cycle a pulse is high."),
    Parameter("pwm", 0.0, 0.0, 0.45, "", "How far the width of a pulse swings."),
    Parameter("pwm_rate", 0.8, 0.05, 12.0, "Hz", "How fast the width of a pulse swings.", "log"),
    Parameter("interval", 0.0, -24.0, 24.0, "st", "How far above the first the second oscillator is tuned."),
    Parameter("interval_env", 0.0, -48.0, 48.0, "st", "How far the filter's envelope raises the second oscillator."),
    Parameter("detune", 0.12, 0.0, 1.0, "st", "How far the oscillators are pulled apart."),
    Parameter("sync", 0.0, 0.0, 1.0, "", "How much the second oscillator begins anew with each cycle of the first."),
    Parameter("unison", 1.0, 1.0, 7.0, "", "How many copies of both oscillators play each note."),
    Parameter("spread", 0.2, 0.0, 1.0, "st", "How far the copies are pulled apart."),
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
PWM = index_of(PARAMETERS, "pwm")
PWM_RATE = index_of(PARAMETERS, "pwm_rate")
INTERVAL = index_of(PARAMETERS, "interval")
INTERVAL_ENV = index_of(PARAMETERS, "interval_env")
DETUNE = index_of(PARAMETERS, "detune")
SYNC = index_of(PARAMETERS, "sync")
UNISON = index_of(PARAMETERS, "unison")
SPREAD = index_of(PARAMETERS, "spread")
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

COPIES = 7
# The phases of the copies of each oscillator lie side by side.
PHASE_A, PHASE_B = OWN, OWN + COPIES
(
    PHASE_SUB,
    STEP_A,
    STEP_B,
    RATIO,
    RATIO_STEP,
    WIDENING,
    RISING_A,
    RISING_F,
    OPEN,
    G,
    G_STEP,
    BAND,
    LOW,
) = range(OWN + 2 * COPIES, OWN + 2 * COPIES + 13)

GRID = 8
"""Pitch and cutoff are worked out anew every so many frames of the quantum, and the cutoff drawn between them."""

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
_PLACES = np.array([0.0, 1.0, -1.0, 0.62, -0.62, 0.29, -0.29], np.float32)
"""Where the copies stand within the spread: at uneven distances, so that they do not beat as one."""


@kernel
def _damping(resonance: Any) -> Any:
    return _TWO * power_of_two(-_Q_OCTAVES * resonance)


@kernel
def _near(x: Any, middle: Any) -> Any:
    """1 where x is `middle`, falling to 0 at a distance of 1."""
    return max(_ONE - abs(x - middle), _ZERO)


@kernel
def _blend(shape: Any, level: Any) -> Any:
    """What an oscillator is made of: the weights of its saw, of its later saw, of triangle and sine.

    A pulse is a later saw less a saw; its mean is zero at every width.
    """
    pulse = _near(shape, _ONE) * level
    return (
        max(_ONE - shape, _ZERO) * level - pulse,
        pulse,
        _near(shape, _TWO) * level,
        max(shape - _TWO, _ZERO) * level,
    )


@kernel
def _blend_lines(eight: Any, shape: int, level_was: Any, level_is: Any) -> Any:
    """The four weights of `_blend` before the quantum, their steps, and which of them are heard at all."""
    was, now = _blend(recall(eight, shape), level_was), _blend(value(eight, shape), level_is)
    uses = (
        total(abs(was[0]) + abs(now[0])) > _ZERO,
        total(abs(was[1]) + abs(now[1])) > _ZERO,
        total(abs(was[2]) + abs(now[2])) > _ZERO,
        total(abs(was[3]) + abs(now[3])) > _ZERO,
    )
    steps = (
        (now[0] - was[0]) * PER_FRAME,
        (now[1] - was[1]) * PER_FRAME,
        (now[2] - was[2]) * PER_FRAME,
        (now[3] - was[3]) * PER_FRAME,
    )
    return was, steps, uses


@kernel
def _oscillate(tables: Any, lines: Any, first: int, last: int, phase: Any, step: Any, widths: Any, out: Any) -> None:
    """Fill frames `first`..`last` of `out` with an oscillator.

    lines   of `_blend_lines`; a wave that it does not use costs nothing
    widths  of its pulse, frame by frame
    """
    was, steps, uses = lines
    tone = version_of(step)
    nothing = phase * _ZERO
    for i in range(first, last):
        store(out, i * WIDTH, nothing)
    if uses[0]:
        _add_saw(tables, tone, was[0], steps[0], first, last, phase, step, out)
    if uses[1]:
        _add_late_saw(tables, tone, was[1], steps[1], first, last, phase, step, widths, out)
    if uses[2]:
        _add_triangle(tables, tone, was[2], steps[2], first, last, phase, step, out)
    if uses[3]:
        _add_sine(was[3], steps[3], first, last, phase, step, out)


@kernel
def _add_saw(
    tables: Any, tone: Any, was: Any, more: Any, first: int, last: int, phase: Any, step: Any, out: Any
) -> None:
    version, blend = tone
    for i in range(first, last):
        y = saw(tables, version, blend, phase) * (was + more * _F(i + 1))
        store(out, i * WIDTH, load(out, i * WIDTH) + y)
        phase = advance(phase, step)


@kernel
def _add_late_saw(
    tables: Any, tone: Any, was: Any, more: Any, first: int, last: int, phase: Any, step: Any, widths: Any, out: Any
) -> None:
    version, blend = tone
    for i in range(first, last):
        late = wrap(phase + _ONE - load(widths, i * WIDTH))
        y = saw(tables, version, blend, late) * (was + more * _F(i + 1))
        store(out, i * WIDTH, load(out, i * WIDTH) + y)
        phase = advance(phase, step)


@kernel
def _add_triangle(
    tables: Any, tone: Any, was: Any, more: Any, first: int, last: int, phase: Any, step: Any, out: Any
) -> None:
    version, blend = tone
    for i in range(first, last):
        y = triangle(tables, version, blend, phase) * (was + more * _F(i + 1))
        store(out, i * WIDTH, load(out, i * WIDTH) + y)
        phase = advance(phase, step)


@kernel
def _add_sine(was: Any, more: Any, first: int, last: int, phase: Any, step: Any, out: Any) -> None:
    for i in range(first, last):
        y = sine(phase) * (was + more * _F(i + 1))
        store(out, i * WIDTH, load(out, i * WIDTH) + y)
        phase = advance(phase, step)


@kernel
def _synced_oscillator(tables: Any, lines: Any, n: Any, tone: Any, phase: Any, ratio: Any, width: Any) -> Any:
    """One frame of an oscillator that begins anew with its master, whose `tone` and `phase` these are."""
    version, blend = tone
    was, steps, uses = lines
    y = phase * _ZERO
    if uses[0]:
        y += synced_saw(tables, version, blend, phase, ratio, _ZERO) * (was[0] + steps[0] * n)
    if uses[1]:
        y += synced_saw(tables, version, blend, phase, ratio, _ONE - width) * (was[1] + steps[1] * n)
    if uses[2]:
        y += synced_triangle(tables, version, blend, phase, ratio) * (was[2] + steps[2] * n)
    if uses[3]:
        y += synced_sine(tables, version, blend, phase, ratio) * (was[3] + steps[3] * n)
    return y


@kernel
def _shares(unison: Any, copy: int) -> Any:
    """How much of a copy is heard: as many as there are in unison, all of them as loud as one."""
    return min(max(unison - _F(copy), _ZERO), _ONE) / np.sqrt(unison)


@kernel
def _middle(unison: Any) -> Any:
    """The mean of the places of the copies that are heard."""
    heard, summed = unison * _ZERO, unison * _ZERO
    for copy in range(COPIES):
        much = _shares(unison, copy)
        heard += much
        summed += much * _PLACES[copy]
    return summed / heard


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
def _behind(phase: Any, step: Any, frames: int) -> Any:
    """The phase so many frames on."""
    for _ in range(frames):
        phase = advance(phase, step)
    return phase


@kernel
def _sync(eight: Any, tables: Any, first: int, last: int, phase: Any, tuned: Any, wave: Any, free: bool) -> None:
    """Let the second oscillator, in `eight.wave_b`, begin anew with the first as much as is set: what is free of it
    goes to `eight.wave_a`.

    phase  of the first oscillator
    wave   of the second, of `_blend_lines`
    free   whether some of it is free
    """
    step_a, _, ratio, ratio_step = tuned
    sync, sync_step = line(eight, SYNC)
    tone = version_of(step_a)
    for i in range(first, last):
        ratio += ratio_step
        n, at = _F(i + 1), i * WIDTH
        share_synced = sync + sync_step * n
        if free:
            y = load(eight.wave_b, at)
            store(eight.wave_a, at, load(eight.wave_a, at) + (y - y * share_synced))
        y = _synced_oscillator(tables, wave, n, tone, phase, ratio, load(eight.widths, at))
        store(eight.wave_b, at, y * share_synced)
        phase = advance(phase, step_a)


@kernel
def _widen(eight: Any, first: int, last: int, widening: Any, widening_step: Any, depth: Any) -> None:
    """Fill frames `first`..`last` of `eight.widths` with how wide a pulse is."""
    width, width_step = line(eight, WIDTH_OF_PULSE)
    for i in range(first, last):
        broad = width + width_step * _F(i + 1) + depth * sine(widening)
        store(eight.widths, i * WIDTH, min(max(broad, _NARROWEST), _WIDEST))
        widening = advance(widening, widening_step)


@kernel
def _add_copy(eight: Any, tables: Any, copy: int, first: int, last: int, heard: Any, tuned: Any, waves: Any) -> None:
    """Add frames `first`..`last` of one copy of both oscillators to `eight.out`.

    heard  how much of it before the quantum, and the step
    tuned  cycles a frame of both oscillators; of the second in the first, and the step of that
    waves  of both oscillators, of `_blend_lines`
    """
    heard_was, heard_step = heard
    step_a, step_b, _, _ = tuned
    wave_a, wave_b = waves
    synced = anywhere(max(recall(eight, SYNC), value(eight, SYNC)) > _ZERO)
    free = anywhere(min(recall(eight, SYNC), value(eight, SYNC)) < _ONE)
    phase_a, phase_b = memory(eight, PHASE_A + copy), memory(eight, PHASE_B + copy)
    a, b, widths = eight.wave_a, eight.wave_b, eight.widths
    _oscillate(tables, wave_a, first, last, phase_a, step_a, widths, a)
    if free:
        _oscillate(tables, wave_b, first, last, phase_b, step_b, widths, b)
    if synced:
        _sync(eight, tables, first, last, phase_a, tuned, wave_b, free)
    for i in range(first, last):
        x = load(a, i * WIDTH) + load(b, i * WIDTH)
        store(eight.out, i * WIDTH, load(eight.out, i * WIDTH) + x * (heard_was + heard_step * _F(i + 1)))
    keep(eight, PHASE_A + copy, _behind(phase_a, step_a, last - first))
    keep(eight, PHASE_B + copy, _behind(phase_b, step_b, last - first))


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
    arrive = frame_s / value(eight, GLIDE)
    swing_step, widening_step = value(eight, VIBRATO_RATE) * frame_s, value(eight, PWM_RATE) * frame_s
    depth = value(eight, ENV) * (_ONE + _ACCENT_ENV * touch(eight, ACCENT))
    apart, interval, raised = value(eight, DETUNE) * _HALF, value(eight, INTERVAL), value(eight, INTERVAL_ENV)
    vibrato, tracking = value(eight, VIBRATO), value(eight, FOLLOW)
    mix_was, mix_is = recall(eight, MIX), value(eight, MIX)
    wave_a = _blend_lines(eight, WAVE_A, _ONE - mix_was, _ONE - mix_is)
    wave_b = _blend_lines(eight, WAVE_B, mix_was, mix_is)
    pwm = value(eight, PWM)
    unison_was, unison = recall(eight, UNISON), value(eight, UNISON)
    most, spread, middle = max(unison_was, unison), value(eight, SPREAD), _middle(unison)
    sub, sub_step = line(eight, SUB)
    noise, noise_step = line(eight, NOISE)
    hisses = total(abs(noise) + abs(noise_step)) > _ZERO
    cutoff, cutoff_step = line(eight, CUTOFF)
    mode, mode_step = line(eight, MODE)
    sustain, sustain_step = line(eight, SUSTAIN)
    damping_was = _damping(recall(eight, RESONANCE))
    damping_step = (_damping(value(eight, RESONANCE)) - damping_was) * PER_FRAME
    phase_sub, step_a, step_b = memory(eight, PHASE_SUB), memory(eight, STEP_A), memory(eight, STEP_B)
    ratio, ratio_step = memory(eight, RATIO), memory(eight, RATIO_STEP)
    swing, widening = memory(eight, SWING), memory(eight, WIDENING)
    struck, strength, (heading, away, left) = take_touch(eight, _GAIN)
    rising, level = memory(eight, RISING_A), memory(eight, LEVEL)
    filter_rising, opened = memory(eight, RISING_F), memory(eight, OPEN)
    g, g_step, band_state, low_state = memory(eight, G), memory(eight, G_STEP), memory(eight, BAND), memory(eight, LOW)
    seed = bits_of(touch(eight, SEED))
    closes, fade, fade_step = touch(eight, CLOSES), touch(eight, FADE), touch(eight, FADE_STEP)
    eight.out[start * WIDTH : stop * WIDTH] = _ZERO
    first = start
    while first < stop:
        last = min(stop, (first // GRID + 1) * GRID)
        n = _F(first + 1)
        renewed = where(first % GRID == 0, _ONE, fresh) > _ZERO
        pitch = heading + away * left
        bent = pitch + vibrato * sine(swing)
        above = apart + apart + interval + raised * opened
        step_a = where(renewed, note_hz(bent - apart) * frame_s, step_a)
        step_b = where(renewed, note_hz(bent - apart + above) * frame_s, step_b)
        shift = depth * opened + tracking * (pitch - _MIDDLE_NOTE)
        tuned = (cutoff + cutoff_step * n) * semitones(shift) * frame_s
        g_next, ratio_next = warped(min(max(tuned, _LOWEST), _HIGHEST)), semitones(above)
        g, ratio = where(fresh > _ZERO, g_next, g), where(fresh > _ZERO, ratio_next, ratio)
        g_step = where(renewed, (g_next - g) * _PER_GRID, g_step)
        ratio_step = where(renewed, (ratio_next - ratio) * _PER_GRID, ratio_step)
        fresh = in_all_places(_ZERO)
        if wave_a[2][1] or wave_b[2][1]:
            _widen(eight, first, last, widening, widening_step, pwm)
        copy = 0
        while copy < COPIES and anywhere(most > _F(copy)):
            heard_was = _shares(unison_was, copy)
            heard = (heard_was, (_shares(unison, copy) - heard_was) * PER_FRAME)
            aside = semitones(spread * (_PLACES[copy] - middle))
            tuning = (min(step_a * aside, _FASTEST), min(step_b * aside, _FASTEST), ratio, ratio_step)
            _add_copy(eight, tables, copy, first, last, heard, tuning, (wave_a, wave_b))
            copy += 1
        step_sub = min(step_a, _FASTEST) * _HALF
        for i in range(first, last):
            n = _F(i + 1)
            held = closes > _F(i)
            g += g_step
            ratio += ratio_step
            x = load(eight.out, i * WIDTH) + sine(phase_sub) * (sub + sub_step * n)
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
            phase_sub = advance(phase_sub, step_sub)
            swing, widening = advance(swing, swing_step), advance(widening, widening_step)
            left = max(left - arrive, _ZERO)
            struck += (strength - struck) * follow
        first = last
    keep(eight, PHASE_SUB, phase_sub)
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
    keep(eight, BAND, flushed(band_state))
    keep(eight, LOW, flushed(low_state))
    keep_touch(eight, SEED, from_bits(seed))
    leave_touch(eight, flushed(level), struck, (heading, away, left), swing, fade)
