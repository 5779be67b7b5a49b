"""A save that cannot be lost once it is answered, though its file is not on the disk yet."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from disks import fill
from documents_strategies import full_pattern
from power import Power

from store.codec import encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile, DiskFull, NewerVersion, StoreError
from store.project import open_project
from store.slots import slots as slots_module
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore
from store.slots.write_ahead import WriteAhead

OLD, NEW, LAST = Pattern(name="old"), full_pattern(), Pattern(name="last")


@pytest.fixture
def slots(project: Path) -> SlotStore:
    """A project whose slot 9 holds OLD."""
    open_project(project)
    slots = SlotStore(project)
    slots.write(1, 9, OLD)
    return slots


@pytest.fixture
def changes(project: Path, slots: SlotStore) -> SlotChanges:
    return SlotChanges(project, slots)


def held(project: Path, slot: int = 9) -> Pattern | None:
    slots = SlotStore(project)
    return slots.read(1, slot) if slot in slots.occupied(1) else None


def backups(project: Path, slot: int = 9) -> list[Pattern]:
    slots = SlotStore(project)
    return [slots.read_backup(1, slot, number + 1) for number in range(len(slots.backups(1, slot)))]


def written_ahead(project: Path, pattern: Pattern, slot: int = 9) -> bytes:
    """Leave what a crash leaves between what is written down and the file's place."""
    SlotChanges(project, SlotStore(project)).plan({(1, slot): encode_pattern(pattern)})
    return WriteAhead(project).path.read_bytes()


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EIO, "no more")


def save_twice(changes: SlotChanges) -> Iterator[dict[int, Pattern | None]]:
    changes.make({(1, 9): NEW})
    yield {9: NEW}
    changes.make({(1, 9): LAST})
    yield {9: LAST}


def save_to_two_slots(changes: SlotChanges) -> Iterator[dict[int, Pattern | None]]:
    changes.make({(1, 10): NEW})
    yield {10: NEW}
    changes.make({(1, 9): LAST})
    yield {9: LAST}


def clear_what_was_saved(changes: SlotChanges) -> Iterator[dict[int, Pattern | None]]:
    changes.make({(1, 9): NEW})
    yield {9: NEW}
    changes.make({(1, 9): None})
    yield {9: None}


def bring_back_what_was_saved_over(changes: SlotChanges) -> Iterator[dict[int, Pattern | None]]:
    changes.make({(1, 9): NEW})
    yield {9: NEW}
    changes.make({(1, 9): OLD})
    yield {9: OLD}


def move(changes: SlotChanges) -> Iterator[dict[int, Pattern | None]]:
    changes.make({(1, 10): OLD, (1, 9): None})
    yield {9: None, 10: OLD}


STORIES = (save_twice, save_to_two_slots, clear_what_was_saved, bring_back_what_was_saved_over, move)


@pytest.mark.parametrize("settled", [True, False], ids=["settled", "not settled"])
@pytest.mark.parametrize("story", STORIES)
def test_after_a_power_cut_at_any_moment_slots_hold_what_was_last_answered_or_what_was_asked_for_next(
    project: Path, changes: SlotChanges, tmp_path: Path, story: Callable[..., Iterator], settled: bool
) -> None:
    power = Power(project)
    answered: list[tuple[int, dict[int, Pattern | None]]] = [(0, {9: OLD, 10: None})]
    with pytest.MonkeyPatch.context() as patch:
        power.watch(patch)
        for wanted in story(changes):
            answered.append((len(power.cuts), {**answered[-1][1], **wanted}))
            if settled:
                changes.settle()
    power.close()
    for cut in range(len(power.cuts)):
        left = tmp_path / f"left {cut}"
        power.leave(cut, left)
        open_project(left)
        SlotChanges(left, SlotStore(left)).finish()
        holds = {slot: held(left, slot) for slot in (9, 10)}
        last = [wanted for after, wanted in answered if after <= cut + 1][-1]
        coming = [wanted for after, wanted in answered if after > cut + 1][:1]
        assert holds in (last, *coming)
        assert OLD in (holds[9], holds[10], *backups(left)), "what was replaced is kept"


def test_a_save_waits_for_the_disk_once_and_settling_does_the_rest(project, slots, changes, monkeypatch) -> None:
    changes.make({(1, 9): LAST})
    changes.settle()
    power = Power(project)
    power.watch(monkeypatch)
    changes.make({(1, 9): NEW})
    assert len(power.cuts) == 1
    assert held(project) == NEW, "whoever reads the file once the save is answered finds the new one"
    changes.settle()
    assert len(power.cuts) > 1
    assert WriteAhead(project).read() is None
    at_rest = len(power.cuts)
    changes.settle()
    assert len(power.cuts) == at_rest
    power.close()


@pytest.mark.parametrize("left", [b"", encode_pattern(NEW)[:1000]], ids=["empty", "cut off"])
def test_a_file_that_lost_its_content_with_the_power_is_whole_again(project: Path, slots, left: bytes) -> None:
    written_ahead(project, NEW)
    slots.path(1, 9).write_bytes(left)
    assert SlotChanges(project, slots).finish()
    assert held(project) == NEW


def test_what_was_torn_while_it_was_written_down_counts_for_nothing(project: Path, slots: SlotStore) -> None:
    path = WriteAhead(project).path
    written_ahead(project, Pattern(name="the one before"))
    SlotChanges(project, slots).finish()
    before = path.read_bytes()
    slots.write(1, 9, OLD)
    whole = written_ahead(project, NEW)
    length = len(whole.rstrip(b"\0"))
    for cut in (*range(0, length, 97), length - 1):
        for rest in (b"", bytes(len(whole) - cut), before[cut:]):
            path.write_bytes(whole[:cut] + rest)
            assert not SlotChanges(project, slots).finish()
    for place in range(0, length, 101):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert not SlotChanges(project, slots).finish()
    assert held(project) == OLD
    path.write_bytes(whole)
    assert SlotChanges(project, slots).finish()
    assert held(project) == NEW


