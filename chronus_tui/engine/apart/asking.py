"""Asks a process apart, on a thread that waits for its answers.

Which process runs is the control thread's to know; the thread here only reads what it answers.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

import msgspec

from chronus_tui.engine.apart.questions import NOTHING, Answer, Question
from chronus_tui.engine.work import Work
from chronus_tui.errors import ChronusError

COMMAND = (sys.executable, "-m", "chronus_tui.engine.apart.worker")

Became = TypeVar("Became")

log = logging.getLogger(__name__)


def ask_apart(
    question: Question,
    kind: type[Became],
    work: Work,
    on_control: Callable[[Callable[[], None]], None],
    command: tuple[str, ...] = COMMAND,
) -> "Future[Became]":
    """Let a process answer `question`, and follow it as `work`, which may stop it. What became of it comes, or a
    ChronusError.

    kind        of what becomes of it
    on_control  lets the control thread call a function soon

    Raises ChronusError where no process can be started.
    """
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise ChronusError(f"No process could be started for the {work.what}: {error.strerror}.") from error
    became: Future[Became] = Future()
    work.stop = process.terminate
    threading.Thread(
        target=_follow, args=(process, question, kind, work, on_control, became), name="apart", daemon=True
    ).start()
    return became


def _follow(
    process: "subprocess.Popen[bytes]",
    question: Question,
    kind: type[Became],
    work: Work,
    on_control: Callable[[Callable[[], None]], None],
    became: "Future[Became]",
) -> None:
    assert process.stdin is not None and process.stdout is not None
    result: Became | None = None
    refused = f"The {work.what} ended early; engine.log says why."
    try:
        with process:
            # It is left open, for the process ends with it, whatever becomes of this one.
            process.stdin.write(msgspec.json.encode(question) + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                answer = msgspec.json.decode(line, type=Answer)
                on_control(partial(work.go_on, answer.done, answer.of))
                refused = answer.refused or refused
                if bytes(answer.became) != bytes(NOTHING):
                    result = msgspec.json.decode(answer.became, type=kind)
    except Exception:  # the thread's edge: whoever asked hears of it, and the next may ask
        log.exception("the %s failed", work.what)
    if result is not None:
        became.set_result(result)
    else:
        became.set_exception(ChronusError(refused))
