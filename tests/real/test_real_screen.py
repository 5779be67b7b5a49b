import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from needs import need
from real_engine import CHRONUS, START_S, OscClient, chronus, osc_port
from real_sound import sox_seconds
from real_terminal import SshServer, Terminal
from waiting import PATIENCE_S, wait_until


@pytest.fixture
def ends_engine(project: Path, quiet_env: dict[str, str]) -> Any:
    """Whatever a test leaves playing is ended after it. Ask for it first: screens that are still open go before."""
    yield
    chronus("stop", project, env=quiet_env)


def opened(terminal: Terminal, project: Path) -> OscClient:
    """The screen is up; speaks to the engine behind it."""
    port = wait_until(lambda: osc_port(project), START_S, "the engine behind the screen")
    terminal.wait_for("TRACKS", START_S)
    return OscClient(port)


def screen(project: Path) -> list[str]:
    return [*CHRONUS, str(project), "--device", "null", "--osc-port", "0"]


def test_a_newcomers_first_minutes(
    open_terminal: Callable[..., Terminal], new_project: Path, quiet_env: dict[str, str]
) -> None:
    project = new_project
    terminal = open_terminal(screen(project), quiet_env, 80, 24)
    osc = opened(terminal, project)
    slots = project / "patterns" / "slots" / "bank_01"
    assert len(list(slots.glob("slot_*.json"))) >= 8

    terminal.type("Space")
    wait_until(lambda: osc.status()["playing"], what="Space to play")
    terminal.type("Right", "Right", "Down", "Enter")
    wait_until(lambda: osc.status()["edited"], what="Enter to set a step")
    terminal.type("4", "2")
    terminal.wait_for("42")
    terminal.type("s", "7", "Enter")
    wait_until(lambda: osc.status()["slot"] == 7, what="s7 to save")
    terminal.type("r")
    wait_until(lambda: osc.status()["recording"]["seconds"] > 1, what="r to record")
    take = project / osc.status()["recording"]["path"]
    terminal.type("r")
    wait_until(lambda: not osc.status()["recording"]["active"], what="r to end the take")
    terminal.type("C-q")
    terminal.wait_for("etach")
    terminal.type("d")
    wait_until(terminal.ended, what="the screen to close")

    env = {**quiet_env, "CHRONUS_PROJECT": str(project)}
    assert "playing" in chronus("status", env=env).stdout
    need("oscsend")
    subprocess.run(
        ["oscsend", "127.0.0.1", str(osc_port(project)), "/pattern/load", "i", "3"], check=True, timeout=PATIENCE_S
    )
    wait_until(lambda: osc.status()["slot"] == 3 or osc.status()["queued"] == 3, what="oscsend to load slot 3")
    assert chronus("stop", env=env).returncode == 0
    assert sox_seconds(take) > 1
    osc.close()


def test_it_plays_and_records_on_when_the_ssh_line_drops(
    ends_engine: None,
    ssh_server: SshServer,
    open_terminal: Callable[..., Terminal],
    project: Path,
    quiet_env: dict[str, str],
) -> None:
    carried = ("PYTHONPATH", "NUMBA_CACHE_DIR")
    there = ["env", *(f"{name}={quiet_env[name]}" for name in carried), *screen(project)]
    first = open_terminal(ssh_server.login(there), quiet_env)
    osc = opened(first, project)
    osc.do("/pattern/load", 1)
    first.type("Space")
    first.type("r")
    wait_until(lambda: osc.status()["recording"]["seconds"] > 0.5, what="the take to begin")
    assert osc.status()["clients"] == 1
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: osc.status()["clients"] == 0, what="the screen to go with its line")
    cut = osc.status()
    wait_until(lambda: osc.status()["recording"]["seconds"] > cut["recording"]["seconds"] + 1, what="more of the take")
    assert osc.status()["playing"]
    assert osc.status()["recording"]["dropped"] == 0
    log = (project / ".chronus" / "engine.log").read_text()
    assert "Traceback" not in log

    second = open_terminal(ssh_server.login(there), quiet_env)
    second.wait_for("TRACKS")
    second.wait_for("REC")
    wait_until(lambda: osc.status()["clients"] == 1, what="the new screen")
    second.type("r")
    wait_until(lambda: not osc.status()["recording"]["active"], what="r to end the take")
    osc.close()


