"""The loudspeaker: a PortAudio stream whose callback is compiled and never takes the interpreter's lock.

Any call of a device may hang for ever, as when the sound server dies in the midst of it, so `output` makes
them all on a thread that nothing waits for without an end.

sounddevice offers such a callback in no public way, so the private parts of it that are used stand here,
in one file: `_StreamBase`, `_ffi`, `_initialize` and `_terminate`. Where they are not as expected, a Python
callback around the same `render` stands in, and says so.
"""

import contextlib
import threading
import time
from pathlib import Path
from typing import Any

from chronus_tui.engine.player import Player
from chronus_tui.engine.priorities import put_device_first
from chronus_tui.errors import ChronusError
from dsp.device import device_callback, serve

CHANNELS = 2
PERIODS = 2
"""Blocks of latency asked for. PortAudio's 'low' asks some devices for less than they can keep."""


class DeviceFailure(ChronusError):
    """A device could not be opened, or PortAudio is not there."""


class Device:
    """An open device that plays what `player` makes.

    name   part of the device's name, or None for the system's default
    block  frames it is asked to take at a time

    Raises DeviceFailure with a sentence.
    """

    def __init__(self, player: Player, name: str | None, block: int) -> None:
        sounddevice = load_sounddevice()
        self._player = player
        self.compiled = hasattr(sounddevice, "_StreamBase") and hasattr(sounddevice, "_ffi")
        self._others = _threads()
        self._lock = threading.Lock()
        self._closed = False
        try:
            found = sounddevice.query_devices(name, "output")
            options = {
                "samplerate": player.rate,
                "blocksize": block,
                "device": found["index"],
                "channels": CHANNELS,
                "dtype": "float32",
                "latency": PERIODS * block / player.rate,
            }
            self._stream = (
                _compiled_stream(sounddevice, player, options)
                if self.compiled
                else sounddevice.OutputStream(callback=self._python_callback, **options)
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceFailure(_sentence(name, error)) from error
        self.name = str(found["name"])
        self._errors = sounddevice.PortAudioError

    def start(self) -> None:
        """Let the device ask for sound; it gets silence until it owns the sound (`dsp.device`).

        Raises DeviceFailure.
        """
        try:
            self._stream.start()
        except self._errors as error:
            raise DeviceFailure(_sentence(self.name, error)) from error
        # A sound server's library begins a thread as the device is opened, PortAudio one as it starts.
        put_device_first(_threads() - self._others - _pythons_own())

    def close(self) -> None:
        """Let go of the device, whatever state it is in."""
        with self._lock:
            self._closed = True
        with contextlib.suppress(self._errors):
            self._stream.abort()
        with contextlib.suppress(self._errors):
            self._stream.close()

    @property
    def load(self) -> float:
        """Share of a block's time that making it takes, 0..1."""
        with self._lock:  # PortAudio looks at the stream, whose memory is gone once it is closed
            return 0.0 if self._closed else float(self._stream.cpu_load)

    def _python_callback(self, out: Any, frames: int, _time: Any, status: Any) -> None:
        serve(self._player.state, out, frames, bool(status.output_underflow))


def load_sounddevice() -> Any:
    """sounddevice, which looks for PortAudio when it is imported. Raises DeviceFailure where that is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceFailure(
            "PortAudio is missing; install it (Debian: apt install libportaudio2) and start the engine again."
        ) from error
    return sounddevice


def look_again() -> None:
    """Let PortAudio see the devices that came and went; no stream may be open. Raises DeviceFailure."""
    sounddevice = load_sounddevice()
    try:
        sounddevice._terminate()
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise DeviceFailure(f"PortAudio failed: {error}.") from error


def _compiled_stream(sounddevice: Any, player: Player, options: dict[str, Any]) -> Any:
    """A stream on the C callback. The stream keeps the state alive."""
    stream = sounddevice._StreamBase(
        kind="output",
        callback=sounddevice._ffi.cast("PaStreamCallback *", device_callback.address),
        wrap_callback=None,
        userdata=sounddevice._ffi.cast("void *", player.array.ctypes.data),
        extra_settings=None,
        finished_callback=None,
        clip_off=None,
        dither_off=None,
        never_drop_input=None,
        prime_output_buffers_using_stream_callback=None,
        **options,
    )
    stream._chronus_keeps = player.array
    return stream


def _threads() -> set[int]:
    """The threads of this process, where the system tells them."""
    try:
        return {int(folder.name) for folder in Path("/proc/self/task").iterdir()}
    except OSError:
        return set()


def _pythons_own() -> set[int]:
    """The threads that Python began, whoever of the engine asked for them meanwhile."""
    while any(thread.native_id is None for thread in threading.enumerate()):
        time.sleep(0.001)  # one is just being begun
    return {thread.native_id for thread in threading.enumerate() if thread.native_id is not None}


def _sentence(name: str | None, error: Exception) -> str:
    which = "No sound device can be used" if name is None else f"Device {name!r} cannot be used"
    reason = " ".join(str(error).split()).rstrip(".")
    return f"{which}; plug one in, or choose one with --device (chronus doctor lists them). PortAudio says: {reason}."
