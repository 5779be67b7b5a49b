import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from machine import holds_unless_the_machine_is_away
from real_engine import Engine, chronus, environment
from real_sound import FULL_SCALE, RATE, ROOMY, Capture, Pulse, await_device, gaps_in, short_of_sound, short_of_turns
from waiting import wait_until

from store.codec import decode_take

pytestmark = pytest.mark.alone

SECONDS = 4
SMALL = "64"


def record(engine: Engine, name: str, meanwhile: Callable[[], None]) -> tuple[Path, list[str]]:
    """A take of what goes on meanwhile, and what of it was lost for want of turns, whatever the device does; each xrun
    that is shown while it runs is noted in it."""
    before = engine.osc.status()
    engine.osc.do("/record/start", name)
    begun = engine.wait_for("recording.active", 1)
    meanwhile()
    ending = engine.osc.status()
    take = engine.project / engine.osc.do("/record/stop")[0]
    after = engine.osc.status()
    assert after["faults"] == before["faults"]
    note = decode_take(take.with_suffix(".json").read_bytes(), name)
    assert ending["frame"] - begun["frame"] <= note.frames + note.dropped <= after["frame"] - before["frame"]
    assert ending["xruns"] - begun["xruns"] <= note.xruns <= after["xruns"] - before["xruns"]
    return take, short_of_turns(note, before, after)


@pytest.mark.parametrize("gap_at", [1024, 60_000])
def test_a_gap_that_nobody_reported_is_found_and_a_lost_or_changed_frame_is_not_forgiven(gap_at: int) -> None:
    take = np.random.default_rng(1).integers(-FULL_SCALE // 4, FULL_SCALE // 4, (80_000, 2), np.int32)
    take[:100] = 0
    sound = np.pad((take / FULL_SCALE).astype(np.float32), ((5000, 3000), (0, 0)))
    assert gaps_in(sound, take) == []
    dry = np.insert(sound, [5000 + gap_at] * 1024, 0.0, axis=0)
    assert gaps_in(dry, take) == [(gap_at, 1024)]
    after = 5000 + gap_at + 1024
    assert gaps_in(np.delete(dry, slice(after, after + 700), axis=0), take) == [(gap_at, 1024)], "what came too late"
    changed = dry.copy()
    changed[after + 100] += 0.001
    too_many = np.delete(dry, slice(after, after + 1100), axis=0)
    for spoiled in (np.delete(sound, 5000 + gap_at, axis=0), np.delete(dry, after + 100, axis=0), changed, too_many):
        with pytest.raises(AssertionError, match="differs"):
            gaps_in(spoiled, take)


def test_the_sink_hears_what_the_take_holds_to_the_last_bit(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine(pulse.env, "--block", ROOMY)
    await_device(engine)
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")

    def listen(number: int) -> list[str]:
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            take, lost = record(engine, f"bits {number}", lambda: engine.wait_for("recording.seconds", SECONDS))
            capture.wait_for_more(1.0)
        return lost or short_of_sound(take, capture)

    holds_unless_the_machine_is_away(3, listen)


def test_a_hogged_interpreter_loses_no_block_and_makes_no_gap(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine({**pulse.env, "CHRONUS_DEBUG": "1"}, "--block", ROOMY)
    await_device(engine)
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")

    def hog() -> None:
        engine.wait_for("recording.seconds", 1)
        engine.osc.do("/debug/hog", 3.0)
        engine.wait_for("recording.seconds", 5)

    def listen(number: int) -> list[str]:
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            take, lost = record(engine, f"hogged {number}", hog)
            capture.wait_for_more(1.0)
        return lost or short_of_sound(take, capture)

    holds_unless_the_machine_is_away(3, listen)


def test_a_take_through_the_sink_under_load_is_made_again_to_the_bit(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine({**pulse.env, "CHRONUS_DEBUG": "1"}, "--block", SMALL)
    await_device(engine)
    engine.osc.do("/record/taps", "master stems")
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    engine.osc.do("/record/start", "loaded", "wav32")
    for number, slot in enumerate((2, 5, 3, 9), 1):
        engine.osc.do("/debug/hog", 0.3)
        engine.osc.do("/pattern/load", slot, "immediate")
        engine.osc.do("/transport/bpm", 110.0 + 10 * number)
        engine.osc.do("/track/1/note", 50 + number)
        engine.wait_for("recording.seconds", number)
    engine.osc.do("/record/stop")
    out = tmp_path / "again"
    made = chronus(*("replay", "loaded", "-o", out, "--project", engine.project, "--json"), env=environment({}))
    assert made.returncode == 0, made.stdout + made.stderr
    told = json.loads(made.stdout)
    assert told["same"] and told["compared_frames"] > 3 * RATE
    assert len(told["files"]) > 4


def test_the_engine_plays_on_when_the_sound_server_goes(
    mortal_pulse: Pulse, start_engine: Callable[..., Engine]
) -> None:
    engine = start_engine(mortal_pulse.env)
    await_device(engine)
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    engine.osc.do("/record/start")
    engine.wait_for("recording.seconds", 1)
    mortal_pulse.close()
    engine.wait_for("recording.seconds", 4)
    wait_until(lambda: engine.osc.status()["problem"], what="what is wrong with the device to be told")
    assert engine.osc.status()["playing"]
