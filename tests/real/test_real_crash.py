import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from needs import need
from real_engine import Engine, environment
from real_song import write_song
from real_sound import sox_seconds
from waiting import PATIENCE_S, wait_until


def ffmpeg_seconds(take: Path) -> float:
    need("ffmpeg", "ffprobe")
    read = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(take), "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    complaints = [line for line in read.stderr.splitlines() if not line.startswith("Guessed Channel Layout")]
    assert complaints == []
    asked = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", str(take)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    return float(json.loads(asked.stdout)["format"]["duration"])


def soundfile_seconds(take: Path) -> float:
    frames, rate = soundfile.read(take)
    return len(frames) / rate


READERS = {"sox": sox_seconds, "ffmpeg": ffmpeg_seconds, "soundfile": soundfile_seconds}


@pytest.fixture(scope="module")
def killed_take(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A take whose engine was killed while it recorded, and how long it was by then."""
    project = tmp_path_factory.mktemp("killed") / "song"
    write_song(project)
    engine = Engine(project, environment({}), "--device", "null")
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    take = project / engine.osc.do("/record/start", "killed")[0]
    status = engine.wait_for("recording.seconds", 4.0)
    engine.kill()
    engine.close()
    return take, float(status["recording"]["seconds"])


@pytest.mark.parametrize("reader", READERS)
def test_a_take_whose_engine_was_killed_opens_without_repair(killed_take: tuple[Path, float], reader: str) -> None:
    take, recorded_s = killed_take
    assert READERS[reader](take) >= recorded_s - 1.0


def test_a_killed_take_holds_sound_to_its_end(killed_take: tuple[Path, float]) -> None:
    frames, rate = soundfile.read(killed_take[0])
    assert np.abs(frames[-rate:]).max() > 0.01


def test_the_next_engine_takes_up_what_the_killed_one_left(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str]
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    engine.osc.do("/transport/bpm", 151)
    autosave = engine.project / "patterns" / "slots" / "bank_01" / "slot_000.json"
    wait_until(lambda: autosave.exists() and "151" in autosave.read_text(), what="the autosave")
    engine.kill()
    (engine.project / ".chronus" / "engine.json").unlink(missing_ok=True)
    again = start_engine(quiet_env, "--device", "null")
    assert again.osc.status()["bpm"] == 151


def test_undo_leads_back_through_what_was_done_before_the_engine_was_killed(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str]
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    before = engine.osc.status()["pattern"]
    engine.osc.do("/pattern/load", 2, "immediate")
    engine.osc.do("/pattern/clear", 1)
    for number in range(200):
        engine.osc.do("/transport/bpm", 60 + number)
        engine.osc.do("/pattern/name", f"step {number}")
    autosave = engine.project / "patterns" / "slots" / "bank_01" / "slot_000.json"
    wait_until(lambda: autosave.exists() and "step 199" in autosave.read_text(), what="the autosave")
    history = engine.project / ".chronus" / "history"
    wait_until(
        lambda: history.exists() and b"step 199" in history.read_bytes(), what="the history, which follows the autosave"
    )
    engine.kill()
    (engine.project / ".chronus" / "engine.json").unlink(missing_ok=True)
    again = start_engine(quiet_env, "--device", "null")
    for _ in range(402):
        again.osc.do("/pattern/undo")
    assert again.osc.status()["pattern"] == before
    assert 1 in again.osc.do("/pattern/slots")
