"""The standard patch, by which engines are compared: held saws through a low-pass each, saturated, with a delay
and a reverb. It is made of the very kernels that the instruments and effects use.
"""

from typing import Any

import numpy as np

from dsp.fx import delay, reverb
from dsp.fx.delay import DELAY
from dsp.fx.reverb import REVERB
from dsp.kernels import SOUND, door
from dsp.kernels.eight import WIDTH, load, store, total
from dsp.kernels.envelopes import adsr, attack_share, decay_share
from dsp.kernels.filters import state_variable
from dsp.kernels.oscillators import advance, saw, version_of
from dsp.kernels.shapes import tanh, warped
from dsp.kernels.tables import TABLES, make_tables
from dsp.parameters import Parameter
from dsp.sizes import QUANTUM
from dsp.state import RAMPS

VOICES_MAX = 128
LOWEST_HZ, HIGHEST_HZ = 50.0, 2000.0
ATTACK_S, DECAY_S, SUSTAIN, RELEASE_S = 0.01, 0.1, 0.7, 0.1
CUTOFF_HZ, Q = 900.0, 2.0
DRIVE = 2.0
DELAY_S, FEEDBACK, DELAY_LEVEL, REVERB_LEVEL = 0.25, 0.4, 0.3, 0.2
BPM = 60.0

PATCH = np.dtype(
    [
        ("voices", "i4"),
        ("rate", "f4"),
        ("tables", TABLES),
        ("loudness", "f4", VOICES_MAX),  # 0 where no voice is
        ("step", "f4", VOICES_MAX),
        ("phase", "f4", VOICES_MAX),
        ("rising", "f4", VOICES_MAX),
        ("level", "f4", VOICES_MAX),
        ("band", "f4", VOICES_MAX),
        ("low", "f4", VOICES_MAX),
        ("delay_settings", RAMPS),
        ("reverb_settings", RAMPS),
        ("delay", DELAY),
        ("reverb", REVERB),
        ("mix", "f4", QUANTUM * WIDTH),  # eight sums a frame
        ("dry", "f4", (2, QUANTUM)),
        ("wet", "f4", (2, QUANTUM)),
    ],
    align=True,
)

_F = np.float32


def make_patch(voices: int, rate: int) -> Any:
    """The patch with `voices` voices, 1..128, about to begin: a record."""
    patch = np.zeros(1, PATCH)[0]
    patch["voices"] = voices
    patch["rate"] = rate
    patch["tables"] = make_tables()[0]
    patch["loudness"][:voices] = 1.0 / voices
    patch["step"][:voices] = np.linspace(LOWEST_HZ, HIGHEST_HZ, voices) / rate
    echoes = {"beats": DELAY_S * BPM / 60.0, "feedback": FEEDBACK, "level": 20.0 * np.log10(DELAY_LEVEL), "width": 0.0}
    _settle(patch["delay_settings"], delay.PARAMETERS, echoes)
    _settle(patch["reverb_settings"], reverb.PARAMETERS, {"level": 20.0 * np.log10(REVERB_LEVEL)})
    return patch


def _settle(ramps: Any, table: tuple[Parameter, ...], values: dict[str, float]) -> None:
    for index, parameter in enumerate(table):
        for field in ("value", "was", "target"):
            ramps[field][index] = values.get(parameter.name, parameter.default)


@door(PATCH, SOUND, int)
def render_patch(patch: Any, out: Any, frames: int) -> None:
    """Make the next `frames` frames, a multiple of 32, of what `make_patch` gave, into `out`.

    out  (frames, 2) float32, overwritten
    """
    rate = patch.rate
    attack = attack_share(_F(ATTACK_S), rate)
    decay = decay_share(_F(DECAY_S), rate)
    release = decay_share(_F(RELEASE_S), rate)
    g = warped(_F(CUTOFF_HZ) / rate)
    damping = _F(1.0 / Q)
    mix, dry, wet = patch.mix, patch.dry, patch.wet
    for at in range(0, frames, QUANTUM):
        mix[:] = _F(0.0)
        for v in range(0, patch.voices, WIDTH):
            step, loudness = load(patch.step, v), load(patch.loudness, v)
            version, blend = version_of(step)
            phase, rising, level = load(patch.phase, v), load(patch.rising, v), load(patch.level, v)
            band_state, low_state = load(patch.band, v), load(patch.low, v)
            for i in range(QUANTUM):
                rising, level = adsr(True, rising, level, attack, decay, _F(SUSTAIN), release)
                x = saw(patch.tables, version, blend, phase) * level * loudness
                low, _, band_state, low_state = state_variable(x, g, damping, band_state, low_state)
                store(mix, i * WIDTH, load(mix, i * WIDTH) + low)
                phase = advance(phase, step)
            store(patch.phase, v, phase)
            store(patch.rising, v, rising)
            store(patch.level, v, level)
            store(patch.band, v, band_state)
            store(patch.low, v, low_state)
        for i in range(QUANTUM):
            dry[0, i] = total(load(mix, i * WIDTH))
        for i in range(0, QUANTUM, WIDTH):
            driven = tanh(load(dry[0], i) * _F(DRIVE))
            for channel in range(2):
                store(dry[channel], i, driven)
                store(wet[channel], i, driven)
        delay.process(patch.delay, patch.delay_settings, dry, wet, BPM, rate)
        reverb.process(patch.reverb, patch.reverb_settings, dry, wet, rate)
        for i in range(QUANTUM):
            out[at + i, 0] = wet[0, i]
            out[at + i, 1] = wet[1, i]
