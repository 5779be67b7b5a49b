"""LFOs: slow waves that move a parameter of an instrument, a strip or an effect up and down on its own scale.

What a ramp holds is where its parameter rests. `lift` puts that back before anything else is done in a quantum,
`modulate` adds the waves afterwards, so that settings glide as they do without them. A synced LFO is where
the beat of the song says, a free one goes on from where it is; both begin with play. Whatever makes a wave
jump, an edit, a swap, a new target, is joined over the time of a ramp.
"""

from typing import Any

import numpy as np

from dsp.chance import chance
from dsp.clock import beat_of_frame
from dsp.kernels import kernel
from dsp.parameters import Parameter
from dsp.pattern import FACTOR, LOG, OF_NOTHING, OF_SOUND, OF_STRIP
from dsp.ramps import RAMP_S, glide_from, ramp_quanta
from dsp.sizes import LFOS, QUANTUM, TRACKS
from dsp.state import NO_LANE

SHAPES = ("sine", "triangle", "saw", "square", "random", "smooth")
SINE, TRIANGLE, SAW, SQUARE, RANDOM, SMOOTH = range(len(SHAPES))

PARAMETERS = (
    Parameter("shape", 0.0, 0.0, 5.0, "", "The wave.", choices=SHAPES),
    Parameter("synced", 1.0, 0.0, 1.0, "", "Whether the beat counts, or the rate.", choices=("free", "synced")),
    Parameter("rate_hz", 1.0, 0.01, 50.0, "Hz", "Cycles a second, where it is free.", "log"),
    Parameter("beats", 4.0, 0.0625, 256.0, "beats", "How long a cycle is, where it is synced.", "log"),
    Parameter("depth", 0.0, -1.0, 1.0, "", "How far it moves its target, as a share of the target's range."),
    Parameter("phase", 0.0, 0.0, 1.0, "", "Where in its cycle it begins when play does."),
)

_ZERO = np.float32(0.0)


@kernel
def take_lfos(state: Any, old: int, pattern: Any) -> None:
    """Let the LFOs be those of `pattern`, which plays from now on, after its settings were taken up.

    old  pool entry that played before, or -1
    """
    broken = old < 0 or state.pool[old].seed != pattern.seed
    if old < 0 or _targets_differ(state, state.pool[old], pattern):
        if old >= 0:
            _let_go(state, state.pool[old])
        _aim(state, pattern)
        broken = True
    for i in range(LFOS):
        if broken or _waves_differ(state.pool[old].lfos[i], pattern.lfos[i]):
            state.lfos[i].broken = 1


@kernel
def _targets_differ(state: Any, old: Any, new: Any) -> bool:
    for i in range(LFOS):
        if not _same_target(old.lfos[i], new.lfos[i]) or state.lfos[i].lane != _lane(state, new.lfos[i]):
            return True
    return False


@kernel
def _waves_differ(lfo: Any, new: Any) -> bool:
    return (
        lfo.shape != new.shape
        or lfo.synced != new.synced
        or lfo.rate_hz != new.rate_hz
        or lfo.beats != new.beats
        or lfo.depth != new.depth
        or lfo.phase != new.phase
    )


@kernel
def _same_target(lfo: Any, other: Any) -> bool:
    return lfo.kind == other.kind and lfo.row == other.row and lfo.place == other.place


@kernel
def _lane(state: Any, lfo: Any) -> Any:
    """The lane that an LFO moves a parameter of, or NO_LANE."""
    return np.int64(state.lane_of_track[lfo.row]) if lfo.kind == OF_SOUND else NO_LANE


@kernel
def _let_go(state: Any, pattern: Any) -> None:
    """Let all parameters glide from where the LFOs of `pattern` took them to where they rest."""
    for i in range(LFOS):
        run = state.lfos[i]
        if run.applied:
            glide_from(_ramps(state, pattern.lfos[i], run), pattern.lfos[i].place, run.heard, state.rate)
            run.applied = 0
        run.offset = _ZERO
        run.total = _ZERO


@kernel
def _aim(state: Any, pattern: Any) -> None:
    """Let the first LFO of each target move it for all that have the same."""
    for i in range(LFOS):
        run = state.lfos[i]
        run.lane = _lane(state, pattern.lfos[i])
        run.first = i
        for k in range(i - 1, -1, -1):
            if _same_target(pattern.lfos[k], pattern.lfos[i]):
                run.first = k


@kernel
def begin_lfos(state: Any, at: int) -> None:
    """Let all begin anew, as play does on frame `at` of this quantum."""
    if state.transport.current < 0:
        return
    pattern = state.pool[state.transport.current]
    for i in range(LFOS):
        state.lfos[i].cycles = (state.frame - at) * np.float64(pattern.lfos[i].rate_hz) / state.rate
        state.lfos[i].broken = 1


@kernel
def lift(state: Any) -> None:
    """Let every parameter rest where its ramp is."""
    if state.transport.current < 0:
        return
    pattern = state.pool[state.transport.current]
    for i in range(LFOS):
        run = state.lfos[i]
        if run.applied:
            ramps, place = _ramps(state, pattern.lfos[i], run), pattern.lfos[i].place
            ramps.value[place] = run.rest
            ramps.target[place] = run.target


