"""Several slots changed as one, and what a crash, a full disk and a hand in between make of it."""

from functools import partial
from pathlib import Path

import pytest
from disks import fill
from tracing import kills

from store.codec import encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile, DiskFull, NoBackup
from store.limits import BACKUPS
from store.project import change_project, open_project, save_project
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore

A, B = Pattern(name="a"), Pattern(name="b")
SWAPPED = {(1, 3): B, (1, 4): A}


@pytest.fixture
def slots(project: Path) -> SlotStore:
    """A project whose slots 3 and 4 hold A and B."""
    open_project(project)
    slots = SlotStore(project)
    slots.write(1, 3, A)
    slots.write(1, 4, B)
    return slots


def held(slots: SlotStore) -> dict[int, str]:
    return {slot: slots.read(1, slot).name for slot in slots.occupied(1)}


def test_slots_change_together_each_with_its_backup(project: Path, slots: SlotStore) -> None:
    changes = SlotChanges(project, slots)
    changes.make({(1, 3): None, (1, 4): A, (2, 1): B})
    assert held(slots) == {4: "a"}
    assert slots.read(2, 1) == B
    assert (slots.read_backup(1, 3), slots.read_backup(1, 4)) == (A, B)
    changes.settle()
    assert not SlotChanges(project, slots).finish()


def swap(project: Path) -> None:
    changes = SlotChanges(project, SlotStore(project))
    changes.make(SWAPPED)
    changes.settle()


@pytest.mark.real
def test_a_swap_killed_at_any_system_call_is_made_whole_or_not_at_all(project: Path, slots: SlotStore) -> None:
    def begin() -> None:
        slots.write(1, 3, A)
        slots.write(1, 4, B)

    seen = []
    for _ in kills(partial(swap, project), begin):
        for slot in (3, 4):
            assert slots.read(1, slot) in (A, B), "each file is old or new at every moment"
        open_project(project)
        SlotChanges(project, slots).finish()
        seen.append(held(slots))
    assert {3: "a", 4: "b"} in seen
    assert {3: "b", 4: "a"} in seen
    assert all(each in ({3: "a", 4: "b"}, {3: "b", 4: "a"}) for each in seen)


def restore(project: Path) -> None:
    slots = SlotStore(project)
    changes = SlotChanges(project, slots)
    changes.make({(1, 3): slots.read_backup(1, 3)})
    changes.settle()


@pytest.mark.real
def test_a_restore_killed_at_any_system_call_leaves_the_old_or_the_new(project: Path, slots: SlotStore) -> None:
    def begin() -> None:
        slots.write(1, 3, A)
        slots.write(1, 3, B)

    seen = set()
    for _ in kills(partial(restore, project), begin):
        assert slots.read(1, 3) in (A, B)
        open_project(project)
        SlotChanges(project, slots).finish()
        seen.add(slots.read(1, 3).name)
        assert {"a", "b"} == {slots.read(1, 3).name, *(backup.name for backup in slots.list_backups(1, 3))}
    assert seen == {"a", "b"}


@pytest.mark.parametrize("fails_at", [1, 2])
def test_what_the_disk_refuses_brings_back_what_was_there(project, slots, monkeypatch, fails_at: int) -> None:
    files = {slot: slots.path(1, slot).read_bytes() for slot in (3, 4)}
    put, calls = slots.put, []

    def full(bank: int, slot: int, *rest: object, **named: object) -> None:
        calls.append(slot)
        if len(calls) == fails_at:
            raise DiskFull("The disk is full.")
        put(bank, slot, *rest, **named)

    monkeypatch.setattr(slots, "put", full)
    with pytest.raises(DiskFull):
        SlotChanges(project, slots).make(SWAPPED)
    assert {slot: slots.path(1, slot).read_bytes() for slot in (3, 4)} == files
    assert not SlotChanges(project, slots).finish()


