"""Takes are checked and proved by a process apart while a real engine records the next one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import soundfile
from real_engine import Engine
from waiting import wait_until

APART_S = 600.0
"""How long it may take to be told: the process gives way to every other test."""


def verdict(engine: Engine, what: str, take: str) -> dict[str, Any]:
    """What is found out about a take that is examined now."""
    assert engine.osc.do(f"/engine/record/{what}", take) == (take,)
    wait_until(lambda: not engine.osc.status()["examination"]["what"], APART_S, f"the {what} of {take}")
    found: dict[str, Any] = json.loads(engine.osc.do("/record/verdict")[0])[what]
    assert found["take"] == take
    return found


def test_takes_are_checked_and_proved_while_the_next_one_is_recorded_and_nothing_of_it_is_lost(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str]
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    engine.osc.do("/transport/play")
    path = Path(engine.osc.do("/record/start", "first")[0])
    engine.wait_for("recording.seconds", 3.0)
    engine.osc.do("/record/stop")
    engine.osc.do("/record/start", "second")
    before = engine.osc.status()
    assert verdict(engine, "check", "first")["verdict"] == "clean"
    assert verdict(engine, "replay", "first")["verdict"] == "same"
    sound, rate = soundfile.read(path, dtype="float32")
    sound[rate:] += 0.001
    soundfile.write(path, sound, rate, subtype="PCM_24")
    tampered = verdict(engine, "replay", "first")
    assert (tampered["verdict"], tampered["faults"][0]["start_s"]) == ("differs", 1.0)
    after = engine.osc.status()
    assert after["recording"]["active"]
    assert [after[key] for key in ("lost", "faults")] == [before[key] for key in ("lost", "faults")]
    _, _, dropped, _ = engine.osc.do("/record/stop")
    assert dropped == 0
    assert verdict(engine, "replay", "second")["verdict"] == "same"
