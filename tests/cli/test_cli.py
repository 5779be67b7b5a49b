import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chronus_tui.cli import main
from chronus_tui.engine.options import EngineOptions
from chronus_tui.errors import PROJECT_IN_USE, ChronusError, ProjectInUse
from chronus_tui.subcommands import SUBCOMMANDS, Parser, Subcommand

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "numba", "textual", "rich", "sounddevice", "soundfile", "asyncio")


def test_help_lists_every_subcommand(capsys: Any) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    for name, subcommand in SUBCOMMANDS.items():
        assert name in out
        assert subcommand.help in out


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_subcommand_has_help_of_its_own(name: str, capsys: Any) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert f"usage: chronus {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["one", "two"],
        ["engine", "--rate", "1"],
        ["engine", "--block", "big"],
        ["engine", "--osc-port", "-1"],
        ["render", "1"],
        ["render", "1", "-o", "x.wav", "--bars", "0"],
        ["bench", "--voices", "8,many"],
        ["bench", "--seconds", "nan"],
        ["status", "--verbose"],
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(words: list[str], capsys: Any) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chronus")
    assert err.count("\n") == 1


def test_a_word_that_is_no_subcommand_is_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chronus_tui.cli import screen

    opened: list[tuple[Path, EngineOptions]] = []
    monkeypatch.setattr(screen, "open_screen", lambda project, options: opened.append((project, options)) or 0)
    monkeypatch.chdir(tmp_path)
    assert main(["mysong", "--device", "null", "--osc-port", "0"]) == 0
    assert opened == [(tmp_path / "mysong", EngineOptions(device="null", osc_port=0))]


def test_the_screen_without_a_terminal_is_one_sentence(project: Path, capsys: Any) -> None:
    assert main([]) == 1
    assert capsys.readouterr().err == (
        "The screen needs a terminal; without one use chronus engine, status and send.\n"
    )


def test_an_engines_options_survive_being_handed_on() -> None:
    options = EngineOptions("my card", 44_100, 64, "0.0.0.0", 0)
    parser = Parser()
    SUBCOMMANDS["engine"].takes(parser)
    read = parser.parse_args(["project", *options.arguments()])
    assert EngineOptions(read.device, read.rate, read.block, read.osc_host, read.osc_port) == options
    assert "--device" not in EngineOptions().arguments()


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (ChronusError("It went\nwrong."), 1, "It went wrong.\n"),
        (ProjectInUse("Another engine plays it."), PROJECT_IN_USE, "Another engine plays it.\n"),
        (FileNotFoundError(2, "No such file or directory", "/x"), 1, "No such file or directory: /x.\n"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("division by zero"), 1, "Chronus is at fault here: ZeroDivisionError: division by zero\n"),
    ],
)
def test_every_failure_is_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, fault: BaseException, code: int, sentence: str
) -> None:
    def fail(arguments: object) -> int:
        raise fault

    monkeypatch.setitem(SUBCOMMANDS, "status", Subcommand("", lambda parser: None, fail))
    monkeypatch.delenv("CHRONUS_DEBUG", raising=False)
    assert main(["status"]) == code
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize("words", [["send", "--port", "9", "/x"], ["status"], ["stop"]])
def test_what_only_asks_imports_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    script = (
        "import sys; from chronus_tui.cli import main; code = main(sys.argv[1:]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    environment = {**os.environ, "CHRONUS_PROJECT": str(tmp_path), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 3
    assert ran.stdout == "[]\n"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="nothing tells how many threads there are")
def test_numpy_starts_no_threads_for_matrices(tmp_path: Path) -> None:
    script = (
        "import os; from chronus_tui.cli import main; main(['status']);"
        "import numpy; print(len(os.listdir('/proc/self/task')))"
    )
    environment = {**os.environ, "CHRONUS_PROJECT": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert ran.stdout.splitlines()[-1] == "1"


def test_a_reader_that_leaves_early_is_no_traceback(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m chronus_tui doctor --json | true"],
        env={**os.environ, "CHRONUS_PROJECT": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ran.stderr


def test_a_mistyped_subcommand_makes_no_project(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["stauts"]) == 2
    assert "./stauts" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
