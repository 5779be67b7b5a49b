"""Slots whose disk is full, or whose files are damaged: nothing is lost, and what failed is told."""

from typing import Any

from desk import Desk, Later
from slots_held import A, B, events, on_disk

from store.errors import DiskFull


def test_a_save_is_answered_before_the_disk_has_done_the_rest_which_is_told_where_it_fails(desk: Desk, monkeypatch):
    later: list[Any] = []
    monkeypatch.setattr(desk.studio, "disk", Later(later))
    save, copy = desk.ask("/pattern/save", 3), desk.ask("/pattern/copy", 1, 4)
    desk.turn()

    def refuse(*_: object) -> None:
        raise OSError(5, "no more")

    with monkeypatch.context() as failing:
        failing.setattr("store.slots.slots.sync_file", refuse)
        for job in later[:2]:
            job()
        desk.turn()
    assert save.results is not None
    assert desk.slots.read(1, 3) == A
    told = [arguments[0] for address, arguments in events(desk) if address == "/event/failed"]
    assert ["is safe, but not in its place on the disk yet" in sentence for sentence in told] == [True]
    for job in later[2:]:
        job()
    desk.turn()
    assert copy.results is not None
    assert on_disk(desk) == {1: A, 2: B, 3: A, 4: A}


def test_a_save_that_fails_behind_later_edits_leaves_nothing_to_undo_to(desk: Desk, monkeypatch):
    written = desk.slots.put
    later: list[Any] = []
    monkeypatch.setattr(desk.studio, "disk", Later(later))
    desk.ask("/pattern/save", 2)
    desk.do("/pattern/name", "edited since")

    def full(*_: object, **__: object) -> None:
        raise DiskFull("There is no room.")

    monkeypatch.setattr(desk.slots, "put", full)
    for job in later:
        job()
    desk.turn()
    monkeypatch.setattr(desk.slots, "put", written)
    assert on_disk(desk) == {1: A, 2: B}
    assert desk.session.moment.place == (1, 1)
    desk.do("/pattern/undo")
    assert (on_disk(desk), desk.session.pattern, desk.session.moment.place) == ({1: A, 2: B}, A, (1, 1))


def test_a_damaged_backup_is_listed_as_such_and_not_restored(desk: Desk):
    desk.slots.path(1, 2).write_text("{")
    desk.do("/pattern/copy", 1, 2)
    assert "cannot be read" in desk.do("/pattern/backups", 2)[0]
    assert desk.refuse("/pattern/restore", 2)
    assert desk.slots.read(1, 2) == A


def test_a_slot_that_cannot_be_read_may_be_emptied_and_undo_leaves_it_alone(desk: Desk):
    path = desk.slots.path(1, 2)
    path.write_text("{")
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/bank", 1)
    for address in ("/pattern/copy", "/pattern/move", "/pattern/swap"):
        assert "slot_002.json" in desk.refuse(address, 2, 3)
    desk.do("/pattern/clear", 2)
    desk.do("/pattern/undo")
    assert desk.bank.occupied() == [1]
    assert desk.slots.backups(1, 2)[0].read_text() == "{"


def test_a_full_disk_takes_back_a_swap_whole(desk: Desk, monkeypatch):
    before, moment = on_disk(desk), desk.session.moment
    put, calls = desk.slots.put, []

    def full_at_the_second(bank: int, slot: int, content: bytes | None, synced: bool = True) -> None:
        calls.append(slot)
        if len(calls) == 2:
            raise DiskFull("The disk is full; free some room and save again.")
        put(bank, slot, content, synced)

    monkeypatch.setattr(desk.slots, "put", full_at_the_second)
    answer = desk.ask("/pattern/swap", 1, 2)
    desk.turn()
    assert "full" in answer.failure
    assert len(calls) == 2
    assert on_disk(desk) == before
    assert (desk.session.moment.place, desk.session.edited) == (moment.place, False)
    monkeypatch.undo()
    desk.do("/pattern/undo")
    assert desk.session.pattern != A, "what failed is no step of undo: the load before it is taken back"


def test_a_full_disk_refuses_an_undo_and_the_slot_is_shown_as_it_is(desk: Desk, monkeypatch):
    desk.do("/pattern/clear", 2)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("The disk is full; free some room and save again.")

    monkeypatch.setattr(desk.slots, "put", full)
    answer = desk.ask("/pattern/undo")
    desk.turn()
    assert "full" in answer.failure
    assert on_disk(desk) == {1: A}
