"""A disk that forgets whatever was not synced, as the worst one does when its power is cut."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Power:
    """Follows what of `folder` is on the disk; all that is there at first is.

    cuts  what a power cut would have left after each sync: the names in each folder with the numbers of the files,
          None for a folder, and what the files hold
    """

    folder: Path
    cuts: list[tuple[dict[Path, dict[str, int | None]], dict[int, bytes]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names: dict[Path, dict[str, int | None]] = {}
        self._contents: dict[int, bytes] = {}
        self._held: list[int] = []  # a number is no other file's while one has it open
        for path in (self.folder, *self.folder.rglob("*")):
            self._take(path)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Follow the syncs of this process."""
        for name in ("fsync", "fdatasync"):
            patch.setattr(os, name, self._followed(getattr(os, name)))

    def leave(self, cut: int, folder: Path) -> None:
        """Make in `folder` what a power cut after a sync would have left."""
        names, contents = self.cuts[cut]
        for path, inside in sorted(names.items()):
            made = folder / path.relative_to(self.folder)
            made.mkdir(exist_ok=True)
            for name, number in inside.items():
                if number is None:
                    (made / name).mkdir()
                else:
                    (made / name).write_bytes(contents.get(number, b""))

    def close(self) -> None:
        for descriptor in self._held:
            os.close(descriptor)

    def _followed(self, sync: Callable[[int], None]) -> Callable[[int], Any]:
        def followed(descriptor: int) -> None:
            sync(descriptor)
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if self.folder in (path, *path.parents):
                self._take(path)
                self.cuts.append(({**self._names}, {**self._contents}))

        return followed

    def _take(self, path: Path) -> None:
        """Bring a file, or the names in a folder, to the disk."""
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            self._names[path] = {each.name: None if each.is_dir() else each.lstat().st_ino for each in path.iterdir()}
        else:
            self._held.append(os.open(path, os.O_RDONLY))
            self._contents[status.st_ino] = path.read_bytes()
