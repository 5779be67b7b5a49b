"""Slots as `.json.gz`: read whatever the project writes now, never lost, never there twice."""

import gzip
import os
from functools import partial
from pathlib import Path

import pytest
from documents_strategies import full_pattern
from tracing import kills

from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile
from store.project import open_project
from store.slots.slots import SlotStore

OLD, NEW = Pattern(name="old"), Pattern(name="new")


def files(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "patterns/slots/bank_01").iterdir())


@pytest.mark.parametrize("packed", [False, True])
def test_a_save_after_the_setting_changed_leaves_one_file_and_the_old_one_as_a_backup(
    project: Path, packed: bool
) -> None:
    before, after = SlotStore(project, gzip=not packed), SlotStore(project, gzip=packed)
    before.write(1, 9, full_pattern())
    assert after.read(1, 9) == full_pattern()
    assert after.occupied(1) == [9]
    after.write(1, 9, NEW)
    assert files(project) == ["slot_009.json.gz" if packed else "slot_009.json"]
    assert before.read(1, 9) == after.read(1, 9) == NEW
    assert before.read_backup(1, 9) == full_pattern()
    assert [backup.name for backup in before.list_backups(1, 9)] == ["full"]
    before.clear(1, 9)
    assert files(project) == []
    assert after.read_backup(1, 9, 1) == NEW


def test_a_packed_slot_holds_the_same_text_in_a_tenth_of_the_room(project: Path) -> None:
    slots = SlotStore(project, gzip=True)
    slots.write(1, 9, full_pattern())
    packed = slots.path(1, 9).read_bytes()
    assert gzip.decompress(packed) == encode_pattern(full_pattern())
    assert len(packed) < len(encode_pattern(full_pattern())) / 10
    slots.write(2, 9, full_pattern())
    assert slots.path(2, 9).read_bytes() == packed, "the same pattern is the same file, whenever it is written"


def test_of_two_files_of_a_slot_the_newer_counts_and_a_save_keeps_both(project: Path) -> None:
    SlotStore(project, gzip=True).write(1, 9, OLD)
    slots = SlotStore(project)
    plain = project / "patterns/slots/bank_01/slot_009.json"
    plain.write_bytes(encode_pattern(NEW))
    os.utime(plain, ns=(2**62, 2**62))
    assert slots.read(1, 9) == NEW
    slots.write(1, 9, full_pattern())
    assert files(project) == ["slot_009.json"]
    assert [slots.read_backup(1, 9, number) for number in (1, 2)] == [NEW, OLD]


@pytest.mark.parametrize("data", [gzip.compress(encode_pattern(OLD))[:-5], b"\x1f\x8bno gzip at all"])
def test_a_damaged_gzip_is_told_with_its_path(data: bytes) -> None:
    with pytest.raises(DamagedFile, match="slot_009"):
        decode_pattern(data, "slot_009.json.gz")


def test_a_gzip_that_unpacks_to_more_than_any_document_is_refused_at_once() -> None:
    bomb = gzip.compress(b" " * 2**27)
    with pytest.raises(DamagedFile, match="holds no document"):
        decode_pattern(bomb, "bomb.json.gz")


def save(project: Path, packed: bool) -> None:
    SlotStore(project, gzip=packed).write(1, 9, NEW)


@pytest.mark.real
@pytest.mark.parametrize("packed", [False, True])
def test_a_save_to_the_other_kind_killed_at_any_system_call_leaves_one_whole_file(project: Path, packed: bool) -> None:
    open_project(project)
    before, after = SlotStore(project, gzip=not packed), SlotStore(project, gzip=packed)
    found = []
    for _ in kills(partial(save, project, packed), lambda: before.write(1, 9, OLD)):
        assert len(files(project)) == 1
        found.append(after.read(1, 9))
        assert found[-1] in (OLD, NEW)
        open_project(project)
    assert OLD in found
    assert NEW in found
