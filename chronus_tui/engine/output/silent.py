"""The silent clock: makes the sound in time where no device asks for it, so that everything but the
loudspeaker works.
"""

import threading
import time
from collections.abc import Callable

import numpy as np

from chronus_tui.engine.player import Player
from dsp.render import render

BEHIND_MAX_S = 0.5
"""Further behind than this, after the machine slept, time is let go instead of made up for, and told as an xrun."""


class SilentClock:
    """Calls `render` a block at a time, on a thread of its own, from `start` to `close`.

    clock  tells seconds that never go back
    wait   waits some seconds, or less where the clock is closed
    """

    name = "silent clock"

    def __init__(self, player: Player, block: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._player = player
        self._block = block
        self._clock = clock
        self._out = np.zeros((block, 2), np.float32)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="silent clock", daemon=True)
        self.load = 0.0

    def start(self) -> None:
        """Begin to make sound."""
        self._thread.start()

    def close(self) -> None:
        """Make no more; the last block is done when this returns."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        block_s = self._block / self._player.rate
        due_s = self._clock()
        while not self._closed.is_set():
            began_s = self._clock()
            if began_s - due_s > BEHIND_MAX_S:
                due_s = began_s
                self._player.state["counters"]["xruns"] += 1
            render(self._player.state, self._out, self._block)
            took_s = self._clock() - began_s
            self.load += 0.05 * (took_s / block_s - self.load)
            self._player.state["counters"]["blocks"] += 1
            due_s += block_s
            self._closed.wait(max(0.0, due_s - self._clock()))
