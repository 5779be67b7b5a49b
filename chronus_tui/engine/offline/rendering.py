"""Rendering many patterns beside the sound: asks a process of its own (`worker`), on a thread that waits for it.

Which process runs is the control thread's to know; the thread here only reads what it answers.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import msgspec

from chronus_tui.engine.offline.worker import Answer, Question
from chronus_tui.engine.work import Work
from chronus_tui.errors import ChronusError
from store.library.batch import Batch

COMMAND = (sys.executable, "-m", "chronus_tui.engine.offline.worker")

log = logging.getLogger(__name__)


def render_apart(
    question: Question, work: Work, on_control: Callable[[Callable[[], None]], None], command: tuple[str, ...] = COMMAND
) -> "Future[Batch]":
    """Let a process answer `question`, and follow it as `work`, which may stop it; what became of the patterns.

    on_control  lets the control thread call a function soon

    Raises ChronusError where no process can be started.
    """
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise ChronusError(f"No process could be started to render in: {error.strerror}.") from error
    made: Future[Batch] = Future()
    work.stop = process.terminate
    threading.Thread(
        target=_follow, args=(process, question, work, on_control, made), name="rendering", daemon=True
    ).start()
    return made


def _follow(
    process: "subprocess.Popen[bytes]",
    question: Question,
    work: Work,
    on_control: Callable[[Callable[[], None]], None],
    made: "Future[Batch]",
) -> None:
    assert process.stdin is not None and process.stdout is not None
    result: Batch | None = None
    try:
        with process:
            process.stdin.write(msgspec.json.encode(question))
            process.stdin.close()
            for line in process.stdout:
                answer = msgspec.json.decode(line, type=Answer)
                on_control(partial(work.go_on, answer.done, answer.of))
                result = answer.made
    except (OSError, msgspec.DecodeError) as error:
        log.error("rendering apart failed: %s", error)
    if result is not None:
        made.set_result(result)
    else:
        made.set_exception(
            ChronusError(f"Rendering ended early, after {work.done} of {len(question.names)}; engine.log says why.")
        )
