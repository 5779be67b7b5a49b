"""The engine is killed while it records, at random moments: what the next start makes of the take.

Three times, or as often as `--kills` says.
"""

import random
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from needs import need
from real_engine import ROOT, Engine, chronus, environment
from waiting import wait_until

from store.codec import decode_take
from store.documents import Take
from store.takes.files import audio_files
from store.takes.performance import ENDING, read_performance

RATE = 48_000
TAPS = ("master", "master dry", "mix master", "master dry stems")
FORMATS = ("wav16", "wav24", "wav32")
MOST_LOST_S = 0.5
BEHIND_S = 0.25
"""A take that was so far behind when its engine was killed had a disk that stalled, or no turn on a machine with many
more threads that want to run than cores: its files tell of less, and the next start takes it from memory."""


@dataclass
class Killed:
    """A take whose engine was killed.

    name         of the take
    heard        the frame of the engine's clock that had been made before the kill was sent, by what was told then
    written      frames that had been written, by the same
    told_frames  that its files told of, each to any program, before anything was repaired
    """

    name: str
    heard: int
    written: int
    told_frames: dict[Path, int]


def record_and_kill(
    engine: Engine, name: str, chance: random.Random, taps: Sequence[str] = TAPS, split_s: Sequence[float] = (0.0, 1.0)
) -> Killed:
    """Record something of everything, and kill the engine at some moment."""
    project = engine.project
    engine.osc.do("/record/taps", chance.choice(taps))
    engine.osc.do("/record/split", chance.choice(split_s), 0.0)
    engine.osc.do("/pattern/load", chance.randint(1, 9), "immediate")
    engine.osc.do("/transport/play")
    engine.osc.do("/record/start", name, chance.choice(FORMATS), 0.0)
    ends_s = time.monotonic() + chance.uniform(0.3, 4.0)
    while time.monotonic() < ends_s:
        match chance.randrange(5):
            case 0:
                engine.osc.do("/pattern/load", chance.randint(1, 9), "immediate")
            case 1:
                engine.osc.do("/track/4/note", chance.randint(30, 60), 0.8, 0.4)
            case 2:
                engine.osc.do("/transport/bpm", chance.uniform(90.0, 160.0))
            case 3:
                engine.osc.do("/record/mark", "here")
            case 4:
                engine.osc.do("/track/1/gain", chance.uniform(-12.0, 0.0))
    status = engine.osc.status()
    engine.process.kill()
    engine.process.wait()
    take = decode_take((project / "recordings" / f"{name}.json").read_bytes(), name)
    files = [path for _, _, path in audio_files(project / "recordings", take)]
    heard, written = status["frame"], status["recording"]["frames"]
    # One that was made in that very moment has no header yet, and nothing to tell.
    told = {path: soundfile.info(str(path)).frames if path.stat().st_size else 0 for path in files}
    return Killed(name, heard, written, told)


def assert_repaired(project: Path, killed: Killed, again: Path) -> tuple[float, float, float]:
    """The take is whole, every program agrees about it, and it is made again to the bit.

    The seconds that it lacks of what was heard, those that its files did not tell of before the repair, and those that
    were not written when the engine was killed.
    """
    recordings = project / "recordings"

    def finished() -> Take | None:
        take = decode_take((recordings / f"{killed.name}.json").read_bytes(), killed.name)
        assert take.complete
        return take if take.true_peak is not None or not take.frames else None

    take = wait_until(finished, what="the take to be measured")
    assert take.frames >= killed.written
    first = read_performance(recordings / f"{killed.name}{ENDING}").first
    lost_s = (killed.heard - first - take.frames) / RATE
    told = dict.fromkeys(take.taps, 0)
    for tap, part, path in audio_files(recordings, take):
        told[tap] += killed.told_frames.get(path, 0)
        frames = take.parts[part - 1] if take.parts else take.frames
        assert soundfile.info(str(path)).frames == frames
        assert _by("soxi", "-s", str(path)) == frames
        if frames:
            shown = ("-show_entries", "stream=duration_ts", "-of", "csv=p=0")
            assert _by("ffprobe", "-v", "warning", *shown, str(path)) == frames
    assert not (recordings / f"{killed.name}.notes").exists()
    length_s = mido.MidiFile(recordings / f"{killed.name}.mid").length
    assert length_s == pytest.approx(take.frames / RATE, abs=0.01)
    assert all(event.frame <= take.frames for event in take.events)
    if take.frames:
        again = again if len(take.taps) > 1 else again.with_suffix(".wav")
        made = chronus("replay", killed.name, "--project", project, "-o", again, "--json", env=environment({}))
        assert made.returncode == 0, made.stdout + made.stderr
    heard = killed.heard - first
    return lost_s, (heard - min(told.values())) / RATE, (heard - killed.written) / RATE


def _by(*command: str) -> int:
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return int(found.stdout)


def test_a_killed_engine_costs_half_a_second_of_its_take_at_most_and_the_rest_is_made_again(
    project: Path, tmp_path: Path, start_engine: Callable[..., Engine], request: pytest.FixtureRequest
) -> None:
    need("soxi", "ffprobe")
    kills = request.config.getoption("--kills")
    chance = random.Random(1)
    killed: Killed | None = None
    lost_s: list[tuple[float, float, float]] = []
    for number in range(kills + 1):
        (project / ".chronus" / "engine.json").unlink(missing_ok=True)
        engine = start_engine(environment({}), "--device", "null")
        if killed is not None:
            assert f"/event/take_repaired ('{killed.name}',)" in (project / "test.log").read_text()
            lost_s.append(assert_repaired(project, killed, tmp_path / f"again {number}"))
        if number < kills:
            killed = record_and_kill(engine, f"take {number}", chance)
        engine.close()
    repaired, told, behind = np.array(lost_s).T
    well = behind < BEHIND_S
    print(f"{kills} kills, {np.count_nonzero(~well)} of them of takes that were behind, by up to {behind.max():.3f} s")
    for what, seconds in (("after the repair", repaired), ("before it, of the others", told[well])):
        print(f"lost {what}: median {np.median(seconds):.3f} s, worst {seconds.max(initial=0.0):.3f} s")
        assert seconds.max(initial=0.0) < MOST_LOST_S


SLOW_TO_SYNC = """
import os, threading
from pathlib import Path
sync, slow = os.fsync, Path(__file__).with_name("slow")
os.fsync = lambda file: (slow.exists() and threading.Event().wait(3.0), sync(file))[1]
"""
"""Python runs it first, where it is its `sitecustomize`."""


def test_a_disk_that_takes_seconds_for_each_sync_costs_a_killed_take_no_more(
    project: Path, tmp_path: Path, start_engine: Callable[..., Engine]
) -> None:
    need("soxi", "ffprobe")
    slow = tmp_path / "slow"
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_SYNC)
    engine = start_engine(environment({"PYTHONPATH": f"{tmp_path}:{ROOT}"}), "--device", "null")
    slow.touch()
    killed = record_and_kill(engine, "take", random.Random(3), ("master dry",), (0.7,))
    slow.unlink()
    (project / ".chronus" / "engine.json").unlink()
    start_engine(environment({}), "--device", "null")
    lost_s, told_s, _ = assert_repaired(project, killed, tmp_path / "again")
    assert max(lost_s, told_s) < MOST_LOST_S
