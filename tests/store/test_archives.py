"""Archives: the very files out and in, nothing replaced, nothing taken of a bad one, and no crash that harms."""

import json
import shutil
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from disks import fill
from tracing import REFUSALS, kills, refusals

from store.archive_contents import packed_bank, packed_library, unpack_library
from store.archives import Archive, member_of_name, pack, slot_of_member
from store.codec import encode_pattern
from store.documents import Pattern, Track
from store.errors import BadName, DamagedFile, DiskFull, NameTaken, NewerVersion, StoreError
from store.library.filters import Query, query_of
from store.library.library import Library
from store.project import open_project
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore

NIGHT = Pattern(name="acid night", genre="techno", tags=("acid",), tracks=(Track("kick", "kick"),))
DUB = Pattern(name="Über dub", genre="dub")


def library_in(project: Path) -> Library:
    return Library(project / "patterns" / "library", runtime=project / ".chronus")


@pytest.fixture
def library(project: Path) -> Library:
    open_project(project)
    library = library_in(project)
    for pattern in (NIGHT, DUB):
        library.write(pattern, pattern.name)
    return library


@pytest.fixture
def archive(project: Path, library: Library, tmp_path: Path) -> Path:
    out = tmp_path / "all.zip"
    run(pack(out, "library", packed_library(library, Query()), project / "patterns" / "temp"))
    return out


