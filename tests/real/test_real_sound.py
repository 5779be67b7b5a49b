from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from real_engine import Engine
from real_sound import FULL_SCALE, RATE, Capture, Pulse, offset_of

SECONDS = 4
ROOMY = "1024"
"""Two such blocks are 43 ms: enough for a busy test machine, and a small part of the tenths of a second for which
each call of the hog holds the interpreter."""


def assert_sink_heard_the_take(take: Path, capture: Capture) -> None:
    """Every frame of the take, aligned, is what the sink was given, rounded to the take's 24 bits."""
    recorded, rate = soundfile.read(take, dtype="int32", always_2d=True)
    assert rate == RATE
    recorded = recorded >> 8
    assert np.abs(recorded).max() > FULL_SCALE // 100, "the take is silent"
    heard = capture.frames()
    start = offset_of(recorded.astype(np.float32) / FULL_SCALE, heard)
    part = heard[start : start + len(recorded)].astype(np.float64) * FULL_SCALE
    assert len(part) == len(recorded), "the capture ends before the take does"
    worst = np.abs(part - recorded).max(axis=1)
    wrong = np.flatnonzero(worst > 1.0)
    assert len(wrong) == 0, f"{len(wrong)} frames differ, first {wrong[0]} of {len(recorded)}, by up to {worst.max()}"


def test_the_sink_hears_what_the_take_holds_to_the_last_bit(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine(pulse.env, "--block", ROOMY)
    assert "silent" not in engine.osc.status()["device"]
    engine.osc.do("/pattern/load", 1)
    with Capture(pulse.env, tmp_path / "heard") as capture:
        engine.osc.do("/transport/play")
        engine.osc.do("/record/start", "bits")
        engine.wait_for("recording.seconds", SECONDS)
        take = engine.project / engine.osc.do("/record/stop")[0]
        capture.wait_for_more(1.0)
    assert_sink_heard_the_take(take, capture)
    status = engine.osc.status()
    assert (status["lost"], status["faults"], status["recording"]["dropped"]) == (0, 0, 0)


def test_a_hogged_interpreter_loses_no_block_and_makes_no_gap(
    pulse: Pulse, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = start_engine({**pulse.env, "CHRONUS_DEBUG": "1"}, "--block", ROOMY)
    engine.osc.do("/pattern/load", 1)
    with Capture(pulse.env, tmp_path / "heard") as capture:
        engine.osc.do("/transport/play")
        engine.osc.do("/record/start", "hogged")
        before = engine.wait_for("recording.seconds", 1)
        engine.osc.do("/debug/hog", 3.0)
        after = engine.wait_for("recording.seconds", 5)
        take = engine.project / engine.osc.do("/record/stop")[0]
        capture.wait_for_more(1.0)
    assert_sink_heard_the_take(take, capture)
    for counter in ("xruns", "lost", "faults"):
        assert after[counter] == before[counter], counter
    assert after["recording"]["dropped"] == 0


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
