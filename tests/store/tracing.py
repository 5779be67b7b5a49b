"""Programs that are killed, or refused, at one system call after another."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import pytest

CHANGING_CALLS = (
    "write", "fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir",
)  # fmt: skip
"""What changes a disk. A program that is killed at any other call leaves what the last of these left."""
REFUSALS = ("ENOSPC", "EIO", "EACCES")
_MOST_CALLS = 100

Ran = subprocess.CompletedProcess[str]


def python(program: str, *arguments: object) -> list[str]:
    """The command that runs a program's text."""
    return [sys.executable, "-B", "-c", program, *map(str, arguments)]


def kills(command: list[str], begin: Callable[[], object], calls: tuple[str, ...] = CHANGING_CALLS) -> Iterator[None]:
    """Run `command` over and over, each time after `begin`, killed when it makes its 1st, 2nd, 3rd ... system call of
    each name."""
    for call in _made(command, begin, calls):
        for number in range(1, _MOST_CALLS):
            begin()
            done, _ = _traced(command, call, f"inject={call}:signal=SIGKILL:when={number}")
            if done.returncode == 0:
                break
            assert done.returncode in (-9, 137), done.stderr
            yield


def refusals(command: list[str], error: str, begin: Callable[[], object]) -> Iterator[Ran]:
    """Run `command` over and over, each time after `begin`, its 1st, 2nd, 3rd ... system call of each name failing
    with `error`."""
    for call in _made(command, begin, CHANGING_CALLS):
        for number in range(1, _MOST_CALLS):
            begin()
            done, trace = _traced(command, call, f"inject={call}:error={error}:when={number}")
            if "(INJECTED)" not in trace:
                break
            yield done


def _made(command: list[str], begin: Callable[[], object], calls: tuple[str, ...]) -> list[str]:
    """Which of these system calls a command makes."""
    begin()
    done, trace = _traced(command, ",".join(f"?{call}" for call in calls))
    assert done.returncode == 0, done.stderr
    return [call for call in calls if re.search(rf"\b{call}\(", trace)]


def _traced(command: list[str], calls: str, *faults: str) -> tuple[Ran, str]:
    """What became of a command, and its trace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    with tempfile.NamedTemporaryFile("r") as trace:
        strace = ["strace", "-f", "-qq", "-o", trace.name]
        for expression in (f"trace={calls}", *faults):
            strace += ["-e", expression]
        done = subprocess.run([*strace, *command], capture_output=True, text=True, check=False)
        if "ptrace" in done.stderr.lower():
            pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
        return done, trace.read()