def test_a_full_disk_that_has_no_room_for_the_plan_changes_nothing(small_disk: Path) -> None:
    open_project(small_disk)
    slots = SlotStore(small_disk)
    slots.write(1, 3, A)
    slots.write(1, 4, B)
    fill(small_disk)
    with pytest.raises(DiskFull):
        SlotChanges(small_disk, slots).make(SWAPPED)
    assert held(slots) == {3: "a", 4: "b"}


def cut_short(project: Path, slots: SlotStore) -> None:
    """Leave the plan of a change of which the first half was made."""
    SlotChanges(project, slots).plan({place: slots.encoded(pattern) for place, pattern in SWAPPED.items()})
    slots.write(1, 3, B)


def test_a_change_that_was_cut_short_is_finished_once(project: Path, slots: SlotStore) -> None:
    cut_short(project, slots)
    assert SlotChanges(project, slots).finish()
    assert held(slots) == {3: "b", 4: "a"}
    assert len(slots.backups(1, 3)) == 1, "what was made already is not made again"
    assert not SlotChanges(project, slots).finish()


def test_a_change_finishes_first_what_was_cut_short_before_it(project: Path, slots: SlotStore) -> None:
    cut_short(project, slots)
    SlotChanges(project, slots).make({(1, 4): Pattern(name="mine")})
    assert held(slots) == {3: "b", 4: "mine"}
    assert [backup.name for backup in slots.list_backups(1, 4)] == ["a", "b"]


def test_what_a_hand_wrote_after_the_crash_is_a_backup_of_the_change_that_is_finished(
    project: Path, slots: SlotStore
) -> None:
    cut_short(project, slots)
    slots.path(1, 4).write_text("by hand")
    SlotChanges(project, slots).finish()
    assert held(slots) == {3: "b", 4: "a"}
    assert slots.backups(1, 4)[0].read_text() == "by hand"


def test_backups_are_told_by_number_time_and_name(project: Path, clock) -> None:
    slots = SlotStore(project, clock)
    for name in ("one", "two", "three"):
        slots.write(1, 5, Pattern(name=name))
    slots.backups(1, 5)[0].write_text("{")
    assert [(backup.number, backup.name) for backup in slots.list_backups(1, 5)] == [(1, None), (2, "one")]
    first, second = slots.list_backups(1, 5)
    assert first.replaced > second.replaced
    assert slots.read_backup(1, 5, 2).name == "one"
    with pytest.raises(DamagedFile):
        slots.read_backup(1, 5, 1)


@pytest.mark.parametrize("number", [0, -1, 3, BACKUPS + 1])
def test_a_backup_that_is_not_there_is_told_in_one_sentence(slots: SlotStore, number: int) -> None:
    slots.write(1, 3, B)
    with pytest.raises(NoBackup, match=r"backup 1 alone; there is no number .*\.$"):
        slots.read_backup(1, 3, number)
    with pytest.raises(NoBackup, match="has no backups"):
        slots.read_backup(1, 99)


def test_remembering_a_bank_keeps_all_else_in_the_project_file(project: Path) -> None:
    document = open_project(project)
    path = project / "project.json"
    path.write_text(path.read_text().replace('"version"', '"mine": [1.50, true],\n  "version"', 1))
    change_project(project, bank=7)
    again = open_project(project)
    assert (again.bank, again.name, again.extra["mine"]) == (7, document.name, [1.5, True])
    before = path.stat().st_mtime_ns
    change_project(project, bank=7)
    assert path.stat().st_mtime_ns == before, "nothing is written where nothing changed"
    save_project(project, document)


def test_the_bytes_of_a_copy_are_those_of_the_original(project: Path, slots: SlotStore) -> None:
    SlotChanges(project, slots).make({(9, 9): slots.read(1, 3)})
    assert slots.path(9, 9).read_bytes() == slots.path(1, 3).read_bytes() == encode_pattern(A)
