from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from machine import holds_unless_the_machine_is_away
from real_engine import Engine
from real_sound import RATE, ROOMY, Capture, Pulse, await_device, short_of_sound, short_of_turns

from store.codec import decode_take

pytestmark = pytest.mark.alone

SWITCHES = 20
BPM = 300
BAR = 4 * 60 * RATE // BPM


def test_slots_switched_at_the_bar_come_in_on_the_bar_while_the_sink_hears_every_frame_in_order(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine(pulse.env, "--block", ROOMY)
    for slot in (1, 2):
        engine.osc.do("/pattern/load", slot, "immediate")
        engine.osc.do("/transport/bpm", BPM)
        engine.osc.do("/pattern/save", slot + 10)
    await_device(engine)
    engine.osc.do("/notify", 1)
    engine.osc.do("/transport/play")

    def switch(number: int) -> list[str]:
        before = engine.osc.status()
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            engine.osc.do("/record/start", f"switched {number}")
            for switched in range(SWITCHES):
                engine.osc.do("/pattern/load", 11 + switched % 2)
                assert engine.osc.event("/event/slot_loaded")[0] == 11 + switched % 2
            take = engine.project / engine.osc.do("/record/stop")[0]
            capture.wait_for_more(1.0)
        note = decode_take(take.with_suffix(".json").read_bytes(), str(take))
        lost = short_of_turns(note, before, engine.osc.status())
        if lost:
            return lost
        frames = [event.frame for event in note.events if event.slot in (11, 12)]
        assert len(frames) >= SWITCHES
        apart = np.diff(frames[-SWITCHES:])
        assert np.all(apart % BAR == 0), apart
        return short_of_sound(take, capture)

    holds_unless_the_machine_is_away(3, switch)
