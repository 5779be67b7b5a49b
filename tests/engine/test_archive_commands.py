"""Archives over OSC and the link: written, taken, undone, refused."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

from chronus_tui.engine.player import Pool
from store.documents import Pattern
from store.limits import SLOTS

A, B = pattern(track("x..."), name="a"), pattern(track("..x."), name="b")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose slots 1 and 2 hold A and B."""
    desk.hold({(1, 1): A, (1, 2): B})
    desk.happened.clear()
    return desk


def finished(desk: Desk, address: str, *arguments: Any) -> tuple[Any, ...]:
    """The results of work that is done in slices."""
    answer = desk.ask(address, *arguments)
    for _ in range(1000):
        desk.turn()
        if answer.results is not None or answer.failure:
            break
    assert answer.failure == ""
    assert answer.results is not None
    return answer.results


def refused(desk: Desk, address: str, *arguments: Any) -> str:
    answer = desk.ask(address, *arguments)
    for _ in range(100):
        desk.turn()
        if answer.failure:
            break
    assert answer.results is None
    return answer.failure


def on_disk(desk: Desk) -> dict[int, Pattern]:
    found = {slot: desk.slots.read(1, slot) for slot in desk.slots.occupied(1)}
    assert found == {slot: desk.bank.pattern(slot) for slot in desk.bank.occupied()}
    return found


def events(desk: Desk) -> list[tuple[Any, ...]]:
    return [(happening.address, *happening.arguments) for happening in desk.happened]


def test_a_selection_goes_out_by_filters_and_comes_back(desk: Desk) -> None:
    desk.studio.library.write(replace(A, genre="dub"), "mine")
    assert finished(desk, "/library/export", "dubs", "genre=dub", "name=mine") == ("patterns/export/dubs.zip", 1)
    desk.do("/library/delete", "mine")
    assert finished(desk, "/library/import", "dubs") == ("library", 1)
    assert desk.studio.library.read("dub/mine").tracks == A.tracks
    assert finished(desk, "/library/import", "dubs.zip") == ("library", 0)
    assert ("/event/library_exported", "dubs.zip", 1) in events(desk)
    assert ("/event/library_imported", "dubs.zip", 1) in events(desk)


