"""The memory of the sound is there before the callback touches it, and that of stems not before it is wanted."""

import os
from pathlib import Path

import pytest

from chronus_tui.engine.player import Player
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.taps import taps_of
from dsp.state import STATE

STATM = Path("/proc/self/statm")
STEMS_BYTES = STATE.fields["stems"][0].itemsize


def held_bytes() -> int:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not STATM.exists(), reason="no other system tells what memory a process has")
def test_the_pages_of_stems_are_made_when_stems_are_asked_for_and_no_sooner():
    player = Player(48_000)
    listening = Listening(player, 1.0)
    bare = held_bytes()
    player.make_pages()
    made = held_bytes()
    assert 0.6 * (STATE.itemsize - STEMS_BYTES) < made - bare < STEMS_BYTES
    listening.take_at(taps_of(["stems"]))
    assert held_bytes() - made > 0.95 * STEMS_BYTES
