"""Whether the machine was there for a test: what it had to do besides, and whether it was there at all."""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

CORES_FREE = 1.0
LATE_S = 0.015
"""Less than the sound needs to run dry, and more than a sound machine keeps one waiting that wants a moment."""
IDLE = 3
"""The column of `/proc/stat`."""
LATENESS = Path(__file__).with_name("lateness.py")


class Machine:
    """What the machine did while this was entered.

    free    how many processors nobody wanted, in the mean; None where the system does not tell
    late_s  the longest that a process which wants next to nothing had to wait for that
    """

    free: float | None = None
    late_s: float = 0.0

    def __enter__(self) -> Self:
        self._before = _ticks()
        self._watching = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LATENESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._watching.stdout is not None
        assert self._watching.stdout.readline() == "begun\n"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.late_s = float(self._watching.communicate()[0])
        spent = [now - before for now, before in zip(_ticks(), self._before, strict=True)]
        self.free = spent[IDLE] / sum(spent) * (os.cpu_count() or 1) if any(spent) else None

    @property
    def away(self) -> bool:
        """Whether it was busy with other things, or its host took it away for a moment."""
        return self.late_s > LATE_S or (self.free is not None and self.free < CORES_FREE)

    def __str__(self) -> str:
        free = "?" if self.free is None else f"{self.free:.1f}"
        return f"{free} cores free, and {self.late_s * 1e3:.0f} ms in which one was not there"


def _ticks() -> list[int]:
    try:
        return [int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    except OSError:
        return []


def holds_unless_the_machine_is_away(tries: int, attempt: Callable[[int], list[str]]) -> None:
    """Make an attempt that asserts what holds on any machine, and gives sentences on what only a machine that is away
    may spoil: up to so often, until there are none.

    A fault of ours comes back each time. Where the machine was away, a warning tells what was spoilt, and that nothing
    is claimed of it.
    """
    told, away = [], False
    for number in range(1, tries + 1):
        with Machine() as machine:
            spoilt = attempt(number)
        if not spoilt:
            return
        away = away or machine.away
        told.append(f"{', '.join(spoilt)} with {machine}")
    assert away, told
    warnings.warn(f"the machine is too busy to claim more: {'; '.join(told)}", stacklevel=2)
