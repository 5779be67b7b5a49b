"""Takes of many taps and parts whose recorder is killed at any moment: all but the last half second is there.

What a killed process leaves is what its system calls had done by then. So a take is stopped dead by copying its folder
in the midst of any of them; a few are killed for real.
"""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import recorder
from recorder import TAPS, ramp
from wav_readers import assert_all_read, read

import store.takes.under_way
import store.wav.writer
from store.codec import decode_take
from store.documents import Take, TakeEvent
from store.project import open_project
from store.takes.files import audio_files
from store.takes.repair import repair_unfinished
from store.takes.under_way import TakeFile

RATE = 48_000
BITS = (16, 24, 32)


def assert_right(recordings: Path, take: Take, at_least: int) -> None:
    """Every tap holds the same frames from the first on, every reader finds as many, and that is all but a little."""
    frames: dict[str, int] = {}
    limit = 1.5 / 2**15 if take.bits == 16 else 0.5 / 2**23
    for tap, _, path in audio_files(recordings, take):
        sound, first = read(path), frames.get(tap, 0)
        assert np.abs(sound - ramp(first, len(sound), take.taps.index(tap))).max(initial=0) <= limit
        frames[tap] = first + len(sound)
    assert set(frames) == set(take.taps)
    assert set(frames.values()) == {take.frames}
    assert take.frames >= at_least
    assert take.complete


def repaired(project: Path) -> Take:
    """What becomes of the take at the next start."""
    problems: list[Exception] = []
    recordings = project / "recordings"
    assert repair_unfinished(recordings, project / "patterns" / "temp", problems.append) == ["jam"]
    assert problems == []
    return decode_take((recordings / "jam.json").read_bytes(), "jam.json")


@pytest.mark.parametrize("seed", range(200))
def test_a_take_that_is_cut_off_between_any_two_system_calls_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    project, copy = tmp_path / "project", tmp_path / "copy"
    open_project(project)
    chance = random.Random(seed)
    left = chance.randint(8, 160)
    written_then = 0
    take: TakeFile | None = None

    def counting(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal left, written_then
            left -= 1
            if left == 0:
                written_then = take.frames if take is not None else 0
                shutil.copytree(project, copy, ignore=shutil.ignore_patterns("temp"))  # its own thread is at work there
            return call(*arguments, **named)

        return counted

    for module, name in (
        (store.wav.writer, "write_all"),
        (store.takes.under_way, "audio_path"),
        (store.takes.under_way, "cues"),
    ):
        monkeypatch.setattr(module, name, counting(getattr(module, name)))
    taps = TAPS[: chance.randint(1, 3)]
    document = Take("jam", "2026-11-21T21:00:00", RATE, 2, chance.choice(BITS), taps=taps)
    take = TakeFile(project / "recordings", project / "patterns" / "temp", document, chance.choice((0, 9_000, 30_000)))
    frame = 0
    while left > 0:
        count = chance.randint(1, 9000)
        take.write(*(ramp(frame, count, tap) for tap in range(len(taps))))
        take.tell(TakeEvent(frame, "mark", f"at {frame}"))
        frame += count
    open_project(copy)
    assert_right(copy / "recordings", repaired(copy), written_then - RATE // 2)
    take.close()


@pytest.mark.real
@pytest.mark.parametrize("seed", range(12))
def test_a_take_whose_process_is_killed_is_finished_and_every_program_reads_it(tmp_path: Path, seed: int) -> None:
    project = tmp_path / "project"
    open_project(project)
    process = recorder.started(project, seed, BITS[seed % 3], 3, 60_000)
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(random.Random(seed).randint(0, 60)):
        process.stdout.readline()
    process.kill()
    written = int((process.communicate()[0].split() or ["0"])[-1])
    take = repaired(project)
    assert_right(project / "recordings", take, written - RATE // 2)
    for tap, part, path in audio_files(project / "recordings", take):
        assert_all_read(path, take.parts[part - 1])
        assert tap in take.taps


@pytest.mark.real
@pytest.mark.parametrize("when", [30, 61, 92, 123, 200])
def test_a_take_whose_disk_reports_an_error_keeps_what_was_told(tmp_path: Path, when: int) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    project = tmp_path / "project"
    open_project(project)
    inject = ["-e", "trace=write", "-e", f"inject=write:error=EIO:when={when}+"]
    command = ["strace", "-f", "-qq", "-o", "/dev/null", *inject, *recorder.command(project, 1, 24, 3, 60_000)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    assert done.returncode != 0
    take = repaired(project)
    assert_right(project / "recordings", take, int((done.stdout.split() or ["0"])[-1]) - RATE)
