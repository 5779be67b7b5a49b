"""The memory of the sound is there before the callback touches it, and that of stems not before it is wanted."""

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chronus_tui.engine.player import Player, _touch
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.taps import taps_of
from dsp.state import STATE

PAGEMAP = Path("/proc/self/pagemap")
ENTRY_BYTES = 8
THERE = 62
"""From this bit on, an entry tells that its page was made: that it lies in memory, or was moved out of it."""
STEMS_AT = STATE.fields["stems"][1]
STEMS_END = STEMS_AT + STATE.fields["stems"][0].itemsize


def share_there(memory: Any) -> float:
    """Which part of the pages of some bytes was made, 0..1, whatever the rest of the process does with its own."""
    page = os.sysconf("SC_PAGE_SIZE")
    first, last = memory.ctypes.data // page, -(-(memory.ctypes.data + len(memory)) // page)
    with PAGEMAP.open("rb") as pages:
        pages.seek(first * ENTRY_BYTES)
        entries = np.frombuffer(pages.read((last - first) * ENTRY_BYTES), np.uint64)
    return np.count_nonzero(entries >> np.uint64(THERE)) / (last - first)


pytestmark = pytest.mark.skipif(not PAGEMAP.exists(), reason="no other system tells what memory a process has")


def test_the_pages_of_stems_are_made_when_stems_are_asked_for_and_no_sooner():
    player = Player(48_000)
    listening = Listening(player, 1.0)
    memory = player.array.view(np.uint8)
    stems = memory[STEMS_AT:STEMS_END]
    player.make_pages()
    assert share_there(memory[:STEMS_AT]) == share_there(memory[STEMS_END:]) == 1.0
    assert share_there(stems) < 0.2  # large pages, where the system makes such, reach into it
    listening.take_at(taps_of(["stems"]))
    assert share_there(stems) == 1.0


@pytest.mark.parametrize(("first", "length"), [(0, 4096), (0, 8193), (4095, 2), (4000, 8192 + 200)])
def test_no_page_is_left_out_wherever_memory_begins_and_ends(first: int, length: int):
    memory = np.frombuffer(mmap.mmap(-1, 5 * mmap.PAGESIZE), np.uint8)[first : first + length]
    assert share_there(memory) == 0.0
    _touch(memory)
    assert share_there(memory) == 1.0
