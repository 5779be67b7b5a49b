"""Where the sound goes: the device, or the silent clock while the device asks for nothing.

A thread watches how the device asks. While it does so steadily it makes the sound; when it stalls, the silent
clock takes over from the frame that comes next, so that the transport and a take go on, until the device
asks steadily again. A device that is gone, or that hangs, is let go and opened anew every few seconds.

PulseAudio is why stalls are met with patience: after an underrun, and when a stream begins, a sink that was
idle may ask for nothing for as long as it had slept, two seconds as measured. To start the stream anew only
begins that wait again.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from typing import TypeVar

from chronus_tui.engine.defaults import NO_DEVICE
from chronus_tui.engine.output.device import Device, DeviceFailure, look_again
from chronus_tui.engine.output.silent import SilentClock
from chronus_tui.engine.player import Player
from dsp.device import give_to_device, take_from_device, times_asked

WATCH_S = 0.01
STALLED_S, STALLED_BLOCKS = 0.06, 4
"""A device that has asked for nothing for so long has stalled."""
STEADY_S = 0.1
"""A device that has asked without a stall for so long is given the sound."""
ASLEEP_S = 2.2
"""One that begins with a stall this long is not asleep, as an idle sink may be, and the player is told."""
GONE_S = 4.0
"""And one that has stalled for this long is gone."""
OPEN_S = 5.0
"""How long a device may take to open; Bluetooth needs a few seconds."""
CLOSE_S = 1.0
RETRY_S = 3.0

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Output:
    """Keeps the sound of `player` going, from `start` to `close`.

    device       part of a device's name, None for the default, "null" for none
    block        frames made at a time
    open_device  opens the device and lets it ask, or raises DeviceFailure
    """

    def __init__(
        self, player: Player, device: str | None, block: int, open_device: Callable[[], Device] | None = None
    ) -> None:
        self._player = player
        self._wanted = device != NO_DEVICE
        self._block = block
        self._open_device = open_device or (lambda: _open_and_start(player, device, block))
        self._stalled_s = max(STALLED_S, STALLED_BLOCKS * block / player.rate)
        self._calls = DeviceCalls()
        self._device: Device | None = None
        self._clock: SilentClock | None = None
        self._asked = 0
        self._asked_s = self._steady_since_s = self._tried_s = self._looked_s = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="output", daemon=True)
        self.problem = ""

    def start(self) -> None:
        """Begin to make sound, on the silent clock until the device asks steadily."""
        self.begin(time.monotonic())
        if self._wanted:
            self._thread.start()  # else there is nothing to watch

    @property
    def name(self) -> str:
        """What plays: the device, from its opening on, or the silent clock while it stalls or there is none."""
        device = self._device  # which the output's thread may let go of meanwhile
        stalls = self.silent and self.problem
        return device.name if device and not stalls else SilentClock.name

    @property
    def silent(self) -> bool:
        """Whether nothing can be heard, because no device takes the sound."""
        return self._clock is not None

    @property
    def load(self) -> float:
        """Share of a block's time that making it takes, 0..1."""
        plays = self._clock or self._device
        return plays.load if plays else 0.0

    @property
    def hangs(self) -> bool:
        """Whether a call of the device never came back, so that the process cannot end in the ordinary way."""
        return self._calls.hangs

    def close(self) -> None:
        """Stop making sound."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        take_from_device(self._player.state)
        if self._clock is not None:
            self._clock.close()
        if self._device is not None:
            self._let_go(self._device)

    def begin(self, now_s: float) -> None:
        """Let the silent clock play, and open the device."""
        self._looked_s = now_s
        self._clock = SilentClock(self._player, self._block)
        self._clock.start()
        if self._wanted:
            self._open(now_s)

    def look(self, now_s: float) -> None:
        """See how the device asks, and do what follows from it.

        now_s  seconds of a clock that never goes back, read before this is called: a thread that is held up
               between the two must not see a stall
        """
        held_up_s, self._looked_s = now_s - self._looked_s, now_s
        if held_up_s > self._stalled_s:  # and so may the device have been, which asks as soon as it can
            self._asked_s += held_up_s
        asked = times_asked(self._player.state)
        if asked != self._asked:
            if now_s - self._asked_s > self._stalled_s:
                self._steady_since_s = now_s
            self._asked, self._asked_s = asked, now_s
        stalled = now_s - self._asked_s > self._stalled_s
        if self._device is None:
            if self._wanted and now_s - self._tried_s > RETRY_S:
                self._open(now_s)
        elif not self.silent and stalled:
            self._fall_silent(self._device)
        elif self.silent and not stalled and now_s - self._steady_since_s > STEADY_S:
            self._give_to_device()
        elif self.silent and now_s - self._asked_s > GONE_S:
            self._lose(self._device, now_s)
        elif self.silent and now_s - self._asked_s > ASLEEP_S:
            self.problem = _stalls(self._device)

    def _watch(self) -> None:
        while not self._ending.wait(WATCH_S):
            try:
                self.look(time.monotonic())
            except Exception:  # the thread's edge: nobody else would notice that the device stalls
                log.exception("the device could not be looked after")
                self._ending.wait(RETRY_S)

    def _give_to_device(self) -> None:
        if self._clock is not None:
            self._clock.close()
            self._clock = None
        give_to_device(self._player.state)
        self.problem = ""

    def _fall_silent(self, device: Device) -> None:
        """Let the silent clock take over, as soon as the device is not in the midst of a block."""
        if not take_from_device(self._player.state):
            return
        self._player.stalls += 1
        self.problem = _stalls(device)
        self._clock = SilentClock(self._player, self._block)
        self._clock.start()

    def _lose(self, device: Device, now_s: float) -> None:
        log.warning("%s has stopped asking for sound", device.name)
        self.problem = f"Device {device.name!r} is gone; the silent clock plays on, and the device is tried again."
        self._device = None
        self._tried_s = now_s
        self._let_go(device)

    def _let_go(self, device: Device) -> None:
        try:
            self._calls.call(device.close, CLOSE_S)
        except DeviceFailure as failure:
            log.warning("%s", failure)

    def _open(self, now_s: float) -> None:
        """Open the device and let it ask; the silent clock plays until it does so steadily."""
        self._tried_s = now_s
        if self.hangs:
            return
        try:
            self._device = self._calls.call(self._open_device, OPEN_S)
        except DeviceFailure as failure:
            if str(failure) != self.problem:
                log.warning("%s", failure)
            self.problem = str(failure)
            return
        self._asked_s = self._steady_since_s = now_s
        if not self._device.compiled:
            log.warning("this sounddevice takes no compiled callback; sound may stutter under load")


def _stalls(device: Device) -> str:
    return f"Device {device.name!r} asks for no sound; the silent clock plays on until it does."


def _open_and_start(player: Player, name: str | None, block: int) -> Device:
    look_again()
    device = Device(player, name, block)
    try:
        device.start()
    except DeviceFailure:
        device.close()
        raise
    return device


class DeviceCalls:
    """Makes the calls of devices, one after another, on a thread that may hang without anyone hanging with it."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._last: Future[object] | None = None
        threading.Thread(target=self._run, name="device", daemon=True).start()

    @property
    def hangs(self) -> bool:
        """Whether the last call has not come back."""
        return self._last is not None and not self._last.done()

    def call(self, function: Callable[[], Result], timeout_s: float) -> Result:
        """What `function` gives. Raises DeviceFailure where it does not come back in time, and what it raises."""
        done: Future[Result] = Future()

        def run() -> None:
            try:
                done.set_result(function())
            except Exception as error:  # noqa: BLE001  # handed on to whoever asked
                done.set_exception(error)

        self._asked.put(run)
        self._last = done  # type: ignore[assignment]  # its result is not looked at
        try:
            return done.result(timeout_s)
        except NotInTime:
            raise DeviceFailure(
                "The sound device hangs; the silent clock plays. Start the engine again to use the device."
            ) from None

    def _run(self) -> None:
        while True:
            self._asked.get()()
