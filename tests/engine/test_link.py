"""The engine's end of the link and a client's, with a socket between them; the control thread is the test's."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Listener
from pathlib import Path

import pytest

from chronus_tui.engine.server import LinkServer
from chronus_tui.errors import EngineUnreachable
from chronus_tui.link import Event, Line, LinkClient, Message, socket_path
from store.runtime import RUNTIME_FOLDER

PATIENCE_S = 60.0


class Control:
    """Carries out by hand what the control thread would."""

    def __init__(self) -> None:
        self._soon: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.call_soon = self._soon.put

    def turn(self, before: Callable[[], None] = lambda: None) -> None:
        """Do the next thing that is asked for, and something before it."""
        asked = self._soon.get(timeout=PATIENCE_S)
        before()
        asked()


@pytest.fixture
def control() -> Control:
    return Control()


@pytest.fixture
def server(tmp_path: Path, control: Control) -> Iterator[LinkServer]:
    def welcome() -> list[Message]:
        return [Event("/welcome")]

    server = LinkServer(tmp_path, lambda request: None, welcome, control.call_soon, lambda client: None)
    yield server
    server.close()


class Listening:
    """A client that subscribes, on a thread of its own, and remembers what it was told."""

    def __init__(self, project: Path) -> None:
        self.told: list[Message] = []
        self.left = threading.Event()
        self._thread = threading.Thread(target=lambda: LinkClient(project, self.told.append, self.left.set))
        self._thread.start()

    def subscribed(self) -> None:
        self._thread.join(PATIENCE_S)


def test_a_client_is_told_all_that_happens_after_its_welcome(tmp_path: Path, server: LinkServer, control: Control):
    client = Listening(tmp_path)
    control.turn(before=lambda: server.send(Event("/before")))
    server.send(Event("/after"))
    client.subscribed()
    server.close()
    assert client.left.wait(PATIENCE_S)
    assert client.told == [Event("/welcome"), Event("/after")]


def test_a_client_that_subscribes_before_the_listening_thread_goes_on_misses_nothing(
    tmp_path: Path, server: LinkServer, control: Control, monkeypatch: pytest.MonkeyPatch
):
    start = threading.Thread.start

    def start_late(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == "link reader":
            control.turn()
            server.send(Event("/after"))

    monkeypatch.setattr(threading.Thread, "start", start_late)
    client = Listening(tmp_path)
    client.subscribed()
    server.close()
    assert client.left.wait(PATIENCE_S)
    assert client.told == [Event("/welcome"), Event("/after")]


def test_all_that_was_told_before_the_engine_ended_reaches_who_reads(
    tmp_path: Path, server: LinkServer, control: Control
):
    clients = [Listening(tmp_path) for _ in range(3)]
    for _ in clients:
        control.turn()
    told = [Event("/event/ending", (number,)) for number in range(500)]
    for event in told:
        server.send(event)
    server.close()
    for client in clients:
        assert client.left.wait(PATIENCE_S)
        assert client.told == [Event("/welcome"), *told]


def test_hanging_up_wakes_who_receives_and_leaves_the_descriptor_to_it():
    ours, theirs = Pipe()
    line = Line(ours)
    descriptor = ours.fileno()
    heard: list[bytes | None] = []
    receiving = threading.Thread(target=lambda: heard.append(line.receive()))
    receiving.start()
    line.hang_up()
    receiving.join(PATIENCE_S)
    assert heard == [None]
    os.fstat(descriptor)
    with pytest.raises(OSError):
        line.send(b"too late")
    with pytest.raises(EOFError):
        theirs.recv_bytes()
    line.close()
    line.hang_up()
    with pytest.raises(OSError):
        os.fstat(descriptor)


def test_a_client_that_is_not_welcomed_in_time_hangs_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / RUNTIME_FOLDER).mkdir()
    monkeypatch.setattr(LinkClient.request, "__kwdefaults__", {"timeout_s": 0.0})
    with Listener(str(socket_path(tmp_path)), family="AF_UNIX") as listener:
        with pytest.raises(EngineUnreachable, match="did not answer"):
            LinkClient(tmp_path, print)
        with listener.accept() as connection:
            connection.recv_bytes()
            assert connection.poll(PATIENCE_S)
            with pytest.raises(EOFError):
                connection.recv_bytes()