def test_progress_is_told_while_it_goes_on_and_saves_come_in_between(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr("chronus_tui.engine.slices.SLICE_S", 0.0)
    monkeypatch.setattr("chronus_tui.engine.work.TOLD_S", 0.0)
    answer = desk.ask("/library/export", "all")
    desk.turn(256)
    saved = desk.ask("/pattern/save", 9)
    for _ in range(100):
        desk.turn(256)
        assert saved.results == (), "a save waits for one slice at most"
        if answer.results is not None:
            break
    assert answer.results is not None
    told = [event for event in events(desk) if event[0] == "/event/library_progress"]
    assert {event[1] for event in told} == {"export all.zip"}


def test_a_bank_goes_out_and_into_another_and_is_undone_as_one_step(desk: Desk) -> None:
    assert finished(desk, "/library/export_bank", "one") == ("patterns/export/one.zip", 2)
    desk.do("/pattern/clear", 1)
    desk.do("/pattern/save", 2)
    desk.do("/pattern/save", 7)
    before = on_disk(desk)
    working = desk.session.pattern
    assert finished(desk, "/library/import", "one") == ("bank", 2)
    assert on_disk(desk) == {1: A, 2: B, 7: before[7]}
    assert desk.slots.read_backup(1, 2) == before[2]
    assert desk.session.pattern == working
    desk.do("/pattern/undo")
    assert on_disk(desk) == before
    desk.do("/pattern/redo")
    assert on_disk(desk) == {1: A, 2: B, 7: before[7]}
    desk.do("/pattern/bank", 5)
    assert finished(desk, "/library/import", "one") == ("bank", 2)
    assert desk.slots.read(5, 2) == B
    assert finished(desk, "/library/export_bank", "five", 5)[1] == 2


def test_a_full_bank_is_taken_over_a_full_bank_and_undone(desk: Desk) -> None:
    for slot in range(1, SLOTS + 1):
        desk.slots.write(3, slot, replace(A, name=f"old {slot}"))
        desk.slots.write(4, slot, replace(B, name=f"new {slot}"))
    desk.do("/pattern/bank", 3)
    finished(desk, "/library/export_bank", "four", 4)
    assert finished(desk, "/library/import", "four") == ("bank", SLOTS)
    assert {desk.bank.require(slot).name for slot in desk.bank.occupied()} == {f"new {n}" for n in range(1, SLOTS + 1)}
    desk.do("/pattern/undo")
    assert desk.slots.read(3, 128).name == desk.bank.require(128).name == "old 128"


def test_the_control_thread_compiles_no_bank_that_comes_goes_and_comes_again(desk: Desk, monkeypatch) -> None:
    for slot in range(1, SLOTS + 1):
        desk.slots.write(3, slot, replace(A, name=f"old {slot}"))
        desk.slots.write(4, slot, replace(B, name=f"new {slot}"))
    desk.do("/pattern/bank", 3)
    finished(desk, "/library/export_bank", "four", 4)
    compiled: list[str] = []
    plain = Pool.compile
    monkeypatch.setattr(Pool, "compile", lambda pool, each: (compiled.append(each.name), plain(pool, each))[1])
    finished(desk, "/library/import", "four")
    for step, name in (("/pattern/undo", "old 77"), ("/pattern/redo", "new 77"), ("/pattern/undo", "old 77")):
        desk.do(step)
        assert desk.bank.require(77).name == name
        entry = desk.bank.entry(77)
        assert entry is not None
        expected, _ = plain(desk.player.pool, desk.bank.require(77))
        pool = desk.player.state["pool"]
        assert pool[entry].tobytes() == pool[expected].tobytes()
        desk.player.pool.release(expected)
    assert len(compiled) < 9


def test_a_bank_that_was_taken_is_undone_after_a_restart_and_the_control_thread_compiles_none_of_it(
    desk: Desk, monkeypatch
) -> None:
    for slot in range(1, SLOTS + 1):
        desk.slots.write(3, slot, replace(A, name=f"old {slot}"))
        desk.slots.write(4, slot, replace(B, name=f"new {slot}"))
    desk.do("/pattern/bank", 3)
    finished(desk, "/library/export_bank", "four", 4)
    finished(desk, "/library/import", "four")
    desk.autosave.write()
    again = desk.restarted()
    compiled: list[str] = []
    plain = Pool.compile
    monkeypatch.setattr(Pool, "compile", lambda pool, each: (compiled.append(each.name), plain(pool, each))[1])
    undone, edited = again.ask("/pattern/undo"), again.ask("/track/1/gain", -6)
    again.turn()
    assert ("try again" in undone.failure, edited.results) == (True, ()), "what was edited meanwhile is not taken back"
    again.do("/pattern/undo")
    again.do("/pattern/undo")
    assert {again.bank.require(slot).name for slot in range(1, SLOTS + 1)} == {f"old {n}" for n in range(1, SLOTS + 1)}
    assert again.slots.read(3, 128).name == "old 128"
    assert len(compiled) < 9
    again.recorder.close()


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/library/export", ("../x",)),
        ("/library/export", ("x" * 101,)),
        ("/library/export", ("con",)),
        ("/library/export", ("x", "genre=none such")),
        ("/library/export", ("x", "nothing=x")),
        ("/library/export", ("there",)),
        ("/library/export_bank", ("x", 9)),
        ("/library/export_bank", ("x", 17)),
        ("/library/import", ("gone",)),
        ("/library/import", ("../x",)),
        ("/library/import", ("there",)),
        ("/library/import", ("slip",)),
    ],
)
def test_what_cannot_be_done_gets_one_sentence_and_changes_nothing(desk: Desk, address, arguments) -> None:
    export = desk.project / "patterns" / "export"
    (export / "there.zip").write_bytes(b"mine")
    _slip(export / "slip.zip")
    files = sorted(path for path in desk.project.rglob("*") if path.is_file())
    before = on_disk(desk), desk.studio.library.names()
    sentence = refused(desk, address, *arguments)
    assert sentence.endswith(".") and "\n" not in sentence
    assert (on_disk(desk), desk.studio.library.names()) == before
    assert (export / "there.zip").read_bytes() == b"mine"
    assert [path for path in files if not path.exists()] == []
    assert not (desk.project.parent / "x.json").exists()


def _slip(path: Path) -> None:
    manifest = {"format": "chronus-archive", "version": 1, "kind": "bank",
                "patterns": [{"path": "../../../x.json", "sha256": ""}]}  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../x.json", b"{}")
        archive.writestr("manifest.json", json.dumps(manifest))
