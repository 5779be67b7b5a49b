"""Room that is kept on the disk while a take runs, and given back for its note: a take that fills the disk is closed as
well as any other."""

import contextlib
import os
from pathlib import Path

from store.atomic import TEMP_SUFFIX, write_all
from store.errors import disk_failure

RESERVE_SUFFIX = f".reserve{TEMP_SUFFIX}"
_BYTES = 64 * 1024


class Reserve:
    """A file in `folder` that holds nothing, for the take at `take`. Raises StoreError where there is no room."""

    def __init__(self, folder: Path, take: Path) -> None:
        self._path = folder / f"{take.stem}{RESERVE_SUFFIX}"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(descriptor, 0, _BYTES)
                else:
                    write_all(descriptor, bytes(_BYTES))
                    os.fsync(descriptor)  # only what is written out is sure to have its room
            finally:
                os.close(descriptor)
        except OSError as error:
            self.give_back()
            raise disk_failure("record to", take, error) from error

    def give_back(self) -> None:
        """Let others have the room."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
