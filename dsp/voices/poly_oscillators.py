"""The oscillators of the poly synthesizer: two, in up to seven copies, of which the second may be synced to the first.

Each wave is added through all frames of a piece before the next one is, so that the loops stay short.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import nth
from dsp.kernels.eight import WIDTH, anywhere, in_all_places, load, store, total
from dsp.kernels.lines import PER_FRAME
from dsp.kernels.oscillators import OF_SAW, OF_TRIANGLE, advance, read, version_of, wrap
from dsp.kernels.shapes import semitones, sine
from dsp.kernels.sync import synced_saw, synced_sine, synced_triangle
from dsp.voices.eights import keep, line, memory, recall, value
from dsp.voices.poly_settings import (
    COPIES,
    MIX,
    PHASE_A,
    PHASE_B,
    RATIOS,
    SHAPE_A,
    SHAPE_B,
    SPREAD,
    STEPS_A,
    STEPS_B,
    SYNC,
    UNISON,
    WAVE_A,
    WAVE_B,
    WIDTHS,
    grid_end,
    near,
)

_F = np.float32
_ZERO, _ONE, _TWO = _F(0.0), _F(1.0), _F(2.0)
_FASTEST = _F(0.24)
_PLACES = np.array([0.0, 1.0, -1.0, 0.62, -0.62, 0.29, -0.29], np.float32)
"""Where the copies stand within the spread: at uneven distances, so that they do not beat as one."""


@kernel
def _blend(shape: Any, level: Any) -> Any:
    """What an oscillator is made of: the weights of its saw, of its later saw, of triangle and sine.

    A pulse is a later saw less a saw; its mean is zero at every width.
    """
    pulse = near(shape, _ONE) * level
    return (
        max(_ONE - shape, _ZERO) * level - pulse,
        pulse,
        near(shape, _TWO) * level,
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
def blend_lines(eight: Any) -> Any:
    """The same of both oscillators."""
    was, now = recall(eight, MIX), value(eight, MIX)
    return _blend_lines(eight, SHAPE_A, _ONE - was, _ONE - now), _blend_lines(eight, SHAPE_B, was, now)


@kernel
def has_pulses(waves: Any) -> bool:
    """Whether any of `blend_lines` is a pulse."""
    return waves[0][2][1] or waves[1][2][1]


@kernel
def _oscillate(eight: Any, tables: Any, lines: Any, start: int, stop: int, phase: Any, tuning: Any, out: Any) -> Any:
    """Fill frames `start`..`stop` of `out` with an oscillator, and give its phase behind them.

    lines   of `blend_lines`; a wave that it does not use costs nothing
    tuning  a row of steps, and the factor by which it is out of tune with them
    """
    was, steps, uses = lines
    after = phase
    for i in range(start, stop):
        store(out, i * WIDTH, in_all_places(_ZERO))
    if uses[0]:
        after = _add_wave(eight, tables.saw, OF_SAW, was[0], steps[0], start, stop, phase, tuning, False, out)
    if uses[1]:
        after = _add_wave(eight, tables.saw, OF_SAW, was[1], steps[1], start, stop, phase, tuning, True, out)
    if uses[2]:
        after = _add_wave(eight, tables.triangle, OF_TRIANGLE, was[2], steps[2], start, stop, phase, tuning, False, out)
    if uses[3]:
        after = _add_sine(was[3], steps[3], start, stop, phase, tuning, out)
    return after if uses[0] or uses[1] or uses[2] or uses[3] else _behind(start, stop, phase, tuning)


@kernel
def _step_at(tuning: Any, first: int) -> Any:
    """Cycles a frame from a frame of the grid on."""
    steps, aside = tuning
    return min(load(steps, first * WIDTH) * aside, _FASTEST)


@kernel
def _add_wave(
    eight: Any,
    table: Any,
    points: Any,
    weight: Any,
    more: Any,
    start: int,
    stop: int,
    phase: Any,
    tuning: Any,
    late: bool,
    out: Any,
) -> Any:
    """Add a wave of the tables, as much of it as `weight` says before the quantum and `more` for each frame; if `late`,
    as much later as a pulse is wide. Gives the phase behind the last frame."""
    widths = eight.work[WIDTHS]
    first = start
    while first < stop:
        last, step = grid_end(first, stop), _step_at(tuning, first)
        version, blend = version_of(step)
        for i in range(first, last):
            at = wrap(phase + _ONE - load(widths, i * WIDTH)) if late else phase
            y = read(table, points, version, blend, at) * (weight + more * nth(i))
            store(out, i * WIDTH, load(out, i * WIDTH) + y)
            phase = advance(phase, step)
        first = last
    return phase


@kernel
def _add_sine(weight: Any, more: Any, start: int, stop: int, phase: Any, tuning: Any, out: Any) -> Any:
    """The same of a sine."""
    first = start
    while first < stop:
        last, step = grid_end(first, stop), _step_at(tuning, first)
        for i in range(first, last):
            y = sine(phase) * (weight + more * nth(i))
            store(out, i * WIDTH, load(out, i * WIDTH) + y)
            phase = advance(phase, step)
        first = last
    return phase


@kernel
def _behind(start: int, stop: int, phase: Any, tuning: Any) -> Any:
    """The phase behind the last frame of what is not heard."""
    first = start
    while first < stop:
        last, step = grid_end(first, stop), _step_at(tuning, first)
        for _ in range(first, last):
            phase = advance(phase, step)
        first = last
    return phase


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
def _sync(eight: Any, tables: Any, start: int, stop: int, phase: Any, tuning: Any, wave: Any, free: bool) -> None:
    """Let the second oscillator begin anew with the first as much as is set: what is free of it goes to the first.

    phase, tuning  of the first oscillator
    wave           of the second, of `blend_lines`
    free           whether some of it is free
    """
    sync, sync_step = line(eight, SYNC)
    wave_a, wave_b, widths, ratios = eight.work[WAVE_A], eight.work[WAVE_B], eight.work[WIDTHS], eight.work[RATIOS]
    first = start
    while first < stop:
        last, step = grid_end(first, stop), _step_at(tuning, first)
        tone = version_of(step)
        for i in range(first, last):
            n, at = nth(i), i * WIDTH
            share_synced = sync + sync_step * n
            if free:
                y = load(wave_b, at)
                store(wave_a, at, load(wave_a, at) + (y - y * share_synced))
            y = _synced_oscillator(tables, wave, n, tone, phase, load(ratios, at), load(widths, at))
            store(wave_b, at, y * share_synced)
            phase = advance(phase, step)
        first = last


@kernel
def _add_copy(eight: Any, tables: Any, copy: int, start: int, stop: int, heard: Any, aside: Any, waves: Any) -> None:
    """Add frames `start`..`stop` of one copy of both oscillators to `eight.out`.

    heard  how much of it before the quantum, and the step
    aside  the factor by which it is out of tune
    waves  of both oscillators, of `blend_lines`
    """
    heard_was, heard_step = heard
    synced = anywhere(max(recall(eight, SYNC), value(eight, SYNC)) > _ZERO)
    free = anywhere(min(recall(eight, SYNC), value(eight, SYNC)) < _ONE)
    phase_a, phase_b = memory(eight, PHASE_A + copy), memory(eight, PHASE_B + copy)
    tuning_a, tuning_b = (eight.work[STEPS_A], aside), (eight.work[STEPS_B], aside)
    a, b = eight.work[WAVE_A], eight.work[WAVE_B]
    keep(eight, PHASE_A + copy, _oscillate(eight, tables, waves[0], start, stop, phase_a, tuning_a, a))
    if free:
        keep(eight, PHASE_B + copy, _oscillate(eight, tables, waves[1], start, stop, phase_b, tuning_b, b))
    else:
        keep(eight, PHASE_B + copy, _behind(start, stop, phase_b, tuning_b))
    if synced:
        _sync(eight, tables, start, stop, phase_a, tuning_a, waves[1], free)
    for i in range(start, stop):
        x = load(a, i * WIDTH) + load(b, i * WIDTH)
        store(eight.out, i * WIDTH, load(eight.out, i * WIDTH) + x * (heard_was + heard_step * nth(i)))


@kernel
def add_copies(eight: Any, tables: Any, start: int, stop: int, waves: Any) -> None:
    """Fill frames `start`..`stop` of `eight.out` with all copies that are heard.

    waves  of both oscillators, by `blend_lines`
    """
    for i in range(start, stop):
        store(eight.out, i * WIDTH, in_all_places(_ZERO))
    unison_was, unison = recall(eight, UNISON), value(eight, UNISON)
    most, spread, middle = max(unison_was, unison), value(eight, SPREAD), _middle(unison)
    copy = 0
    while copy < COPIES and anywhere(most > _F(copy)):
        heard_was = _shares(unison_was, copy)
        heard = (heard_was, (_shares(unison, copy) - heard_was) * PER_FRAME)
        aside = semitones(spread * (_PLACES[copy] - middle))
        _add_copy(eight, tables, copy, start, stop, heard, aside, waves)
        copy += 1
