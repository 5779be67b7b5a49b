"""The presets that come with Chronus: each is of an instrument, in range, and written as a save would write it."""

from pathlib import Path

import pytest

from chronus_tui.engine.factory import factory_presets
from chronus_tui.engine.parameters import instrument_called, parameter_called
from store.codec import decode_preset, encode_preset

FILES = sorted(factory_presets().glob("*/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_factory_preset_sets_what_its_instrument_has_in_its_range(path: Path) -> None:
    content = path.read_bytes()
    preset = decode_preset(content, str(path))
    assert encode_preset(preset) == content
    assert (path.parent.name, path.stem) == (preset.instrument, preset.name)
    assert not preset.extra
    instrument = instrument_called(preset.instrument)
    assert instrument is not None
    for name, value in preset.parameters.items():
        parameter = parameter_called(name, instrument.parameters)
        assert parameter is not None, name
        assert parameter.low <= value <= parameter.high, name
