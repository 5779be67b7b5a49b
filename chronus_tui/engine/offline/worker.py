"""Renders patterns of the library in a process of its own, which gives way to everything else: the engine that asks
plays on undisturbed.

One question, as JSON, comes on standard input. Answers go to standard output, one as JSON a line: after each pattern
how many are done, at the end what became of all. Whoever asked may go: the next answer then ends this process, too.
"""

import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from chronus_tui.engine.factory import library_of
from chronus_tui.engine.kernel_cache import use_kernel_cache
from chronus_tui.engine.priorities import WORKER, give_way
from store.library.batch import Batch
from store.library.filters import Query, folded


class Question(msgspec.Struct, frozen=True):
    """What to render: patterns by full name, to files below `folder`."""

    project: str
    names: tuple[str, ...]
    folder: str
    bars: int
    tail_s: float
    rate: int


class Answer(msgspec.Struct, frozen=True):
    """How many are done of how many; at the end, what became of them."""

    done: int
    of: int
    made: Batch | None = None


def work(question: Question, answers: BinaryIO) -> None:
    """Answer a question. Raises ChronusError, and OSError where nobody hears the answers."""
    use_kernel_cache()
    from chronus_tui.engine.offline.renderer import render_each

    def tell(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    project = Path(question.project)
    library = library_of(project)
    entries = library.select(Query(names=frozenset(map(folded, question.names))))
    steps = render_each(library, entries, project, Path(question.folder), question.bars, question.tail_s, question.rate)
    while True:
        try:
            done, of = next(steps)
        except StopIteration as end:
            tell(Answer(len(entries), len(entries), end.value))
            return
        tell(Answer(done, of))


def main() -> int:
    """Answer one question; the exit code."""
    give_way(WORKER, whole_process=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is half written is put away
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the engine's terminal is the engine's to judge
    try:
        work(msgspec.json.decode(sys.stdin.buffer.read(), type=Question), sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more, and closing the pipe would say so again
    return 0


if __name__ == "__main__":
    sys.exit(main())
