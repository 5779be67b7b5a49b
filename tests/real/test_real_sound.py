import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from real_engine import Engine, chronus, environment
from real_sound import FULL_SCALE, RATE, ROOMY, Capture, Pulse, gaps_heard, gaps_in, holds_once_in

pytestmark = pytest.mark.alone

SECONDS = 4
SMALL = "64"


def assert_sink_heard_the_take(take: Path, capture: Capture) -> None:
    """Every frame of the take, aligned, is what the sink was given, rounded to the take's 24 bits, with no gap."""
    gaps = gaps_heard(take, capture)
    assert gaps == [], f"before frame {gaps[0][0]} the sink was silent for {gaps[0][1]} frames"


@pytest.mark.parametrize("gap_at", [1024, 60_000])
def test_a_gap_that_nobody_reported_is_found_and_a_lost_or_changed_frame_is_not_forgiven(gap_at: int) -> None:
    take = np.random.default_rng(1).integers(-FULL_SCALE // 4, FULL_SCALE // 4, (80_000, 2), np.int32)
    take[:100] = 0
    sound = np.pad((take / FULL_SCALE).astype(np.float32), ((5000, 3000), (0, 0)))
    assert gaps_in(sound, take) == []
    dry = np.insert(sound, [5000 + gap_at] * 1024, 0.0, axis=0)
    assert gaps_in(dry, take) == [(gap_at, 1024)]
    for spoiled in (np.delete(sound, 5000 + gap_at, axis=0), np.delete(dry, 5000 + gap_at + 1024, axis=0)):
        with pytest.raises(AssertionError, match="differs"):
            gaps_in(spoiled, take)


def test_the_sink_hears_what_the_take_holds_to_the_last_bit(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine(pulse.env, "--block", ROOMY)
    assert "silent" not in engine.osc.status()["device"]
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")

    def listen(number: int) -> None:
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            engine.osc.do("/record/start", f"bits {number}")
            engine.wait_for("recording.active", 1)
            engine.wait_for("recording.seconds", SECONDS)
            take = engine.project / engine.osc.do("/record/stop")[0]
            capture.wait_for_more(1.0)
        assert_sink_heard_the_take(take, capture)

    holds_once_in(3, listen)
    status = engine.osc.status()
    assert (status["lost"], status["faults"], status["recording"]["dropped"]) == (0, 0, 0)


def test_a_hogged_interpreter_loses_no_block_and_makes_no_gap(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine({**pulse.env, "CHRONUS_DEBUG": "1"}, "--block", ROOMY)
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")

    def hog(number: int) -> None:
        with Capture(pulse.env, tmp_path / f"heard {number}") as capture:
            engine.osc.do("/record/start", f"hogged {number}")
            engine.wait_for("recording.active", 1)
            before = engine.wait_for("recording.seconds", 1)
            engine.osc.do("/debug/hog", 3.0)
            after = engine.wait_for("recording.seconds", 5)
            take = engine.project / engine.osc.do("/record/stop")[0]
            capture.wait_for_more(1.0)
        assert_sink_heard_the_take(take, capture)
        for counter in ("xruns", "lost", "faults"):
            assert after[counter] == before[counter], counter
        assert after["recording"]["dropped"] == 0

    holds_once_in(3, hog)


def test_a_take_through_the_sink_under_load_is_made_again_to_the_bit(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine({**pulse.env, "CHRONUS_DEBUG": "1"}, "--block", SMALL)
    assert "silent" not in engine.osc.status()["device"]
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
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    engine.osc.do("/record/start")
    engine.wait_for("recording.seconds", 1)
    mortal_pulse.close()
    status = engine.wait_for("recording.seconds", 4)
    assert status["playing"]
    assert status["problem"]
