"""Memory that outlives whoever writes it: files in a file system that lies in memory alone.

What an engine that is killed had in there is still there at the next start, and no disk is waited for on the way. Where
a system has no such place, or no room in it, plain memory does the same work, and dies with the engine.

    PLACE/chronus-USER-PROJECT-xxxxxxxx/    one engine's, for as long as it runs; the project by a digest of its path
    PLACE/.../project                       the path itself, so that what belongs to no project any more can be removed

A page of such a file is asked for before it is touched: the system ends a program that touches one for which it has no
room.
"""

import contextlib
import ctypes
import hashlib
import mmap
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

MOST_LEFT = 2
"""Folders of engines that were killed, for one project: of more, something is wrong, and they take memory."""
SHARE = 0.5
"""Of the room that is free, how much may be taken at a time: it belongs to other programs too."""
_MOUNTS = Path("/proc/self/mountinfo")
_PROJECT = "project"
_MAP_FIXED = 0x10


def places() -> list[Path]:
    """Where such folders may lie: those that there are, the roomiest first."""
    asked = [Path("/dev/shm"), Path(os.environ.get("XDG_RUNTIME_DIR") or "/dev/shm")]
    return [place for place in dict.fromkeys(asked) if _is_in_memory(place)]


def make_folder(project: Path, wanted: Sequence[Path]) -> "LastingFolder | None":
    """A new folder for the engine of `project` in the first of some places that takes it; None where none does.

    What engines of projects that are no more have left is removed there.
    """
    for place in wanted:
        _remove_orphans(place)
        with contextlib.suppress(OSError):
            path = Path(tempfile.mkdtemp(prefix=_prefix(project), dir=place))
            (path / _PROJECT).write_text(str(project.resolve()), encoding="utf-8")
            return LastingFolder(path)
    return None


def folders_left(project: Path, wanted: Sequence[Path]) -> list[Path]:
    """What engines of `project` left that did not end as they should, the latest first. The caller holds the project's
    lock, so that none of them runs."""
    found = [path for place in wanted for path in place.glob(f"{_prefix(project)}*") if _is_own(path)]
    found.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in found[MOST_LEFT:]:
        remove(path)
    return found[:MOST_LEFT]


def folders_of_others(project: Path, wanted: Sequence[Path]) -> list[Path]:
    """What engines of this user's other projects keep while they run, or left to their own next start."""
    found = [path for place in wanted for path in place.glob(f"chronus-{os.getuid()}-*") if _is_own(path)]
    return [path for path in found if not path.name.startswith(_prefix(project))]


def remove(folder: Path) -> None:
    """Give the memory back."""
    shutil.rmtree(folder, ignore_errors=True)


class LastingFolder:
    """The files of one engine. Any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has_room(self, size: int) -> bool:
        """Whether `size` bytes more would leave enough to others."""
        with contextlib.suppress(OSError):
            free = os.statvfs(self.path)
            return size <= SHARE * free.f_bavail * free.f_frsize
        return False

    def file(self, name: str, size: int) -> "LastingFile | None":
        """A new file of `size` bytes, in the place of one of that name; of its pages none is there yet."""
        with contextlib.suppress(OSError):
            return LastingFile(self.path / name, size)
        return None

    def write(self, name: str, data: bytes) -> None:
        """Put `data` into a small file, whole or not at all; where there is no room, nothing is told: it is there for
        the worst case alone."""
        partial = self.path / f"{name}.part"
        with contextlib.suppress(OSError):
            partial.write_bytes(data)
            partial.replace(self.path / name)

    def remove(self, name: str) -> None:
        """Let go of a file."""
        with contextlib.suppress(OSError):
            (self.path / name).unlink()

    def close(self) -> None:
        """The engine ended as it should."""
        remove(self.path)


class LastingFile:
    """One file, which is shared memory where it is mapped. Raises OSError where it cannot be made."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        partial = path.with_name(f"{path.name}.new")
        self._descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.ftruncate(self._descriptor, size)
        partial.replace(path)

    def reserve(self, first: int, last: int) -> bool:
        """Make sure of the pages of bytes first..last; whether there is room."""
        try:
            os.posix_fallocate(self._descriptor, first, last - first)
        except OSError:
            return False
        return True

    def map(self) -> mmap.mmap:
        """The file as memory."""
        return mmap.mmap(self._descriptor, 0)

    def lie_under(self, address: int, size: int) -> bool:
        """Let the file be what lies at `address`, a page's, from now on, in the place of what lay there; whether that
        can be."""
        return _map_at(address, size, mmap.MAP_SHARED, self._descriptor)

    def write(self, place: int, data: bytes) -> None:
        """Put `data` there. Raises OSError."""
        os.pwrite(self._descriptor, data, place)

    def close(self) -> None:
        """Let go of the descriptor; what is mapped stays."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Let go of its name, where it still is this file's."""
        with contextlib.suppress(OSError):
            if os.path.samestat(self.path.stat(), os.fstat(self._descriptor)):
                self.path.unlink()


def lie_bare(address: int, size: int) -> bool:
    """Let plain memory, all zero, lie at `address`, a page's, in the place of a file; whether that can be."""
    return _map_at(address, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1)


def _map_at(address: int, size: int, kind: int, descriptor: int) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    library.mmap.restype = ctypes.c_void_p
    library.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    at = library.mmap(address, size, mmap.PROT_READ | mmap.PROT_WRITE, kind | _MAP_FIXED, descriptor, 0)
    return bool(at == address)


def _prefix(project: Path) -> str:
    digest = hashlib.sha256(str(project.resolve()).encode(errors="surrogateescape")).hexdigest()[:16]
    return f"chronus-{os.getuid()}-{digest}-"


def _is_own(path: Path) -> bool:
    """Whether a folder is this user's: anybody may give a folder such a name."""
    with contextlib.suppress(OSError):
        status = path.lstat()
        return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return False


def _is_in_memory(place: Path) -> bool:
    with contextlib.suppress(OSError):
        device = place.stat().st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        for line in _MOUNTS.read_text(errors="replace").splitlines():
            mount, _, what = line.partition(" - ")
            if mount.split()[2] == number:
                return what.split()[0] == "tmpfs" and os.access(place, os.W_OK)
    return False


def _remove_orphans(place: Path) -> None:
    for path in place.glob(f"chronus-{os.getuid()}-*"):
        with contextlib.suppress(OSError):
            if _is_own(path) and not Path((path / _PROJECT).read_text(encoding="utf-8")).is_dir():
                remove(path)
