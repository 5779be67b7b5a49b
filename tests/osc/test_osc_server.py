import queue
import random
import socket
from collections.abc import Iterator

import pytest
from osc_datagrams import broken, bundle, message

from chronus_tui.engine.osc import IDLE_S, LISTENERS_MAX, Listeners, OscRequest, OscServer
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.osc_guard import parse

PATIENCE_S = 60.0


class Player:
    """A program that speaks OSC to a server of the test's own, with every answer waited for."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[OscRequest] = queue.SimpleQueue()
        self.server = OscServer("127.0.0.1", 0, self.heard.put)
        self.server.start()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", self.server.port))

    def send(self, datagram: bytes) -> None:
        self.socket.send(datagram)

    def arrives(self) -> OscRequest:
        return self.heard.get(timeout=PATIENCE_S)

    def answer(self) -> tuple[object, ...]:
        (only,) = parse(self.socket.recv(65536))
        return only.address, *only.arguments

    def close(self) -> None:
        self.server.close()
        self.socket.close()


@pytest.fixture
def player() -> Iterator[Player]:
    player = Player()
    yield player
    player.close()


def test_messages_arrive_in_order_with_their_sender_and_time(player: Player) -> None:
    player.send(message("/a", 1, "x"))
    player.send(bundle(1_800_000_000.0, message("/b"), message("/c")))
    here = player.socket.getsockname()
    assert [player.arrives() for _ in range(3)] == [
        OscRequest("/a", (1, "x"), None, here),
        OscRequest("/b", (), 1_800_000_000.0, here),
        OscRequest("/c", (), 1_800_000_000.0, here),
    ]


def test_an_answer_goes_to_the_port_that_asked(player: Player) -> None:
    player.send(message("/status"))
    player.server.reply(player.arrives().sender, "/done", "/status", 1, 2.5, "grün", True, 1e300, (1, 2))
    assert player.answer() == ("/done", "/status", 1, 2.5, "grün", True, 1e300, [1, 2])


def test_a_broken_message_gets_a_fail_and_a_nameless_one_is_dropped(player: Player) -> None:
    player.send(b"\xff\xff\xff")
    player.send(b"/bad\0\0\0\0,i\0\0")
    assert player.answer() == ("/fail", "/bad", "An OSC message ends before its arguments do.")
    assert player.server.malformed == 2


def test_part_of_a_broken_bundle_is_not_carried_out(player: Player) -> None:
    player.send(bundle(None, message("/good"), b"/bad\0\0\0\0,i\0\0"))
    player.send(message("/last"))
    assert player.arrives().address == "/last"


def test_answers_are_not_answered(player: Player) -> None:
    for address in ("/done", "/fail", "/synced", "/status.reply", "/event/slot_loaded"):
        player.send(message(address, "/x"))
        player.send(address.encode() + b"\0" * (4 - len(address) % 4) + b",i\0\0")
    player.send(message("/last"))
    assert player.arrives().address == "/last"
    player.send(b"/bad\0\0\0\0,i\0\0")
    assert player.answer()[:2] == ("/fail", "/bad")


def test_an_answer_too_long_for_a_datagram_says_so(player: Player) -> None:
    player.send(message("/engine/schema"))
    player.server.reply(player.arrives().sender, "/done", "/engine/schema", "x" * 70_000)
    address, about, sentence = player.answer()
    assert (address, about) == ("/fail", "/engine/schema")
    assert "70" in str(sentence)


def test_an_answer_that_cannot_be_sent_is_counted(player: Player) -> None:
    player.server.reply(("127.0.0.1", 0), "/done", "/x")
    player.server.reply(player.socket.getsockname(), "/done", object())
    assert player.server.dropped == 2


def test_the_server_outlives_a_fault_in_what_it_hands_on() -> None:
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()

    def submit(request: OscRequest) -> None:
        if request.address == "/poison":
            raise RuntimeError("a fault")
        heard.put(request.address)

    server = OscServer("127.0.0.1", 0, submit)
    server.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(message("/poison"), ("127.0.0.1", server.port))
        client.sendto(message("/after"), ("127.0.0.1", server.port))
        assert heard.get(timeout=PATIENCE_S) == "/after"
    assert server.failed == 1
    server.close()


def test_what_arrives_before_anyone_can_hear_it_is_heard_then() -> None:
    heard: queue.SimpleQueue[OscRequest] = queue.SimpleQueue()
    server = OscServer("127.0.0.1", 0, heard.put)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(message("/early"), ("127.0.0.1", server.port))
        assert heard.empty()
        server.start()
        assert heard.get(timeout=PATIENCE_S).address == "/early"
    server.close()


def test_a_port_in_use_is_one_sentence(player: Player) -> None:
    with pytest.raises(ChronusError) as refusal:
        OscServer("127.0.0.1", player.server.port, lambda _: None)
    assert str(refusal.value) == (
        f"OSC port {player.server.port} is in use by another program; choose another with --osc-port."
    )


def test_a_host_that_is_not_here_is_one_sentence() -> None:
    with pytest.raises(ChronusError, match="choose another"):
        OscServer("192.0.2.1", 0, lambda _: None)


def test_a_closed_server_gives_its_port_back(player: Player) -> None:
    port = player.server.port
    player.server.close()
    OscServer("127.0.0.1", port, lambda _: None).close()
    player.server = OscServer("127.0.0.1", 0, player.heard.put)


def test_five_thousand_broken_datagrams_leave_the_server_listening(player: Player) -> None:
    chance = random.Random(3)
    for number in range(100):
        for _ in range(50):
            datagram = broken(chance)
            if len(datagram) <= 8192:
                player.send(datagram)
        player.send(message("/alive", number))
        while (request := player.arrives()).address != "/alive" or request.arguments != (number,):
            pass
    assert player.server.malformed > 2000
    assert player.server.failed == 0


class Wire:
    def __init__(self) -> None:
        self.sent: list[tuple[object, ...]] = []

    def __call__(self, *parts: object) -> None:
        self.sent.append(parts)


def test_listeners_hear_events_until_they_take_it_back() -> None:
    wire = Wire()
    listeners = Listeners(wire)
    one, two = ("127.0.0.1", 1), ("127.0.0.1", 2)
    listeners.add(one, 0.0)
    listeners.add(two, 0.0)
    listeners.remove(two)
    listeners.broadcast(1.0, "/event/slot_loaded", 3)
    assert wire.sent == [(one, "/event/slot_loaded", 3)]


def test_a_listener_is_dropped_after_a_silent_minute_and_kept_by_a_ping() -> None:
    wire = Wire()
    listeners = Listeners(wire)
    silent, pinging = ("127.0.0.1", 1), ("127.0.0.1", 2)
    listeners.add(silent, 0.0)
    listeners.add(pinging, 0.0)
    listeners.heard(pinging, 30.0)
    listeners.heard(("127.0.0.1", 3), 30.0)
    listeners.broadcast(IDLE_S + 1, "/event/x")
    assert wire.sent == [(pinging, "/event/x")]


def test_no_more_listeners_than_can_be_served() -> None:
    listeners = Listeners(Wire())
    for port in range(LISTENERS_MAX):
        listeners.add(("127.0.0.1", port), 0.0)
    with pytest.raises(CommandRefused):
        listeners.add(("127.0.0.1", 9999), 0.0)
    listeners.add(("127.0.0.1", 9999), IDLE_S + 1)
    assert len(listeners) == 1
