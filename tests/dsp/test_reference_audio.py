"""Every instrument sounds as it did when its reference was stored; `scripts/reference_audio.py` renders them again."""

import numpy as np
import pytest
import soundfile
from reference_audio import FOLDER, phrase

from dsp.voices import INSTRUMENTS

DIFFERENCE_DB = -60.0
"""Against the sound itself. 16 bits are far below; so is what another processor may round differently."""


@pytest.mark.parametrize("name", [instrument.name for instrument in INSTRUMENTS])
def test_sounds_as_its_reference(name: str) -> None:
    stored, _ = soundfile.read(FOLDER / f"{name}.flac", dtype="float32")
    made = phrase(name)
    assert len(made) == len(stored)
    difference = np.sqrt(np.mean((made - stored) ** 2)) / np.sqrt(np.mean(stored**2))
    assert 20 * np.log10(difference + 1e-9) < DIFFERENCE_DB
