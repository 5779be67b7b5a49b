"""Reading a document's file, whatever lies under its name."""

import stat
import zlib
from pathlib import Path

from store.errors import DamagedFile, disk_failure

LARGEST_BYTES = 16 * 2**20
"""A full pattern takes a hundredth of this; what is larger is something else."""
GZIP_BEGINNING = b"\x1f\x8b"


def unpacked(data: bytes, source: str) -> bytes:
    """`data`, out of its gzip where it lies in one, which its first bytes tell and not its name.

    source  the path that errors name

    Raises DamagedFile where it is no sound gzip, or holds more than any document.
    """
    if not data.startswith(GZIP_BEGINNING):
        return data
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = unpacker.decompress(data, LARGEST_BYTES)
    except zlib.error as error:
        raise DamagedFile(f"{source} is damaged: its gzip cannot be unpacked. It was left as it is.") from error
    if not unpacker.eof:
        raise DamagedFile(f"{source} is damaged: its gzip is cut off, or holds no document. It was left as it is.")
    return text


def read_file(path: Path, most_bytes: int = LARGEST_BYTES) -> bytes:
    """All bytes of the file `path`.

    Raises StoreError with the path where it cannot be read, or is no plain file of a sensible size.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DamagedFile(f"Could not read {path}: it is no file. It was left as it is.")
        if status.st_size > most_bytes:
            raise DamagedFile(
                f"Could not read {path}: its {status.st_size} bytes are no document. It was left as it is."
            )
        return path.read_bytes()
    except OSError as error:
        raise disk_failure("read", path, error) from error
