"""One engine a project: whoever plays it holds its lock, and the system lets go of it when the holder dies."""

import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from store.atomic import make_folder
from store.errors import ProjectInUse, disk_failure
from store.runtime import RUNTIME_FOLDER, RUNTIME_MODE

LOOK_S = 0.5
"""Far longer than a look takes, even of a process that hardly has a turn."""
POLL_S = 0.01


class ProjectLock:
    """The right to play and to write the project in the folder `project`. A context manager.

    It belongs to the process, not to a thread. A file that a dead process left behind holds nothing.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._folder = project / RUNTIME_FOLDER
        self._lock = FileLock(_lock_path(project), thread_local=False)

    def acquire(self) -> None:
        """Take the lock, at once or not at all: others that merely look (`wait_until_free`) have it for a moment.

        Raises ProjectInUse where another engine has it, StoreError where the disk refuses.
        """
        make_folder(self._folder, RUNTIME_MODE)
        try:
            self._lock.acquire(LOOK_S, POLL_S)
            self._owner_file.write_text(f"{os.getpid()}\n", encoding="utf-8")
        except Timeout:
            raise ProjectInUse(
                f"Project {self._project} is already played by {self._owner()}; "
                "attach with chronus, or end it with chronus stop."
            ) from None
        except OSError as error:
            self._lock.release()
            raise disk_failure("lock", self._project, error) from error

    def release(self) -> None:
        """Let go of the lock; where it is not held, nothing happens."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._owner_file.unlink()
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def _owner_file(self) -> Path:
        return self._folder / "engine.pid"

    def _owner(self) -> str:
        """Who holds the lock, in words."""
        try:
            return f"engine {int(self._owner_file.read_text(encoding='utf-8'))}"
        except (OSError, ValueError):
            return "another engine"


def wait_until_free(project: Path, timeout_s: float) -> bool:
    """Wait until no engine holds `project`; False where one still does after `timeout_s`."""
    lock = FileLock(_lock_path(project))
    try:
        lock.acquire(timeout=timeout_s)
    except Timeout:
        return False
    lock.release()
    return True


def _lock_path(project: Path) -> Path:
    return project / RUNTIME_FOLDER / "lock"
