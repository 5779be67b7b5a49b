"""A running engine whose system calls are counted, refused, or its death, from outside."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from needs import need
from real_engine import Engine
from waiting import PATIENCE_S, wait_until

CHANGING_CALLS = ("write", "fsync", "fdatasync", "link", "rename", "unlink", "mkdir")
"""What changes a disk; an engine at rest makes none of them. One that is killed at any other call leaves what the last
of these left."""
END_S = 3.0
"""It may wait for ever for a thread of an engine that is dead, and then tells nothing that is asked for."""


class Traced:
    """`strace` at work on all threads of an engine, from the moment in which it is made. A context manager.

    faults  such as "rename:signal=SIGKILL:when=2", which is that thread's second
    """

    def __init__(self, engine: Engine, trace: Path, faults: str = "") -> None:
        need("strace")
        self._engine = engine
        self._trace = trace
        inject = ["-e", f"inject={faults}"] if faults else []
        command = ["strace", "-f", "-p", str(engine.process.pid), "-o", str(trace)]
        self._process = subprocess.Popen(
            [*command, "-e", f"trace={','.join(CHANGING_CALLS)}", *inject], stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        if "attached" not in said:
            self.__exit__()
            pytest.skip(f"strace may not trace here: {said.strip()}")

    def __enter__(self) -> "Traced":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=END_S if self._engine.process.poll() is not None else PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def calls(self) -> "Counter[str]":
        """How often each of the calls was made; to be asked when it is over."""
        return Counter(re.findall(rf"\b({'|'.join(CHANGING_CALLS)})\(", self._trace.read_text()))

    def met(self) -> bool:
        """Whether a fault was met."""
        return "(INJECTED)" in self._trace.read_text()


def ask_while_it_lives(engine: Engine, address: str, *arguments: Any) -> tuple[Any, ...] | None:
    """The engine's answer, or None where it died before it gave one."""
    engine.osc.send(address, *arguments)
    heard: list[tuple[Any, ...]] = []

    def over() -> bool:
        heard.extend(engine.osc.heard())
        return bool(heard) or engine.process.poll() is not None

    wait_until(over, what=f"an answer to {address}, or the engine's end")
    return (heard or [None])[0]
