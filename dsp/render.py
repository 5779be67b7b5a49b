"""`render`: the only way to make sound. The device, the silent clock and the offline renderer all call it.

Sound is always made in quanta on the grid of absolute frames, and handed out in whatever portions are
asked for, so the same commands on the same frames give the same bits however the time is cut.
"""

from typing import Any

import numpy as np

from dsp.audition import add_audition
from dsp.click import add_click
from dsp.fx.order import EFFECTS
from dsp.journal import write_listened
from dsp.kernels import SOUND, door, kernel
from dsp.kernels.eight import WIDTH, load, total
from dsp.kernels.levels import peak_of
from dsp.lfos import lift, modulate
from dsp.memory import exchange, store_release
from dsp.messages import SILENCED, emit
from dsp.mixer import clear, limit, meter_fall, mix
from dsp.ramps import advance
from dsp.sequencer import sequence, tell_position
from dsp.sizes import LANES, QUANTUM, TRACKS, VOICES
from dsp.state import STATE
from dsp.stems import silence_stems
from dsp.struck import cut_notes
from dsp.voice import FREE


@door(STATE, SOUND, int)
def render(state: Any, out: Any, frames: int) -> None:
    """Make the next `frames` frames.

    state   the record of `make_state`
    out     (frames, 2) float32, overwritten; every sample is finite and within the limiter's ceiling
    frames  any number
    """
    turn = state.turns[0]
    exchange(state.turns, 0, turn + 1)
    done = 0
    while done < frames:
        if state.made_left == 0:
            _make_quantum(state)
            state.made_left = QUANTUM
        first = QUANTUM - state.made_left
        count = min(state.made_left, frames - done)
        for i in range(count):
            out[done + i, 0] = state.made[first + i, 0]
            out[done + i, 1] = state.made[first + i, 1]
        state.made_left -= count
        done += count
    store_release(state.turns, 0, turn + 2)


@kernel
def _make_quantum(state: Any) -> None:
    lift(state)
    sequence(state)
    for lane in range(LANES * TRACKS):
        advance(state.lanes[lane])
    for t in range(TRACKS):
        advance(state.strips[t])
    for e in range(EFFECTS):
        advance(state.effects[e])
    modulate(state)
    mix(state)
    tell_position(state)
    if not _is_finite(state.master_bus):
        _begin_anew(state)
    if add_audition(state.audition, state.listened, state.master_bus):
        write_listened(state)
    limit(state)
    _hand_over(state)
    state.frame += QUANTUM


@kernel
def _is_finite(bus: Any) -> bool:
    # Zero times a NaN or an infinity is a NaN, and stays one in the sum.
    summed = load(bus[0], 0) * np.float32(0.0)
    for channel in range(2):
        for i in range(0, QUANTUM, WIDTH):
            summed += load(bus[channel], i) * np.float32(0.0)
    return total(summed) == np.float32(0.0)


@kernel
def _begin_anew(state: Any) -> None:
    """After a fault: silence, and nothing left that could spread it."""
    state.master_bus[:, :] = np.float32(0.0)
    cut_notes(state, state.frame)
    for i in range(VOICES):
        state.voices[i].stage = FREE
    clear(state)
    silence_stems(state)
    state.counters.faults += 1
    emit(state, state.frame, SILENCED, 0, 0)


@kernel
def _fade(state: Any) -> None:
    """Fade the whole quantum in or out, while the engine starts or ends."""
    for i in range(QUANTUM):
        state.fade = min(np.float32(1.0), max(np.float32(0.0), state.fade + state.fade_step))
        state.master_bus[0, i] *= state.fade
        state.master_bus[1, i] *= state.fade


@kernel
def _hand_over(state: Any) -> None:
    """Put the quantum where the device and the recorder take it from: the same bits for both, but for clicks."""
    bus = state.master_bus
    if state.fade_step != 0.0 or state.fade != 1.0:
        _fade(state)
    tap_frames = len(state.tap)
    at = state.frame % tap_frames
    for i in range(QUANTUM):
        left = bus[0, i]
        right = bus[1, i]
        state.made[i, 0] = left
        state.made[i, 1] = right
        state.tap[at + i, 0] = left
        state.tap[at + i, 1] = right
    add_click(state.click, state.frame, state.made, state.rate)
    fall = meter_fall(state.rate)
    state.meters.master[0] = max(peak_of(bus[0]), state.meters.master[0] * fall)
    state.meters.master[1] = max(peak_of(bus[1]), state.meters.master[1] * fall)
    store_release(state.tap_head, 0, state.frame + QUANTUM)
