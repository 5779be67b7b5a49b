import json
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from chronus_tui.cli import main, send
from chronus_tui.osc_guard import TimedMessage

PATIENCE_S = 60.0


def done(message: TimedMessage) -> tuple[Any, ...]:
    return "/done", message.address, 3, "kick"


def refused(message: TimedMessage) -> tuple[Any, ...]:
    return "/fail", message.address, "There is no slot 129; slots go from 1 to 128."


def silent(message: TimedMessage) -> None:
    return None


def test_a_command_that_is_carried_out_prints_its_reply(osc_echo: Callable[..., Any], capsys: Any) -> None:
    echo = osc_echo(done)
    assert main(["send", "--host", "127.0.0.1", "--port", str(echo.port), "/pattern/load", "3"]) == 0
    assert capsys.readouterr().out == "/done /pattern/load 3 kick\n"


def test_a_command_that_is_refused_is_one_sentence_and_exit_code_1(osc_echo: Callable[..., Any], capsys: Any) -> None:
    echo = osc_echo(refused)
    assert main(["send", "--host", "127.0.0.1", "--port", str(echo.port), "/pattern/load", "129"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "There is no slot 129; slots go from 1 to 128.\n"


@pytest.mark.parametrize("timeout", ["0", "0.05"])
def test_no_answer_is_exit_code_3(osc_echo: Callable[..., Any], capsys: Any, timeout: str) -> None:
    echo = osc_echo(silent)
    words = ["send", "--host", "127.0.0.1", "--port", str(echo.port), "--timeout", timeout, "/transport/play"]
    assert main(words) == 3
    err = capsys.readouterr().err
    assert f"within {timeout} s; what was sent may be done" in err
    assert err.count("\n") == 1


def test_an_answer_is_read_though_this_program_was_held_up_until_its_time_was_over(
    osc_echo: Callable[..., Any], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = osc_echo(done)
    looks: list[float] = []

    def look() -> float:
        looks.append(1e6 * len(looks))
        if len(looks) > 1:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.settimeout(PATIENCE_S)
                other.sendto(OscMessageBuilder(address="/behind").build().dgram, ("127.0.0.1", echo.port))
                other.recv(65536)  # so what was asked before is answered too
        return looks[-1]

    monkeypatch.setattr(send, "time", SimpleNamespace(monotonic=look))
    assert main(["send", "--host", "127.0.0.1", "--port", str(echo.port), "/pattern/load", "3"]) == 0
    assert capsys.readouterr().out == "/done /pattern/load 3 kick\n"


def test_nobody_at_the_port_is_exit_code_3_at_once(deaf_port: int, capsys: Any) -> None:
    assert main(["send", "--host", "127.0.0.1", "--port", str(deaf_port), "--timeout", "3600", "/status"]) == 3
    assert "chronus engine" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["/track/1/step", "4", "1", "0.5"], (4, 1, 0.5)),
        (["/track/1/gain", "-6"], (-6,)),
        (["/track/1/gain", "-.5e1"], (-5.0,)),
        (["/track/1/pattern", "-x-x"], ("-x-x",)),
        (["/track/1/pattern", "----"], ("----",)),
        (["/track/1/pattern", "--xX"], ("--xX",)),
        (["/record/mark", "--", "-verse"], ("-verse",)),
        (["/track/1/pattern", "--", "--json"], ("--json",)),
        (["/pattern/save_file", "042"], ("042",)),
        (["/record/start", "1.5", "wav"], ("1.5", "wav")),
        (["/pattern/load", "042"], (42,)),
        (["/pattern/load", "x"], ("x",)),
        (["/nowhere", "nan", "inf", "1e400"], ("nan", "inf", float("inf"))),
        (["/sync", str(2**40)], (2**40,)),
    ],
)
def test_words_become_what_the_command_takes(
    osc_echo: Callable[..., Any], words: list[str], sent: tuple[Any, ...]
) -> None:
    echo = osc_echo(done)
    assert main(["send", *words[:1], "--host", "127.0.0.1", f"--port={echo.port}", *words[1:]]) == 0
    assert echo.heard == [TimedMessage(None, words[0], sent)]


