"""Reading a document's file, whatever lies under its name."""

import stat
from pathlib import Path

from store.errors import DamagedFile, disk_failure

_LARGEST_BYTES = 16 * 2**20
"""A full pattern takes a hundredth of this; what is larger is something else."""


def read_file(path: Path) -> bytes:
    """All bytes of the file `path`.

    Raises StoreError with the path where it cannot be read, or is no plain file of a sensible size.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DamagedFile(f"Could not read {path}: it is no file. It was left as it is.")
        if status.st_size > _LARGEST_BYTES:
            raise DamagedFile(
                f"Could not read {path}: its {status.st_size} bytes are no document. It was left as it is."
            )
        return path.read_bytes()
    except OSError as error:
        raise disk_failure("read", path, error) from error
