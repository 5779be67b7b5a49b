"""Slots and their backups."""

import errno
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from disks import fill
from documents_strategies import full_pattern
from hypothesis import given
from hypothesis import strategies as st

from store.codec import encode_pattern
from store.documents import Pattern, Step, Track
from store.errors import DamagedFile, DiskFull, NewerVersion, SlotEmpty, SlotOutOfRange, StoreError
from store.slots.slots import SlotStore

OLD = Pattern(name="old")
NEW = Pattern(name="new", tracks=(Track("kick", "kick", steps=(Step(on=True),) * 16),))


def temp_files(project: Path) -> list[Path]:
    return list((project / "patterns" / "temp").iterdir())


def test_a_pattern_comes_back_from_its_slot(project: Path) -> None:
    slots = SlotStore(project)
    slots.write(1, 42, full_pattern())
    assert slots.read(1, 42) == full_pattern()
    assert slots.path(1, 42) == project / "patterns/slots/bank_01/slot_042.json"
    assert temp_files(project) == []


def test_the_occupied_slots_are_listed_in_order_without_the_autosave_and_strangers(project: Path) -> None:
    slots = SlotStore(project)
    assert slots.occupied(1) == []
    for slot in (128, 7, 42):
        slots.write(1, slot, OLD)
    slots.write_autosave(1, OLD)
    for stranger in ("slot_129.json", "slot_7.json", "slot_008.json~", "notes.txt"):
        (project / "patterns/slots/bank_01" / stranger).touch()
    assert slots.occupied(1) == [7, 42, 128]
    assert slots.occupied(2) == []


@pytest.mark.parametrize("slot", [0, 129, -1, "x", 1.0, True, None])
def test_there_is_no_other_slot_than_1_to_128(project: Path, slot: Any) -> None:
    slots = SlotStore(project)
    calls: list[Callable[[], Any]] = [
        lambda: slots.read(1, slot),
        lambda: slots.write(1, slot, OLD),
        lambda: slots.clear(1, slot),
        lambda: slots.backups(1, slot),
    ]
    for call in calls:
        with pytest.raises(SlotOutOfRange, match=re.escape(f"There is no slot {slot!r}; slots go from 1 to 128.")):
            call()
    assert not project.exists()


@pytest.mark.parametrize("bank", [0, 17, -1])
def test_there_is_no_other_bank_than_1_to_16(project: Path, bank: int) -> None:
    with pytest.raises(SlotOutOfRange, match=f"There is no bank {bank}; banks go from 1 to 16."):
        SlotStore(project).write(bank, 1, OLD)


def test_an_empty_slot_says_so(project: Path) -> None:
    with pytest.raises(SlotEmpty, match=r"Slot 5 of bank 2 is empty; save to it first\."):
        SlotStore(project).read(2, 5)


def test_a_save_keeps_what_it_replaced_and_only_the_newest_eight(project: Path, clock: Callable[[], datetime]) -> None:
    slots = SlotStore(project, clock)
    for number in range(11):
        slots.write(1, 3, Pattern(name=str(number)))
    kept = [path.read_bytes() for path in slots.backups(1, 3)]
    assert kept == [encode_pattern(Pattern(name=str(number))) for number in range(9, 1, -1)]


def test_saving_what_is_there_already_keeps_no_double_of_it(project: Path) -> None:
    slots = SlotStore(project)
    for pattern in (OLD, NEW, NEW, NEW):
        slots.write(1, 3, pattern)
    assert [path.read_bytes() for path in slots.backups(1, 3)] == [encode_pattern(OLD)]


def test_backups_stay_in_order_when_the_clock_stands_still_or_goes_back(project: Path) -> None:
    hours = iter([12, 12, 11, 10])
    slots = SlotStore(project, lambda: datetime(2026, 11, 21, next(hours), tzinfo=UTC))
    for number in range(5):
        slots.write(1, 3, Pattern(name=str(number)))
    kept = [path.read_bytes() for path in slots.backups(1, 3)]
    assert kept == [encode_pattern(Pattern(name=str(number))) for number in range(3, -1, -1)]


