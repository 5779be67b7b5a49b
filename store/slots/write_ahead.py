"""One thing that is about to be done to a project's files, written down first: the next start does it where a crash
cut it off.

A file that is long enough already is overwritten in its place. That asks nothing of the file system's journal, so it
is on the disk in a quarter of the time that a new file and its name take. It lies in `.chronus`, beside the history:
it is the engine's own, and `patterns/` holds nothing but what people read and may keep in git.

The file holds one entry at a time, as a frame with a checksum (`frames`). An entry that was cut off therefore counts
for nothing, which is right: whoever wrote it never heard that it was written. An empty frame is no entry.
"""

import contextlib
import os
from pathlib import Path

from store.atomic import make_folder, sync_content, sync_folder, write_all
from store.errors import StoreError, disk_failure
from store.files import read_file
from store.frames import bodies, framed
from store.runtime import RUNTIME_FOLDER, RUNTIME_MODE

MOST_BYTES = 512 * 2**20
"""An entry holds as many patterns as there are slots in a bank, or more."""
_ROOM_BYTES = 2**18
"""What the file grows by. The largest patterns take less, so hardly a save ever finds it too short."""
_KEPT_BYTES = 2**20
"""A file longer than this goes when its entry does."""
_NOTHING = framed(b"")


class WriteAhead:
    """The entry of the project in the folder `project`. Used by one thread, of whoever holds the project's lock."""

    def __init__(self, project: Path) -> None:
        self.path = project / RUNTIME_FOLDER / "ahead"

    def write(self, entry: bytes) -> None:
        """Let there be this entry, which is not empty, in place of any other. On the disk when this returns.

        Raises StoreError; then there is none.
        """
        try:
            self._overwrite(framed(entry))
        except OSError as error:
            with contextlib.suppress(StoreError):
                self._remove()  # what came of it is not known, and it may have taken the last of the room
            raise disk_failure("write", self.path, error) from error

    def read(self) -> bytes | None:
        """The entry, or None where there is none that is whole. Raises StoreError."""
        if not self.path.exists():
            return None
        return next(bodies(read_file(self.path, MOST_BYTES)), None) or None

    def clear(self) -> None:
        """Let there be no entry. On the disk when this returns. Raises StoreError."""
        try:
            if self.path.stat().st_size <= _KEPT_BYTES:
                self._overwrite(_NOTHING)
                return
        except FileNotFoundError:
            return
        except OSError:
            pass  # what cannot be written may be removed still
        self._remove()

    def put_aside(self) -> Path:
        """Keep the entry under another name, and have none; where it lies then. Raises StoreError."""
        aside = self.path.with_suffix(".old")
        try:
            self.path.replace(aside)
            sync_folder(aside.parent)
        except OSError as error:
            raise disk_failure("put aside", self.path, error) from error
        return aside

    def _overwrite(self, frame: bytes) -> None:
        make_folder(self.path.parent, RUNTIME_MODE)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            size = os.fstat(descriptor).st_size
            if len(frame) > size:
                frame += bytes(-len(frame) % _ROOM_BYTES)
            write_all(descriptor, frame)
            sync_content(descriptor)
        finally:
            os.close(descriptor)
        if size == 0:
            sync_folder(self.path.parent)

    def _remove(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        except OSError as error:
            raise disk_failure("remove", self.path, error) from error
