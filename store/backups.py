"""What a save replaced: kept under the time at which it was replaced, the newest few of each."""

import contextlib
import errno
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.atomic import make_folder, refuse_read_only, sync_folder, write_atomically
from store.errors import StoreError, disk_failure
from store.files import read_file
from store.limits import BACKUPS

STAMP = "%Y%m%dT%H%M%S.%fZ"
"""How names of files tell a time, in UTC."""
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)\.json(\.gz)?")
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EINVAL)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, which goes on evenly when the clocks of the land are turned back."""
    return datetime.now(UTC)


class Backups:
    """The backups of one file, in a folder of their own.

    folder    where they lie
    temp_dir  on the same file system
    now       tells the time, with its zone
    """

    def __init__(self, folder: Path, temp_dir: Path, now: Clock = utc_now) -> None:
        self._folder = folder
        self._temp_dir = temp_dir
        self._now = now

    def paths(self) -> list[Path]:
        """The backups, the newest first, as many as are kept."""
        return self._all()[:BACKUPS]

    def _all(self) -> list[Path]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_failure("read", self._folder, error) from error
        return [self._folder / name for name in sorted(filter(_NAME.fullmatch, names), reverse=True)]

    def replaced_at(self, backup: Path) -> datetime:
        """When what lies in `backup`, one of `paths`, was replaced, in UTC."""
        stamp = backup.name.partition(".json")[0]
        return datetime.fromisoformat(stamp)  # strptime would bring in three modules with the first save

    def replace(self, path: Path, data: bytes, synced: bool = True) -> None:
        """Write `data` to `path`; what was there becomes a backup, byte for byte, whatever it was, unless it was
        `data` already.

        synced  whether all is on the disk when this returns; where not, `data` is written down elsewhere, and
                `settle` follows once the file is synced

        At every moment `path` holds the old or the new, and the old has a name. Raises StoreError.
        """
        write_atomically(path, data, self._temp_dir, before=lambda: self._keep(path, data), synced=synced)
        if synced:
            self.settle()

    def remove(self, path: Path, synced: bool = True) -> None:
        """Take `path` away; what was there becomes a backup. `synced` as in `replace`. Raises StoreError."""
        refuse_read_only(path)
        if not path.exists():
            return
        make_folder(self._folder)
        try:
            path.rename(self._next(path))
            if synced:
                sync_folder(path.parent)
        except OSError as error:
            raise disk_failure("clear", path, error) from error
        if synced:
            self.settle()

    def settle(self) -> None:
        """Bring the new backup's name to the disk, and drop those that are one too many.

        Coming after the sync of the folder that was saved to, this costs nothing: journals keep the order
        of names, so one commit has carried both.
        """
        with contextlib.suppress(
            OSError, StoreError
        ):  # the save itself is done; a backup's age or number is no one's loss
            sync_folder(self._folder)
            for old in self._all()[BACKUPS:]:
                old.unlink()

    def _keep(self, path: Path, data: bytes) -> None:
        """Give what `path` holds a second name, among the backups, where `data` shall take its place."""
        if not path.exists() or _holds(path, data):
            return
        make_folder(self._folder)
        backup = self._next(path)
        try:
            os.link(path, backup)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            write_atomically(backup, read_file(path), self._temp_dir)

    def _next(self, path: Path) -> Path:
        """A name for what `path` holds, newer than all others, even where the clock was turned back."""
        moment = self._now().astimezone(UTC)
        newest = self.paths()[:1]
        if newest:
            moment = max(moment, self.replaced_at(newest[0]) + timedelta(microseconds=1))
        return self._folder / f"{moment.strftime(STAMP)}{'.json.gz' if path.name.endswith('.gz') else '.json'}"


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file holds this very `data`."""
    try:
        return path.stat().st_size == len(data) and read_file(path) == data
    except (OSError, StoreError):
        return False