def test_json_comes_after_the_command_too(osc_echo: Callable[..., Any], capsys: Any) -> None:
    echo = osc_echo(done)
    assert main(["send", "/pattern/load", "3", "--json", "--host", "127.0.0.1", "--port", str(echo.port)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "address": "/pattern/load",
        "done": True,
        "reply": "/done",
        "results": [3, "kick"],
    }


def test_json_of_a_refusal_is_one_object(osc_echo: Callable[..., Any], capsys: Any) -> None:
    echo = osc_echo(refused)
    assert main(["send", "--json", "--host", "127.0.0.1", "--port", str(echo.port), "/pattern/load", "129"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["done"] is False
    assert said["failure"] == "There is no slot 129; slots go from 1 to 128."


def test_it_finds_where_the_projects_engine_listens(osc_echo: Callable[..., Any], project: Path) -> None:
    echo = osc_echo(done)
    said = {"pid": 1, "osc": {"host": "0.0.0.0", "port": echo.port}}
    (project / ".chronus" / "engine.json").write_text(json.dumps(said))
    assert main(["send", "/transport/play"]) == 0
    assert [message.address for message in echo.heard] == ["/transport/play"]


def test_a_project_that_was_named_and_has_no_engine_is_not_taken_for_the_one_in_the_usual_place(
    osc_echo: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    echo = osc_echo(done)
    monkeypatch.setattr("chronus_tui.cli.send.DEFAULT_OSC_PORT", echo.port)
    assert main(["send", "--project", str(project), "/record/start"]) == 3
    assert capsys.readouterr().err == f"No engine runs for {project}; start one with: chronus engine\n"
    assert echo.heard == []
    assert main(["send", "/record/start"]) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"osc": null}', '{"osc": {}}'])
def test_a_damaged_note_of_the_engine_is_as_good_as_none(project: Path, deaf_port: int, text: str) -> None:
    (project / ".chronus" / "engine.json").write_text(text)
    assert main(["send", "--port", str(deaf_port), "/transport/play"]) == 3


@pytest.mark.parametrize(
    "words",
    [
        ["transport/play"],
        ["/a\x00b"],
        ["/sync", str(2**70)],
        ["/track/1/pattern", "x" * 70_000],
    ],
)
def test_what_osc_cannot_carry_is_one_sentence(words: list[str], deaf_port: int, capsys: Any) -> None:
    assert main(["send", "--host", "127.0.0.1", "--port", str(deaf_port), *words]) == 1
    err = capsys.readouterr().err
    assert err.endswith(".\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["--port", "70000", "/x"], ["--port"], ["--timeout", "x", "/x"]])
def test_a_wrong_command_line_is_exit_code_2(words: list[str], capsys: Any) -> None:
    assert main(["send", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("word", ["--prot", "--tim=3", "-p", "--josn"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_option_that_there_is_not_is_told_and_never_sent(
    osc_echo: Callable[..., Any], capsys: Any, word: str, place: int
) -> None:
    echo = osc_echo(done)
    words = ["/record/mark", "verse"]
    words.insert(place, word)
    assert main(["send", "--host", "127.0.0.1", "--port", str(echo.port), *words]) == 2
    assert capsys.readouterr().err == (
        f"chronus send has no option {word!r}; to send it as an argument, put -- before it\n"
    )
    assert echo.heard == []


def test_a_host_that_is_not_there_is_exit_code_3(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(
        socket, "getaddrinfo", unknown
    )  # some networks know every name, and some take minutes to say no
    assert main(["send", "--host", "no.such.host.invalid", "--port", "5005", "/x"]) == 3
    assert "no.such.host.invalid" in capsys.readouterr().err
