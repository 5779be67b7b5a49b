"""What is told while an engine runs, written down where it outlives the engine, one record behind another.

There are never more than two files of it: what was told last is there, and it never takes much room.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from store.errors import StoreError
from store.files import read_file
from store.frames import bodies, framed
from store.growing import GrowingFile
from store.lasting import LastingFolder

MOST_BYTES = 4 << 20
"""Of each file: some 40,000 commands, or a thousand edits."""


class Spool:
    """Writes records as MessagePack under a name in `folder`; where there is no room any more, none. Any thread.

    turn  number of the file that is written to, from 0
    """

    def __init__(self, folder: LastingFolder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._lock = threading.Lock()
        self._encode = msgspec.msgpack.Encoder().encode
        self._file: GrowingFile | None = None
        self._bytes = 0
        self.turn = -1
        self._go_on()

    def add(self, *records: Any) -> None:
        """Write records down, all into the same file."""
        data = b"".join(framed(self._encode(record)) for record in records)
        with self._lock:
            if self._file is None:
                return
            try:
                self._file.add(data)
            except StoreError:  # no more room: what is kept here is there for the worst case alone
                self._stop()
                return
            self._bytes += len(data)
            if self._bytes > MOST_BYTES:
                self._go_on()

    def _go_on(self) -> None:
        """Begin the next file, and let go of the one before the last."""
        self._stop()
        self.turn += 1
        self._bytes = 0
        self._folder.remove(_file_name(self._name, self.turn - 2))
        try:
            self._file = GrowingFile(self._folder.path / _file_name(self._name, self.turn))
        except StoreError:
            self._file = None

    def _stop(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def spooled(folder: Path, name: str, kind: Any) -> Iterator[list[Any]]:
    """What an engine left, records of `kind`, file by file, as far as it can be read."""
    decode = msgspec.msgpack.Decoder(kind).decode
    for path in sorted(folder.glob(f"{name}-*")):
        try:
            yield [decode(body) for body in bodies(read_file(path, most_bytes=2 * MOST_BYTES))]
        except (StoreError, msgspec.MsgspecError):
            continue


def _file_name(name: str, turn: int) -> str:
    return f"{name}-{turn:09d}"
