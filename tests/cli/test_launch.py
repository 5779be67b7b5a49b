import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chronus_tui import launch
from chronus_tui.engine.options import EngineOptions
from chronus_tui.errors import PROJECT_IN_USE, EngineUnreachable
from store import locks

OPTIONS = EngineOptions(device="null", osc_port=0)


@pytest.fixture
def engine_does(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the engine's place."""

    def place(script: str) -> None:
        monkeypatch.setattr(launch, "_python", lambda: [sys.executable, "-c", script])

    return place


def test_it_comes_back_when_the_engine_is_ready_and_shows_its_progress(
    project: Path, engine_does: Callable[[str], None]
) -> None:
    engine_does("print('progress compiling 1 of 2'); print('progress compiling 2 of 2'); print('ready', flush=True)")
    shown: list[str] = []
    launch.ensure_engine(project, OPTIONS, shown.append)
    assert shown == ["compiling 1 of 2", "compiling 2 of 2"]


def test_the_engine_gets_its_options_and_a_session_of_its_own(
    project: Path, engine_does: Callable[[str], None]
) -> None:
    engine_does(
        "import os, sys; print('progress', *sys.argv[1:], os.getsid(0) == os.getpid(), sys.stdin.read() == '');"
        "print('ready', flush=True)"
    )
    shown: list[str] = []
    launch.ensure_engine(project, OPTIONS, shown.append)
    assert shown == [" ".join(["engine", str(project), "--announce", *OPTIONS.arguments(), "True", "True"])]


def test_an_engine_that_ends_early_is_reported_in_its_own_last_words(
    project: Path, engine_does: Callable[[str], None]
) -> None:
    engine_does("import sys; print('A warning.', file=sys.stderr); sys.exit('OSC port 5005 is in use.\\n')")
    with pytest.raises(EngineUnreachable, match=r"^OSC port 5005 is in use\.$"):
        launch.ensure_engine(project, OPTIONS, print)
    assert "A warning." in (project / ".chronus" / "engine.log").read_text()


def test_words_of_an_earlier_engine_are_not_taken_for_this_ones(
    project: Path, engine_does: Callable[[str], None]
) -> None:
    (project / ".chronus" / "engine.log").write_text("An old failure.\n")
    engine_does("pass")
    with pytest.raises(EngineUnreachable, match=r"ended before it was ready; see .*engine\.log\.$"):
        launch.ensure_engine(project, OPTIONS, print)


def test_an_engine_that_runs_is_left_alone(
    project: Path, link_stub: Callable[..., Any], engine_does: Callable[[str], None]
) -> None:
    engine_does("import pathlib, sys; pathlib.Path(sys.argv[2], 'second').touch()")
    link_stub({})
    launch.ensure_engine(project, OPTIONS, print)
    assert not (project / "second").exists()


REFUSED = f"import sys; sys.exit({PROJECT_IN_USE})"


def test_an_engine_that_another_client_is_starting_is_waited_for(
    project: Path, link_stub: Callable[..., Any], engine_does: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_does(REFUSED)

    def other_listens(project: Path, timeout_s: float) -> bool:
        link_stub({})
        return False

    monkeypatch.setattr(locks, "wait_until_free", other_listens)
    launch.ensure_engine(project, OPTIONS, print)


def test_an_engine_is_started_anew_where_the_one_before_had_yet_to_end(
    project: Path, engine_does: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_does(REFUSED)

    def ends(project: Path, timeout_s: float) -> bool:
        engine_does("print('ready', flush=True)")
        return True

    monkeypatch.setattr(locks, "wait_until_free", ends)
    launch.ensure_engine(project, OPTIONS, print)


def test_a_log_that_another_start_puts_away_meanwhile_is_no_fault(
    project: Path, engine_does: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".chronus" / "engine.log").write_bytes(b"x" * (launch.LOG_BYTES_MAX + 1))
    replace = Path.replace

    def another_was_first(self: Path, target: Path) -> Path:
        replace(self, target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", another_was_first)
    engine_does("print('ready', flush=True)")
    launch.ensure_engine(project, OPTIONS, print)


def test_a_long_log_is_begun_anew_and_the_old_one_kept(project: Path, engine_does: Callable[[str], None]) -> None:
    log = project / ".chronus" / "engine.log"
    log.write_bytes(b"x" * (launch.LOG_BYTES_MAX + 1))
    engine_does("print('ready', flush=True)")
    launch.ensure_engine(project, OPTIONS, print)
    assert log.stat().st_size == 0
    assert log.with_suffix(".log.1").stat().st_size == launch.LOG_BYTES_MAX + 1


def test_a_folder_named_store_where_one_stands_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "-P" in launch._python()
    monkeypatch.chdir(Path(launch.__file__).parents[1])
    assert "-P" not in launch._python()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owner-only folders")
def test_the_runtime_folder_is_for_its_owner_alone(tmp_path: Path, engine_does: Callable[[str], None]) -> None:
    engine_does("print('ready', flush=True)")
    launch.ensure_engine(tmp_path / "new", OPTIONS, print)
    assert (tmp_path / "new" / ".chronus").stat().st_mode & 0o777 == 0o700
