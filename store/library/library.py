"""The pattern library: patterns by genre and name, as many as there are.

    <root>/<genre>/<name>.json      or .json.gz, which is read, and written where it is there

Any number of programs may read and
write one library: files are replaced whole, and who writes holds the library's lock for that moment.

Calls block on the disk: they belong on the store's thread.
"""

import contextlib
import gzip
import itertools
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec.structs import replace

from store.atomic import make_folder, sync_folder, write_atomically
from store.backups import Backups, Clock, utc_now
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import (
    DamagedFile,
    LibraryBusy,
    NameTaken,
    NewerVersion,
    NoBackup,
    NotInLibrary,
    StoreError,
    disk_failure,
)
from store.files import read_file, unpacked
from store.library.entries import ENDING, ENDINGS, Catalogue, Entry, place_of
from store.library.filters import Query
from store.library.search import select
from store.library.trash import Trash, Trashed
from store.library.uses import Uses
from store.names import genre_and_name, safe_name
from store.runtime import RUNTIME_MODE

UNSORTED = "unsorted"
"""The genre of patterns that have none."""
LOCK_POLL_S = 0.01
LOCK_WAIT_S = 5.0
"""A writer holds the lock for milliseconds; who waits longer than this waits for something that hangs."""


class Library:
    """The library in the folder `root`, `patterns/library` of a project.

    factory  another library's folder, read where `root` has no such name, and never written; a pattern of it
             that is changed becomes one of `root`
    runtime  the project's folder for what belongs to running programs: index, uses and lock lie there. None
             where nothing but patterns is to be written

    Where a name is asked for, "genre/name" and the name alone will do.
    """

    def __init__(
        self, root: Path, factory: Path | None = None, runtime: Path | None = None, now: Clock = utc_now
    ) -> None:
        self._root = root
        self._patterns = root.parent
        self._runtime = runtime
        self._now = now
        self._own = Catalogue(root, None if runtime is None else runtime / "library.index")
        same = factory is not None and os.path.realpath(factory) == os.path.realpath(root)
        self._factory = None if factory is None or same else Catalogue(factory, factory=True)
        self._roots = [root] if self._factory is None or factory is None else [root, factory]
        self._trash = Trash(self._patterns / "trash", now)
        self._uses = Uses(None if runtime is None else runtime / "library.used", self._temp_dir)

    def entries(self) -> dict[str, Entry]:
        """Every pattern as a list shows it, by "genre/name". Raises StoreError where a folder cannot be read."""
        factory = {} if self._factory is None else self._factory.entries()
        return factory | self._own.entries()

    def names(self) -> list[str]:
        """Every pattern as "genre/name", in order. Raises StoreError where a folder cannot be read."""
        return sorted(self.entries())

    def select(self, query: Query, among: Mapping[str, Entry] | None = None) -> list[Entry]:
        """What `query` finds, in its order, of all entries or those given. Raises StoreError where a folder
        cannot be read."""
        used_s = {} if query.recent is None else self._uses.used_s()
        return select((self.entries() if among is None else among).values(), query, used_s)

    def path(self, name: str) -> Path:
        """The file of a pattern.

        Raises BadName where `name` is a path, NotInLibrary where there is no such pattern, or several.
        """
        genre, alone = genre_and_name(name)
        for root in self._roots:
            found = _files_called(root, genre, alone)
            if len(found) > 1:
                raise NotInLibrary(f"The library has {' and '.join(sorted(found))}; say which.")
            if found:
                return next(iter(found.values()))
        raise NotInLibrary(f"The library has no pattern {name!r}; /pattern/list tells what it has.")

    def full_name(self, name: str) -> str:
        """ "genre/name" of a pattern. Raises as `path`."""
        path = self.path(name)
        return unicodedata.normalize("NFC", f"{path.parent.name}/{place_of(path.name)}")

    def read(self, name: str) -> Pattern:
        """A pattern of the library. Raises as `path`, and DamagedFile or NewerVersion as a slot does."""
        path = self.path(name)
        return decode_pattern(read_file(path), str(path))

    def note_use(self, name: str) -> None:
        """A pattern is used now, and among the most recent. Where that cannot be noted, nothing is lost."""
        with contextlib.suppress(StoreError), self._writing():
            self._uses.note(self.full_name(name), self._now().timestamp())

    def write(self, pattern: Pattern, name: str) -> Path:
        """Save `pattern` under `name` in the folder of its genre, and tell where.

        A pattern of that name and genre is replaced and kept as a backup. Raises BadName where the name or
        the genre cannot name a file, StoreError where the disk refuses.
        """
        name = safe_name(name)
        genre = _genre_of(pattern)
        with self._writing():
            path = next(iter(_files_called(self._root, genre, name).values()), self._place(genre, name))
            self._replace(path, replace(pattern, name=name))
        return path

    def add(self, pattern: Pattern, full_name: str) -> tuple[str, bool]:
        """Save a pattern as "genre/name", or that with a number where there is another one; its name, and whether
        it was not there yet. Nothing is replaced. Raises BadName and StoreError as `write`.
        """
        genre, _, alone = full_name.partition("/")
        genre, alone = safe_name(genre), safe_name(alone)
        with self._writing():
            for name in itertools.chain([alone], (f"{alone} {number}" for number in itertools.count(2))):
                there = [path for root in self._roots for path in _files_called(root, genre, name).values()]
                if not there:
                    self._replace(self._place(genre, name), replace(pattern, name=name))
                    return f"{genre}/{name}", True
                with contextlib.suppress(DamagedFile, NewerVersion):
                    if replace(decode_pattern(read_file(there[0]), str(there[0])), name=pattern.name) == pattern:
                        return f"{genre}/{name}", False
        raise AssertionError("there is always a number more")

    def change(self, name: str, edit: Callable[[Pattern], Pattern]) -> bool:
        """Let a pattern of the library be what `edit` makes of it; whether that is something else.

        What was there is kept as a backup. Raises as `read` and `write`.
        """
        with self._writing():
            path = self.path(name)
            before = decode_pattern(read_file(path), str(path))
            after = edit(before)
            if after == before:
                return False
            self._replace(self._own_path(path), after)
        return True

    def rewrite(self, name: str) -> bool:
        """Write a pattern's file anew where it is of an older version, or laid out otherwise; whether it was.

        What was there is kept as a backup. Raises as `read` and `write`.
        """
        with self._writing():
            path = self.path(name)
            data = read_file(path)
            pattern = decode_pattern(data, str(path))
            if encode_pattern(pattern) == unpacked(data, str(path)):
                return False
            self._replace(path, pattern)
        return True

    def rename(self, name: str, new: str) -> str:
        """Give a pattern another name, or, as "genre/name", another genre as well; its full name then.

        Raises NameTaken where there is one of that name, else as `change`. At every moment it is there under
        one of the names at least.
        """
        genre, alone = genre_and_name(new)
        with self._writing():
            old = self.path(name)
            genre = genre or old.parent.name
            path = self._root / genre / f"{alone}{old.name.removeprefix(place_of(old.name))}"
            if path == old:
                return f"{genre}/{alone}"
            if any(_files_called(root, genre, alone) for root in self._roots):
                raise NameTaken(f"The library has a pattern {genre}/{alone} already; choose another name.")
            pattern = decode_pattern(read_file(old), str(old))
            before = "" if genre == UNSORTED else genre
            data = encode_pattern(replace(pattern, name=alone, genre=before))
            write_atomically(path, _packed(path, data), self._temp_dir)
            if self._root in old.parents:
                _unlink(old)
        return f"{genre}/{alone}"

    def delete(self, name: str) -> str:
        """Move a pattern to the trash; its full name. Raises as `path`, and StoreError where it cannot be moved."""
        with self._writing():
            path = self.path(name)
            if self._root not in path.parents:
                raise StoreError(
                    f"Pattern {path.parent.name}/{place_of(path.name)} comes with Chronus and cannot be deleted."
                )
            self._trash.take(path)
        return f"{path.parent.name}/{place_of(path.name)}"

    def restore(self, name: str, number: int = 1) -> str:
        """Bring back what a pattern was: out of the trash where it was deleted, else one of its backups, of which
        number 1 is the newest, and behind which stands what came with Chronus; what is there becomes a backup then.
        Its full name.

        Raises NoBackup where there is nothing to bring back, else as `change`.
        """
        with self._writing():
            if self.was_deleted(name):
                return self._restore_from_trash(name, self._trashed(name), number)
            try:
                path = self.path(name)
            except NotInLibrary:
                raise NoBackup(
                    f"Neither the library nor its trash has a pattern {name!r}; /library/trash tells what was deleted."
                ) from None
            backups = [*self._backups(path.parent.name, place_of(path.name)).paths(), *self._factory_files(path)]
            if not 1 <= number <= len(backups):
                raise NoBackup(f"Pattern {name} has {len(backups)} backups; there is no number {number}.")
            pattern = decode_pattern(read_file(backups[number - 1]), str(backups[number - 1]))
            self._replace(self._own_path(path), pattern)
        return f"{path.parent.name}/{place_of(path.name)}"

    def trash(self) -> list[Trashed]:
        """What was deleted, the latest first."""
        return self._trash.all()

    def empty_trash(self) -> int:
        """Delete for good what is in the trash; how many patterns that were."""
        with self._writing():
            return self._trash.empty()

    def was_deleted(self, name: str) -> bool:
        """Whether a pattern lies in the trash and has no other in its place, so that `restore` brings it from there."""
        return bool(self._trashed(name)) and not self.is_own(name)

    def _factory_files(self, path: Path) -> list[Path]:
        """The factory's own file of a pattern that was changed here; none where it is no such one."""
        if self._root not in path.parents:
            return []
        return [
            file
            for root in self._roots[1:]
            for file in _files_called(root, path.parent.name, place_of(path.name)).values()
        ]

    def is_own(self, name: str) -> bool:
        """Whether a pattern of that name lies in the library itself, and not only among the factory's."""
        with contextlib.suppress(NotInLibrary):
            return self._root in self.path(name).parents
        return False

    def _trashed(self, name: str) -> list[Trashed]:
        """What was deleted under a name, the latest first."""
        plain = unicodedata.normalize("NFC", name).strip()
        return [each for each in self._trash.all() if plain in (each.name, each.name.partition("/")[2])]

    def _restore_from_trash(self, name: str, found: list[Trashed], number: int) -> str:
        if not 1 <= number <= len(found):
            raise NoBackup(f"Pattern {name} is {len(found)} times in the trash; there is no number {number}.")
        trashed = found[number - 1]
        self._trash.give_back(trashed, self._own_path(trashed.path))
        return trashed.name

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the library's lock. Raises LibraryBusy where another program does not let go of it."""
        if self._runtime is None:
            yield
            return
        make_folder(self._runtime, RUNTIME_MODE)
        # Who waits for the lock keeps others from asking for it, so that one that writes on and on lets him have it.
        turn, lock = (FileLock(self._runtime / name) for name in ("library.turn", "library.lock"))
        try:
            with turn.acquire(LOCK_WAIT_S, LOCK_POLL_S):
                lock.acquire(LOCK_WAIT_S, LOCK_POLL_S)
        except Timeout:
            raise LibraryBusy(
                f"Another program has been writing to the library for {LOCK_WAIT_S:g} s; try again when it has ended."
            ) from None
        except OSError as error:
            raise disk_failure("lock", self._root, error) from error
        try:
            yield
        finally:
            lock.release()

    @property
    def _temp_dir(self) -> Path:
        return self._patterns / "temp"

    def _place(self, genre: str, name: str) -> Path:
        return self._root / genre / f"{name}{ENDING}"

    def _own_path(self, path: Path) -> Path:
        """The library's own file of the pattern in `path`, which may be the factory's."""
        return self._root / path.parent.name / path.name

    def _backups(self, genre: str, name: str) -> Backups:
        return Backups(self._patterns / "backups" / "library" / genre / name, self._temp_dir, self._now)

    def _replace(self, path: Path, pattern: Pattern) -> None:
        self._backups(path.parent.name, place_of(path.name)).replace(path, _packed(path, encode_pattern(pattern)))


