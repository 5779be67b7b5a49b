import random
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osc_datagrams import WHOLE, broken, bundle, message

from chronus_tui.osc_guard import MESSAGES_MAX, NESTING_MAX, MalformedDatagram, TimedMessage, parse

MALFORMED = {
    "empty": b"",
    "no slash": b"play\0\0\0\0",
    "size no multiple of four": message("/a") + b"\0",
    "address that does not end": b"/abc",
    "address not UTF-8": b"/\xff\xfe\0,\0\0\0",
    "type tags without comma": b"/a\0\0i\0\0\0\0\0\0\1",
    "unknown type tag": b"/a\0\0,S\0\0ab\0\0",
    "int that is missing": b"/a\0\0,i\0\0",
    "string that does not end": b"/a\0\0,s\0\0abcd",
    "string not UTF-8": b"/a\0\0,s\0\0\xc3\x28\0\0",
    "blob of negative size": b"/a\0\0,b\0\0" + struct.pack(">i", -4),
    "blob past the end": b"/a\0\0,b\0\0" + struct.pack(">i", 99) + b"abcd",
    "bytes left over": b"/a\0\0,i\0\0\0\0\0\1\0\0\0\2",
    "list that does not close": b"/a\0\0,[i\0\0\0\0\1",
    "list that does not open": b"/a\0\0,]\0\0",
    "lists too deep": b"/a\0\0," + b"[" * 20 + b"]" * 20 + b"\0\0\0",
    "bundle without time tag": b"#bundle\0",
    "bundle with half a time tag": b"#bundle\0\0\0\0\0",
    "element of negative size": b"#bundle\0" + struct.pack(">Qi", 1, -4),
    "element of no size": b"#bundle\0" + struct.pack(">Qi", 1, 0),
    "element past the end": b"#bundle\0" + struct.pack(">Qi", 1, 64) + message("/a"),
    "element that is neither": b"#bundle\0" + struct.pack(">Qi", 1, 4) + b"abc\0",
    "too many messages": bundle(None, *[message("/a")] * (MESSAGES_MAX + 1)),
}


@pytest.mark.parametrize("datagram", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_osc_is_refused_in_one_sentence(datagram: bytes) -> None:
    with pytest.raises(MalformedDatagram) as refusal:
        parse(datagram)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_the_message_at_fault_is_named() -> None:
    with pytest.raises(MalformedDatagram) as refusal:
        parse(bundle(None, message("/good", 1), b"/bad\0\0\0\0,i\0\0"))
    assert refusal.value.address == "/bad"


def test_all_types_arrive_as_they_were_sent() -> None:
    sent = (1, -(2**40), 0.5, "grün", b"blob!", True, False, None, [1, [2.5, "x"]])
    assert parse(message("/all", *sent)) == [TimedMessage(None, "/all", sent)]


def test_a_message_without_type_tags_has_no_arguments() -> None:
    assert parse(b"/old\0\0\0\0") == [TimedMessage(None, "/old", ())]


def test_a_bundle_gives_its_messages_in_order_with_its_time() -> None:
    datagram = bundle(1_800_000_000.25, message("/a", 1), message("/b", 2))
    assert parse(datagram) == [
        TimedMessage(1_800_000_000.25, "/a", (1,)),
        TimedMessage(1_800_000_000.25, "/b", (2,)),
    ]


def test_an_inner_bundle_acts_no_sooner_than_the_outer_one() -> None:
    inner_at_once = bundle(None, message("/now"))
    inner_later = bundle(1_800_000_009.0, message("/later"))
    inner_sooner = bundle(1_700_000_000.0, message("/sooner"))
    times = [m.at for m in parse(bundle(1_800_000_000.0, inner_at_once, inner_later, inner_sooner))]
    assert times == [1_800_000_000.0, 1_800_000_009.0, 1_800_000_000.0]
    assert [m.at for m in parse(bundle(None, inner_later))] == [1_800_000_009.0]


def test_time_tags_are_exact_to_well_under_a_frame() -> None:
    at = 1_800_000_000.123_456
    (only,) = parse(bundle(at, message("/a")))
    assert only.at == pytest.approx(at, abs=1e-6)


def test_bundles_nest_as_deep_as_allowed_and_no_deeper() -> None:
    datagram = message("/deep")
    for _ in range(NESTING_MAX):
        datagram = bundle(None, datagram)
    assert [m.address for m in parse(datagram)] == ["/deep"]
    with pytest.raises(MalformedDatagram):
        parse(bundle(None, datagram))


def test_a_hundred_thousand_broken_datagrams_are_all_refused_or_read() -> None:
    chance = random.Random(2)
    refused = 0
    slowest_s, slowest = 0.0, b""

    def took_s(datagram: bytes) -> float:
        nonlocal refused
        began_s = time.process_time()
        try:
            parse(datagram)
        except MalformedDatagram:
            refused += 1
        return time.process_time() - began_s

    for _ in range(100_000):
        datagram = broken(chance)
        slowest_s, slowest = max((slowest_s, slowest), (took_s(datagram), datagram))
    assert refused > 50_000
    # None loops. Where a host takes the processor away, its guest may count that as its own work; but not each time.
    assert slowest_s < 1.0 or took_s(slowest) < 1.0


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(datagram: bytes) -> None:
    try:
        parse(datagram)
    except MalformedDatagram:
        return
    assert datagram.startswith((b"/", b"#bundle\0"))


@pytest.mark.parametrize("datagram", WHOLE)
def test_every_cut_of_a_whole_datagram_is_refused_or_read(datagram: bytes) -> None:
    parse(datagram)
    for length in range(len(datagram)):
        try:
            parse(datagram[:length])
        except MalformedDatagram:
            continue
