"""Functions that run in processes of their own, which are killed, or refused, at one system call after another."""

import functools
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CHANGING_CALLS = (
    "write", "fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir",
)  # fmt: skip
"""What changes a disk. A process that is killed at any other call leaves what the last of these left."""
REFUSALS = ("ENOSPC", "EIO", "EACCES")
_MOST_CALLS = 100


Run = Callable[[], object]
"""What a process of its own calls; it goes there by pickle, so what it calls is found by name in a module."""


@dataclass(frozen=True)
class Ran:
    """What became of a run: 0 where it came to its end, -9 where it was killed."""

    returncode: int
    stderr: str


def kills(run: Run, begin: Callable[[], object], calls: tuple[str, ...] = CHANGING_CALLS) -> Iterator[None]:
    """Make the run over and over, each time after `begin`, killed when it makes its 1st, 2nd, 3rd ... system call of
    each name."""
    for call in _made(run, begin, calls):
        for number in range(1, _MOST_CALLS):
            begin()
            ran, _ = _traced(run, call, f"inject={call}:signal=SIGKILL:when={number}")
            if ran.returncode == 0:
                break
            assert ran.returncode == -signal.SIGKILL, ran.stderr
            yield


def refusals(run: Run, error: str, begin: Callable[[], object]) -> Iterator[Ran]:
    """Make the run over and over, each time after `begin`, its 1st, 2nd, 3rd ... system call of each name failing with
    `error`."""
    for call in _made(run, begin, CHANGING_CALLS):
        for number in range(1, _MOST_CALLS):
            begin()
            ran, trace = _traced(run, call, f"inject={call}:error={error}:when={number}")
            if "(INJECTED)" not in trace:
                break
            yield ran


def _made(run: Run, begin: Callable[[], object], calls: tuple[str, ...]) -> list[str]:
    """Which of these system calls a run makes."""
    begin()
    ran, trace = _traced(run, ",".join(f"?{call}" for call in calls))
    assert ran.returncode == 0, ran.stderr
    return [call for call in calls if re.search(rf"\b{call}\(", trace)]


@functools.cache
def _forker() -> "subprocess.Popen[bytes]":
    """The process that runs are forked from, which ends with this one."""
    program = Path(__file__).with_name("forker.py")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-B", program], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _traced(run: Run, calls: str, *faults: str) -> tuple[Ran, str]:
    """What became of a run, and its trace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    forker = _forker()
    assert forker.stdin is not None
    assert forker.stdout is not None
    with tempfile.NamedTemporaryFile("r") as trace, tempfile.NamedTemporaryFile("r") as complaints:
        pickle.dump((run, complaints.name), forker.stdin)
        forker.stdin.flush()
        child = int(forker.stdout.readline())
        strace = ["strace", "-f", "-o", trace.name, "-p", str(child)]
        for expression in (f"trace={calls}", *faults):
            strace += ["-e", expression]
        with subprocess.Popen(strace, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            said = tracer.stderr.readline()
            attached = "attached" in said
            os.kill(child, signal.SIGCONT if attached else signal.SIGKILL)
            ran = Ran(int(forker.stdout.readline()), complaints.read())
        if not attached:
            pytest.skip(f"strace may not trace here: {said.strip()}")
        return ran, trace.read()