def test_where_there_are_no_hard_links_the_backup_is_a_copy(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    slots = SlotStore(project)
    slots.write(1, 3, OLD)
    slots.write(1, 3, NEW)
    assert slots.read(1, 3) == NEW
    assert [path.read_bytes() for path in slots.backups(1, 3)] == [encode_pattern(OLD)]


def test_clearing_a_slot_keeps_a_backup_and_clearing_it_again_does_nothing(project: Path) -> None:
    slots = SlotStore(project)
    slots.write(1, 3, OLD)
    slots.clear(1, 3)
    slots.clear(1, 3)
    assert slots.occupied(1) == []
    assert [path.read_bytes() for path in slots.backups(1, 3)] == [encode_pattern(OLD)]


def test_the_autosave_comes_back_and_makes_no_backups(project: Path) -> None:
    slots = SlotStore(project)
    assert slots.read_autosave(1) is None
    slots.write_autosave(1, OLD)
    slots.write_autosave(1, NEW)
    assert slots.read_autosave(1) == NEW
    assert (project / "patterns/slots/bank_01/slot_000.json").is_file()
    assert not (project / "patterns/backups").exists()


BAD_FILES = {
    "empty": (b"", DamagedFile),
    "truncated": (encode_pattern(full_pattern())[:1000], DamagedFile),
    "corrupt": (bytes(range(256)) * 7, DamagedFile),
    "newer": (b'{"format": "chronus-pattern", "version": 3}', NewerVersion),
}


@pytest.mark.parametrize(("data", "kind"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_told_with_its_path_and_kept_even_when_saved_over(
    project: Path, data: bytes, kind: type[StoreError]
) -> None:
    slots = SlotStore(project)
    path = slots.path(1, 9)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    with pytest.raises(kind, match=re.escape(str(path))):
        slots.read(1, 9)
    assert path.read_bytes() == data
    slots.write(1, 9, NEW)
    assert slots.read(1, 9) == NEW
    assert [backup.read_bytes() for backup in slots.backups(1, 9)] == [data]


def test_a_read_only_slot_is_read_but_neither_saved_over_nor_cleared(project: Path) -> None:
    slots = SlotStore(project)
    slots.write(1, 9, OLD)
    slots.path(1, 9).chmod(0o444)
    assert slots.read(1, 9) == OLD
    for change in (lambda: slots.write(1, 9, NEW), lambda: slots.clear(1, 9)):
        with pytest.raises(StoreError, match=r"slot_009\.json: the file is read-only"):
            change()
    assert slots.read(1, 9) == OLD
    assert slots.backups(1, 9) == []


def test_a_folder_or_a_pipe_in_place_of_a_slot_is_told_and_left(project: Path) -> None:
    slots = SlotStore(project)
    slots.path(1, 1).mkdir(parents=True)
    os.mkfifo(slots.path(1, 2))
    for slot in (1, 2):
        with pytest.raises(DamagedFile, match=rf"slot_00{slot}\.json: it is no file"):
            slots.read(1, slot)
    with pytest.raises(StoreError, match=r"slot_001\.json"):
        slots.write(1, 1, OLD)
    assert temp_files(project) == []


SAVE_CALLS = ("open", "write", "fsync", "close", "link", "replace", "unlink", "mkdir")
FAULTS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)


@given(st.sampled_from(SAVE_CALLS), st.integers(0, 3), st.sampled_from(FAULTS))
def test_a_save_that_fails_anywhere_leaves_the_old_or_the_new_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, call: str, good_calls: int, fault: int
) -> None:
    project = tmp_path_factory.mktemp("failing")
    slots = SlotStore(project)
    slots.write(1, 9, OLD)
    real = getattr(os, call)
    left = iter([True] * good_calls)

    def failing(*arguments: Any, **named: Any) -> Any:
        if next(left, False):
            return real(*arguments, **named)
        if call == "close":
            real(*arguments, **named)
        raise OSError(fault, os.strerror(fault))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, failing)
        try:
            slots.write(1, 9, NEW)
            saved = True
        except StoreError as error:
            assert "slot_009" in str(error)
            saved = False
    found = slots.read(1, 9)
    assert found == NEW if saved else found in (OLD, NEW)
    assert found == OLD or encode_pattern(OLD) in [path.read_bytes() for path in slots.backups(1, 9)]
    if call != "unlink":
        assert temp_files(project) == []


def test_short_writes_are_carried_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:100]))
    slots = SlotStore(project)
    slots.write(1, 9, full_pattern())
    assert slots.read(1, 9) == full_pattern()


def test_on_a_full_disk_a_save_fails_with_a_sentence_and_the_old_file_stands(small_disk: Path) -> None:
    slots = SlotStore(small_disk)
    slots.write(1, 9, OLD)
    fill(small_disk)
    with pytest.raises(DiskFull, match=r"slot_009\.json: the disk is full; free some space"):
        slots.write(1, 9, full_pattern())
    assert slots.read(1, 9) == OLD
    assert slots.backups(1, 9) == []
    assert temp_files(small_disk) == []


def test_on_a_read_only_disk_a_save_fails_with_a_sentence_and_the_old_file_stands(
    small_disk: Path, read_only_disk: Callable[[], None]
) -> None:
    slots = SlotStore(small_disk)
    slots.write(1, 9, OLD)
    read_only_disk()
    for change in (lambda: slots.write(1, 9, NEW), lambda: slots.clear(1, 9)):
        with pytest.raises(StoreError, match="read-only"):
            change()
    assert slots.read(1, 9) == OLD
