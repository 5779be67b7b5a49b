"""The process apart: answers one question, and gives way to everything else meanwhile.

The question is a line of JSON on standard input, answers are such lines on standard output: how far it is, and at the
end what became of it. Whoever asked may go: then standard input ends, and with it this process.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from chronus_tui.engine.apart.questions import Answer, CheckTake, Question, RenderEach, ReplayTake
from chronus_tui.engine.priorities import WORKER, give_way
from chronus_tui.errors import ChronusError

TOLD_S = 0.1
"""How often it is told at most how far it is."""


class _Answers:
    """Standard output. Any thread may tell how far it is, one at a time."""

    def __init__(self) -> None:
        self._told_s = -TOLD_S
        self._done, self._of = 0, 0

    def go_on(self, done: int, of: int) -> None:
        """So much is done of so much. Ends the process where nobody listens any more."""
        self._done, self._of = done, of
        now_s = time.monotonic()
        if now_s - self._told_s >= TOLD_S:
            self._told_s = now_s
            self._write(Answer(done, of))

    def end(self, became: object = None, refused: str = "") -> None:
        """What became of it all."""
        self._write(Answer(self._done, self._of, msgspec.Raw(msgspec.json.encode(became)), refused))

    def _write(self, answer: Answer) -> None:
        try:
            sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more, and closing the pipe would say so again


def _become(question: Question, go_on: Callable[[int, int], None]) -> object:
    """What becomes of a question. Raises ChronusError."""
    # What each needs is imported only here: its threads give way as well then.
    match question:
        case RenderEach():
            from chronus_tui.engine.apart.rendering import render_named

            return render_named(question, go_on)
        case CheckTake():
            from chronus_tui.engine.apart.checking import check_take

            return check_take(question, go_on)
        case ReplayTake():
            from chronus_tui.engine.apart.replaying import replay_take

            return replay_take(question, go_on)


def _end_with_asker() -> None:
    """Wait until whoever asked is gone; then end this process."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _end(*_: object) -> None:
    """Put away what is half made, undisturbed, and end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


@contextmanager
def _woken_now_and_then() -> Iterator[None]:
    """A signal that comes as the main thread is about to wait for a lock does not wake it; the next one does."""
    if not hasattr(signal, "setitimer"):  # Windows ends a process without asking it
        yield
        return
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, TOLD_S, TOLD_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def main() -> int:
    """Answer one question; the exit code."""
    give_way(WORKER, whole_process=True)
    signal.signal(signal.SIGTERM, _end)  # so that what is half written is put away
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the engine's terminal is the engine's to judge
    question = msgspec.json.decode(sys.stdin.buffer.readline(), type=Question)
    threading.Thread(target=_end_with_asker, daemon=True).start()
    answers = _Answers()
    with _woken_now_and_then():
        try:
            answers.end(_become(question, answers.go_on))
        except ChronusError as error:
            answers.end(refused=str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
