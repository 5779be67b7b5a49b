"""A real engine in a process of its own, and a client that speaks OSC to it through python-osc alone."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
CHRONUS = [sys.executable, "-m", "chronus_tui"]
START_S = 600.0
"""A first start compiles, and so does whatever command comes first."""
PING_S = 20.0
"""So often a client that waits for an event says that it still listens."""


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a newcomer: nothing of Chronus, no tmux around."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CHRONUS_", "TMUX", "PULSE_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **more}


def chronus(*words: object, env: Mapping[str, str], timeout_s: float = START_S) -> "subprocess.CompletedProcess[str]":
    """Run one `chronus` command to its end."""
    return subprocess.run(
        [*CHRONUS, *map(str, words)], env=dict(env), capture_output=True, text=True, timeout=timeout_s, check=False
    )


class OscClient:
    """Sends one message at a time and gives back what is answered."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(("127.0.0.1", port))

    def post(self, datagram: bytes) -> None:
        self._socket.send(datagram)

    def receive(self) -> tuple[Any, ...]:
        message = OscMessage(self._socket.recv(65536))
        return message.address, *message.params

    def send(self, address: str, *arguments: Any) -> None:
        builder = OscMessageBuilder(address=address)
        for argument in arguments:
            builder.add_arg(argument)
        self.post(builder.build().dgram)

    def heard(self, patience_s: float = 0.0) -> list[tuple[Any, ...]]:
        """What has been answered by now, and not received; where that is nothing, what comes first in so many seconds.
        An engine that died before it read a word has answered nothing."""
        found = []
        with contextlib.suppress(ConnectionRefusedError):
            while select.select([self._socket], [], [], 0 if found else patience_s)[0]:
                found.append(self.receive())
        return found

    def ask(self, address: str, *arguments: Any) -> tuple[Any, ...]:
        self.send(address, *arguments)
        while True:
            answer = self.receive()
            if not answer[0].startswith("/event/") and answer[1:2] != ("/ping",):
                return answer

    def do(self, address: str, *arguments: Any) -> tuple[Any, ...]:
        """Like `ask`, for what must be carried out; gives back the results."""
        answer = self.ask(address, *arguments)
        assert answer[:2] == ("/done", address), answer
        return answer[2:]

    def status(self) -> dict[str, Any]:
        answer = self.ask("/status")
        assert answer[0] == "/status.reply", answer
        said: dict[str, Any] = json.loads(answer[1])
        return said

    def event(self, address: str) -> tuple[Any, ...]:
        """What comes with the next such event. An engine forgets listeners that say nothing for a minute."""
        ends_s = time.monotonic() + PATIENCE_S
        while (now_s := time.monotonic()) < ends_s:
            self.send("/ping")
            while select.select([self._socket], [], [], max(0.0, now_s + PING_S - time.monotonic()))[0]:
                heard = self.receive()
                if heard[0] == address:
                    return heard[1:]
        raise AssertionError(f"waited {PATIENCE_S:g} s for {address}")

    def close(self) -> None:
        self._socket.close()


def osc_port(project: Path) -> int | None:
    """Where the project's engine wrote that it listens, once it has."""
    try:
        return int(json.loads((project / ".chronus" / "engine.json").read_bytes())["osc"]["port"])
    except (OSError, ValueError, KeyError):
        return None


class Engine:
    """`chronus engine PROJECT`, from its start to its end."""

    def __init__(self, project: Path, env: Mapping[str, str], *options: str) -> None:
        self.project = project
        project.mkdir(parents=True, exist_ok=True)
        self._log = (project / "test.log").open("wb")
        self.process = subprocess.Popen(
            [*CHRONUS, "engine", str(project), "--osc-port", "0", *options],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.port = wait_until(self._port, START_S, "the engine to be ready")
        self.osc = OscClient(self.port)
        assert self.osc.ask("/sync", 1) == ("/synced", 1)

    def _port(self) -> int | None:
        assert self.process.poll() is None, (self.project / "test.log").read_text()
        return osc_port(self.project)

    def wait_for(self, key: str, least: float) -> dict[str, Any]:
        """The first status in which the number `key`, such as "frame" or "recording.seconds", is at least so."""

        def look() -> dict[str, Any] | None:
            status = self.osc.status()
            found: Any = status
            for part in key.split("."):
                found = found[part]
            return status if found >= least else None

        return wait_until(look, what=f"{key} to reach {least:g}")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        self.osc.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_S)
            finally:
                self.kill()
        self._log.close()
