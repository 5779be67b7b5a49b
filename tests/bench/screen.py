"""What the screen costs on the line, and how soon a key shows: a real engine, a real screen, a terminal of ours."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

CHRONUS = [sys.executable, "-m", "chronus_tui"]
SIZES = ((120, 40), (80, 24))
SECONDS = 10.0
KEYS = 60


class Screen:
    """A screen in a terminal, played by hand."""

    def __init__(self, project: Path, columns: int, rows: int) -> None:
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [*CHRONUS, str(project), "--device", "null", "--osc-port", "0"])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read_for(self, seconds: float) -> int:
        """Bytes that were sent in that time."""
        ends, sent = time.monotonic() + seconds, 0
        while (left := ends - time.monotonic()) > 0:
            if select.select([self._terminal], [], [], left)[0]:
                sent += len(os.read(self._terminal, 65536))
        return sent

    def press(self, key: bytes) -> float:
        """Seconds until the first byte that follows a key, on a screen at rest."""
        began = time.perf_counter()
        os.write(self._terminal, key)
        select.select([self._terminal], [], [], 2.0)
        took = time.perf_counter() - began
        self.read_for(0.15)
        return took

    def close(self) -> None:
        """End the screen; the engine plays on."""
        os.close(self._terminal)
        os.waitpid(self._process, 0)


def figures() -> Iterator[str]:
    """Bytes a second while playing and nothing is touched; milliseconds from key to screen while stopped."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        for columns, rows in SIZES:
            screen = Screen(project, columns, rows)
            screen.read_for(4.0)
            keys = [screen.press(key) * 1e3 for _ in range(KEYS // 2) for key in (b"\r", b"m")]
            p50, p99 = np.percentile(keys, [50, 99])
            yield f"{columns}x{rows}: key to screen p50 {p50:.0f}  p99 {p99:.0f}  max {max(keys):.0f} ms"
            screen.press(b" ")
            screen.read_for(2.0)
            yield f"{columns}x{rows}: playing at rest {screen.read_for(SECONDS) / SECONDS / 1e3:.1f} KB/s"
            screen.press(b" ")
            screen.close()
        subprocess.run([*CHRONUS, "stop", str(project)], check=True, stdout=subprocess.DEVNULL)
