import socket
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from chronus_tui.link import Reply, decode_request, encode, socket_path
from chronus_tui.osc_guard import TimedMessage, parse


class OscEcho:
    """Answers each OSC message with what `answer` makes of it, and remembers all."""

    def __init__(self, answer: Callable[[TimedMessage], tuple[Any, ...] | None]) -> None:
        self.heard: list[TimedMessage] = []
        self._answer = answer
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while True:
            datagram, sender = self._socket.recvfrom(65536)
            if not datagram:
                return
            for message in parse(datagram):
                self.heard.append(message)
                answer = self._answer(message)
                if answer is not None:
                    builder = OscMessageBuilder(address=answer[0])
                    for argument in answer[1:]:
                        builder.add_arg(argument)
                    self._socket.sendto(builder.build().dgram, sender)


@pytest.fixture
def osc_echo() -> Iterator[Callable[..., OscEcho]]:
    made: list[OscEcho] = []

    def make(answer: Callable[[TimedMessage], tuple[Any, ...] | None]) -> OscEcho:
        made.append(OscEcho(answer))
        return made[-1]

    yield make
    for echo in made:
        echo.close()


class LinkStub:
    """The engine's end of the link, for one client at a time: replies from a table, goes after /engine/quit."""

    def __init__(self, project: Path, replies: dict[str, Reply]) -> None:
        self.asked: list[str] = []
        self._replies = replies
        path = socket_path(project)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._listener = Listener(str(path), family="AF_UNIX")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            with connection:
                while True:
                    try:
                        request = decode_request(connection.recv_bytes())
                    except (EOFError, OSError):
                        break
                    self.asked.append(request.address)
                    reply = self._replies[request.address]
                    connection.send_bytes(encode(Reply(request.id, reply.done, reply.results, reply.failure)))
                    if request.address == "/engine/quit" and reply.done:
                        break


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "song"
    (folder / "patterns").mkdir(parents=True)
    (folder / ".chronus").mkdir()
    monkeypatch.setenv("CHRONUS_PROJECT", str(folder))
    return folder


@pytest.fixture
def link_stub(project: Path) -> Iterator[Callable[..., LinkStub]]:
    made: list[LinkStub] = []

    def make(replies: dict[str, Reply]) -> LinkStub:
        made.append(LinkStub(project, replies))
        return made[-1]

    yield make
    for stub in made:
        stub.close()