@pytest.mark.parametrize("refused", ["open", "write_all", "sync_content"])
def test_where_nothing_can_be_written_down_a_save_is_whole_all_the_same(
    project: Path, slots: SlotStore, changes: SlotChanges, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    with monkeypatch.context() as failing:
        if refused == "open":
            failing.setattr(WriteAhead, "_overwrite", refuse)
        else:
            failing.setattr(f"store.slots.write_ahead.{refused}", refuse)
        changes.make({(1, 9): NEW})
        changes.settle()
    assert held(project) == NEW
    assert backups(project) == [OLD]
    slots.write(1, 9, LAST)
    assert not SlotChanges(project, slots).finish(), "nothing of the save is left that could come back"


def test_a_folder_in_its_way_is_told_once_and_put_aside(project: Path, changes: SlotChanges) -> None:
    WriteAhead(project).path.mkdir()
    with pytest.raises(DamagedFile, match="it is no file"):
        changes.finish()
    changes.make({(1, 9): NEW})
    assert held(project) == NEW


def test_a_full_disk_refuses_a_save_and_takes_one_when_there_is_room_again(small_disk: Path) -> None:
    open_project(small_disk)
    slots = SlotStore(small_disk)
    slots.write(1, 9, OLD)
    for first in (True, False):  # with nothing written down yet, and with the file that was made then
        fill(small_disk)
        changes = SlotChanges(small_disk, slots)
        with pytest.raises(DiskFull, match=r"slot_009\.json: the disk is full; free some space"):
            changes.make({(1, 9): NEW})
        assert held(small_disk) == OLD
        assert not SlotChanges(small_disk, slots).finish()
        (small_disk / "filler").unlink()
        changes.make({(1, 9): NEW})
        changes.settle()
        assert held(small_disk) == NEW
        assert WriteAhead(small_disk).path.exists()
        slots.write(1, 9, OLD)
        assert first or len(slots.backups(1, 9)) == 4


def test_a_save_to_a_file_that_is_read_only_is_told_and_not_made_by_the_next_start(
    project: Path, slots: SlotStore, changes: SlotChanges
) -> None:
    slots.path(1, 9).chmod(0o444)
    with pytest.raises(StoreError, match=r"slot_009\.json: the file is read-only"):
        changes.make({(1, 9): NEW})
    slots.path(1, 9).chmod(0o644)
    assert not SlotChanges(project, slots).finish()
    assert held(project) == OLD


def test_where_settling_fails_it_is_told_and_the_next_change_writes_the_file_again_first(
    project: Path, changes: SlotChanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.make({(1, 9): NEW})
    with monkeypatch.context() as failing:
        failing.setattr(slots_module, "sync_file", refuse)
        with pytest.raises(StoreError, match=r"is safe, but .*the disk reports an error; check the disk\.$"):
            changes.settle()
    shutil.copytree(project, project.with_name("power cut"))
    number = changes.slots.path(1, 9).stat().st_ino
    changes.make({(1, 10): LAST})
    assert held(project) == NEW
    assert changes.slots.path(1, 9).stat().st_ino != number, "what a failed sync left is not taken for what is on disk"
    assert backups(project) == [OLD]
    again = project.with_name("power cut")
    assert SlotChanges(again, SlotStore(again)).finish()
    assert held(again) == NEW


def test_while_the_disk_takes_nothing_no_change_is_made_over_one_that_was_answered(
    project: Path, changes: SlotChanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.make({(1, 9): NEW})
    monkeypatch.setattr(os, "fsync", refuse)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"the disk reports an error; check the disk\.$"):
            changes.make({(1, 9): LAST})
    monkeypatch.undo()
    assert WriteAhead(project).read() is not None
    assert SlotChanges(project, changes.slots).finish()
    assert held(project) == NEW


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_written_down_keeps_its_kind_whatever_the_project_says_since(project: Path, packed: bool) -> None:
    open_project(project)
    slots = SlotStore(project, gzip=packed)
    SlotChanges(project, slots).plan({(1, 9): slots.encoded(NEW)})
    other = SlotStore(project, gzip=not packed)
    assert SlotChanges(project, other).finish()
    assert other.path(1, 9).name == ("slot_009.json.gz" if packed else "slot_009.json")
    assert held(project) == NEW


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (msgspec.msgpack.encode((9, "who knows")), NewerVersion),
        (msgspec.msgpack.encode((1, [(1, "x", None)])), DamagedFile),
        (b"\xc1", DamagedFile),
    ],
)
def test_what_cannot_be_understood_is_told_once_and_put_aside(project, slots, changes, entry, error) -> None:
    ahead = WriteAhead(project)
    ahead.write(entry)
    whole = ahead.path.read_bytes()
    with pytest.raises(error, match=r"ahead\.old.*\.$"):
        changes.finish()
    assert ahead.path.with_suffix(".old").read_bytes() == whole
    assert not changes.finish()
    changes.make({(1, 9): NEW})
    assert held(project) == NEW


def test_what_a_whole_bank_took_is_given_back(project: Path, slots: SlotStore, changes: SlotChanges) -> None:
    path = WriteAhead(project).path
    changes.make({(1, 9): NEW})
    size = path.stat().st_size
    changes.settle()
    assert path.stat().st_size == size
    changes.make({(bank, slot): NEW for bank in (2, 3) for slot in range(1, 65)})
    assert path.stat().st_size > size
    changes.settle()
    assert not path.exists()
    changes.make({(1, 9): LAST})
    assert path.stat().st_size == size
