"""`chronus send`: one command over OSC, and the reply."""

import json
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from chronus_tui.commands import match
from chronus_tui.commands.command import value_of
from chronus_tui.engine.defaults import DEFAULT_OSC_HOST, DEFAULT_OSC_PORT
from chronus_tui.errors import ChronusError, CommandRefused, EngineUnreachable
from chronus_tui.osc_guard import DATAGRAM_MAX, MalformedDatagram, TimedMessage, parse

DONE = 0
FAILED = 1
ANSWERS = ("/done", "/fail", "/status.reply", "/synced")
AT_ONCE_S = 0.001
"""What has come is read, however late it is: it was this program that was held up."""
ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def engine_of(project: Path, host: str | None, port: int | None, named: bool) -> tuple[str, int]:
    """Where to send: what was asked for, else where the project's engine wrote that it listens, else the usual place.

    named  whether somebody named the project: then the engine of another one, in the usual place, is not meant

    Raises EngineUnreachable where no engine is known of that could be meant.
    """
    written = _written(project)
    if written is None and named and host is None and port is None:
        raise EngineUnreachable(f"No engine runs for {project}; start one with: chronus engine")
    written_host, written_port = written or (DEFAULT_OSC_HOST, DEFAULT_OSC_PORT)
    return host or written_host, written_port if port is None else port


def _written(project: Path) -> tuple[str, int] | None:
    """Where the project's engine wrote that it listens; None where there is no such note."""
    try:
        osc = json.loads((project / ".chronus" / "engine.json").read_bytes())["osc"]
        return str(osc["host"]), int(osc["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no engine runs here, or it died while it wrote


def send(host: str, port: int, address: str, words: Sequence[str], timeout_s: float, as_json: bool) -> int:
    """Send one command and print what comes back.

    Returns 0 where it was carried out, 1 where it was refused. Raises EngineUnreachable where nothing
    answers in time, ChronusError where it cannot be sent.
    """
    answer = _exchange(ANY_HOST.get(host, host), port, _encode(address, _values(address, words)), timeout_s)
    failed = answer.address == "/fail"
    results = answer.arguments[1:] if answer.address in ("/done", "/fail") else answer.arguments
    if as_json:
        said = {"failure": str(results[0]) if results else ""} if failed else {"results": [*results]}
        print(json.dumps({"address": address, "done": not failed, "reply": answer.address, **said}, default=str))
    elif not failed:
        print(answer.address, *map(_shown, answer.arguments))
    if failed:
        print(*results, file=sys.stderr)
    return FAILED if failed else DONE


def _shown(value: Any) -> Any:
    """A value for people: what came as 32 bits has no more than seven digits to tell."""
    return f"{value:.7g}" if isinstance(value, float) else value


def _values(address: str, words: Sequence[str]) -> list[Any]:
    """The words as numbers where they look like numbers and the command does not want text."""
    try:
        return [*match(address)[0].values(words)]
    except CommandRefused:
        return [*map(value_of, words)]  # the engine says what is wrong with it, as it does to everyone


def _encode(address: str, values: Sequence[Any]) -> bytes:
    if not address.startswith("/") or "\x00" in address:
        raise ChronusError(f"An address begins with a slash, such as /transport/play; {address!r} does not.")
    builder = OscMessageBuilder(address=address)
    try:
        for value in values:
            builder.add_arg(value)
        datagram = builder.build().dgram
    except (BuildError, OverflowError) as error:
        raise ChronusError(f"OSC cannot carry {' '.join(map(str, values))!r}: {error}.") from error
    if len(datagram) > DATAGRAM_MAX:
        raise ChronusError(f"The message has {len(datagram)} bytes; OSC over UDP carries {DATAGRAM_MAX}.")
    return datagram


def _exchange(host: str, port: int, datagram: bytes, timeout_s: float) -> TimedMessage:
    start = "start one with: chronus engine"
    late = (
        f"No engine answered on {host} port {port} within {timeout_s:g} s; what was sent may be done all the same. "
        f"Where one runs, wait longer with --timeout; else {start}"
    )
    try:
        # As text, a host would be taken through IDNA, whose tables are imported for it.
        name = host.encode() if host.isascii() else host
        family, kind, protocol, _, where = socket.getaddrinfo(name, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as wire:
            wire.connect(where)
            wire.send(datagram)
            ends_s = time.monotonic() + timeout_s
            while True:
                wire.settimeout(max(ends_s - time.monotonic(), AT_ONCE_S))
                for message in _messages(wire.recv(65_536)):
                    if message.address in ANSWERS:
                        return message
    except socket.gaierror as error:
        raise EngineUnreachable(f"There is no host {host!r}: {error.strerror}.") from error
    except TimeoutError as error:
        raise EngineUnreachable(late) from error
    except OSError as error:
        raise EngineUnreachable(f"No engine answers on {host} port {port}; {start}") from error


def _messages(datagram: bytes) -> list[TimedMessage]:
    try:
        return parse(datagram)
    except MalformedDatagram:
        return []
