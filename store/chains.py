"""The chains of a project, by name: `patterns/chains/NAME.json`.

Calls block on the disk: they belong on the store's thread.
"""

import os
import unicodedata
from pathlib import Path

from msgspec.structs import replace

from store.backups import Backups, Clock, utc_now
from store.codec import decode_chain, encode_chain
from store.documents import Chain
from store.errors import NoChain, disk_failure
from store.files import read_file
from store.names import safe_name

_ENDING = ".json"


class Chains:
    """The chains of the project in the folder `project`."""

    def __init__(self, project: Path, now: Clock = utc_now) -> None:
        self._patterns = project / "patterns"
        self._root = self._patterns / "chains"
        self._now = now

    def names(self) -> list[str]:
        """Every chain, in order. Raises StoreError where the folder cannot be read."""
        try:
            files = [path.name for path in self._root.glob(f"*{_ENDING}") if not path.name.startswith(".")]
        except OSError as error:
            raise disk_failure("read", self._root, error) from error
        return sorted(unicodedata.normalize("NFC", name.removesuffix(_ENDING)) for name in files)

    def read(self, name: str) -> Chain:
        """A chain. Raises BadName, NoChain where there is none of that name, DamagedFile or NewerVersion."""
        named = safe_name(name)
        path = self._root / f"{named}{_ENDING}"
        if not os.path.lexists(path):
            raise NoChain(f"There is no chain {named!r}; /chain/list tells what there is.")
        return replace(decode_chain(read_file(path), str(path)), name=named)

    def write(self, chain: Chain) -> Path:
        """Save a chain under its name, and tell where; what was there is kept as a backup.

        Raises BadName, StoreError where the disk refuses.
        """
        name = safe_name(chain.name)
        path = self._root / f"{name}{_ENDING}"
        backups = Backups(self._patterns / "backups" / "chains" / name, self._patterns / "temp", self._now)
        backups.replace(path, encode_chain(chain))
        return path
