"""Who goes first where more wants to run than there are cores: the device's threads before everything, then the
engine, whose takes must not wait for a core, then the rest of the machine, and last what can wait.

The first two are wishes that the system may refuse; on Linux the limits `rtprio` and `nice` of the user decide.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterable

DEVICE = 20
"""Among the threads that the system must not keep waiting, 1..99: below the kernel's own."""
ENGINE = -11
ENCODER = 15
WORKER = 19
"""Niceness, -20..19: who has more gets less."""

log = logging.getLogger(__name__)


def put_device_first(threads: Iterable[int]) -> None:
    """Let the device's own threads, by their numbers in the system, come before all ordinary work; those that its
    library has put before that stay where they are."""
    for thread in threads:
        with contextlib.suppress(OSError, AttributeError):
            if os.sched_getscheduler(thread) == os.SCHED_OTHER:
                os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(DEVICE))


def put_engine_first() -> None:
    """Let this process come before others: on Linux its calling thread, and those that this starts from now on."""
    if hasattr(os, "setpriority"):
        try:
            os.setpriority(os.PRIO_PROCESS, 0, ENGINE)
        except OSError as error:
            log.info("the engine runs like any other program: %s", error)


def give_way(niceness: int, whole_process: bool = False) -> None:
    """Let the calling thread run only where others do not want to. Elsewhere than on Linux no thread has a niceness of
    its own; there nothing happens, unless the whole process is to give way."""
    if sys.platform == "linux" or (whole_process and hasattr(os, "setpriority")):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, niceness)
