"""Every change of slots, one or many at once: it is on the disk in one write, and no crash leaves half of it.

What slots shall hold is written down first, whole (`write_ahead`): from then on it cannot be lost. Then each file takes
its place, with its backup, and whoever asked is answered; only then are the files themselves brought to the disk, and
the plan is cleared. A plan that is found when the project is opened belongs to a change that was cut short, and is
carried out to its end.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from store.atomic import sync_folder, write_atomically
from store.documents import Pattern
from store.errors import DamagedFile, NewerVersion, StoreError
from store.moments import Place
from store.slots.slots import SlotStore
from store.slots.write_ahead import WriteAhead

VERSION = 1

Contents = Mapping[Place, bytes | None]
"""What slots' files hold, None for no file."""

_decode_version = msgspec.msgpack.Decoder(tuple[int, msgspec.Raw]).decode
_decode_plan = msgspec.msgpack.Decoder(list[tuple[int, int, bytes | None]]).decode


class SlotChanges:
    """Changes of the slots of the project in the folder `project`. Used by one thread, of whoever holds the project's
    lock. Calls block on the disk.
    """

    def __init__(self, project: Path, slots: SlotStore) -> None:
        self.slots = slots
        self._ahead = WriteAhead(project)
        self._temp_dir = project / "patterns" / "temp"
        self._put: tuple[Place, ...] | None = None  # what a plan has put in its place; None where that is not known

    def make(self, changes: Mapping[Place, Pattern | None]) -> None:
        """Let each slot hold its pattern, or nothing where that is None; what was there becomes a backup.

        All of them or none, and they cannot be lost when this returns. `settle` is to follow. Raises StoreError,
        having brought back what was there.
        """
        self.settle()
        contents = {
            place: None if pattern is None else self.slots.encoded(pattern) for place, pattern in changes.items()
        }
        try:
            self.plan(contents)
        except StoreError:
            if len(contents) > 1:
                raise
            for place, content in contents.items():
                self.slots.put(*place, content)  # one file is whole or not at all without a plan, only slower
            return
        self._carry_out(contents)

    def plan(self, contents: Contents) -> None:
        """Write down what slots shall hold. On the disk when this returns. Raises StoreError."""
        planned = [(*place, content) for place, content in contents.items()]
        self._ahead.write(msgspec.msgpack.encode((VERSION, planned)))
        self._put = None

    def settle(self) -> None:
        """Bring to the disk what `make` has put in its place, or what is not known to be there.

        Does nothing where there is nothing to do. Raises StoreError; then nothing is lost, and the next call, or the
        next start, carries out the plan again.
        """
        put, self._put = self._put, None
        if put is None:
            self.finish()
            return
        try:
            for place in put:
                self.slots.settle(*place)
            if put:
                self._ahead.clear()
        except StoreError as error:
            raise StoreError(f"What was saved is safe, but not in its place on the disk yet. {error}") from error
        self._put = ()

    def finish(self) -> bool:
        """Carry out the plan of a change that was cut short; whether there was one.

        What a slot came to hold meanwhile, by an editor or by git, becomes a backup. Raises StoreError; then the plan
        stays, unless it cannot be read or a newer Chronus wrote it: then it is put aside.
        """
        try:
            entry = self._ahead.read()
        except StoreError:
            self._ahead.put_aside()  # what cannot be read is told once, and no reason to refuse all that follows
            raise
        if entry is not None:
            for place, content in self._understood(entry).items():
                self.slots.put(*place, content)
            self._ahead.clear()
        self._put = ()
        return entry is not None

    def _carry_out(self, contents: Contents) -> None:
        # One file stands as it was where it cannot be replaced; of several, some may have been replaced by then.
        before: dict[Place, bytes | None] = {}
        try:
            for place, content in contents.items():
                if len(contents) > 1:
                    before[place] = self.slots.content(*place)
                self.slots.put(*place, content, synced=False)
        except StoreError:
            for place in before:
                self._bring_back(place, before[place])
            with contextlib.suppress(StoreError):  # the next change writes over a plan that cannot be cleared
                self._ahead.clear()
            self._put = ()
            raise
        self._put = tuple(contents)

    def _bring_back(self, place: Place, content: bytes | None) -> None:
        """Let a slot's file be what it was. What cannot be brought back is among the backups still."""
        path = self.slots.path(*place)
        with contextlib.suppress(OSError, StoreError):
            if content is None:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
            elif self.slots.content(*place) != content:
                write_atomically(path, content, self._temp_dir)

    def _understood(self, entry: bytes) -> Contents:
        """What a plan says. Raises NewerVersion, DamagedFile, having put it aside."""
        try:
            version, planned = _decode_version(entry)
            if version <= VERSION:
                return {(bank, slot): content for bank, slot, content in _decode_plan(planned)}
        except msgspec.DecodeError as error:
            aside = self._ahead.put_aside()
            raise DamagedFile(f"{self._ahead.path} holds no change of slots: {error}; it is {aside} now.") from error
        aside = self._ahead.put_aside()
        raise NewerVersion(
            f"A newer Chronus was cut off while it changed slots, and wrote down in version {version} what they shall "
            f"hold; that is {aside} now, for it to be finished there."
        )
