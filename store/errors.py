"""What can go wrong, each as one sentence that a person can act on. The root of the whole tree lies here,
because every other package may see this one."""

import errno
from pathlib import Path


class ChronusError(Exception):
    """Something was refused or failed. The message says what, the value, and what to do."""


class StoreError(ChronusError):
    """A file could not be read or written."""


class DamagedFile(StoreError):
    """A file holds something else than it should. It is left as it is."""


class NoPerformance(StoreError):
    """A take has nothing beside it from which it could be made again."""


class NewerVersion(StoreError):
    """A file was written by a newer Chronus. It is left as it is."""


class SlotOutOfRange(StoreError):
    """There is no such slot or bank."""


class SlotEmpty(StoreError):
    """The slot holds no pattern."""


class NoRoom(StoreError):
    """There are too few slots that are empty."""


class NoBackup(StoreError):
    """The slot has no backup of that number."""


class BadName(StoreError):
    """A name that came from outside cannot name a file."""


class NotInLibrary(StoreError):
    """The library has no pattern of that name, or more than one."""


class NoPreset(StoreError):
    """The instrument has no preset of that name."""


class NoClip(StoreError):
    """There is no sound file of that name."""


class LongClip(StoreError):
    """A sound file is longer than what is held in memory."""


class BadFilter(StoreError):
    """A filter of the library cannot be understood."""


class NameTaken(StoreError):
    """There is something of that name already."""


class LibraryBusy(StoreError):
    """Another program writes to the library."""


class NoChain(StoreError):
    """There is no chain of that name."""


class NoSuchTake(StoreError):
    """There is no take of that name."""


class ProjectInUse(StoreError):
    """An engine plays the project already."""


class DiskFull(StoreError):
    """There is no room left for what was to be written."""


_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "the disk quota is used up; free some space and try again",
    errno.EFBIG: "the file system allows no larger file; use another one",
    errno.EROFS: "the disk is read-only; use a folder on another one",
    errno.EACCES: "access is denied; check the permissions of the file and its folder",
    errno.EPERM: "access is denied; check the permissions of the file and its folder",
    errno.EIO: "the disk reports an error; check the disk",
    errno.ENOENT: "it does not exist; check the path",
    errno.ENOTDIR: "a part of its path is a file, not a folder; check the path",
    errno.EEXIST: "there is something else of that name; move it away",
    errno.EISDIR: "it is a folder, not a file; move it away",
    errno.ENAMETOOLONG: "its name is too long; use a shorter one",
    errno.EMFILE: "too many files are open; close some",
    errno.ENFILE: "too many files are open; close some",
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_failure(doing: str, path: Path, error: OSError) -> StoreError:
    """The sentence for what the system said of `path`, such as "Could not write x.json: the disk is full; ...".

    doing  what could not be done, as a verb: "write", "read", "open"
    """
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    kind = DiskFull if error.errno in _FULL else StoreError
    return kind(f"Could not {doing} {path}: {reason}.")
