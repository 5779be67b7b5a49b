"""A process that wants next to nothing of the machine, and how long it was kept waiting for that, on any processor.

It says when it has begun, and when its standard input ends, the longest wait in seconds. `Machine` starts it.
"""

import contextlib
import os
import sys
import threading
import time

EVERY_S = 0.005
FIRST = 30
"""Before all sound threads, where this user may do that: no other program keeps it waiting then, but the host may."""


def watch(core: int, ended: threading.Event, waits_s: list[float]) -> None:
    """Wake again and again on one processor."""
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {core})  # of this thread
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(FIRST))
    longest_s, due_s = 0.0, time.monotonic()
    while not ended.is_set():
        longest_s = max(longest_s, time.monotonic() - due_s)
        due_s = time.monotonic() + EVERY_S
        time.sleep(EVERY_S)
    waits_s.append(longest_s)


def main() -> None:
    """Watch every processor that this process may use."""
    ended, waits_s = threading.Event(), list[float]()
    threads = [threading.Thread(target=watch, args=[core, ended, waits_s]) for core in os.sched_getaffinity(0)]
    for thread in threads:
        thread.start()
    print("begun", flush=True)
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    print(max(waits_s))


if __name__ == "__main__":
    main()
