"""How long an engine takes from its first instruction until it makes sound, from the cache and without one."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

RUNS = 5
CHRONUS = [sys.executable, "-m", "chronus_tui"]


def figures() -> Iterator[str]:
    """Seconds with everything compiled before, and of `chronus send` as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        times = sorted(_start(Path(folder) / str(run), {}) for run in range(RUNS))
        yield f"engine, warm, to its first sound: median {times[RUNS // 2]:.2f}  max {times[-1]:.2f} s"
        yield _send(Path(folder) / "sent")


def cold_figures() -> Iterator[str]:
    """Seconds on a machine that has never compiled it."""
    with tempfile.TemporaryDirectory() as folder:
        took = _start(Path(folder) / "project", {"NUMBA_CACHE_DIR": f"{folder}/cache"})
        yield f"engine, cold, to its first sound: {took:.1f} s"


def _engine(project: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*CHRONUS, "engine", str(project), "--device", "null", "--osc-port", "0", "--announce"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _start(project: Path, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    engine = _engine(project, environment)
    for line in engine.stdout:
        if line.startswith("ready"):  # the silent clock makes its first block before that is said
            break
    took = time.perf_counter() - began
    engine.terminate()
    engine.wait()
    return took


def _send(project: Path) -> str:
    engine = _engine(project, {})
    for line in engine.stdout:
        if line.startswith("ready"):
            break
    times = []
    for _ in range(20):
        began = time.perf_counter()
        subprocess.run([*CHRONUS, "send", "--project", str(project), "/ping"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    engine.terminate()
    engine.wait()
    times.sort()
    return f"chronus send, a whole process: median {times[10]:.3f}  max {times[-1]:.3f} s"
