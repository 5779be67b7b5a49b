import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

DEMO = str(Path(__file__).parent / "fake_engine.py")
UNHURRIED = f"""
import runpy
from chronus_tui.ui import terminal
terminal.PATIENCE_S = 60.0
runpy.run_path({DEMO!r}, run_name="__main__")
"""
"""The demo, with as much time as a busy machine may need to end in an orderly way."""
PATIENCE_S = 120.0


def open_screen(*program: str) -> tuple[int, int]:
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, *(program or (DEMO,))])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    read_until(terminal, lambda sent: b"TRACKS" in sent)
    return process, terminal


def read_until(terminal: int, enough: Callable[[bytes], bool]) -> bytes:
    sent, end = b"", time.monotonic() + PATIENCE_S
    while not enough(sent):
        assert time.monotonic() < end, f"waited in vain after {sent[-200:]!r}"
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                sent += os.read(terminal, 65536)
            except OSError:  # the last process at the other end has gone
                return sent
    return sent


def never(sent: bytes) -> bool:
    return False


def status_of(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def fill(terminal: int) -> None:
    """Read nothing until the terminal takes nothing more: the stalled line of a dropped connection."""
    held, end = -1, time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        waiting = struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, b"\0" * 4))[0]
        if waiting == held:
            return
        held = waiting
        select.select([], [], [], 0.5)


def test_a_hangup_ends_the_screen_and_leaves_the_terminal_as_it_was() -> None:
    process, terminal = open_screen("-c", UNHURRIED)
    os.kill(process, signal.SIGHUP)
    sent = read_until(terminal, never)
    assert status_of(process) == 0
    assert b"\x1b[?1049l" in sent
    assert b"Traceback" not in sent
    os.close(terminal)


def test_a_closed_terminal_ends_the_screen() -> None:
    process, terminal = open_screen()
    os.close(terminal)
    status_of(process)


def test_a_screen_whose_line_is_stalled_still_ends() -> None:
    process, terminal = open_screen()
    fill(terminal)
    os.kill(process, signal.SIGTERM)
    assert status_of(process) in (0, -signal.SIGALRM)
    os.close(terminal)


def run(script: str) -> "subprocess.CompletedProcess[str]":
    told = f"import os, signal\nfrom chronus_tui.ui import terminal\n{script}"
    return subprocess.run(
        [sys.executable, "-c", told], stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False
    )


def test_a_signal_amid_the_handler_of_another_finds_it_at_work() -> None:
    ran = run(
        "signal.setitimer = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "terminal.end_with_terminal(lambda: print('left'), -1)\n"
        "os.kill(os.getpid(), signal.SIGHUP)"
    )
    assert (ran.stdout, ran.returncode) == ("left\n", 0)


def test_a_screen_that_does_not_leave_is_ended() -> None:
    ran = run(
        "terminal.PATIENCE_S = 0.01\n"
        "terminal.end_with_terminal(lambda: None, -1)\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
        "while True: signal.pause()"
    )
    assert ran.returncode == -signal.SIGALRM