@kernel
def modulate(state: Any) -> None:
    """Move all waves on by one quantum, and every target to where they take it, after its ramp was advanced."""
    if state.transport.current < 0:
        return
    pattern = state.pool[state.transport.current]
    moving = False
    for i in range(LFOS):
        lfo, run = pattern.lfos[i], state.lfos[i]
        if lfo.kind == OF_NOTHING:
            continue
        run.cycles += QUANTUM * np.float64(lfo.rate_hz) / state.rate
        if lfo.depth != _ZERO or run.offset != _ZERO or run.applied:
            _move(state, lfo, run, i)
            moving = True
        else:
            run.broken = 0
    if not moving:
        return
    for i in range(LFOS):
        if pattern.lfos[i].kind != OF_NOTHING and state.lfos[i].first == i:
            _apply(state, pattern, i)


@kernel
def _move(state: Any, lfo: Any, run: Any, number: int) -> None:
    """Work out where a wave is at the end of the quantum, as a share of its target's range."""
    wave = lfo.depth * np.float32(_wave(state, lfo, run, number)) if lfo.depth != _ZERO else _ZERO
    if run.broken:
        run.broken = 0
        run.left = ramp_quanta(state.rate)
        run.jump = (run.offset - wave) / np.float32(run.left)
    if run.left > 0:
        run.left -= 1
        wave += run.jump * np.float32(run.left)
    run.offset = wave


@kernel
def _apply(state: Any, pattern: Any, first: int) -> None:
    """Move the target of an LFO to where it takes it, together with all others that have the same."""
    total = _ZERO
    idle = True
    for i in range(first, LFOS):
        lfo, run = pattern.lfos[i], state.lfos[i]
        if lfo.kind != OF_NOTHING and run.first == first:
            total += run.offset
            idle = idle and lfo.depth == _ZERO and run.left == 0
    lfo, run = pattern.lfos[first], state.lfos[first]
    if idle and not run.applied:
        return
    ramps, place = _ramps(state, lfo, run), lfo.place
    ramps.was[place] = run.heard if run.applied else ramps.was[place]
    run.rest = ramps.value[place]
    run.target = ramps.target[place]
    run.heard = _moved(run.rest, total, lfo)
    run.total_was = run.total
    run.total = total
    run.applied = 0 if idle else 1
    ramps.value[place] = run.heard
    ramps.target[place] = _moved(run.target, total, lfo)  # what an effect reads that has a glide of its own
    ramps.moving = 1  # so that `was` follows in the next quantum


@kernel
def _ramps(state: Any, lfo: Any, run: Any) -> Any:
    if lfo.kind == OF_SOUND:
        return state.lanes[run.lane]
    if lfo.kind == OF_STRIP:
        return state.strips[lfo.row]
    return state.effects[lfo.row]


@kernel
def modulated(state: Any, voice: Any, place: int, value: Any, before: Any) -> Any:
    """What the LFOs make of a voice's own values of a setting, at the end of the quantum and before it."""
    pattern = state.pool[state.transport.current]
    for i in range(LFOS):
        run = state.lfos[i]
        if run.applied and run.lane == voice.lane and pattern.lfos[i].place == place:
            return _moved(value, run.total, pattern.lfos[i]), _moved(before, run.total_was, pattern.lfos[i])
    return value, before


@kernel
def _moved(value: Any, offset: Any, lfo: Any) -> Any:
    """`value` moved by a share of its range, on its scale, within its range."""
    if offset == _ZERO:
        return np.float32(value)
    if lfo.scale == FACTOR:  # low and high are factors, and zero stays silent
        return np.float32(min(value * (lfo.high / lfo.low) ** offset, lfo.high))
    if lfo.scale == LOG:
        return np.float32(min(max(value * (lfo.high / lfo.low) ** offset, lfo.low), lfo.high))
    return np.float32(min(max(value + offset * (lfo.high - lfo.low), lfo.low), lfo.high))


@kernel
def _wave(state: Any, lfo: Any, run: Any, number: int) -> float:
    """The wave at the end of the quantum, -1..1. What jumps does so in the time of a ramp, as no more than half a
    cycle."""
    if lfo.synced:
        beats = np.float64(lfo.beats)
        cycles = beat_of_frame(state.transport, np.float64(state.frame + QUANTUM), state.rate) / beats
        edge = min(RAMP_S * state.transport.bpm / (60.0 * beats), 0.5)
    else:
        cycles = run.cycles
        edge = min(RAMP_S * np.float64(lfo.rate_hz), 0.5)
    cycles += np.float64(lfo.phase)
    cycle = np.int64(np.floor(cycles))
    x = cycles - cycle
    shape = lfo.shape
    if shape == SINE:
        return np.sin(2.0 * np.pi * x)
    if shape == TRIANGLE:
        return 4.0 * x if x < 0.25 else (2.0 - 4.0 * x if x < 0.75 else 4.0 * x - 4.0)
    if shape == SAW:
        return 1.0 - 2.0 * x / edge if x < edge else 2.0 * (x - edge) / (1.0 - edge) - 1.0
    if shape == SQUARE:
        half = x if x < 0.5 else x - 0.5
        level = min(2.0 * half / edge - 1.0, 1.0)
        return level if x < 0.5 else -level
    seed = state.pool[state.transport.current].seed
    here = 2.0 * chance(seed, TRACKS + number, cycle) - 1.0
    if shape == RANDOM:
        before = 2.0 * chance(seed, TRACKS + number, cycle - 1) - 1.0
        return here + (before - here) * max(1.0 - x / edge, 0.0)
    after = 2.0 * chance(seed, TRACKS + number, cycle + 1) - 1.0
    return here + (after - here) * x * x * (3.0 - 2.0 * x)
