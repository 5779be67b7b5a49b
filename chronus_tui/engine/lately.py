"""What happened lately, numbered without end: whoever reads again and again is given what is new to it."""

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Lately(Generic[T]):
    """Things in the order in which they were added, the oldest of them forgotten. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._things: deque[T] = deque()
        self._forgotten = 0

    def add(self, thing: T) -> None:
        """One more."""
        with self._lock:
            self._things.append(thing)

    def all(self) -> list[T]:
        """All that is remembered."""
        with self._lock:
            return list(self._things)

    def after(self, number: int) -> tuple[list[T], int]:
        """What was added since this gave `number`, 0 for all that is remembered; and the next such number."""
        with self._lock:
            new = islice(self._things, max(0, number - self._forgotten), None)
            return list(new), self._forgotten + len(self._things)

    def forget(self, is_old: Callable[[T], bool]) -> list[T]:
        """Let go of the oldest, up to the first that is not old; what they were."""
        with self._lock:
            gone: list[T] = []
            while self._things and is_old(self._things[0]):
                gone.append(self._things.popleft())
            self._forgotten += len(gone)
            return gone
