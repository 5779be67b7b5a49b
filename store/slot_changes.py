"""Several slots changed as one: after a crash either all of them are as they were, or all as they should be.

One file can be replaced at once, two cannot. So what is to be written is written down first, whole, as a plan;
then each slot is saved as always, with its backup; then the plan goes. A plan that is found when the project is
opened belongs to a change that was cut short, and is carried out to its end.
"""

import contextlib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from store.atomic import sync_folder, write_atomically
from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile, NewerVersion, StoreError
from store.files import read_file
from store.slots import SlotStore

FORMAT = "chronus-slot-change"
VERSION = 1
PLAN_MAX_BYTES = 512 * 2**20
"""A plan holds the text of as many patterns as there are slots in a bank, or more."""

Place = tuple[int, int]
"""A bank and a slot in it."""


class _Planned(msgspec.Struct, frozen=True):
    """One slot of a plan.

    before  digest of the file that was there, or None where there was none
    text    the file that shall be there, or None where the slot shall be empty
    """

    bank: int
    slot: int
    before: str | None
    text: str | None


class _Plan(msgspec.Struct, frozen=True):
    format: str
    version: int
    slots: tuple[_Planned, ...]


@dataclass(frozen=True)
class SlotChanges:
    """Changes of the slots of the project in the folder `project`. Calls block on the disk."""

    project: Path
    slots: SlotStore

    def make(self, changes: Mapping[Place, Pattern | None]) -> None:
        """Let each slot hold its pattern, or nothing where that is None; what was there becomes a backup.

        All of them or none. Raises StoreError, having brought back what was there.
        """
        if len(changes) == 1:
            for place, pattern in changes.items():
                self._write(place, pattern)
            return
        before: dict[Place, bytes | None] = {}
        done: list[Place] = []
        try:
            before = self.write_plan(changes)
            for place, pattern in changes.items():
                done.append(place)
                self._write(place, pattern)
        except StoreError:
            for place in done:
                self._bring_back(place, before[place])
            raise
        finally:
            self._remove_plan()

    def write_plan(self, changes: Mapping[Place, Pattern | None]) -> dict[Place, bytes | None]:
        """Write down what shall be changed; what is there now. Raises StoreError."""
        before = {place: self._content(place) for place in changes}
        planned = tuple(
            _Planned(
                *place, _digest(before[place]), None if pattern is None else encode_pattern(pattern).decode("utf-8")
            )
            for place, pattern in changes.items()
        )
        text = msgspec.json.format(msgspec.json.encode(_Plan(FORMAT, VERSION, planned)), indent=1)
        write_atomically(self._plan_path, text, self._temp_dir)
        return before

    def finish(self) -> bool:
        """Carry out the plan of a change that was cut short; whether there was one.

        A slot that was saved to since is left as it is. Raises StoreError; then the plan stays.
        """
        if not self._plan_path.exists():
            return False
        plan = self._read_plan()
        for planned in plan.slots:
            place = planned.bank, planned.slot
            if _digest(self._content(place)) == planned.before:
                text = planned.text
                path = str(self._plan_path)
                self._write(place, None if text is None else decode_pattern(text.encode(), path))
        self._remove_plan()
        return True

    @property
    def _plan_path(self) -> Path:
        return self.project / "patterns" / "slots" / "change.json"

    @property
    def _temp_dir(self) -> Path:
        return self.project / "patterns" / "temp"

    def _content(self, place: Place) -> bytes | None:
        path = self.slots.path(*place)
        return read_file(path) if os.path.lexists(path) else None

    def _write(self, place: Place, pattern: Pattern | None) -> None:
        if pattern is None:
            self.slots.clear(*place)
        else:
            self.slots.write(*place, pattern)

    def _bring_back(self, place: Place, content: bytes | None) -> None:
        """Let a slot's file be what it was. What cannot be brought back is among the backups still."""
        path = self.slots.path(*place)
        with contextlib.suppress(OSError, StoreError):
            if content is None:
                path.unlink(missing_ok=True)
            elif self._content(place) != content:
                write_atomically(path, content, self._temp_dir)

    def _read_plan(self) -> _Plan:
        path = self._plan_path
        try:
            plan = msgspec.json.decode(read_file(path, PLAN_MAX_BYTES), type=_Plan)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DamagedFile(f"{path} is no plan of a change: {error}.") from error
        if plan.format != FORMAT:
            raise DamagedFile(f"{path} is no plan of a change: its format is {plan.format!r}.")
        if plan.version > VERSION:
            raise NewerVersion(f"{path} was written by a newer Chronus, in version {plan.version}.")
        return plan

    def _remove_plan(self) -> None:
        # A plan that stays does no harm: it touches no slot but one that is still as it was before.
        with contextlib.suppress(OSError):
            self._plan_path.unlink(missing_ok=True)
            sync_folder(self._plan_path.parent)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
