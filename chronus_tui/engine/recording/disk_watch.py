"""The room on the disk that takes go to, and a warning while a take runs and little of it is left."""

import shutil
from collections.abc import Callable
from pathlib import Path

LOOK_S = 1.0
"""How often the disk is asked."""
LOW_S = 60.0
"""With room for so much less of a take there is a warning."""


class DiskWatch:
    """Looks at the disk, on the recorder's thread.

    tell  called with an event's address and arguments
    """

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._looked_s = -LOOK_S
        self._warned = False
        self.free_bytes = 0

    def look(self, now_s: float, folder: Path, bytes_a_second: int, recording: bool) -> None:
        """Ask how much room `folder` has, where that is due; tell once where a take would soon fill it.

        now_s           seconds of a clock that never goes back
        bytes_a_second  that a take needs
        recording       whether one runs
        """
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        try:
            # Where the folder has gone, the next take makes it again.
            self.free_bytes = shutil.disk_usage(folder if folder.is_dir() else folder.parent).free
        except OSError:
            self.free_bytes = 0
        left_s = self.free_bytes / bytes_a_second
        if not recording or left_s >= LOW_S:
            self._warned = False
        elif not self._warned:
            self._warned = True
            self._tell("/event/disk_low", left_s)
