"""A device, with a PortAudio of the test's own."""

import _thread
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from playing import RATE

from chronus_tui.engine.output import device
from chronus_tui.engine.player import Player

PATIENCE_S = 60.0


def test_the_threads_of_the_device_come_first_and_none_of_the_engines(monkeypatch: pytest.MonkeyPatch):
    ends, of_the_library, came_first = threading.Event(), list[int](), list[int]()

    def begin() -> None:
        known = threading.Event()

        def run() -> None:
            of_the_library.append(_thread.get_native_id())
            known.set()
            ends.wait(PATIENCE_S)

        _thread.start_new_thread(run, ())  # of which Python's own list of threads does not know
        assert known.wait(PATIENCE_S)

    class Stream:
        def __init__(self, **_: Any) -> None:
            begin()

        def start(self) -> None:
            begin()
            threading.Thread(target=ends.wait, args=[PATIENCE_S]).start()

    portaudio = SimpleNamespace(
        OutputStream=Stream, PortAudioError=OSError, query_devices=lambda *_: {"index": 0, "name": "card"}
    )
    monkeypatch.setattr(device, "load_sounddevice", lambda: portaudio)
    monkeypatch.setattr(device, "put_device_first", came_first.extend)
    device.Device(Player(RATE), None, 256).start()
    ends.set()
    assert len(of_the_library) == 2
    assert sorted(came_first) == sorted(of_the_library)
