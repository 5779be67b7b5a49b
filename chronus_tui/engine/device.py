"""The loudspeaker: a PortAudio stream whose callback is compiled and never takes the interpreter's lock.

sounddevice offers such a callback in no public way, so the private parts of it that are used stand here,
in one file: `_StreamBase`, `_ffi`, `_initialize` and `_terminate`. Where they are not as expected, a Python
callback around the same `render` stands in, and says so.
"""

import contextlib
from typing import Any

import numpy as np
from numba import carray, cfunc  # type: ignore[attr-defined]  # numba exports it, untyped

from chronus_tui.engine.player import Player
from chronus_tui.errors import ChronusError
from dsp.render import render
from dsp.state import STATE

CHANNELS = 2
PERIODS = 2
"""Blocks of latency asked for. PortAudio's 'low' asks some devices for less than they can keep."""
OUTPUT_UNDERFLOW = 4

PA_CALLBACK = "int32(voidptr, voidptr, uint64, voidptr, uint64, voidptr)"


class DeviceFailure(ChronusError):
    """A device could not be opened, or PortAudio is not there."""


def _fill(_input: Any, output: Any, frames: Any, _time: Any, flags: Any, user_data: Any) -> Any:
    """PortAudio's callback. Its buffer holds whatever was there before, so every path fills it."""
    state = carray(user_data, (1,), STATE)[0]
    out = carray(output, (frames, CHANNELS), np.float32)
    if state.device_owns:
        render(state, out, frames)
        state.counters.blocks += 1
        if flags & OUTPUT_UNDERFLOW:
            state.counters.xruns += 1
    else:
        out[:, :] = np.float32(0.0)
    return 0


def compile_callback() -> Any:
    """The callback as a C function; takes some ten seconds where it is not in the cache."""
    return cfunc(PA_CALLBACK, cache=True, error_model="numpy")(_fill)


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
        """Let the device ask for sound. Raises DeviceFailure."""
        self._player.state["device_owns"] = 1
        try:
            self._stream.start()
        except self._errors as error:
            self._player.state["device_owns"] = 0
            raise DeviceFailure(_sentence(self.name, error)) from error

    def close(self) -> None:
        """Take the device off the sound, whatever state it is in."""
        self._player.state["device_owns"] = 0
        with contextlib.suppress(self._errors):
            self._stream.abort()
        with contextlib.suppress(self._errors):
            self._stream.close()

    @property
    def load(self) -> float:
        """Share of a block's time that making it takes, 0..1."""
        return float(self._stream.cpu_load)

    def _python_callback(self, out: Any, frames: int, _time: Any, status: Any) -> None:
        state = self._player.state
        if not state["device_owns"]:
            out.fill(0)
            return
        render(state, out, frames)
        state["counters"]["blocks"] += 1
        state["counters"]["xruns"] += bool(status.output_underflow)


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
    """A stream on the C callback. The stream keeps the callback and the state alive."""
    callback = compile_callback()
    stream = sounddevice._StreamBase(
        kind="output",
        callback=sounddevice._ffi.cast("PaStreamCallback *", callback.address),
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
    stream._chronus_keeps = callback, player.array
    return stream


def _sentence(name: str | None, error: Exception) -> str:
    which = "No sound device can be used" if name is None else f"Device {name!r} cannot be used"
    reason = " ".join(str(error).split()).rstrip(".")
    return f"{which} ({reason}); plug one in or choose one with --device (chronus doctor lists them)."
