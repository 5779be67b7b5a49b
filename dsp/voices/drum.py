"""What the drums share: how a blow sets one up, how its modes swing, how it is overdriven, and when it has ended.

What follows from the frame before is worked out frame by frame, and left in the rows of `work`, (WORK, WIDTH + 32)
float32. The curves, which cost far more, are then worked out for eight frames at a time. A piece of a quantum may begin
and end anywhere: what lies beside it in the first and the last eight is worked out too, and of no use.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel
from dsp.kernels.along import ramp
from dsp.kernels.eight import WIDTH, load, store
from dsp.kernels.envelopes import SILENT
from dsp.kernels.filters import flushed, one_pole
from dsp.kernels.lines import decibel_line
from dsp.kernels.oscillators import advance
from dsp.kernels.shapes import semitones, soft, soft_between, warped
from dsp.sizes import QUANTUM
from dsp.voice import FREE
from dsp.voices.touch import strike

LEVEL, STRUCK, PITCH, BEFORE, GROUND = range(5)
"""Places in the memory of every drum: how much of the ringing is left; how hard it was struck; semitones above the
pitch it was made for; what its overdrive keeps."""

OWN = 5
"""The first place that is a drum's own."""

SOUND, STEPS, PHASES, PHASES_HIGH, LEVELS, LEVELS_HIGH, NOISES, RISES = range(8)
"""Rows of `work`: what is overdriven, each frame WIDTH places further on; semitones, and then cycles a frame; phases of
two modes, and how loud they are; noise; how far the blow has come."""

NOMINAL_NOTE = np.float32(60.0)
"""The note that plays a drum at the pitch it was made for."""

_ONE = np.float32(1.0)
_GROUND_HZ = np.float32(10.0)
_HIGHEST = np.float32(0.24)


@kernel
def begin(voice: Any, gain: Any) -> bool:
    """Set up a drum that was just struck; `gain` makes the drums alike. False where it rings already."""
    if not voice.fresh:
        return False
    voice.fresh = 0
    memory = voice.memory
    memory[LEVEL] = _ONE
    memory[STRUCK] = strike(voice.velocity, voice.accent) * gain
    memory[PITCH] = voice.note - NOMINAL_NOTE
    return True


@kernel
def eights(start: int, stop: int) -> Any:
    """The frames from which on eight frames each make up all of `start`..`stop`."""
    return range(start - start % WIDTH, stop, WIDTH)


@kernel
def bend(work: Any, base: Any, start: int, stop: int) -> None:
    """Make the row of semitones one of cycles a frame, `base` at 0 semitones."""
    steps = work[STEPS]
    for i in eights(start, stop):
        store(steps, i, min(semitones(load(steps, i)) * base, _HIGHEST))


@kernel
def swing(steps: Any, ratio: Any, phase: Any, phases: Any, start: int, stop: int) -> Any:
    """Fill a row of phases, of a mode `ratio` times as fast as `steps` says, and give the phase behind the last."""
    for i in range(start, stop):
        phases[i] = phase
        phase = advance(phase, steps[i] * ratio)
    return phase


@kernel
def overdrive(voice: Any, lane: Any, index: int, work: Any, out: Any, start: int, stop: int, rate: float) -> Any:
    """Add the row of sound to `out`, (32,) float32, made louder by the setting `index` in dB, saturated, and about as
    loud as it was. Gives how much louder the last frame was made.

    A drum's first half swing is its largest, and many blows would add up to an offset; that is taken away.
    """
    memory, driven, saturated = voice.memory, work[SOUND], work[STEPS]
    drive, drive_step = decibel_line(lane, index)
    for i in eights(start, stop):
        store(driven, WIDTH + i, load(driven, WIDTH + i) * ramp(drive, drive_step, i))
    driven[WIDTH + start - 1] = memory[BEFORE]
    for i in eights(start, stop):
        x, before = load(driven, WIDTH + i), load(driven, WIDTH + i - 1)
        store(saturated, i, soft_between(x, before) / soft(ramp(drive, drive_step, i)))
    ground, ground_state, struck = warped(_GROUND_HZ * (_ONE / np.float32(rate))), memory[GROUND], memory[STRUCK]
    for i in range(start, stop):
        low, ground_state = one_pole(saturated[i], ground, ground_state)
        out[i] += struck * (saturated[i] - low)
    memory[BEFORE], memory[GROUND] = flushed(driven[WIDTH + stop - 1]), flushed(ground_state)
    return drive + drive_step * np.float32(stop)


@kernel
def end(voice: Any, loudness: Any, stop: int) -> None:
    """Free the voice at the end of a quantum in which it fell silent, and its offset was taken away."""
    if stop == QUANTUM and max(loudness, abs(voice.memory[GROUND])) < SILENT:
        voice.stage = FREE
