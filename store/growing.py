"""Files that grow while a take runs, and that are put back where someone takes their name away, or their disk.

An open file lives on without its name; so all that was written is still to be had.
"""

import os
from pathlib import Path

from store.atomic import make_folder, write_all
from store.errors import StoreError, disk_failure

_COPIED_BYTES = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)


def open_new(path: Path) -> int:
    """A descriptor of a new file, to be read and written. Raises FileExistsError, and StoreError otherwise."""
    return open_descriptor(path, os.O_CREAT | os.O_EXCL)


def open_descriptor(path: Path, flags: int = 0) -> int:
    """A descriptor of `path`, to be read and written. Raises FileExistsError, and StoreError otherwise."""
    try:
        return os.open(path, os.O_RDWR | flags | _BINARY, 0o666)
    except FileExistsError:
        raise
    except OSError as error:
        raise disk_failure("write", path, error) from error


def leads_to(path: Path, descriptor: int) -> bool:
    """Whether the name still leads to the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def put_back(path: Path, descriptor: int) -> int:
    """Write all of an open file under the name that it lost; the descriptor of the new one, at its end.

    Waits for no disk. The old descriptor stays open: another thread may be syncing it, and the last close of a disk
    that was taken away may wait for that disk.

    Raises FileExistsError where the name was given to another, StoreError where the disk refuses.
    """
    make_folder(path.parent)
    new = open_new(path)
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        while piece := os.read(descriptor, _COPIED_BYTES):
            write_all(new, piece)
    except OSError as error:
        os.close(new)
        raise disk_failure("write", path, error) from error
    return new


def move(path: Path, new_path: Path, descriptor: int) -> int:
    """Give an open file another name, which is free, whether or not `path` still leads to it; its descriptor, at its
    end, which is another one where all of it was written anew, as `put_back` does. Raises as that does."""
    if not leads_to(path, descriptor):
        return put_back(new_path, descriptor)
    try:
        path.rename(new_path)
    except OSError as error:
        raise disk_failure("write", new_path, error) from error
    return descriptor


class GrowingFile:
    """A new file at `path` that is only added to. Used by one thread. Raises StoreError where the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._descriptor = open_new(path)
        except FileExistsError as error:
            raise disk_failure("write", path, error) from error

    def add(self, data: bytes) -> None:
        """Write `data` behind all that is there. Raises StoreError."""
        try:
            write_all(self._descriptor, data)
        except OSError as error:
            raise disk_failure("write", self.path, error) from error

    def save_from_loss(self) -> None:
        """Put the file back where its name was taken away. Raises StoreError."""
        if not leads_to(self.path, self._descriptor):
            self.move(self.path)

    def move(self, path: Path) -> None:
        """Go on under another name. Raises StoreError."""
        lost = self._descriptor
        try:
            self._descriptor = move(self.path, path, lost)
        except FileExistsError as error:
            raise StoreError(f"Could not write {path}: its name was given to another file.") from error
        self.path = path
        if self._descriptor != lost:
            os.close(lost)

    def close(self) -> None:
        """No more of it."""
        os.close(self._descriptor)
