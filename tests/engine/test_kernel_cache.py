"""The compiled sound on disk: taken up without the compiler, and never when it is damaged."""

import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from playing import pattern, playing

from chronus_tui.engine import kernel_cache
from chronus_tui.progress import progress_bar
from dsp.tap import copy_tap

A_START = "import sys; from chronus_tui.engine.player import Player; Player(48_000); print('numba' in sys.modules)"


def test_a_later_start_does_not_import_the_compiler():
    playing(pattern(), started=False)  # compiled by now, if it was not
    told = subprocess.run([sys.executable, "-c", A_START], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: b"\0" + kept[1:], lambda _: b""])
def test_a_damaged_file_is_not_taken_up(tmp_path, damage):
    kernel_cache._write(tmp_path, b"machine code")
    assert kernel_cache.is_warm(tmp_path)
    file = tmp_path / kernel_cache.CODE_NAME
    file.write_bytes(damage(file.read_bytes()))
    assert not kernel_cache.is_warm(tmp_path)


def test_of_two_that_start_at_once_one_compiles_and_the_other_takes_up_what_came_of_it(tmp_path, monkeypatch):
    compiled, opened, told, other_waits = [], [], [], threading.Event()

    def compile_meanwhile(_):
        compiled.append(b"machine code")
        assert other_waits.wait(60)
        return compiled[-1]

    def tell(line):
        told.append(line)
        other_waits.set()

    monkeypatch.setattr(kernel_cache, "DOORS", [SimpleNamespace(address=0)])
    monkeypatch.setattr(kernel_cache, "use_kernel_cache", lambda: tmp_path)
    monkeypatch.setattr(kernel_cache, "_compile", compile_meanwhile)
    monkeypatch.setattr(kernel_cache, "open_doors", lambda code, _: opened.append(code))
    starts = [threading.Thread(target=kernel_cache.open_sound, args=[tell]) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert (compiled, opened) == ([b"machine code"], [b"machine code"] * 2)
    assert told == ["Another Chronus compiles the sound; this one waits for it."]


def test_a_process_that_another_one_starts_finds_the_same_folder():
    here = kernel_cache.use_kernel_cache()
    code = "from chronus_tui.engine.kernel_cache import use_kernel_cache; print(use_kernel_cache())"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == str(here)


@pytest.mark.parametrize(
    ("room", "error"),
    [
        (np.zeros((8, 2)), TypeError),
        (np.zeros(16, np.float32), TypeError),
        (np.zeros((16, 2), np.float32)[::2], ValueError),
    ],
    ids=["doubles", "one axis", "with gaps"],
)
def test_the_sound_writes_into_no_array_that_is_not_as_it_takes_them(room, error):
    state = playing(pattern(), started=False).player.state
    with pytest.raises(error):
        copy_tap(state, 0, room)
    with pytest.raises(TypeError):
        copy_tap(state["commands"], 0, np.zeros((8, 2), np.float32))


def test_the_bar_is_as_full_as_the_work_is_done():
    assert progress_bar(0.0) == "[....................]   0 %"
    assert progress_bar(0.5) == "[##########..........]  50 %"
    assert progress_bar(1.0) == "[####################] 100 %"
