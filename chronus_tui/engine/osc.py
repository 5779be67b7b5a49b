"""OSC over UDP: hears datagrams, checks them, hands their messages on in order, and sends the answers.

One thread reads the socket; it never dies of what arrives, and it carries nothing out itself: `submit` puts
each message on the control thread's queue. Answers and events are sent from whichever thread has them,
and never wait: a datagram that does not fit into the socket's buffer is counted and gone.
"""

import errno
import logging
import math
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

import msgspec
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.osc_guard import DATAGRAM_MAX, MalformedDatagram, parse

"""What an IPv4 datagram can hold."""
RECEIVE_BUFFER_BYTES = 1 << 20
"""Room for some thousand messages that arrive while the interpreter is busy elsewhere."""
FLOAT32_MAX = 3.4e38
IDLE_S = 60.0
LISTENERS_MAX = 64
ANSWERS = ("/done", "/fail", "/synced", "/status.reply")
"""What engines send. One that arrives is never answered: two engines would answer each other for ever."""

Sender = tuple[Any, ...]
"""An address and port as the socket gives them, with more behind for IPv6."""

log = logging.getLogger(__name__)


class OscRequest(msgspec.Struct, frozen=True):
    """One message that arrived.

    at      Unix time in seconds at which it shall act, None for at once
    sender  whom to answer
    """

    address: str
    arguments: tuple[Any, ...]
    at: float | None
    sender: Sender


class OscServer:
    """The engine's ear and voice for OSC.

    host, port  where it listens; port 0 takes a free one, and `port` then says which
    submit      called on the server's thread for each message, in their order, from `start` on; must not wait

    `malformed` counts datagrams that were no OSC, `dropped` answers that could not be sent, `failed` what
    went wrong in `submit`. Raises ChronusError where the port cannot be had.
    """

    def __init__(self, host: str, port: int, submit: Callable[[OscRequest], None]) -> None:
        self._submit = submit
        self._socket = _bound_socket(host, port)
        self._waker, self._wake = socket.socketpair()
        self.host = host
        self.port = int(self._socket.getsockname()[1])
        self.malformed = 0
        self.dropped = 0
        self.failed = 0
        self._thread = threading.Thread(target=self._run, name="osc", daemon=True)

    def start(self) -> None:
        """Hand on what arrives, and what has arrived since the port was taken."""
        self._thread.start()

    def reply(self, sender: Sender, address: str, *arguments: Any) -> None:
        """Send one message to `sender`, from any thread, without waiting.

        An answer too long for a datagram goes as a /fail that says so.
        """
        try:
            datagram = _encode(address, arguments)
            if len(datagram) > DATAGRAM_MAX:
                about = str(arguments[0])[:100] if arguments else address
                sentence = f"The answer has {len(datagram)} bytes; a datagram holds {DATAGRAM_MAX}. Ask over the link."
                datagram = _encode("/fail", (about, sentence))
            self._socket.sendto(datagram, sender)
        except OSError:
            self.dropped += 1
        except (BuildError, ValueError):
            self.dropped += 1
            log.exception("%s holds what OSC cannot carry: %r", address, arguments)

    def close(self) -> None:
        """Stop listening; the thread has ended when this returns."""
        if self._thread.is_alive():
            self._waker.send(b"\x00")
            self._thread.join()
        for end in (self._waker, self._wake, self._socket):
            end.close()

    def _run(self) -> None:
        while True:
            readable, _, _ = select.select([self._socket, self._wake], [], [])
            if self._wake in readable:
                return
            try:
                datagram, sender = self._socket.recvfrom(DATAGRAM_MAX)
            except OSError:
                continue  # a checksum that failed, or a system that reports a client's closed port here
            try:
                self._take(datagram, sender)
            except Exception:  # the thread's edge: whatever one datagram does, the next is heard
                self.failed += 1
                log.exception("an OSC datagram from %s failed", sender)

    def _take(self, datagram: bytes, sender: Sender) -> None:
        try:
            messages = parse(datagram)
        except MalformedDatagram as error:
            self.malformed += 1
            if error.address and not _is_answer(error.address):
                self.reply(sender, "/fail", error.address, str(error))
            return
        for at, address, arguments in messages:
            if not _is_answer(address):
                self._submit(OscRequest(address, arguments, at, sender))


class Listeners:
    """Who hears events: those that sent /notify 1, until they take it back or stay silent for a minute.

    send  as `OscServer.reply`

    Times are seconds of any clock that never goes back, passed in. Used by the control thread alone.
    """

    def __init__(self, send: Callable[..., None]) -> None:
        self._send = send
        self._last_heard_s: dict[Sender, float] = {}

    def __len__(self) -> int:
        return len(self._last_heard_s)

    def add(self, sender: Sender, now_s: float) -> None:
        """Send events to `sender` from now on. Raises CommandRefused where too many listen."""
        self.drop_idle(now_s)
        if sender not in self._last_heard_s and len(self._last_heard_s) == LISTENERS_MAX:
            raise CommandRefused(f"{LISTENERS_MAX} programs listen for events; that is as many as may.")
        self._last_heard_s[sender] = now_s

    def remove(self, sender: Sender) -> None:
        """Send `sender` no more events, if it got any."""
        self._last_heard_s.pop(sender, None)

    def heard(self, sender: Sender, now_s: float) -> None:
        """`sender` sent a /ping: where it listens, it goes on listening."""
        if sender in self._last_heard_s:
            self._last_heard_s[sender] = now_s

    def drop_idle(self, now_s: float) -> None:
        """Forget those that have been silent for a minute."""
        for sender, last_heard_s in list(self._last_heard_s.items()):
            if now_s - last_heard_s > IDLE_S:
                del self._last_heard_s[sender]

    def broadcast(self, now_s: float, address: str, *arguments: Any) -> None:
        """Send an event to all that listen."""
        self.drop_idle(now_s)
        for sender in self._last_heard_s:
            self._send(sender, address, *arguments)


def _is_answer(address: str) -> bool:
    return address in ANSWERS or address.startswith("/event/")


def _encode(address: str, arguments: tuple[Any, ...]) -> bytes:
    """One message as bytes. Raises BuildError or ValueError for what OSC cannot carry.

    Numbers go as 32 bits where they fit, which is what most clients know.
    """
    builder = OscMessageBuilder(address=address)
    for argument in arguments:
        if isinstance(argument, str):
            builder.add_arg(argument.replace("\x00", ""))  # would end the text early and garble what follows
        elif isinstance(argument, float) and FLOAT32_MAX < abs(argument) < math.inf:
            builder.add_arg(argument, OscMessageBuilder.ARG_TYPE_DOUBLE)
        else:
            builder.add_arg(list(argument) if isinstance(argument, tuple) else argument)
    return builder.build().dgram


def refuse_taken_port(host: str, port: int) -> None:
    """Raise ChronusError where the port cannot be had, as OscServer does."""
    _bound_socket(host, port).close()


def _bound_socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        heard = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ChronusError(f"OSC cannot listen on {host!r}: {_reason(error)}; choose another --osc-host.") from error
    try:
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        heard.setblocking(False)
        heard.bind(where)
    except OSError as error:
        heard.close()
        if error.errno == errno.EADDRINUSE:
            raise ChronusError(
                f"OSC port {port} is in use by another program; choose another with --osc-port."
            ) from error
        raise ChronusError(
            f"OSC cannot listen on {host} port {port}: {_reason(error)}; choose another with --osc-host or --osc-port."
        ) from error
    return heard


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
