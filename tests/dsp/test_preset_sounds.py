"""The factory presets as sounds: each instrument has some, and they are about as loud as one another."""

from pathlib import Path

import numpy as np
import pytest
from bench_voice import RATE, Bench, make_clip

from chronus_tui.engine.factory import factory_presets
from dsp.voices import INSTRUMENTS
from store.codec import decode_preset

FILES = sorted(factory_presets().glob("*/*.json"))


@pytest.mark.parametrize("name", [instrument.name for instrument in INSTRUMENTS])
def test_every_instrument_has_six_presets_or_more(name: str) -> None:
    assert sum(path.parent.name == name for path in FILES) >= 6


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_preset_is_heard_as_loud_as_the_others_and_ends(path: Path) -> None:
    preset = decode_preset(path.read_bytes(), str(path))
    values = {name: float(value) for name, value in preset.parameters.items()}
    bench = Bench(preset.instrument, values, clip=make_clip(1.5)).strike()
    sound = bench.play(1.2)
    bench.release()
    tail = bench.play(16.0)
    assert -14 < 20 * np.log10(np.abs(sound).max()) < -2
    assert np.abs(tail[-RATE // 10 :]).max() < 1e-3
    assert bench.free
