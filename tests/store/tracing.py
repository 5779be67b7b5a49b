"""Programs that are killed, or refused, at one system call after another."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

CHANGING_CALLS = (
    "write", "fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir",
)  # fmt: skip
"""What changes a disk. A program that is killed at any other call leaves what the last of these left."""
REFUSALS = ("ENOSPC", "EIO", "EACCES")


def python(program: str, *arguments: object) -> list[str]:
    """The command that runs a program's text."""
    return [sys.executable, "-B", "-c", program, *map(str, arguments)]


def kills(call: str, command: list[str]) -> Iterator[int]:
    """Run `command` over and over, killed when it makes its 1st, 2nd, 3rd ... system call of that name, until
    it comes to its end."""
    for number in range(1, 100):
        done = _traced(command, call, f"signal=SIGKILL:when={number}")
        if done.returncode == 0:
            return
        assert done.returncode in (-9, 137), done.stderr
        yield number
    raise AssertionError("it never came to its end")


def refusals(call: str, error: str, command: list[str]) -> Iterator["subprocess.CompletedProcess[str]"]:
    """Run `command` over and over, its 1st, 2nd, 3rd ... system call of that name failing with `error`, until it
    makes no such call, or does without what failed."""
    for number in range(1, 100):
        done = _traced(command, call, f"error={error}:when={number}")
        yield done
        if done.returncode == 0:
            return
    raise AssertionError("it never came to its end")


def _traced(command: list[str], call: str, fault: str) -> "subprocess.CompletedProcess[str]":
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace=?{call}", "-e", f"inject=?{call}:{fault}"]
    done = subprocess.run([*strace, *command], capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    return done
