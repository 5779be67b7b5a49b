"""The engine's end of the link and a client's, with a socket between them; the control thread is the test's."""

import os
import queue
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import pytest

from chronus_tui.engine import server as link_server
from chronus_tui.engine.server import LinkServer
from chronus_tui.engine.studio import Request as Asked
from chronus_tui.errors import EngineUnreachable
from chronus_tui.link import SUBSCRIBE, Event, Line, LinkClient, Message, Request, encode, socket_path
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


class Asking:
    """What clients ask of a server, and which of them have left, in the order in which that is heard."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[Asked | object] = queue.SimpleQueue()
        self.hears = threading.Event()
        self.may_hear = threading.Event()
        self.may_hear.set()

    def submit(self, request: Asked) -> None:
        """What the listening thread of a client does with its requests."""
        self.hears.set()
        assert self.may_hear.wait(PATIENCE_S)
        self.heard.put(request)

    def next(self) -> Asked | object:
        return self.heard.get(timeout=PATIENCE_S)


@pytest.fixture
def asking() -> Asking:
    return Asking()


@pytest.fixture
def server(tmp_path: Path, control: Control, asking: Asking) -> Iterator[LinkServer]:
    def welcome() -> list[Message]:
        return [Event("/welcome")]

    server = LinkServer(tmp_path, asking.submit, welcome, control.call_soon, asking.heard.put)
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
    tmp_path: Path, server: LinkServer, control: Control, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chronus_tui.engine.server.CLOSE_S", PATIENCE_S)  # they read, as soon as they have a turn
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


def test_what_failed_while_nobody_was_there_is_told_to_the_next_who_comes(
    tmp_path: Path, server: LinkServer, control: Control
):
    server.send(Event("/event/failed", ("A clip cannot be read.",)))
    server.send(Event("/event/bar", (1,)))
    clients = []
    for _ in range(2):
        clients.append(Listening(tmp_path))
        control.turn()
        clients[-1].subscribed()
    server.close()
    assert all(client.left.wait(PATIENCE_S) for client in clients)
    assert [client.told for client in clients] == [
        [Event("/welcome"), Event("/event/failed", ("A clip cannot be read.",))],
        [Event("/welcome")],
    ]


def test_a_client_that_has_left_before_its_turn_is_not_welcomed(
    tmp_path: Path, server: LinkServer, control: Control, asking: Asking, monkeypatch: pytest.MonkeyPatch
):
    welcomed: list[int] = []
    monkeypatch.setattr(server, "_welcome", lambda: welcomed.append(1) or [])
    with Client(str(socket_path(tmp_path)), family="AF_UNIX") as client:
        client.send_bytes(encode(Request(1, SUBSCRIBE)))
    asking.next()
    control.turn()
    assert not welcomed
    assert not server.clients


def test_that_a_client_has_left_is_heard_after_all_that_it_asked(
    tmp_path: Path, server: LinkServer, control: Control, asking: Asking, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(link_server, "WAITING_MAX", 0)
    asking.may_hear.clear()
    with Client(str(socket_path(tmp_path)), family="AF_UNIX") as client:
        client.send_bytes(encode(Request(1, SUBSCRIBE)))
        client.send_bytes(encode(Request(2, "/asked")))
        assert asking.hears.wait(PATIENCE_S)
        control.turn()  # the welcome is more than may wait: the client is let go, while what it asked is being heard
        assert asking.heard.empty()
        asking.may_hear.set()
        request, left = asking.next(), asking.next()
    assert isinstance(request, Asked)
    assert request.client is left


def test_a_closed_server_leaves_no_thread_at_its_descriptor(tmp_path: Path, control: Control, asking: Asking):
    before = set(threading.enumerate())
    server = LinkServer(tmp_path, asking.submit, list, control.call_soon, asking.heard.put)
    with Client(str(socket_path(tmp_path)), family="AF_UNIX") as client:
        client.send_bytes(encode(Request(1, "/asked")))
        asking.next()
        server.close()
        asking.next()
    assert "link" not in {thread.name for thread in set(threading.enumerate()) - before}
    assert not socket_path(tmp_path).exists()


def test_what_others_write_while_the_server_begins_to_listen_stays_theirs_to_use(
    tmp_path: Path, control: Control, asking: Asking, monkeypatch: pytest.MonkeyPatch
):
    bind = socket.socket.bind

    def bind_while_others_write(listener: socket.socket, place: Any) -> None:
        (tmp_path / "take").mkdir()
        bind(listener, place)

    monkeypatch.setattr(socket.socket, "bind", bind_while_others_write)
    server = LinkServer(tmp_path, asking.submit, list, control.call_soon, asking.heard.put)
    assert stat.S_IMODE((tmp_path / "take").stat().st_mode) & stat.S_IRWXU == stat.S_IRWXU
    assert stat.S_IMODE(socket_path(tmp_path).stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    server.close()


def test_an_engine_of_another_version_is_told_of_at_once(tmp_path: Path):
    (tmp_path / RUNTIME_FOLDER).mkdir()
    gone = threading.Event()
    with Listener(str(socket_path(tmp_path)), family="AF_UNIX") as listener:
        client = LinkClient(tmp_path, on_close=gone.set)
        with listener.accept() as connection:
            connection.send_bytes(b"no message")
            with pytest.raises(EngineUnreachable, match="another version"):
                client.request("/engine/status")
    assert gone.wait(PATIENCE_S)
