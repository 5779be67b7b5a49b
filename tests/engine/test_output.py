"""The sound goes on whatever the device does."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playing import RATE

from chronus_tui.engine.output import output
from chronus_tui.engine.output.device import DeviceFailure
from chronus_tui.engine.output.output import GONE_S, RETRY_S, STEADY_S, Output
from chronus_tui.engine.player import Player
from dsp.device import serve

BLOCK = 256


class FakeDevice:
    """A device that asks when it is told to."""

    name = "fake"
    compiled = True
    load = 0.1

    def __init__(self, player: Player) -> None:
        self._player = player
        self.closed = False

    def ask(self) -> np.ndarray:
        out = np.full((BLOCK, 2), np.nan, np.float32)
        serve(self._player.state, out, BLOCK, False)
        return out

    def close(self) -> None:
        self.closed = True


class Scene:
    """An output with a clock and a device that are moved by hand."""

    def __init__(self) -> None:
        self.player = Player(RATE)
        self.opened: list[FakeDevice] = []
        self.fails = False
        self.now_s = 100.0
        self.output = Output(self.player, None, BLOCK, self._open)

    def _open(self) -> Any:
        if self.fails:
            raise DeviceFailure("No sound device can be used; plug one in.")
        self.opened.append(FakeDevice(self.player))
        return self.opened[-1]

    def run(self, seconds: float, asking: bool) -> None:
        for _ in range(round(seconds / 0.01)):
            self.now_s += 0.01
            if asking:
                self.opened[-1].ask()
            self.output.look(self.now_s)


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.output.close()


def test_a_device_that_asks_steadily_makes_the_sound(scene: Scene):
    scene.output.begin(scene.now_s)
    assert scene.output.silent
    scene.run(STEADY_S + 0.05, asking=True)
    assert not scene.output.silent
    before = scene.player.frame
    scene.opened[-1].ask()
    assert scene.player.frame == before + BLOCK


def test_a_device_that_does_not_own_the_sound_gets_silence(scene: Scene):
    scene.output.begin(scene.now_s)
    assert not scene.opened[-1].ask().any()


def test_a_device_that_stalls_loses_the_sound_and_gets_it_back(scene: Scene):
    scene.output.begin(scene.now_s)
    scene.run(0.5, asking=True)
    scene.run(0.2, asking=False)
    assert scene.output.silent
    assert "asks for no sound" in scene.output.problem
    assert scene.player.stalls == scene.player.xruns == 1
    scene.run(0.5, asking=True)
    assert not scene.output.silent
    assert scene.output.problem == ""


def test_a_device_that_never_asks_is_told(scene: Scene):
    scene.output.begin(scene.now_s)
    scene.run(1.0, asking=False)
    assert (scene.output.name, scene.output.problem) == ("fake", "")
    scene.run(2.0, asking=False)
    assert scene.output.name == "silent clock"
    assert "asks for no sound" in scene.output.problem


def test_a_device_that_is_gone_is_let_go_and_tried_again(scene: Scene):
    scene.output.begin(scene.now_s)
    scene.run(0.5, asking=True)
    scene.fails = True
    scene.run(GONE_S + 0.5, asking=False)
    assert scene.opened[0].closed
    assert scene.output.name == "silent clock"
    scene.fails = False
    scene.run(RETRY_S + 0.1, asking=False)
    scene.run(0.5, asking=True)
    assert len(scene.opened) == 2
    assert not scene.output.silent


def test_without_a_device_the_silent_clock_plays_and_says_why(scene: Scene):
    scene.fails = True
    scene.output.begin(scene.now_s)
    assert scene.output.silent
    assert scene.output.problem == "No sound device can be used; plug one in."


def test_a_machine_that_stands_still_for_long_keeps_its_device(scene: Scene):
    scene.output.begin(scene.now_s)
    scene.run(0.5, asking=True)
    scene.now_s += 2 * GONE_S
    scene.output.look(scene.now_s)
    scene.run(0.05, asking=False)
    assert not scene.output.silent
    assert scene.player.stalls == 0
    scene.run(0.05, asking=False)
    assert scene.output.silent


def test_the_name_is_told_while_the_device_is_let_go(scene: Scene):
    class LettingGo(FakeDevice):
        """Goes as soon as somebody asks whether it is there."""

        def __bool__(self) -> bool:
            scene.output._device = None
            return True

    scene.output.begin(scene.now_s)
    scene.output._device = LettingGo(scene.player)  # type: ignore[assignment]
    assert scene.output.name == "fake"


def test_the_device_is_looked_after_again_after_a_fault(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    looked: list[float] = []

    def look(now_s: float) -> None:
        looked.append(now_s)
        if len(looked) == 1:
            raise RuntimeError("a fault")
        scene.output._ending.set()

    monkeypatch.setattr(output, "RETRY_S", 0.0)
    monkeypatch.setattr(scene.output, "look", look)
    scene.output._watch()
    assert len(looked) == 2
