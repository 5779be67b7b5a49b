"""Writing a file so that its name always stands for a whole one: the old or the new.

The new text is written to a file of its own in the project's folder for such, brought to the disk, and only
then given the name. Whatever happens before that, a crash or a full disk, leaves the old file as it was.
"""

import contextlib
import errno
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from store.errors import StoreError, disk_failure

TEMP_SUFFIX = ".tmp"

_REPLACE_TRIES = 40
_REPLACE_PAUSE_S = 0.025
_BUSY_ON_WINDOWS = (5, 32)
"""Access denied, sharing violation: a virus scanner or a reader has the file open for a moment."""

_FILE_NUMBERS = itertools.count(1)


def write_atomically(
    path: Path, data: bytes, temp_dir: Path, before: Callable[[], None] | None = None, synced: bool = True
) -> None:
    """Put `data` under the name `path`, whole or not at all.

    temp_dir  the project's folder for temporary files; it is made where it is missing, as is that of `path`
    before    called when `data` is written and about to take its place, to look after what is replaced
    synced    whether the file is on the disk when this returns; where not, `data` is written down elsewhere, and
              syncs follow

    Raises StoreError with the path where that fails, or where the file that is there is read-only; then
    it stands as it was.
    """
    refuse_read_only(path)
    temp = temp_folder(path, temp_dir) / f"{path.name}.{os.getpid()}-{next(_FILE_NUMBERS)}{TEMP_SUFFIX}"
    try:
        _write_new(temp, data, synced)
        if before is not None:
            before()
        _replace(temp, path)
        if synced:
            sync_folder(path.parent)
    except OSError as error:
        raise disk_failure("write", path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)


def temp_folder(path: Path, temp_dir: Path) -> Path:
    """`temp_dir`, or the folder of `path` where that lies on another disk: a name cannot cross over.

    Both folders are there afterwards. Raises StoreError.
    """
    make_folder(temp_dir)
    make_folder(path.parent)
    try:
        return temp_dir if temp_dir.stat().st_dev == path.parent.stat().st_dev else path.parent
    except OSError as error:
        raise disk_failure("write", path, error) from error


def refuse_read_only(path: Path) -> None:
    """Raise StoreError where `path` is a file that is not to be written.

    Taking a name from a file needs no leave of the file itself, so its mode has to be asked for.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise disk_failure("write", path, error) from error
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise StoreError(f"Could not write {path}: the file is read-only; make it writable or choose another.")


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make `folder`, with `mode`, and what leads to it, on the disk too. Raises StoreError."""
    if folder.is_dir():
        return
    missing = list(itertools.takewhile(lambda each: not each.is_dir(), (folder, *folder.parents)))
    try:
        for each in reversed(missing):
            each.mkdir(mode if each == folder else 0o777, exist_ok=True)
            sync_folder(each.parent)
    except OSError as error:
        raise disk_failure("make the folder", folder, error) from error


def sync_file(path: Path) -> None:
    """Bring what a file holds to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)  # Windows syncs only what it may write
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_content(descriptor: int) -> None:
    """Bring what an open file holds to the disk, and not the time at which it was written, where the system can tell
    the two apart. Raises OSError."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def try_folder(folder: Path) -> None:
    """Make `folder` where there is none, and see that a file can be written there. Raises StoreError."""
    make_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        raise disk_failure("write to", folder, error) from error


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to the disk. Raises OSError."""
    if os.name == "nt":
        return  # Windows opens no folders, and writes names through by itself
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems sync no folders
            raise
    finally:
        os.close(descriptor)


def sweep(temp_dir: Path) -> None:
    """Remove what writers that were killed left in `temp_dir`. To be called by the project's owner alone."""
    with contextlib.suppress(OSError):
        for left in temp_dir.glob(f"*{TEMP_SUFFIX}"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    left.unlink()


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of `data`, however many pieces the system takes it in. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _write_new(path: Path, data: bytes, synced: bool) -> None:
    """Write `data` to a file that does not exist yet, down to the disk where it shall be `synced`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        write_all(descriptor, data)
        if synced:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(temp: Path, path: Path) -> None:
    for _ in range(_REPLACE_TRIES - 1):
        try:
            temp.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _BUSY_ON_WINDOWS:
                raise
            time.sleep(_REPLACE_PAUSE_S)
        else:
            return
    temp.replace(path)
