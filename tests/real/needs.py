"""What a test takes from the system."""

import contextlib
import random
import shutil
import socket
from pathlib import Path

import pytest


def need(*tools: str) -> None:
    """Skip the test where a tool of the system's is missing, and say which."""
    missing = [tool for tool in tools if not (shutil.which(tool) or Path("/usr/sbin", tool).exists())]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")


def free_port(kind: socket.SocketKind) -> int:
    """A port of this machine that a tool may listen on. The system gives none of these to who asks for any, so none is
    taken before the tool is up."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket(type=kind) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