def _genre_of(pattern: Pattern) -> str:
    return safe_name(pattern.genre) if pattern.genre.strip() else UNSORTED


def _packed(path: Path, data: bytes) -> bytes:
    """`data` as the file `path` holds it, by its ending."""
    return gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data


def _unlink(path: Path) -> None:
    try:
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise disk_failure("delete", path, error) from error
    with contextlib.suppress(OSError):
        path.parent.rmdir()  # where it was the last of its genre


def _files_called(root: Path, genre: str, name: str) -> dict[str, Path]:
    """The files of the library in `root` that a name means, of one genre or of any where that is empty, by
    "genre/name". Names are taken for the same however they are composed."""
    for ending in ENDINGS if genre else ():
        path = root / genre / f"{name}{ending}"
        if path.is_file():
            return {f"{genre}/{name}": path}
    names = [f"{name}{ending}" for ending in ENDINGS]
    try:
        folders = [each for each in root.iterdir() if each.is_dir() and not each.name.startswith(".")]
        files = [
            file
            for folder in folders
            if not genre or unicodedata.normalize("NFC", folder.name) == genre
            for file in folder.iterdir()
            if unicodedata.normalize("NFC", file.name) in names
        ]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise disk_failure("read", root, error) from error
    files.sort(key=lambda file: not file.name.endswith(".gz"))  # so that the one without counts
    return {unicodedata.normalize("NFC", f"{file.parent.name}/{place_of(file.name)}"): file for file in files}
