"""The packages keep to their concerns: each is imported alone, and what came with it is looked at."""

import subprocess
import sys

import pytest

FOREIGN = {
    "dsp.render": ("store", "chronus_tui", "sounddevice", "soundfile", "textual", "pythonosc"),
    "dsp.doors": ("store", "chronus_tui", "numba", "sounddevice", "soundfile", "textual", "pythonosc"),
    "chronus_tui.engine.running": ("numba", "textual", "mido"),
    "chronus_tui.engine.bench": ("numba", "textual"),
    "store.slots.slots": ("dsp", "chronus_tui", "textual", "numba", "sounddevice", "numpy"),
    "chronus_tui.cli.replay": ("numba", "textual", "sounddevice", "soundfile", "filelock", "mido", "pythonosc"),
    "store.takes.under_way": ("dsp", "chronus_tui", "textual", "numba", "sounddevice"),
    "chronus_tui.cli.screen": ("chronus_tui.engine.control", "dsp", "numba", "sounddevice", "numpy", "filelock"),
    "chronus_tui.ui.app": ("chronus_tui.engine.control", "dsp", "numba", "sounddevice", "numpy"),
    "chronus_tui.cli": ("textual", "numba", "numpy", "sounddevice", "soundfile", "msgspec", "dataclasses"),
    "chronus_tui.cli.send": ("textual", "numba", "numpy", "sounddevice", "soundfile", "msgspec", "dataclasses"),
    "chronus_tui.cli.status": ("textual", "numba", "numpy", "sounddevice", "soundfile", "filelock"),
    "chronus_tui.cli.stop": ("textual", "numba", "numpy", "sounddevice", "soundfile"),
}


@pytest.mark.parametrize("module", FOREIGN)
def test_a_module_brings_nothing_foreign_with_it(module):
    code = f"import sys, {module}; print(*sys.modules)"
    came = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(came) & set(FOREIGN[module]) == set()
