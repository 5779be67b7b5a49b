"""The room on the disk that takes go to, and a warning while a take runs and little of it is left.

A disk may take for ever to answer, as one on a dead network does. So it is asked on a thread of its own, and the sound
is listened to meanwhile.
"""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

LOOK_S = 1.0
"""How often the disk is asked."""
USUALLY_S = 0.01
"""In which a disk answers that is well."""
LOW_S = 60.0
"""With room for so much less of a take there is a warning."""


class DiskWatch:
    """Looks at the disk; the recorder's thread says when. `free_bytes` is what it answered, None before it did.

    tell     called with an event's address and arguments
    by_hand  no thread
    """

    def __init__(self, tell: Callable[..., None], by_hand: bool) -> None:
        self._tell = tell
        self._by_hand = by_hand
        self._asking: tuple[Path, threading.Thread] | None = None
        self._answer: tuple[Path, int] | None = None
        self._looked_s = -LOOK_S
        self._warned = False
        self.free_bytes: int | None = None

    def look(self, now_s: float, folder: Path, bytes_a_second: int, recording: bool) -> None:
        """Ask how much room `folder` has, where that is due; tell once where a take would soon fill it.

        now_s           seconds of a clock that never goes back
        bytes_a_second  that a take needs
        recording       whether one runs
        """
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        if self._by_hand:
            self._ask(folder)
        elif self._asking is None or self._asking[0] != folder or not self._asking[1].is_alive():
            thread = threading.Thread(target=self._ask, args=(folder,), name="disk room", daemon=True)
            self._asking = folder, thread
            thread.start()
            thread.join(USUALLY_S)
        answer = self._answer
        self.free_bytes = answer[1] if answer is not None and answer[0] == folder else None
        if self.free_bytes is not None:
            self._warn(self.free_bytes / bytes_a_second, recording)

    def _ask(self, folder: Path) -> None:
        try:
            # Where the folder has gone, the next take makes it again.
            self._answer = folder, shutil.disk_usage(folder if folder.is_dir() else folder.parent).free
        except OSError:
            self._answer = folder, 0

    def _warn(self, left_s: float, recording: bool) -> None:
        if not recording or left_s >= LOW_S:
            self._warned = False
        elif not self._warned:
            self._warned = True
            self._tell("/event/disk_low", left_s)
