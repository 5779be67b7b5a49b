import random
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from needs import free_port, need
from real_engine import ROOT, Engine, OscClient, environment
from real_song import write_song
from waiting import PATIENCE_S, wait_until

from chronus_tui.engine.osc import OscServer

sys.path.append(str(ROOT / "tests" / "osc"))
from osc_datagrams import broken  # the broken datagrams are the parser's tests' own

UDP_SOCKETS = Path("/proc/net/udp")


@pytest.fixture
def engine(start_engine: Callable[..., Engine], quiet_env: dict[str, str]) -> Engine:
    return start_engine(quiet_env, "--device", "null")


def oscsend(port: int, *words: str) -> None:
    need("oscsend")
    subprocess.run(["oscsend", "127.0.0.1", str(port), *words], check=True, timeout=PATIENCE_S)


def test_oscsend_drives_the_engine(engine: Engine) -> None:
    oscsend(engine.port, "/pattern/load", "i", "3")
    wait_until(lambda: engine.osc.status()["slot"] == 3, what="slot 3 to be loaded")
    oscsend(engine.port, "/transport/bpm", "i", "140")
    oscsend(engine.port, "/track/1/step", "iifi", "2", "1", "0.9", "50")
    oscsend(engine.port, "/transport/play")
    wait_until(lambda: engine.osc.status()["playing"], what="it to play")
    status = engine.osc.status()
    assert status["bpm"] == 140
    assert status["edited"]


def test_a_listener_hears_of_what_another_client_did(engine: Engine) -> None:
    engine.osc.do("/notify", 1)
    oscsend(engine.port, "/pattern/load", "i", "2")
    assert engine.osc.event("/event/slot_loaded")[0] == 2


@pytest.fixture
def oscdump() -> Iterator[tuple[int, IO[str]]]:
    need("oscdump")
    if not UDP_SOCKETS.exists():
        pytest.skip("this system does not tell which ports are listened on")
    port = free_port(socket.SOCK_DGRAM)
    dump = subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True)
    assert dump.stdout is not None
    yield port, dump.stdout
    dump.terminate()
    dump.wait(PATIENCE_S)
    dump.stdout.close()


def test_oscdump_reads_our_answers(oscdump: tuple[int, IO[str]]) -> None:
    port, lines = oscdump
    server = OscServer("127.0.0.1", 0, lambda _: None)
    heard: list[str] = []

    def ask() -> bool:
        server.reply(("127.0.0.1", port), "/synced", 7)
        return server.dropped == 0

    wait_until(lambda: _listens(port), what="oscdump to listen")
    assert ask()
    server.reply(("127.0.0.1", port), "/done", "/track/1/step", 1, 0.5, "grün", 2**40)
    server.close()
    for _ in range(2):
        heard.append(lines.readline())
    assert "/synced i 7" in heard[0]
    assert '/done sifsh "/track/1/step" 1 0.500000 "grün" 1099511627776' in heard[1]


def _listens(port: int) -> bool:
    return any(line.split()[1].endswith(f":{port:04X}") for line in UDP_SOCKETS.read_text().splitlines()[1:])


def test_a_hundred_thousand_malformed_datagrams_do_not_stop_it(engine: Engine) -> None:
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    before = engine.osc.status()
    chance = random.Random(5)
    rude, polite = OscClient(engine.port), OscClient(engine.port)
    for batch in range(400):
        for _ in range(250):
            rude.post(broken(chance)[:4096])

        def synced(batch: int = batch) -> bool:
            polite.send("/sync", batch)  # again, where the system had no room for it any more
            return ("/synced", batch) in polite.heard(1.0)

        wait_until(synced, what="an answer after malformed datagrams")
    for client in (rude, polite):
        client.close()
    after = engine.osc.status()
    assert after["playing"]
    assert after["frame"] > before["frame"]
    assert after["lost"] == before["lost"]
    assert engine.process.poll() is None


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/nowhere", ()),
        ("/pattern/load", ()),
        ("/pattern/load", (1, "bar", 3)),
        ("/pattern/load", (0,)),
        ("/pattern/load", (129,)),
        ("/pattern/load", (-1,)),
        ("/pattern/load", ("x",)),
        ("/pattern/load", (1.5,)),
        ("/pattern/load", (1, "someday")),
        ("/pattern/save", (0,)),
        ("/transport/bpm", (19,)),
        ("/transport/bpm", (float("nan"),)),
        ("/transport/bpm", (float("inf"),)),
        ("/track/99/mute", (1,)),
        ("/track/nobody/mute", (1,)),
        ("/track/1/step", (65, 1)),
        ("/track/1/pattern", ("X.q.",)),
        ("/track/1/instrument", ("kazoo",)),
        ("/mod/nothing/at_all", (1.0,)),
        ("/pattern/save_file", ("../../etc/passwd",)),
        ("/pattern/save_file", (".hidden",)),
        ("/pattern/load_file", ("/etc/passwd",)),
        ("/pattern/load_file", ("no such pattern",)),
        ("/takes/rename", ("nothing", "a\nb")),
        ("/pattern/save_file", ("con",)),
        ("/pattern/save_file", ("x" * 101,)),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(
    shared_engine: Engine, address: str, arguments: tuple[object, ...]
) -> None:
    osc = shared_engine.osc
    before = osc.status()
    answer = osc.ask(address, *arguments)
    assert answer[:2] == ("/fail", address)
    assert answer[2].endswith((".", "all"))
    assert "\n" not in answer[2]
    after = osc.status()
    for key in ("playing", "bpm", "swing", "pattern", "slot", "queued", "edited"):
        assert after[key] == before[key], key
    for key in ("active", "waiting", "path", "format", "taps"):
        assert after["recording"][key] == before["recording"][key], key


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    project = tmp_path_factory.mktemp("shared") / "song"
    write_song(project)
    engine = Engine(project, environment({}), "--device", "null")
    yield engine
    engine.close()
