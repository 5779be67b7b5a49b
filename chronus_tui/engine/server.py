"""The engine's end of the link: any number of clients, none of which can hold up another or the engine.

Each client has a thread that reads and one that writes. Replies, events and documents wait for it in order;
of the status only the newest waits. A client that reads nothing for long is let go.
"""

import contextlib
import logging
import queue
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import msgspec

from chronus_tui.engine.studio import Request
from chronus_tui.errors import ChronusError
from chronus_tui.link import (
    FAILED,
    SUBSCRIBE,
    ChainMessage,
    Event,
    Line,
    Message,
    PatternMessage,
    Reply,
    SlotsMessage,
    StatusMessage,
    decode_request,
    encode,
    socket_path,
)

BACKLOG = 16
WAITING_MAX = 2000
"""Messages that may wait for a client that does not read; then it is let go, for it would miss events."""
AGAIN_S = 1.0
"""A system that cannot let a client in, as it has no descriptor left, is asked again after so long."""
UNHEARD_MAX = 100
"""Of what failed while no client subscribed: the newest wait for the next."""
CLOSE_S = 2.0
"""For how long clients that do not read are waited for, all together, where the engine ends."""

log = logging.getLogger(__name__)


class LinkServer:
    """Listens for clients of the engine of `project`.

    submit      called with each request, on the client's thread
    welcome     gives what a client that subscribes should know first
    on_control  lets the control thread call a function soon: what happens after the welcome is then sent after it
    left        called with the client of its requests when it has gone, after all of them, on its thread

    Raises ChronusError where the socket cannot be made.
    """

    def __init__(
        self,
        project: Path,
        submit: Callable[[Request], None],
        welcome: Callable[[], list[Message]],
        on_control: Callable[[Callable[[], None]], None],
        left: Callable[[object], None],
    ) -> None:
        self._submit = submit
        self._welcome = welcome
        self._on_control = on_control
        self._left = left
        self._clients: set[_Client] = set()
        self._unheard: deque[Event] = deque(maxlen=UNHEARD_MAX)
        path = socket_path(project)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # a crash left it; the project's lock says that nobody listens there
            self._listener = _listening(path)
        except OSError as error:
            raise ChronusError(f"The engine cannot listen at {path}: {error.strerror}.") from error
        self._path = path
        self._ended, self._end = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="link", daemon=True)
        self._thread.start()

    @property
    def clients(self) -> int:
        """How many clients subscribe."""
        return sum(client.subscribed for client in list(self._clients))

    def send(self, message: Event | PatternMessage | SlotsMessage | ChainMessage | StatusMessage) -> None:
        """Send a message to every client that subscribes, without waiting. What failed waits until there is one."""
        if isinstance(message, Event) and message.address == FAILED and not self.clients:
            self._unheard.append(message)
        data = encode(message)
        latest = isinstance(message, StatusMessage)
        for client in list(self._clients):
            if client.subscribed:
                client.put(data, latest)

    def close(self) -> None:
        """Send what waits, let all clients go, listen no more."""
        with contextlib.suppress(OSError):  # it was closed before
            self._end.send(b"\0")
        self._thread.join()  # else it might wait at a descriptor that is another file's by then
        for end in (self._listener, self._ended, self._end):
            end.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
        ends_s = time.monotonic() + CLOSE_S
        clients = list(self._clients)
        for client in clients:
            client.end()
        for client in clients:
            client.close(max(0.0, ends_s - time.monotonic()))

    def _accept(self) -> None:
        while self._ended not in wait([self._listener, self._ended]):
            try:
                end, _ = self._listener.accept()
            except BlockingIOError:
                continue  # a client left before it was let in
            except OSError as error:
                log.warning("a client cannot be let in: %s", error)
                wait([self._ended], AGAIN_S)
                continue
            end.setblocking(True)
            client = _Client(Connection(end.detach()), self)
            self._clients.add(client)  # first: else it could subscribe, and miss what `send` has for all who did
            client.start()

    def _hear(self, client: "_Client", data: bytes) -> None:
        request = decode_request(data)
        if request.address == SUBSCRIBE:
            self._on_control(lambda: self._subscribe(client, request.id))
            return
        self._submit(Request(request.address, request.arguments, _LinkAsker(client, request.id), client=client))

    def _subscribe(self, client: "_Client", number: int) -> None:
        if client.gone:
            return  # what is told once shall not be told to one that has left
        for message in (*self._welcome(), *self._unheard):
            client.put(encode(message))
        self._unheard.clear()
        client.subscribed = True
        client.put(encode(Reply(number, True)))

    def _forget(self, client: "_Client") -> None:
        self._clients.discard(client)


class _Client:
    """One connection, its reader and its writer."""

    def __init__(self, connection: "Connection[Any, Any]", server: LinkServer) -> None:
        self.subscribed = False
        self._line = Line(connection)
        self._server = server
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._status: bytes | None = None  # the newest, where it was not sent yet
        self.gone = False
        self._reader = threading.Thread(target=self._read, name="link reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="link writer", daemon=True)

    def start(self) -> None:
        """Read and write from now on."""
        self._writer.start()
        self._reader.start()

    def put(self, data: bytes, latest: bool = False) -> None:
        """Let a message wait for the client; of the `latest` kind only the newest."""
        if self.gone:
            return
        if latest:
            with self._lock:
                waits, self._status = self._status is not None, data
            if not waits:
                self._outbox.put(b"")
            return
        if self._outbox.qsize() >= WAITING_MAX:
            self._drop()
            return
        self._outbox.put(data)

    def end(self) -> None:
        """Send what waits, and no more."""
        self._outbox.put(None)

    def close(self, patience_s: float) -> None:
        """Let the client go once that is sent, or so many seconds have passed."""
        self._writer.join(patience_s)
        self._drop()

    def _drop(self) -> None:
        self.gone = True
        self._line.hang_up()
        self._server._forget(self)

    def _write(self) -> None:
        while not self.gone:
            data = self._outbox.get()
            if data is None:
                return
            if not data:
                with self._lock:
                    data, self._status = self._status or b"", None
            try:
                self._line.send(data)
            except OSError:
                return

    def _read(self) -> None:
        while not self.gone and (data := self._line.receive()) is not None:
            try:
                self._server._hear(self, data)
            except msgspec.DecodeError:
                log.warning("a client sent what is no request")
                break
        self._drop()
        self.end()
        self._line.close()
        self._server._left(self)


class _LinkAsker:
    """Answers one request of one client."""

    def __init__(self, client: _Client, number: int) -> None:
        self._client = client
        self._number = number

    def done(self, address: str, results: tuple[Any, ...]) -> None:
        """It was carried out."""
        self._client.put(encode(Reply(self._number, True, results)))

    def failed(self, address: str, sentence: str) -> None:
        """It was refused."""
        self._client.put(encode(Reply(self._number, False, failure=sentence)))


def _listening(path: Path) -> socket.socket:
    """A socket that listens at `path` for its owner alone, and never blocks. Raises OSError."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o600)  # nobody came in, for it does not listen yet; a umask would be that of every thread's files
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
