"""Disks in a bad state."""

from pathlib import Path


def fill(disk: Path) -> None:
    """Leave no room on `disk`."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            return
