"""Counts what a program sends to its terminal: run it in a terminal of a given size, and read all it writes.

python tests/ui/measure_bytes.py [--size 120x40] [--seconds 5] [--warm-up 2] COMMAND...
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE_S = 120.0


def measure(
    commands: list[list[str]], columns: int, rows: int, seconds: float, warm_up_s: float, begun: bytes = b""
) -> list[float]:
    """Bytes a second that each of `commands` writes in a terminal of that size, once `warm_up_s` have passed since the
    last of them showed `begun`; all run at once."""
    opened = [_open(command, columns, rows) for command in commands]
    terminals = [terminal for _, terminal in opened]
    try:
        _read_until(terminals, begun)
        _read_for(terminals, warm_up_s)
        _read_for(terminals, 0.0)  # what was sent while this process was held up
        began_s = time.monotonic()
        sent = _read_for(terminals, seconds)
        took_s = time.monotonic() - began_s
        return [each / took_s for each in sent]
    finally:
        for process, terminal in opened:
            os.kill(process, signal.SIGTERM)
            os.close(terminal)
            os.waitpid(process, 0)


def _open(command: list[str], columns: int, rows: int) -> tuple[int, int]:
    """The process of a command, and its terminal."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("COLORTERM", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return process, terminal


def _read_until(terminals: list[int], begun: bytes) -> None:
    """Read until each terminal was sent `begun`."""
    ends_s = time.monotonic() + PATIENCE_S
    shown = dict.fromkeys(terminals, b"")
    while not all(begun in each for each in shown.values()):
        assert time.monotonic() < ends_s, f"waited in vain for {begun!r}"
        for terminal in select.select(terminals, [], [], 1.0)[0]:
            shown[terminal] += os.read(terminal, 65536)


def _read_for(terminals: list[int], seconds: float) -> list[int]:
    """How many bytes each terminal is sent in that time, and what waits to be read after it."""
    end = time.monotonic() + seconds
    sent = dict.fromkeys(terminals, 0)
    while (ready := select.select(terminals, [], [], max(0.0, end - time.monotonic()))[0]) or time.monotonic() < end:
        for terminal in ready:
            sent[terminal] += len(os.read(terminal, 65536))
    return [*sent.values()]


def main() -> None:
    """Measure a command and print the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=2.0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    columns, rows = (int(part) for part in arguments.size.split("x"))
    (rate,) = measure([arguments.command], columns, rows, arguments.seconds, arguments.warm_up)
    print(f"{rate:.0f} bytes a second at {arguments.size}")


if __name__ == "__main__":
    sys.exit(main())
