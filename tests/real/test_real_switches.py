from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from machine import holds_unless_the_machine_is_away
from real_engine import Engine
from real_sound import RATE, ROOMY, Capture, Pulse, await_device, short_of_sound

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
    takes: list[Path] = []

    def switch(number: int) -> list[str]:
        before = engine.osc.status()
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            engine.osc.do("/record/start", f"switched {number}")
            for switched in range(SWITCHES):
                engine.osc.do("/pattern/load", 11 + switched % 2)
                assert engine.osc.event("/event/slot_loaded")[0] == 11 + switched % 2
            takes.append(engine.project / engine.osc.do("/record/stop")[0])
            capture.wait_for_more(1.0)
        after = engine.osc.status()
        assert (after["lost"], after["recording"]["dropped"]) == (before["lost"], 0)
        return short_of_sound(takes[-1], capture)

    holds_unless_the_machine_is_away(3, switch)
    take = takes[-1]
    note = take.with_suffix(".json")
    frames = [event.frame for event in decode_take(note.read_bytes(), str(note)).events if event.slot in (11, 12)]
    assert len(frames) >= SWITCHES
    apart = np.diff(frames[-SWITCHES:])
    assert np.all(apart % BAR == 0), apart
