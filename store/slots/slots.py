"""The slots of a project: 128 in each of 16 banks, every one a pattern in a file of its own.

Calls block on the disk: they belong on the store's thread. One process owns a project's slots at a time
(see `locks`).
"""

import contextlib
import gzip
import os
import re
from datetime import datetime
from pathlib import Path

import msgspec

from store.atomic import sync_file, sync_folder, write_atomically
from store.backups import Backups, Clock, utc_now
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile, NewerVersion, NoBackup, SlotEmpty, SlotOutOfRange, disk_failure
from store.files import GZIP_BEGINNING, read_file
from store.limits import AUTOSAVE_SLOT, BANKS, SLOTS

_SLOT_FILE = re.compile(r"slot_(\d{3})\.json(\.gz)?")
_GZIP_ENDING = ".gz"
_GZIP_LEVEL = 6

Signature = tuple[int, int, int]
"""What tells one file from another of the same name: its number, when it was written, its size."""


class Backup(msgspec.Struct, frozen=True):
    """One pattern that was replaced in a slot.

    number    1 for the newest
    replaced  when, in UTC
    name      the pattern's, or None where the file cannot be read
    """

    number: int
    replaced: datetime
    name: str | None


class SlotStore:
    """The slots of the project in the folder `project`.

    gzip  whether slots are written as `.json.gz`; both are always read

    Banks go from 1 to 16, slots from 1 to 128; every method raises SlotOutOfRange beyond, and StoreError
    with the path where the disk refuses.
    """

    def __init__(self, project: Path, now: Clock = utc_now, gzip: bool = False) -> None:
        self.gzip = gzip
        self._patterns = project / "patterns"
        self._temp_dir = self._patterns / "temp"
        self._now = now

    def path(self, bank: int, slot: int) -> Path:
        """The file of a slot: the one that is there, or the one that a save would write."""
        there = self._there(bank, slot)
        return there[0] if there else self._wanted(bank, slot)

    def read(self, bank: int, slot: int) -> Pattern:
        """The pattern in a slot.

        Raises SlotEmpty where there is none, DamagedFile or NewerVersion where the file is no such thing;
        the file stays as it is.
        """
        path = self.path(bank, slot)
        if not os.path.lexists(path):
            raise SlotEmpty(f"Slot {slot} of bank {bank} is empty; save to it first.")
        return decode_pattern(read_file(path), str(path))

    def content(self, bank: int, slot: int) -> bytes | None:
        """The bytes of a slot's file, or None where there is none."""
        path = self.path(bank, slot)
        return read_file(path) if os.path.lexists(path) else None

    def encoded(self, pattern: Pattern) -> bytes:
        """The bytes of a slot's file that holds `pattern`."""
        text = encode_pattern(pattern)
        return gzip.compress(text, _GZIP_LEVEL, mtime=0) if self.gzip else text

    def write(self, bank: int, slot: int, pattern: Pattern) -> None:
        """Save a pattern to a slot; what was there is kept as a backup, even where it could not be read."""
        self.put(bank, slot, self.encoded(pattern))

    def clear(self, bank: int, slot: int) -> None:
        """Empty a slot; what was there is kept as a backup. An empty slot stays empty."""
        self.put(bank, slot, None)

    def put(self, bank: int, slot: int, content: bytes | None, synced: bool = True) -> None:
        """Let a slot's file hold `content`, or be gone where that is None; what was there is kept as a backup, unless
        it was the same.

        synced  whether all is on the disk when this returns; where not, it is written down elsewhere, and `settle`
                follows
        """
        backups = self._backups(bank, slot)
        there = self._there(bank, slot)
        for path in there if content is None else there[1:]:
            backups.remove(path, synced)
        if content is None:
            return
        wanted = self._file(bank, slot, packed=content.startswith(GZIP_BEGINNING))
        path = there[0] if there else wanted
        backups.replace(path, content, synced)
        if path != wanted:
            _rename(path, wanted, synced)

    def settle(self, bank: int, slot: int) -> None:
        """Bring to the disk what `put` left to later, and drop the backups that are too many."""
        folder = self._slots_folder(bank)
        try:
            for path in self._there(bank, slot):
                sync_file(path)
            self._backups(bank, slot).settle()  # what was replaced has a name before it loses the one it had
            sync_folder(folder)
        except FileNotFoundError:
            return  # what is gone again needs no disk
        except OSError as error:
            raise disk_failure("write", folder, error) from error

    def occupied(self, bank: int) -> list[int]:
        """The slots of a bank that hold a file, in order."""
        folder = self._slots_folder(bank)
        try:
            found = [match for path in folder.iterdir() if (match := _SLOT_FILE.fullmatch(path.name))]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_failure("read", folder, error) from error
        numbers = {int(match[1]) for match in found}
        return sorted(number for number in numbers if 1 <= number <= SLOTS)

    def signatures(self, bank: int) -> dict[int, Signature]:
        """What tells each occupied slot's file from another that takes its place, by slot. Reads no file."""
        folder = self._slots_folder(bank)
        found: dict[int, Signature] = {}
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    match = _SLOT_FILE.fullmatch(entry.name)
                    if match and 1 <= int(match[1]) <= SLOTS:
                        status = entry.stat()
                        found[int(match[1])] = status.st_ino, status.st_mtime_ns, status.st_size
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise disk_failure("read", folder, error) from error
        return found

    def backups(self, bank: int, slot: int) -> list[Path]:
        """What was replaced in a slot, the newest first, at most 8."""
        return self._backups(bank, slot).paths()

    def read_backup(self, bank: int, slot: int, number: int = 1) -> Pattern:
        """A pattern that was replaced in a slot: number 1 is the newest.

        Raises NoBackup where there is none of that number, DamagedFile or NewerVersion where the file is no
        such thing.
        """
        paths = self.backups(bank, slot)
        if not 1 <= number <= len(paths):
            there = f"backups 1 to {len(paths)}" if len(paths) > 1 else "backup 1 alone" if paths else "no backups"
            raise NoBackup(f"Slot {slot} of bank {bank} has {there}; there is no number {number}.")
        return decode_pattern(read_file(paths[number - 1]), str(paths[number - 1]))

    def list_backups(self, bank: int, slot: int) -> list[Backup]:
        """What was replaced in a slot, the newest first, with the names of the patterns."""
        backups = self._backups(bank, slot)
        found = []
        for number, path in enumerate(backups.paths(), 1):
            try:
                name: str | None = decode_pattern(read_file(path), str(path)).name
            except (DamagedFile, NewerVersion):
                name = None
            found.append(Backup(number, backups.replaced_at(path), name))
        return found

    def read_autosave(self, bank: int) -> Pattern | None:
        """The working pattern as it was when it was last saved by itself, or None where it never was."""
        path = self._file(bank, AUTOSAVE_SLOT)
        return decode_pattern(read_file(path), str(path)) if os.path.lexists(path) else None

    def write_autosave(self, bank: int, pattern: Pattern) -> None:
        """Save the working pattern by itself: not to a slot of the player's, and with no backup."""
        write_atomically(self._file(bank, AUTOSAVE_SLOT), encode_pattern(pattern), self._temp_dir)

    def _slots_folder(self, bank: int) -> Path:
        return self._patterns / "slots" / f"bank_{check_bank(bank):02d}"

    def _there(self, bank: int, slot: int) -> list[Path]:
        """The slot's files that are there. Of two, which no save leaves, the one that was written last is first."""
        check_slot(slot)
        both = [path for packed in (False, True) if os.path.lexists(path := self._file(bank, slot, packed))]
        return both if len(both) < 2 else sorted(both, key=lambda path: path.lstat().st_mtime_ns, reverse=True)

    def _wanted(self, bank: int, slot: int) -> Path:
        """The file that a save writes."""
        return self._file(bank, check_slot(slot), packed=self.gzip)

    def _file(self, bank: int, slot: int, packed: bool = False) -> Path:
        return self._slots_folder(bank) / f"slot_{slot:03d}.json{_GZIP_ENDING if packed else ''}"

    def _backups(self, bank: int, slot: int) -> Backups:
        folder = self._patterns / "backups" / f"bank_{check_bank(bank):02d}" / f"slot_{check_slot(slot):03d}"
        return Backups(folder, self._temp_dir, self._now)


def _rename(path: Path, wanted: Path, synced: bool) -> None:
    """Give a slot's new file the ending that tells what it holds. Where that fails, the save stands all the same:
    a file is read for what it holds, whatever its ending says, and at every moment there is one, and whole."""
    with contextlib.suppress(OSError):
        path.rename(wanted)
        if synced:
            sync_folder(wanted.parent)


def check_slot(slot: int) -> int:
    """`slot`, where it is one. Raises SlotOutOfRange."""
    if not _is_whole(slot) or not 1 <= slot <= SLOTS:
        raise SlotOutOfRange(f"There is no slot {slot!r}; slots go from 1 to {SLOTS}.")
    return slot


def check_bank(bank: int) -> int:
    """`bank`, where it is one. Raises SlotOutOfRange."""
    if not _is_whole(bank) or not 1 <= bank <= BANKS:
        raise SlotOutOfRange(f"There is no bank {bank!r}; banks go from 1 to {BANKS}.")
    return bank


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
