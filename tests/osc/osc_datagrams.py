"""Datagrams for the tests of OSC: whole ones, and ways to break them that a random byte would seldom find."""

import random
import struct
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder

NTP_TO_UNIX_S = 2_208_988_800


def message(address: str, *arguments: Any) -> bytes:
    builder = OscMessageBuilder(address=address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


def time_tag(unix_s: float | None) -> bytes:
    return struct.pack(">Q", 1 if unix_s is None else round((unix_s + NTP_TO_UNIX_S) * 2**32))


def bundle(unix_s: float | None, *elements: bytes) -> bytes:
    return b"#bundle\0" + time_tag(unix_s) + b"".join(struct.pack(">i", len(each)) + each for each in elements)


WHOLE = (
    message("/transport/play"),
    message("/track/1/step", 4, 1, 0.8, 60),
    message("/track/kick/pattern", "X.x.X.x."),
    message("/mixed", 1, 2.5, "text", b"blob!", True, None, 2**40, [1, [2, "three"]]),
    bundle(None, message("/sync", 1), message("/sync", 2)),
    bundle(1_800_000_000.5, message("/a"), bundle(1_800_000_001.0, message("/b", "x"), message("/c", b"yz"))),
)
SIZES = (-(2**31), -(2**16), -8, -4, -1, 0, 1, 3, 4, 8, 2**16, 2**31 - 1)


def broken(chance: random.Random) -> bytes:
    """A whole datagram with one to four faults of the kinds that parsers trip over. Some stay valid."""
    datagram = bytearray(chance.choice(WHOLE))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(datagram) + 1)
        match chance.randrange(8):
            case 0:
                del datagram[place:]
            case 1:
                datagram[place : place + 1] = bytes([chance.randrange(256)])
            case 2:
                aligned = place // 4 * 4
                datagram[aligned : aligned + 4] = struct.pack(">i", chance.choice(SIZES))
            case 3:
                datagram[place:place] = chance.randbytes(chance.randint(1, 9))
            case 4:
                datagram[place : place + 3] = b"\xff\xfe\xed"
            case 5:
                datagram = bytearray(bytes(datagram).replace(b"\0", b"!", chance.randint(1, 3)))
            case 6:
                datagram = bytearray(bytes(datagram).replace(b",", chance.choice((b",[", b",]", b",b", b",x", b""))))
            case 7:
                depth = chance.choice((2, 8, 9, 40))
                whole = bytes(datagram)
                for _ in range(depth):
                    whole = bundle(None, whole)
                datagram = bytearray(whole)
        if not datagram:
            return b""
    return bytes(datagram)
