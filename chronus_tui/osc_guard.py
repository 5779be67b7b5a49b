"""The gate that every OSC datagram passes, at the engine and at `chronus send`.

python-osc trusts what it is given: a bundle's element with a negative size makes it loop for ever, text
that is not UTF-8 and deep nesting escape it as exceptions that are not its own, a size past the end gives
short values. So the structure of a datagram is checked here, byte by byte and in time that grows with its
length alone, and only what is whole goes on to be parsed.

Source: the OpenSound Control 1.0 specification, Wright, 2002.
"""

import struct
from typing import Any, NamedTuple

from pythonosc import osc_message

from chronus_tui.errors import ChronusError

BUNDLE = b"#bundle\x00"
DATAGRAM_MAX = 65_507
"""Bytes that UDP carries at once."""
NESTING_MAX = 8
"""Bundles within bundles, and lists within lists. Players nest two; each level costs a call."""
MESSAGES_MAX = 1024
ARGUMENTS_MAX = 1024
NTP_TO_UNIX_S = 2_208_988_800
"""From 1900, where OSC's time tags begin, to 1970."""

_FIXED_BYTES = {"i": 4, "f": 4, "r": 4, "m": 4, "h": 8, "d": 8, "t": 8, "T": 0, "F": 0, "N": 0}


class MalformedDatagram(ChronusError):
    """A datagram that is not OSC. `address` is the message at fault, where as much could be read."""

    def __init__(self, sentence: str, address: str = "") -> None:
        super().__init__(sentence)
        self.address = address


class TimedMessage(NamedTuple):
    """One message. `at` is Unix time in seconds, or None for at once."""

    at: float | None
    address: str
    arguments: tuple[Any, ...]


def parse(datagram: bytes) -> list[TimedMessage]:
    """The messages of a datagram in their order, those of bundles with the bundle's time.

    A bundle inside another acts no sooner than the outer one. A list among the arguments comes as a list.
    Numbers may be anything that 32 or 64 bits hold, NaN and infinity too. Raises MalformedDatagram, for
    nothing but which it raises, where any part is wrong: then none of it counts.
    """
    messages: list[TimedMessage] = []
    _walk(datagram, None, 0, messages)
    return messages


def _walk(element: bytes, at: float | None, depth: int, messages: list[TimedMessage]) -> None:
    if len(element) % 4:
        raise MalformedDatagram(f"An OSC packet's size is a multiple of 4, not {len(element)}.")
    if element.startswith(BUNDLE):
        _walk_bundle(element, at, depth, messages)
    elif element.startswith(b"/"):
        if len(messages) == MESSAGES_MAX:
            raise MalformedDatagram(f"An OSC packet holds more than {MESSAGES_MAX} messages.")
        messages.append(_message(element, at))
    else:
        raise MalformedDatagram("An OSC packet starts with / or #bundle.")


def _walk_bundle(bundle: bytes, outer_at: float | None, depth: int, messages: list[TimedMessage]) -> None:
    if depth == NESTING_MAX:
        raise MalformedDatagram(f"OSC bundles are nested more than {NESTING_MAX} deep.")
    if len(bundle) < 16:
        raise MalformedDatagram("An OSC bundle has no time tag.")
    at = _later(outer_at, _unix_time(bundle[8:16]))
    index = 16
    while index < len(bundle):
        (size,) = struct.unpack_from(">i", bundle, index)
        index += 4
        if not 0 < size <= len(bundle) - index:
            raise MalformedDatagram(f"An element of an OSC bundle says it has {size} bytes.")
        _walk(bundle[index : index + size], at, depth + 1, messages)
        index += size


def _unix_time(tag: bytes) -> float | None:
    """None where the tag says at once: 1 by the specification, 0 from clients that never set it."""
    (fixed,) = struct.unpack(">Q", tag)
    return None if fixed <= 1 else (fixed >> 32) - NTP_TO_UNIX_S + (fixed & 0xFFFF_FFFF) / 2**32


def _later(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def _message(element: bytes, at: float | None) -> TimedMessage:
    address, index = _string(element, 0, "address")
    if index < len(element):
        _check_arguments(element, index, address)
    try:
        parsed = osc_message.OscMessage(element)
    except osc_message.ParseError as error:
        raise MalformedDatagram(f"The OSC message {address!r} cannot be read.", address) from error
    return TimedMessage(at, address, tuple(parsed))


def _check_arguments(element: bytes, index: int, address: str) -> None:
    tags, index = _string(element, index, "type tags", address)
    if not tags.startswith(","):
        raise MalformedDatagram("The type tags of an OSC message start with a comma.", address)
    if len(tags) > ARGUMENTS_MAX:
        raise MalformedDatagram(f"An OSC message has more than {ARGUMENTS_MAX - 1} arguments.", address)
    depth = 0
    for tag in tags[1:]:
        if tag in _FIXED_BYTES:
            index += _FIXED_BYTES[tag]
        elif tag == "s":
            _, index = _string(element, index, "argument", address)
        elif tag == "b":
            index = _after_blob(element, index, address)
        elif tag in "[]":
            depth += 1 if tag == "[" else -1
            if not 0 <= depth <= NESTING_MAX:
                raise MalformedDatagram("The lists of an OSC message do not open and close as they should.", address)
        else:
            raise MalformedDatagram(f"An OSC argument has the unknown type {tag!r}.", address)
        if index > len(element):
            raise MalformedDatagram("An OSC message ends before its arguments do.", address)
    if depth:
        raise MalformedDatagram("The lists of an OSC message do not open and close as they should.", address)
    if index < len(element):
        raise MalformedDatagram("An OSC message goes on after its arguments.", address)


def _string(element: bytes, start: int, what: str, address: str = "") -> tuple[str, int]:
    """The text at `start` and where what follows it begins."""
    end = element.find(b"\x00", start)
    if end < 0:
        raise MalformedDatagram(f"An OSC {what} does not end.", address)
    try:
        return element[start:end].decode("utf-8"), end + 4 - end % 4
    except UnicodeDecodeError as error:
        raise MalformedDatagram(f"An OSC {what} is not UTF-8.", address) from error


def _after_blob(element: bytes, index: int, address: str) -> int:
    if index + 4 > len(element):
        raise MalformedDatagram("An OSC message ends before its arguments do.", address)
    size: int = struct.unpack_from(">i", element, index)[0]
    index += 4
    if not 0 <= size <= len(element) - index:
        raise MalformedDatagram(f"An OSC blob says it has {size} bytes.", address)
    return index + size + -size % 4
