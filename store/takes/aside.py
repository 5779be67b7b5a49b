"""A thread for what waits for the disk, beside one that must not."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Aside:
    """Does one work after another. Used by one thread.

    name  of its thread
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._under_way: deque[Future[None]] = deque()

    def do(self, work: Callable[[], None]) -> None:
        """Do `work` when all that was given before is done."""
        self._under_way.append(self._thread.submit(work))

    def is_done(self) -> bool:
        """Whether nothing is left to be done. Raises once what a work raised."""
        while self._under_way and self._under_way[0].done():
            self._under_way.popleft().result()
        return not self._under_way

    def finish(self) -> None:
        """Wait until all is done, and take no more; `is_done` tells then how it went."""
        self._thread.shutdown(wait=True)
