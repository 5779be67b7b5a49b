"""The local connection between the engine and its clients: the screen, `chronus status`, `chronus stop`.

A socket that only its owner may open, in the project's runtime folder; messages are MessagePack, never
pickled. A client sends requests, each one command of the command table, and gets one reply to each; in
between come the engine's status (the latest counts), events (all of them) and documents (whenever they
changed).
"""

import contextlib
import hashlib
import os
import queue
import socket
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Client as connect_to
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from chronus_tui.errors import EngineUnreachable
from chronus_tui.status import Status

SOCKET_PATH_MAX = 100
"""Some systems allow no longer socket names than 104 bytes."""
ANSWER_S = 30.0
"""How long an answer is waited for. Where the engine goes, whoever waits is told at once; this is for one that hangs.
A machine may stand still for seconds, and the engine on it answers after that."""
FAILED = "/event/failed"
"""The event that something could not be done, with the sentence that says why."""
ENDING = "/event/ending"
"""The engine says this before it ends because it was told to: then it is not started again unasked."""
SUBSCRIBE = "/link/subscribe"
"""A request of the link's own: from now on send status, events and documents as well as replies."""


class Request(msgspec.Struct, tag="request", frozen=True):
    """One command. `id` comes back with the reply."""

    id: int
    address: str
    arguments: tuple[Any, ...] = ()


class Reply(msgspec.Struct, tag="reply", frozen=True):
    """What became of a request: its results, or the sentence that says why not."""

    id: int
    done: bool
    results: tuple[Any, ...] = ()
    failure: str = ""


class StatusMessage(msgspec.Struct, tag="status", frozen=True):
    """The engine's status: only the newest matters."""

    status: Status


class Event(msgspec.Struct, tag="event", frozen=True):
    """Something happened, such as `/event/slot_loaded 42`. None is left out."""

    address: str
    arguments: tuple[Any, ...] = ()


class PatternMessage(msgspec.Struct, tag="pattern", frozen=True):
    """The working pattern as the text of its file, whenever it changed."""

    text: bytes


class SlotLine(msgspec.Struct, frozen=True):
    """An occupied slot, as a bank's page shows it.

    problem  why its file cannot be played, or empty
    changed  its file holds something else now: an editor or git wrote it
    """

    slot: int
    name: str
    genre: str = ""
    problem: str = ""
    changed: bool = False


class SlotsMessage(msgspec.Struct, tag="slots", frozen=True):
    """The occupied slots of the current bank, whenever they changed."""

    bank: int
    slots: tuple[SlotLine, ...]


class ChainMessage(msgspec.Struct, tag="chain", frozen=True):
    """The chain as the text of its file, whenever it changed."""

    text: bytes


Message = Reply | StatusMessage | Event | PatternMessage | SlotsMessage | ChainMessage
encode = msgspec.msgpack.Encoder().encode
decode_message = msgspec.msgpack.Decoder(Message).decode
decode_request = msgspec.msgpack.Decoder(Request).decode


def socket_path(project: Path) -> Path:
    """Where the engine of `project` listens: inside the project, or, where that name would be too long
    for a socket, in a folder of this user's among the temporary files."""
    inside = project / ".chronus" / "socket"
    if len(os.fsencode(inside)) <= SOCKET_PATH_MAX:
        return inside
    name = hashlib.sha256(os.fsencode(project)).hexdigest()[:24]
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"chronus-{user}" / name


class Line:
    """One end of a connection, which several threads use.

    A descriptor that is closed while another thread reads or writes it may be another file's by then, and the message
    lands in that. So `hang_up` ends the connection alone; who reads it closes it, when no one uses it any more.
    """

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._closing = threading.Lock()

    def send(self, data: bytes) -> None:
        """Send one message. Any thread. Raises OSError where the line has gone."""
        with self._sending:
            self._connection.send_bytes(data)

    def receive(self) -> bytes | None:
        """The next message, or None where either end has hung up. The reading thread alone."""
        try:
            return self._connection.recv_bytes()
        except (EOFError, OSError):
            return None

    def hang_up(self) -> None:
        """Let whoever sends or receives, at both ends, come back at once. Any thread; once is enough."""
        with (
            self._closing,
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(self._connection.fileno())) as end,
        ):
            end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up, and give the descriptor back. The reading thread alone, as the last that it does."""
        self.hang_up()
        with self._sending, self._closing:
            self._connection.close()


class LinkClient:
    """One client's end of the link.

    Replies are waited for by the thread that asked; everything else goes to `on_message`, on the link's
    own reading thread, where it was given. `on_close` is called once, there, when the engine has gone.

    Raises EngineUnreachable where no engine answers.
    """

    def __init__(
        self,
        project: Path,
        on_message: Callable[[Message], None] | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        path = socket_path(project)
        try:
            self._line = Line(connect_to(str(path), family="AF_UNIX"))
        except OSError as error:
            raise EngineUnreachable(f"No engine runs for {project}; start one with: chronus engine") from error
        self._on_message = on_message
        self._on_close = on_close
        self._next_id = 0
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[Reply | None]] = {}
        self._open = True
        self._gone = "The engine has ended."
        self._reader = threading.Thread(target=self._read, name="link", daemon=True)
        self._reader.start()
        if on_message is not None:
            try:
                self.request(SUBSCRIBE)
            except EngineUnreachable:
                self.close()  # else it would be told of all that another client is told of
                raise

    def request(self, address: str, *arguments: Any, timeout_s: float = ANSWER_S) -> Reply:
        """Ask the engine to carry out one command, and wait for what became of it.

        Raises EngineUnreachable where the engine has gone or does not answer in `timeout_s`.
        """
        answer: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self._send(address, arguments, answer)
        try:
            reply = answer.get(timeout=timeout_s)
        except queue.Empty:
            raise EngineUnreachable(f"The engine did not answer {address} in {timeout_s:g} s.") from None
        if reply is None:
            raise EngineUnreachable(self._gone)
        return reply

    def post(self, address: str, *arguments: Any) -> int:
        """Ask for one command without waiting; its reply reaches `on_message` under the id returned."""
        return self._send(address, arguments, None)

    def close(self) -> None:
        """Leave; the engine goes on."""
        self._open = False
        self._line.hang_up()

    def _send(self, address: str, arguments: tuple[Any, ...], answer: queue.SimpleQueue[Reply | None] | None) -> int:
        with self._lock:
            self._next_id += 1
            number = self._next_id
            if answer is not None:
                self._waiting[number] = answer
        try:
            self._line.send(encode(Request(number, address, arguments)))
        except OSError as error:
            self._waiting.pop(number, None)
            raise EngineUnreachable(self._gone) from error
        return number

    def _read(self) -> None:
        try:
            while (data := self._line.receive()) is not None:
                self._hear(decode_message(data))
        except msgspec.DecodeError:
            self._gone = "The engine is of another version; end it with: chronus stop"
        finally:  # whoever listened has failed, and others still wait
            self._line.close()  # who sends from now on is told so
            for waiter in list(self._waiting.values()):
                waiter.put(None)
            if self._open and self._on_close is not None:
                self._on_close()

    def _hear(self, message: Message) -> None:
        waiter = self._waiting.pop(message.id, None) if isinstance(message, Reply) else None
        if waiter is not None and isinstance(message, Reply):
            waiter.put(message)
        elif self._on_message is not None:
            self._on_message(message)
