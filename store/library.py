"""The pattern library: patterns by genre and name, as many as there are.

    <root>/<genre>/<name>.json

Calls block on the disk: they belong on the store's thread.
"""

import unicodedata
from pathlib import Path

import msgspec

from store.backups import Backups, Clock, utc_now
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import NotInLibrary, disk_failure
from store.files import read_file
from store.names import safe_name

UNSORTED = "unsorted"
"""The genre of patterns that have none."""

_ENDING = ".json"


class Library:
    """The library in the folder `root`, `patterns/library` of a project.

    factory  another library's folder, read where `root` has no such name, and never written

    Where a name is asked for, "genre/name" and the name alone will do.
    """

    def __init__(self, root: Path, factory: Path | None = None, now: Clock = utc_now) -> None:
        self._root = root
        self._roots = [root] if factory is None else [root, factory]
        self._now = now

    def names(self) -> list[str]:
        """Every pattern as "genre/name", in order. Raises StoreError where a folder cannot be read."""
        return sorted({name for root in self._roots for name in _found(root)})

    def path(self, name: str) -> Path:
        """The file of a pattern.

        Raises BadName where `name` is a path, NotInLibrary where there is no such pattern, or several.
        """
        genre, _, alone = name.rpartition("/")
        alone = safe_name(alone)
        genre = safe_name(genre) if genre else ""
        for root in self._roots:
            found = {
                full: path
                for full, path in _found(root).items()
                if full == f"{genre}/{alone}" or (not genre and full.partition("/")[2] == alone)
            }
            if len(found) > 1:
                raise NotInLibrary(f"The library has {' and '.join(sorted(found))}; say which.")
            if found:
                return next(iter(found.values()))
        raise NotInLibrary(f"The library has no pattern {name!r}; /pattern/list tells what it has.")

    def read(self, name: str) -> Pattern:
        """A pattern of the library. Raises as `path`, and DamagedFile or NewerVersion as a slot does."""
        path = self.path(name)
        return decode_pattern(read_file(path), str(path))

    def write(self, pattern: Pattern, name: str) -> Path:
        """Save `pattern` under `name` in the folder of its genre, and tell where.

        A pattern of that name and genre is replaced and kept as a backup. Raises BadName where the name or
        the genre cannot name a file, StoreError where the disk refuses.
        """
        name = safe_name(name)
        genre = safe_name(pattern.genre) if pattern.genre.strip() else UNSORTED
        path = self._root / genre / f"{name}{_ENDING}"
        patterns = self._root.parent
        backups = Backups(patterns / "backups" / "library" / genre / name, patterns / "temp", self._now)
        backups.replace(path, encode_pattern(msgspec.structs.replace(pattern, name=name)))
        return path


def _found(root: Path) -> dict[str, Path]:
    """The files of the library in `root` by "genre/name", composed the same on every system."""
    try:
        files = [file for folder in root.iterdir() if folder.is_dir() for file in folder.glob(f"*{_ENDING}")]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise disk_failure("read", root, error) from error
    return {
        unicodedata.normalize("NFC", f"{file.parent.name}/{file.stem}"): file
        for file in files
        if not file.name.startswith(".") and not file.parent.name.startswith(".")
    }
