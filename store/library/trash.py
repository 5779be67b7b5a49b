"""Where patterns of the library go that are deleted: out of every list, and back again until it is emptied.

    <trash>/<time>/<genre>/<name>.json or .json.gz

The file itself is moved, so what cannot be read is kept as it is, too.
"""

import contextlib
import shutil
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from store.atomic import make_folder, sync_folder
from store.backups import STAMP, Clock
from store.errors import disk_failure
from store.library.entries import ENDINGS, place_of


class Trashed(msgspec.Struct, frozen=True):
    """One deleted pattern. `deleted` in UTC; `name` is genre and name."""

    name: str
    deleted: datetime
    path: Path


class Trash:
    """The trash in the folder `folder`, on the same file system as the library."""

    def __init__(self, folder: Path, now: Clock) -> None:
        self._folder = folder
        self._now = now

    def all(self) -> list[Trashed]:
        """What was deleted, the latest first. Raises StoreError where it cannot be read."""
        try:
            return [
                Trashed(unicodedata.normalize("NFC", f"{path.parent.name}/{place_of(path.name)}"), deleted, path)
                for deleted, folder in reversed(self._deletions())
                for path in sorted(folder.glob("*/*"))
                if path.name.endswith(ENDINGS)
            ]
        except OSError as error:
            raise disk_failure("read", self._folder, error) from error

    def take(self, path: Path) -> None:
        """Move the library's file `path` here. Raises StoreError; then it is where it was."""
        place = self._folder / self._next() / path.parent.name
        make_folder(place)
        try:
            path.rename(place / path.name)
            sync_folder(place)
            sync_folder(path.parent)
        except OSError as error:
            raise disk_failure("delete", path, error) from error
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # where it was the last of its genre

    def give_back(self, trashed: Trashed, path: Path) -> None:
        """Move what was deleted to `path`, where nothing is. Raises StoreError; then it stays here."""
        make_folder(path.parent)
        try:
            trashed.path.rename(path)
            sync_folder(path.parent)
        except OSError as error:
            raise disk_failure("bring back", path, error) from error
        with contextlib.suppress(OSError):
            trashed.path.parent.rmdir()
            trashed.path.parent.parent.rmdir()

    def empty(self) -> int:
        """Delete for good what is here; how many that were. Raises StoreError where something stays."""
        count = len(self.all())
        try:
            for _, folder in self._deletions():
                shutil.rmtree(folder)
        except OSError as error:
            raise disk_failure("empty", self._folder, error) from error
        return count

    def _deletions(self) -> list[tuple[datetime, Path]]:
        """The folders, one for each time something was deleted, the oldest first."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                with contextlib.suppress(ValueError):  # someone else's
                    found.append((datetime.strptime(path.name, STAMP).replace(tzinfo=UTC), path))
        return sorted(found)

    def _next(self) -> str:
        """A time later than all others here, even where the clock was turned back."""
        moment = self._now().astimezone(UTC)
        for last, _ in self._deletions()[-1:]:
            moment = max(moment, last + timedelta(microseconds=1))
        return moment.strftime(STAMP)
