import json
import os
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from chronus_tui.cli import doctor, main
from chronus_tui.cli.doctor import Finding

WIDE = os.terminal_size((120, 40))


def states(findings: Iterable[Finding]) -> list[str]:
    return [finding.state for finding in findings]


def advice(findings: Iterable[Finding]) -> str:
    return " ".join(finding.advice for finding in findings)


def test_json_is_one_object_with_a_finding_of_each_kind(project: Path, capsys: Any) -> None:
    main(["doctor", "--json"])
    said = json.loads(capsys.readouterr().out)
    topics = {finding["topic"] for finding in said["findings"]}
    assert topics == {"version", "sound", "project", "engine", "terminal", "keys", "cache"}


def test_a_finding_that_is_no_good_says_what_to_do(project: Path, capsys: Any) -> None:
    main(["doctor", "--json"])
    for finding in json.loads(capsys.readouterr().out)["findings"]:
        assert finding["state"] == "good" or finding["advice"], finding


def test_a_fault_is_exit_code_1(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(doctor, "_checks", lambda project: iter([iter([Finding("x", "fault", "Bad.", "mend it")])]))
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("FAULT")
    assert "-> mend it" in out


def test_a_good_terminal_is_good() -> None:
    environment = {"TERM": "xterm-256color", "SSH_CONNECTION": "1 2 3 4"}
    (only,) = doctor.terminal(environment, WIDE, "utf-8", True)
    assert only.state == "good"
    assert only.says == "xterm-256color over SSH, 120x40, 256 colours."


@pytest.mark.parametrize("environment", [{}, {"TERM": "dumb"}])
def test_a_terminal_that_cannot_draw_is_a_fault(environment: dict[str, str]) -> None:
    assert states(doctor.terminal(environment, WIDE, "utf-8", True)) == ["fault"]


def test_a_terminal_too_small_is_a_fault() -> None:
    small = os.terminal_size((40, 10))
    assert states(doctor.terminal({"TERM": "xterm"}, small, "utf-8", True)) == ["good", "fault"]


def test_a_locale_that_is_not_utf8_is_noticed() -> None:
    assert states(doctor.terminal({"TERM": "xterm"}, WIDE, "ANSI_X3.4-1968", True)) == ["good", "notice"]


def test_tmux_that_holds_escape_back_is_noticed() -> None:
    environment = {"TMUX": "/tmp/tmux"}
    assert "escape-time" in advice(doctor.lost_keys(environment, lambda: 500))
    assert "escape-time" not in advice(doctor.lost_keys(environment, lambda: 10))
    assert "escape-time" not in advice(doctor.lost_keys(environment, lambda: None))


def test_keys_that_something_in_between_keeps_are_named() -> None:
    says = " ".join(
        finding.says
        for environment in ({"STY": "1"}, {"TERM_PROGRAM": "vscode"}, {"SSH_CONNECTION": "1"})
        for finding in doctor.lost_keys(environment, lambda: None)
    )
    for key in ("Ctrl+A", "Ctrl+P", "~"):
        assert key in says


def test_a_project_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    assert states(doctor.folder(tmp_path / "new")) == ["notice"]


def test_a_project_that_cannot_be_written_is_a_fault(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "patterns")
    (fault,) = [finding for finding in doctor.folder(project) if finding.state == "fault"]
    assert str(project / "patterns") in fault.says


def test_an_osc_port_in_use_is_a_fault(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(doctor, "DEFAULT_OSC_PORT", taken.getsockname()[1])
        assert states(doctor.engine(project)) == ["good", "fault"]