def test_a_closed_terminal_ends_the_screen_and_leaves_the_engine(
    ends_engine: None, open_terminal: Callable[..., Terminal], project: Path, quiet_env: dict[str, str]
) -> None:
    terminal = open_terminal(screen(project), quiet_env)
    osc = opened(terminal, project)
    osc.do("/transport/play")
    os.kill(terminal.pid, signal.SIGHUP)
    wait_until(terminal.ended, what="the screen to end")
    assert not re.search("Traceback", terminal.text())
    assert osc.status()["playing"]
    osc.close()


def test_a_terminal_too_small_says_so_and_plays_on(
    ends_engine: None, open_terminal: Callable[..., Terminal], project: Path, quiet_env: dict[str, str]
) -> None:
    exported = {"COLUMNS": "80", "LINES": "24"}  # as some shells do, of a terminal that was larger
    terminal = open_terminal(screen(project), quiet_env | exported, 40, 10)
    terminal.wait_for("40x10", START_S)
    osc = OscClient(wait_until(lambda: osc_port(project), what="the engine"))
    terminal.type("Space")
    wait_until(lambda: osc.status()["playing"], what="Space to play")
    osc.close()


def test_stopping_the_engine_under_an_open_screen_is_respected(
    ends_engine: None, open_terminal: Callable[..., Terminal], project: Path, quiet_env: dict[str, str]
) -> None:
    terminal = open_terminal(screen(project), quiet_env)
    opened(terminal, project).close()
    assert chronus("stop", project, env=quiet_env).returncode == 0
    terminal.wait_for("was ended")
    assert osc_port(project) is None
    terminal.type("Space")
    wait_until(lambda: osc_port(project), what="Space to start an engine again")


def test_an_engine_that_dies_is_started_again_by_its_screen(
    ends_engine: None, open_terminal: Callable[..., Terminal], project: Path, quiet_env: dict[str, str]
) -> None:
    terminal = open_terminal(screen(project), quiet_env)
    first = opened(terminal, project)
    first.do("/transport/bpm", 153)
    first.do("/transport/play")
    port = first.status()["osc"]["port"]
    note = project / ".chronus" / "engine.json"
    autosave = project / "patterns" / "slots" / "bank_01" / "slot_000.json"
    wait_until(lambda: autosave.exists() and "153" in autosave.read_text(), what="the autosave")
    wait_until(lambda: json.loads(note.read_bytes())["playing"], what="the note that it plays")
    pid = json.loads(note.read_bytes())["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: json.loads(note.read_bytes())["pid"] != pid, START_S, "another engine")
    again = opened(terminal, project)
    wait_until(lambda: again.status()["clients"] == 1, what="the screen to come back")
    assert again.status()["bpm"] == 153
    assert again.status()["playing"]
    assert again.status()["osc"]["port"] == port
    first.close()
    again.close()


def test_two_screens_show_the_same(
    ends_engine: None, open_terminal: Callable[..., Terminal], project: Path, quiet_env: dict[str, str]
) -> None:
    one = open_terminal(screen(project), quiet_env)
    osc = opened(one, project)
    two = open_terminal(screen(project), quiet_env)
    two.wait_for("TRACKS")
    wait_until(lambda: osc.status()["clients"] == 2, what="both screens")
    osc.do("/pattern/name", "seen by both")
    one.wait_for("seen by both")
    two.wait_for("seen by both")
    os.kill(two.pid, signal.SIGKILL)
    wait_until(lambda: osc.status()["clients"] == 1, what="one screen to be left")
    one.type("Space")
    wait_until(lambda: osc.status()["playing"], what="the other to play on")
    osc.close()
