"""The presets: settings of an instrument under a name, for any track of any pattern.

    <root>/<instrument>/<name>.json

Calls block on the disk: they belong on the store's thread.
"""

import unicodedata
from pathlib import Path

import msgspec

from store.backups import Backups, Clock, utc_now
from store.codec import decode_preset, encode_preset
from store.documents import Preset
from store.errors import NoPreset, disk_failure
from store.files import read_file
from store.names import safe_name

_ENDING = ".json"


class Presets:
    """The presets in the folder `root`, `patterns/presets` of a project.

    factory  another folder of presets, read where `root` has no such name, and never written
    """

    def __init__(self, root: Path, factory: Path | None = None, now: Clock = utc_now) -> None:
        self._root = root
        self._roots = [root] if factory is None else [root, factory]
        self._now = now

    def instruments(self) -> list[str]:
        """The instruments that have presets, in order. Raises StoreError where a folder cannot be read."""
        return sorted({folder for root in self._roots for folder in _folders(root)})

    def names(self, instrument: str) -> list[str]:
        """The presets of an instrument, in order.

        Raises BadName where `instrument` cannot name a folder, StoreError where that cannot be read.
        """
        folder = safe_name(instrument)
        return sorted({name for root in self._roots for name in _found(root / folder)})

    def read(self, instrument: str, name: str) -> Preset:
        """A preset; the project's own where the factory has one of that name, too.

        Raises BadName where a name is a path, NoPreset where there is none of that name, and DamagedFile or
        NewerVersion as a slot does.
        """
        folder, name = safe_name(instrument), safe_name(name)
        for root in self._roots:
            path = _found(root / folder).get(name)
            if path is not None:
                preset = decode_preset(read_file(path), str(path))
                return msgspec.structs.replace(preset, instrument=folder, name=name)
        raise NoPreset(f"{instrument} has no preset {name!r}; /presets/list tells what there is.")

    def write(self, preset: Preset) -> Path:
        """Save a preset of the project's own, and tell where.

        One of that name is replaced and kept as a backup. Raises BadName where a name cannot name a file,
        StoreError where the disk refuses.
        """
        folder, name = safe_name(preset.instrument), safe_name(preset.name)
        path = self._root / folder / f"{name}{_ENDING}"
        patterns = self._root.parent
        backups = Backups(patterns / "backups" / "presets" / folder / name, patterns / "temp", self._now)
        backups.replace(path, encode_preset(preset))
        return path


def _folders(root: Path) -> list[str]:
    try:
        return [folder.name for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise disk_failure("read", root, error) from error


def _found(folder: Path) -> dict[str, Path]:
    """The files of presets in a folder by name, composed the same on every system."""
    try:
        files = [file for file in folder.iterdir() if file.name.endswith(_ENDING) and not file.name.startswith(".")]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise disk_failure("read", folder, error) from error
    return {unicodedata.normalize("NFC", file.stem): file for file in files}
