"""Waiting for facts. The one place where a test of the real thing lets time pass."""

import time
from collections.abc import Callable
from typing import TypeVar

Fact = TypeVar("Fact")
POLL_S = 0.02
PATIENCE_S = 120.0
"""No machine is so slow or so busy: only a fault is waited for so long."""


def wait_until(look: Callable[[], Fact], timeout_s: float = PATIENCE_S, what: str = "it to be so") -> Fact:
    """Look again and again until there is something to see, and give it back."""
    ends_s = time.monotonic() + timeout_s
    while True:
        fact = look()
        if fact:
            return fact
        assert time.monotonic() < ends_s, f"waited {timeout_s:g} s for {what}"
        time.sleep(POLL_S)
