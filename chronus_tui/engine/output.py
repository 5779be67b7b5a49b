"""Where the sound goes: the device, or the silent clock while there is none.

A thread watches that frames are being made. A device that stops asking is let go, the silent clock takes
over from the frame that comes next, and the device is tried again every few seconds.
"""

import logging
import threading
import time

from chronus_tui.engine.device import Device, DeviceFailure, look_again
from chronus_tui.engine.options import NO_DEVICE
from chronus_tui.engine.player import Player
from chronus_tui.engine.silent import SilentClock

WATCH_S = 0.25
STALLED_S = 1.0
"""A device that has asked for nothing for this long is gone: the longest block lasts a tenth of it."""
RETRY_S = 3.0

log = logging.getLogger(__name__)


class Output:
    """Keeps the sound of `player` going.

    device  part of a device's name, None for the default, "null" for none
    block   frames made at a time
    """

    def __init__(self, player: Player, device: str | None, block: int) -> None:
        self._player = player
        self._wanted = device
        self._block = block
        self._ending = threading.Event()
        self.problem = ""
        self._plays: Device | SilentClock = self._open()
        self._thread = threading.Thread(target=self._watch, name="output", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """What plays."""
        return self._plays.name

    @property
    def silent(self) -> bool:
        """Whether nothing can be heard because no device plays."""
        return isinstance(self._plays, SilentClock)

    @property
    def load(self) -> float:
        """Share of a block's time that making it takes, 0..1."""
        return self._plays.load

    def close(self) -> None:
        """Stop making sound."""
        self._ending.set()
        self._thread.join()
        self._plays.close()

    def _open(self) -> Device | SilentClock:
        """The device, playing, or the silent clock in its place."""
        self.problem = ""
        if self._wanted != NO_DEVICE:
            try:
                device = Device(self._player, self._wanted, self._block)
                device.start()
            except DeviceFailure as failure:
                self.problem = str(failure)
                log.warning("%s", failure)
            else:
                if not device.compiled:
                    log.warning("this sounddevice takes no compiled callback; sound may stutter under load")
                return device
        clock = SilentClock(self._player, self._block)
        clock.start()
        return clock

    def _watch(self) -> None:
        seen_frame, seen_s = self._player.frame, time.monotonic()
        tried_s = seen_s
        while not self._ending.wait(WATCH_S):
            now_s = time.monotonic()
            if self._player.frame != seen_frame:
                seen_frame, seen_s = self._player.frame, now_s
            elif not self.silent and now_s - seen_s > STALLED_S:
                log.warning("%s asks for no sound any more", self.name)
                self._change(f"Device {self.name!r} is gone; the silent clock plays on, and the device is tried again.")
                tried_s = seen_s = time.monotonic()
            if self.silent and self._wanted != NO_DEVICE and now_s - tried_s > RETRY_S:
                self._try_device()
                tried_s = seen_s = time.monotonic()

    def _change(self, problem: str) -> None:
        """Let the silent clock take over at once; the old device may take its time to close."""
        gone = self._plays
        self._player.state["device_owns"] = 0
        clock = SilentClock(self._player, self._block)
        self._plays = clock
        self.problem = problem
        clock.start()
        gone.close()

    def _try_device(self) -> None:
        """Hand over from the silent clock to the device, where that opens now."""
        clock = self._plays
        try:
            look_again()
            device = Device(self._player, self._wanted, self._block)
        except DeviceFailure as failure:
            self.problem = self.problem or str(failure)
            return
        clock.close()
        self._plays = device
        try:
            device.start()
            self.problem = ""
        except DeviceFailure as failure:
            device.close()
            self._plays = SilentClock(self._player, self._block)
            self._plays.start()
            self.problem = str(failure)
