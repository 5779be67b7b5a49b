"""Finds the project's engine, or starts one that outlives whoever started it."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import chronus_tui
from chronus_tui.engine.options import PROGRESS, READY, EngineOptions
from chronus_tui.errors import PROJECT_IN_USE, EngineUnreachable
from chronus_tui.link import LinkClient
from chronus_tui.runtime_note import read_note
from store.runtime import RUNTIME_FOLDER, RUNTIME_MODE

LOG_BYTES_MAX = 1 << 20
START_S = 300.0
"""More than the first start, which compiles, takes on a small board."""
LOOK_S = 0.2
"""How often it is looked whether an engine that another started answers."""


def ensure_engine(project: Path, options: EngineOptions, progress: Callable[[str], None]) -> None:
    """Come back once an engine of `project` answers: the one that runs, else a new one.

    The new one gets a session of its own and no terminal, so that neither a hangup nor Ctrl+C reaches it.
    One that takes the place of an engine that died is started as that one was. `progress` hears what it does
    until it is ready: the first start compiles and takes a while.
    Raises EngineUnreachable with the engine's own last words where it does not come up.
    """
    if is_running(project):
        if options != EngineOptions():
            progress("An engine runs already; what was asked of it holds when it is started anew.")
        return
    died = read_note(project)
    if died is not None and options in (EngineOptions(), died.options):
        options = died.again()
    folder = project / RUNTIME_FOLDER
    folder.mkdir(mode=RUNTIME_MODE, parents=True, exist_ok=True)
    ends_s = time.monotonic() + START_S
    while (failure := _start(project, options, folder / "engine.log", progress)) is not None:
        # Who has the project may be another's engine that starts, and is waited for; or one that ends, or a subcommand
        # that writes slots, after which it is free.
        if failure.code != PROJECT_IN_USE or time.monotonic() > ends_s:
            raise EngineUnreachable(failure.sentence)
        if _other_comes_up(project, ends_s):
            return


class _Failure(NamedTuple):
    """Why a start failed: the engine's exit code, and its last words."""

    code: int
    sentence: str


def _start(project: Path, options: EngineOptions, log_path: Path, progress: Callable[[str], None]) -> _Failure | None:
    """Start an engine, and come back when it is ready, or with why it is not."""
    with contextlib.suppress(FileNotFoundError):  # there is none yet, or another start has just put it away
        if log_path.stat().st_size > LOG_BYTES_MAX:
            log_path.replace(log_path.with_suffix(".log.1"))
    with log_path.open("ab") as log:
        log_start = log.tell()
        engine = subprocess.Popen(
            [*_python(), "engine", str(project), "--announce", *options.arguments()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    # Waited for in the background: an engine that dies while its starter lives must not stay as a zombie.
    threading.Thread(target=engine.wait, name="engine watch", daemon=True).start()
    if _becomes_ready(engine, progress):
        return None
    return _Failure(engine.wait(), _last_words(log_path, log_start))


def is_running(project: Path) -> bool:
    """Whether an engine of `project` lets clients in."""
    try:
        LinkClient(project).close()
    except EngineUnreachable:
        return False
    return True


def _other_comes_up(project: Path, ends_s: float) -> bool:
    """Wait until another engine of the project answers, or nobody has the project; whether one answers."""
    from store.locks import wait_until_free  # filelock takes long to import, and few starts ever come here

    while not is_running(project):
        if wait_until_free(project, LOOK_S) or time.monotonic() > ends_s:
            return is_running(project)
    return True


def _python() -> list[str]:
    """How to run this very package, from whatever folder.

    The current folder stays off the search path, as a player's folder may hold a `store` of its own,
    except where it is the checkout that runs.
    """
    here = Path(chronus_tui.__file__).parents[1] == Path.cwd()
    return [sys.executable, *([] if here else ["-P"]), "-m", "chronus_tui"]


def _becomes_ready(engine: "subprocess.Popen[str]", progress: Callable[[str], None]) -> bool:
    assert engine.stdout is not None
    with engine.stdout as announced:
        for line in announced:
            if line.startswith(READY):
                return True
            if line.startswith(PROGRESS):
                progress(line.removeprefix(PROGRESS).rstrip(os.linesep))
    return False


def _last_words(log_path: Path, log_start: int) -> str:
    with log_path.open("rb") as log:
        log.seek(log_start)
        lines = [line for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else f"The engine ended before it was ready; see {log_path}."
