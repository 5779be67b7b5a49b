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
from pathlib import Path


def measure(command: list[str], columns: int, rows: int, seconds: float, warm_up_s: float, keep: str = "") -> float:
    """Bytes a second that `command` writes in a terminal of that size, once `warm_up_s` have passed.

    keep  a file to write what was sent to, or nothing
    """
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("COLORTERM", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    try:
        _read_for(terminal, warm_up_s)
        sent = _read_for(terminal, seconds)
    finally:
        os.kill(process, signal.SIGTERM)
        os.close(terminal)
        os.waitpid(process, 0)
    if keep:
        Path(keep).write_bytes(sent)
    return len(sent) / seconds


def _read_for(terminal: int, seconds: float) -> bytes:
    end = time.monotonic() + seconds
    sent = b""
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            sent += os.read(terminal, 65536)
    return sent


def main() -> None:
    """Measure a command and print the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=2.0)
    parser.add_argument("--keep", default="")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    columns, rows = (int(part) for part in arguments.size.split("x"))
    rate = measure(arguments.command, columns, rows, arguments.seconds, arguments.warm_up, arguments.keep)
    print(f"{rate:.0f} bytes a second at {arguments.size}")


if __name__ == "__main__":
    sys.exit(main())