def run(steps: Any) -> Any:
    """Go through all steps; what they come back with."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_an_archive_holds_the_very_files_and_is_the_same_for_the_same_patterns(project, library, archive, tmp_path):
    with zipfile.ZipFile(archive) as found:
        assert found.namelist() == ["library/dub/Über dub.json", "library/techno/acid night.json", "manifest.json"]
        for name in ("dub/Über dub", "techno/acid night"):
            assert found.read(member_of_name(name)) == library.path(name).read_bytes()
    again = tmp_path / "again.zip"
    run(pack(again, "library", packed_library(library, Query()), project / "patterns" / "temp"))
    assert again.read_bytes() == archive.read_bytes()


def test_a_selection_comes_back_elsewhere_and_again_without_being_doubled(tmp_path: Path, archive: Path) -> None:
    other = library_in(tmp_path / "other")
    assert run(unpack_library(other, archive)) == 2
    assert [other.read(name) for name in other.names()] == [DUB, NIGHT]
    assert run(unpack_library(other, archive)) == 0
    other.write(Pattern(genre="techno", bpm=99), "acid night")
    assert run(unpack_library(other, archive)) == 1
    assert run(unpack_library(other, archive)) == 0
    assert other.read("techno/acid night").bpm == 99
    assert other.read("techno/acid night 2").tracks == NIGHT.tracks


def test_progress_tells_each_pattern(project: Path, library: Library, archive: Path, tmp_path: Path) -> None:
    steps = pack(tmp_path / "x.zip", "library", packed_library(library, Query()), project / "patterns" / "temp")
    assert list(steps) == [(1, 2), (2, 2)]
    assert list(unpack_library(library, archive)) == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_cannot_be_read_is_left_out_and_told(project: Path, library: Library, tmp_path: Path) -> None:
    folder = project / "patterns/library/dub"
    (folder / "bad.json").write_text("{")
    (folder / "new.json").write_text('{"format": "chronus-pattern", "version": 99}')
    out = tmp_path / "x.zip"
    count, left_out = run(pack(out, "library", packed_library(library, Query()), project / "patterns" / "temp"))
    assert count == 2
    assert ["bad.json" in left_out[0], "newer Chronus" in left_out[1]] == [True, True]
    with pytest.raises(StoreError, match="nothing to write"):
        run(pack(tmp_path / "y.zip", "library", packed_library(library, query_of(["name=bad"])), tmp_path))
    assert not (tmp_path / "y.zip").exists()


def test_a_file_that_is_there_is_never_replaced(project: Path, library: Library, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(NameTaken, match=r"all\.zip already; choose another name\.$"):
        run(pack(archive, "library", packed_library(library, Query()), project / "patterns" / "temp"))
    assert archive.read_bytes() == before
    assert list((project / "patterns/temp").iterdir()) == []


def make(path: Path, members: dict[str, bytes], **manifest: Any) -> Path:
    """An archive made by hand."""
    import hashlib

    listed = [{"path": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()]
    head = {"format": "chronus-archive", "version": 1, "kind": "library", "patterns": listed} | manifest
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
        made.writestr("manifest.json", json.dumps(head))
    return path


GOOD = encode_pattern(NIGHT)
LED_ASTRAY = [
    "../../etc/passwd", "library/../../x.json", "/library/a/b.json", "library/a/../b.json", "library/.git/x.json",
    "library/a\\b/c.json", "library/a/.json", "library/con/x.json", "library/a/b.txt", "library/a/b/c.json", "x.json",
    "library//x.json", "library/a/ x.json", "C:/library/x.json",
]  # fmt: skip


@pytest.mark.parametrize("name", LED_ASTRAY)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_taken(tmp_path: Path, name: str) -> None:
    bad = make(tmp_path / "bad.zip", {"library/a/good.json": GOOD, name: GOOD})
    library = library_in(tmp_path / "other")
    with pytest.raises((BadName, DamagedFile), match=r"\.$"):
        run(unpack_library(library, bad))
    assert library.names() == []


@pytest.mark.parametrize(
    "name", ["bank/slot_000.json", "bank/slot_129.json", "bank/slot_1.json", "slots/slot_001.json"]
)
def test_a_slot_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadName, match="which is no slot"):
        Archive(make(tmp_path / "bad.zip", {name: GOOD}, kind="bank"))


def test_names_of_slots_are_told() -> None:
    assert [slot_of_member(f"bank/slot_{slot:03}.json") for slot in (1, 128)] == [1, 128]


def _damage(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("make_bad", "error", "words"),
    [
        (lambda path: path.write_bytes(b"no zip"), DamagedFile, "no sound zip file"),
        (lambda path: path.write_bytes(b""), DamagedFile, "no sound zip file"),
        (lambda path: _damage(path, lambda data: data[: len(data) // 2]), DamagedFile, "no sound zip file"),
        (lambda path: zipfile.ZipFile(path, "w").close(), DamagedFile, "it has no manifest.json"),
        (lambda path: make(path, {"library/a/x.json": GOOD}, format="other"), DamagedFile, "its format is 'other'"),
        (lambda path: make(path, {"library/a/x.json": GOOD}, version=9), NewerVersion, "newer Chronus (version 9)"),
        (lambda path: make(path, {}, version=9, kind="set", patterns={}), NewerVersion, "newer Chronus"),
        (lambda path: make(path, {"library/a/x.json": GOOD}, kind="set"), DamagedFile, "cannot be read"),
        (lambda path: make(path, {"library/a/x.json": GOOD}, patterns=[]), DamagedFile, "does not name"),
        (lambda path: make(path, {}, patterns=[{"path": "library/a/x.json", "sha256": ""}]), DamagedFile, "is missing"),
        (
            lambda path: make(path, {"library/a/x.json": GOOD}, patterns=[{"path": "library/a/x.json", "sha256": "0"}]),
            DamagedFile,
            "not what its manifest says",
        ),
        (lambda path: make(path, {"library/a/x.json": b"{"}), DamagedFile, "is damaged"),
        (
            lambda path: make(path, {"library/a/x.json": b'{"format": "chronus-pattern", "version": 99}'}),
            NewerVersion,
            "newer Chronus (version 99)",
        ),
        (lambda path: make(path, {"library/a/x.json": bytes(17 * 2**20)}), DamagedFile, "are no pattern"),
        (lambda path: path.unlink(), StoreError, "There is no archive"),
    ],
)  # fmt: skip
def test_a_bad_archive_is_refused_in_one_sentence_and_nothing_of_it_is_taken(
    tmp_path: Path, archive: Path, make_bad: Any, error: type[StoreError], words: str
) -> None:
    make_bad(archive)
    library = library_in(tmp_path / "other")
    with pytest.raises(error) as refusal:
        run(unpack_library(library, archive))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert library.names() == []


def test_a_flipped_byte_anywhere_is_noticed_or_does_no_harm(tmp_path: Path, archive: Path) -> None:
    data = archive.read_bytes()
    for place in range(0, len(data), 7):
        archive.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        library = library_in(tmp_path / f"other {place}")
        try:
            run(unpack_library(library, archive))
        except StoreError:
            assert library.names() == []
        else:
            assert [library.read(name) for name in library.names()] == [DUB, NIGHT]


def unpack(project: Path, path: Path) -> None:
    with Archive(path) as archive:
        if archive.kind == "bank":
            changes = SlotChanges(project, SlotStore(project))
            changes.make({(1, slot_of_member(member)): archive.pattern(member) for member in archive.members})
            (project / "made").touch()
            changes.settle()
        else:
            run(unpack_library(library_in(project), path))


def export(project: Path, out: Path) -> None:
    run(pack(out, "library", packed_library(library_in(project), Query()), project / "patterns" / "temp"))


@pytest.fixture
def bank_archive(tmp_path: Path) -> Path:
    """An archive of a bank whose slots 3 and 4 hold DUB and NIGHT."""
    source = tmp_path / "source"
    open_project(source)
    slots = SlotStore(source)
    slots.write(1, 3, DUB)
    slots.write(1, 4, NIGHT)
    out = tmp_path / "bank.zip"
    run(pack(out, "bank", packed_bank(slots, 1), source / "patterns" / "temp"))
    return out


def held(project: Path) -> dict[int, Pattern]:
    slots = SlotStore(project)
    return {slot: slots.read(1, slot) for slot in slots.occupied(1)}


OLD = {3: Pattern(name="three"), 9: Pattern(name="nine")}
NEW = {3: DUB, 4: NIGHT, 9: OLD[9]}


def put_old_ones(project: Path) -> None:
    """Leave nothing in the project but the slots that OLD tells of."""
    shutil.rmtree(project, ignore_errors=True)
    open_project(project)
    for slot, pattern in OLD.items():
        SlotStore(project).write(1, slot, pattern)


@pytest.mark.real
def test_a_bank_import_killed_at_any_system_call_is_made_whole_or_not_at_all(
    bank_archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    slots = SlotStore(other)
    seen = []
    for _ in kills(partial(unpack, other, bank_archive), lambda: put_old_ones(other)):
        for slot, pattern in held(other).items():
            assert pattern in (OLD.get(slot), NEW.get(slot)), "each file is old or new at every moment"
        open_project(other)
        SlotChanges(other, slots).finish()
        assert held(other) in (OLD, NEW)
        seen.append(held(other) == NEW)
        if seen[-1]:
            assert OLD[3] in [slots.read_backup(1, 3, n + 1) for n in range(len(slots.backups(1, 3)))]
    assert {True, False} == set(seen)
    assert len(seen) > 15


@pytest.mark.real
def test_an_import_to_the_library_killed_at_any_system_call_leaves_whole_patterns_and_is_finished_by_another(
    archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    killed = 0
    for _ in kills(partial(unpack, other, archive), lambda: put_old_ones(other)):
        killed += 1
        open_project(other)
        library = library_in(other)
        assert all(library.read(name) in (DUB, NIGHT) for name in library.names())
        run(unpack_library(library, archive))
        assert [library.read(name) for name in library.names()] == [DUB, NIGHT]
    assert killed > 10


@pytest.mark.real
def test_an_export_killed_at_any_system_call_leaves_a_whole_archive_or_none(project, library, tmp_path) -> None:
    out = tmp_path / "out.zip"
    killed = 0
    for _ in kills(partial(export, project, out), lambda: out.unlink(missing_ok=True)):
        killed += 1
        if out.exists():
            with Archive(out) as found:
                assert list(found.check()) == [(1, 2), (2, 2)]
        open_project(project)
        assert list((project / "patterns/temp").iterdir()) == []
    assert killed > 5


@pytest.mark.real
@pytest.mark.parametrize("error", REFUSALS)
@pytest.mark.parametrize("kind", ["bank", "library"])
def test_an_import_that_the_disk_refuses_anywhere_is_told_and_leaves_what_was_there_or_was_made(
    archive: Path, bank_archive: Path, tmp_path: Path, error: str, kind: str
) -> None:
    other = tmp_path / "other"
    unpacking = partial(unpack, other, bank_archive if kind == "bank" else archive)
    refused = 0
    for ran in refusals(unpacking, error, lambda: put_old_ones(other)):
        open_project(other)
        SlotChanges(other, SlotStore(other)).finish()
        made = (other / "made").exists()
        assert held(other) == (NEW if made else OLD)
        library = library_in(other)
        assert all(library.read(name) in (DUB, NIGHT) for name in library.names())
        if ran.returncode != 0 and not made:
            refused += 1
            assert "StoreError" in ran.stderr or "DiskFull" in ran.stderr
    assert refused >= 3


def test_an_import_to_a_full_disk_leaves_what_was_there_and_says_so(small_disk: Path, bank_archive: Path) -> None:
    open_project(small_disk)
    slots = SlotStore(small_disk)
    for slot, pattern in OLD.items():
        slots.write(1, slot, pattern)
    fill(small_disk)
    with Archive(bank_archive) as found, pytest.raises(DiskFull, match=r"the disk is full; .*\.$"):
        SlotChanges(small_disk, slots).make({(1, slot_of_member(m)): found.pattern(m) for m in found.members})
    assert held(small_disk) == OLD
    assert not SlotChanges(small_disk, slots).finish()


def test_a_library_import_to_a_full_disk_and_an_export_to_it_leave_what_was_there(
    small_disk: Path, project: Path, library: Library, archive: Path
) -> None:
    open_project(small_disk)
    full = library_in(small_disk)
    full.write(Pattern(genre="house"), "mine")
    fill(small_disk)
    with pytest.raises(StoreError, match=r"the disk is full; .*\.$"):
        run(unpack_library(full, archive))
    with pytest.raises(StoreError, match=r"the disk is full; .*\.$"):
        run(pack(small_disk / "x.zip", "library", packed_library(library, Query()), small_disk / "patterns/temp"))
    assert full.names() == ["house/mine"]
    assert not (small_disk / "x.zip").exists()
