import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from real_engine import Engine, chronus
from waiting import PATIENCE_S, wait_until

from chronus_tui.commands import COMMANDS
from chronus_tui.errors import PROJECT_IN_USE


def test_a_second_engine_on_one_project_is_refused_and_the_first_plays_on(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str]
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    second = chronus("engine", engine.project, "--device", "null", "--osc-port", "0", env=quiet_env)
    assert second.returncode == PROJECT_IN_USE
    assert second.stderr.count("\n") == 1
    assert f"engine {engine.process.pid}" in second.stderr
    assert engine.osc.status()["project"]


def test_an_osc_port_in_use_is_one_sentence(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str], tmp_path: object
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        ran = chronus("engine", f"{tmp_path}/other", "--device", "null", "--osc-port", port, env=quiet_env)
    assert ran.returncode == 1
    last = ran.stderr.splitlines()[-1]
    assert last == f"OSC port {port} is in use by another program; choose another with --osc-port."
    assert "Traceback" not in ran.stderr


def test_the_command_line_reaches_a_running_engine(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str], deaf_port: int
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    env = {**quiet_env, "CHRONUS_PROJECT": str(engine.project)}
    status = json.loads(chronus("status", "--json", env=env).stdout)
    for key in ("playing", "bpm", "frame", "slot", "device", "xruns", "recording", "clients", "osc", "version"):
        assert key in status
    assert chronus("send", "/pattern/load", "3", env=env).returncode == 0
    assert chronus("send", "/pattern/load", "129", env=env).returncode == 1
    assert json.loads(chronus("status", "--json", env=env).stdout)["slot"] == 3
    assert chronus("stop", env=env).returncode == 0
    assert engine.process.wait(PATIENCE_S) == 0
    assert chronus("status", env=env).returncode == 3
    assert chronus("send", "/status", "--port", deaf_port, env=env).returncode == 3
    assert not (engine.project / ".chronus" / "engine.json").exists()


def test_stop_closes_a_running_take(start_engine: Callable[..., Engine], quiet_env: dict[str, str]) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    engine.osc.do("/transport/play")
    take = engine.project / engine.osc.do("/record/start", "last")[0]
    engine.wait_for("recording.seconds", 0.5)
    assert chronus("stop", engine.project, env=quiet_env).returncode == 0
    wait_until(lambda: engine.process.poll() is not None, what="the engine to end")
    assert json.loads(take.with_suffix(".json").read_text())["complete"] is True


def test_a_grab_of_all_since_the_engine_began_is_made_again(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str], tmp_path: Path
) -> None:
    engine = start_engine(quiet_env, "--device", "null")
    engine.osc.do("/transport/play")
    engine.wait_for("frame", 48_000)
    take = Path(engine.osc.do("/record/grab")[0])
    wait_until(lambda: json.loads(take.with_suffix(".json").read_text())["complete"], what="the grab to be written")
    made = chronus("replay", take, "--project", engine.project, "-o", tmp_path / "again.wav", env=quiet_env)
    assert made.returncode == 0, made.stderr


def test_without_its_device_the_engine_plays_on_the_silent_clock_and_says_why(
    start_engine: Callable[..., Engine], quiet_env: dict[str, str]
) -> None:
    engine = start_engine(quiet_env, "--device", "no such card")
    engine.osc.do("/transport/play")
    status = engine.wait_for("bar", 1)
    assert status["silent"]
    assert "no such card" in status["problem"]
    assert engine.wait_for("frame", status["frame"] + 1000)["playing"]


def test_render_writes_a_file_and_one_json_object(project: Path, quiet_env: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    ran = chronus("render", 1, 2, "-o", out, "--bars", 1, "--tail", 0.5, "--project", project, "--json", env=quiet_env)
    assert ran.returncode == 0, ran.stderr
    (made,) = json.loads(ran.stdout)["files"]
    assert made["path"] == str(out)
    info = soundfile.info(out)
    assert (info.samplerate, info.channels, info.frames) == (48_000, 2, made["frames"])
    assert info.duration == pytest.approx(4 * 60 / 121 + 4 * 60 / 122 + 0.5, abs=0.01)


@pytest.mark.parametrize("source", ["99", "129", "no such song", "../../etc/passwd", "missing.json"])
def test_a_source_that_is_not_there_is_one_sentence_and_no_file(
    project: Path, quiet_env: dict[str, str], tmp_path: Path, source: str
) -> None:
    out = tmp_path / "out.wav"
    ran = chronus("render", source, "-o", out, "--project", project, env=quiet_env)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "Traceback" not in ran.stderr
    assert not out.exists()


def test_bench_prints_one_json_object(quiet_env: dict[str, str]) -> None:
    ran = chronus("bench", "--voices", "1,2", "--seconds", "0.1", "--json", env=quiet_env)
    assert ran.returncode == 0, ran.stderr
    assert [figures["voices"] for figures in json.loads(ran.stdout)["patch"]] == [1, 2]


def test_schema_prints_every_command(quiet_env: dict[str, str]) -> None:
    said = json.loads(chronus("schema", "--json", env=quiet_env).stdout)
    assert [command["address"] for command in said["commands"]] == [command.address for command in COMMANDS]
    text = chronus("schema", env=quiet_env).stdout
    for command in COMMANDS:
        assert command.address in text
