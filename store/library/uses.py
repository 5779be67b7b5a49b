"""When which pattern of the library was last used: a small file beside what belongs to a running engine.

It is a convenience: where it is missing or damaged, a pattern counts as used when it was saved.
"""

from pathlib import Path

import msgspec

from store.atomic import write_atomically
from store.errors import StoreError
from store.files import read_file

FORMAT = "chronus-library-uses"
VERSION = 1
KEPT = 1000


class _Uses(msgspec.Struct, frozen=True):
    """The file. Times in seconds of Unix time, by the full name of the pattern."""

    format: str
    version: int
    used: dict[str, float]


class Uses:
    """The uses that the file `path` holds. `path` is None where nothing is noted."""

    def __init__(self, path: Path | None, temp_dir: Path) -> None:
        self._path = path
        self._temp_dir = temp_dir

    def used_s(self) -> dict[str, float]:
        """When each pattern was last used, in seconds of Unix time, by its full name."""
        if self._path is None:
            return {}
        try:
            uses = msgspec.json.decode(read_file(self._path), type=_Uses)
        except (StoreError, msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return uses.used if (uses.format, uses.version) == (FORMAT, VERSION) else {}

    def note(self, name: str, now_s: float) -> None:
        """Pattern `name` is used now. Of more than a thousand the oldest are forgotten. Raises StoreError."""
        if self._path is None:
            return
        used = self.used_s() | {name: now_s}
        newest = sorted(used.items(), key=lambda use: use[1], reverse=True)[:KEPT]
        text = msgspec.json.format(msgspec.json.encode(_Uses(FORMAT, VERSION, dict(newest))), indent=1)
        write_atomically(self._path, text, self._temp_dir)
