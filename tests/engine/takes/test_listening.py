"""From the tap into the memory, where the sound has come round before."""

import numpy as np
import pytest
from playing import RATE

from chronus_tui.engine.output.hand import HandDevice
from chronus_tui.engine.player import Player
from chronus_tui.engine.recording import listening
from chronus_tui.engine.recording.listening import CHUNK, Listening
from chronus_tui.engine.recording.taps import taps_of
from dsp.sizes import STEM_FRAMES, TAP_FRAMES

BLOCK = 1024


@pytest.mark.parametrize(("copy", "ring"), [("copy_tap", TAP_FRAMES), ("copy_stem", STEM_FRAMES)])
def test_who_came_late_and_is_slow_loses_only_what_was_overwritten_and_a_chunk(
    monkeypatch: pytest.MonkeyPatch, copy: str, ring: int
):
    player = Player(RATE)
    device = HandDevice(player, BLOCK)
    late = Listening(player, 60.0)
    late.take_at(taps_of(["dry"]))
    device.make(RATE)
    late.listen()
    held = late.memory.end
    device.make(ring + RATE)
    really = getattr(listening, copy)

    def slowly(*asked: object) -> bool:
        device.make(BLOCK)  # sound goes on meanwhile
        return bool(really(*asked))

    monkeypatch.setattr(listening, copy, slowly)
    late.listen()
    memory = late.memory if copy == "copy_tap" else late.others
    assert memory is not None
    assert memory.end == held + ring + RATE
    lost = memory.next_held(held) - held
    assert RATE < lost < RATE + CHUNK + BLOCK
    assert memory.copy(held + lost, np.empty((ring, 2), np.float32)) == memory.end - held - lost
