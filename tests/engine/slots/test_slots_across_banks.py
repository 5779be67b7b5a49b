"""Slots of other banks: reached without going there."""

from typing import Any

from desk import Desk, Later
from msgspec.structs import replace
from slots_held import A, B, on_disk

from chronus_tui.engine.session import Happening


def test_undo_changes_slots_of_a_bank_that_is_no_longer_at_hand(desk: Desk):
    desk.do("/pattern/clear", 2)
    desk.do("/pattern/bank", 5)
    desk.do("/pattern/undo")
    assert desk.slots.read(1, 2) == B
    assert desk.bank.occupied() == []
    desk.do("/pattern/bank", 1)
    assert on_disk(desk) == {1: A, 2: B}


def test_a_slot_is_copied_out_of_another_bank(desk: Desk):
    desk.do("/pattern/bank", 7)
    desk.do("/pattern/copy", 2, 2, 1)
    assert desk.slots.read(7, 2) == B
    assert "empty" in desk.refuse("/pattern/copy", 99, 2, 1)
    desk.do("/pattern/copy", 2, 3, 7)
    assert desk.bank.occupied() == [2, 3]


def test_slots_are_moved_and_change_places_across_banks(desk: Desk):
    third = replace(B, name="c")
    desk.slots.write(2, 5, third)
    desk.do("/pattern/move", 5, 7, 2)
    assert (on_disk(desk), desk.slots.occupied(2)) == ({1: A, 2: B, 7: third}, [])
    assert desk.happened[-1].arguments == (5, 7, 2, 1)
    desk.do("/pattern/swap", 1, 9, 3)
    assert (on_disk(desk), desk.slots.read(3, 9)) == ({2: B, 7: third}, A)
    assert desk.session.moment.place == (3, 9), "the working pattern goes along"
    desk.do("/pattern/undo")
    desk.do("/pattern/undo")
    assert (on_disk(desk), desk.slots.read(2, 5), desk.slots.occupied(3)) == ({1: A, 2: B}, third, [])
    assert desk.happened[-1].arguments in ((1, 7), (2, 5))
    assert desk.happened[-1].address == "/event/bank_slots_changed"
    assert desk.session.moment.place == (1, 1)


def test_a_slot_of_another_bank_is_loaded_listed_and_restored_without_going_there(desk: Desk):
    desk.slots.write(2, 5, B)
    desk.slots.write(2, 5, A)
    desk.do("/pattern/load", 5, "immediate", 2)
    assert (desk.session.moment.place, desk.bank.number) == ((2, 5), 1)
    assert desk.do("/pattern/backups", 5, 2)[0].endswith(" b")
    desk.do("/pattern/restore", 5, 1, 2)
    assert desk.slots.read(2, 5) == B
    assert desk.session.edited
    desk.do("/pattern/undo")
    assert desk.slots.read(2, 5) == A


def test_a_slot_of_another_bank_is_saved_to_renamed_and_emptied_without_going_there(desk: Desk):
    desk.slots.write(2, 5, B)
    desk.do("/pattern/save", 5, 2)
    assert (desk.slots.read(2, 5), desk.slots.read_backup(2, 5)) == (A, B)
    assert (desk.session.moment.place, desk.session.edited, desk.bank.number) == ((2, 5), False, 1)
    assert desk.happened[-1] == Happening("/event/slot_saved", (5, "a", 2))
    desk.do("/pattern/rename", 5, "far", 2)
    assert (desk.slots.read(2, 5).name, desk.session.pattern.name) == ("far", "far")
    desk.do("/pattern/clear", 5, 2)
    assert (desk.slots.occupied(2), desk.session.edited) == ([], True)
    assert desk.refuse("/pattern/clear", 5, 2) == "Slot 5 is empty already."
    assert desk.refuse("/pattern/rename", 5, "x", 2) == "Slot 5 of bank 2 is empty; save to it first."
    for expected in (replace(A, name="far"), A, B):
        desk.do("/pattern/undo")
        assert desk.slots.read(2, 5) == expected
    assert desk.session.moment.place == (1, 1)
    assert on_disk(desk) == {1: A, 2: B}


def test_a_slot_of_another_bank_whose_file_is_damaged_may_be_saved_over_and_emptied(desk: Desk):
    desk.slots.write(2, 5, B)
    desk.slots.path(2, 5).write_bytes(b"{")
    desk.do("/pattern/save", 5, 2)
    assert desk.slots.read(2, 5) == A
    desk.slots.path(2, 5).write_bytes(b"{")
    desk.do("/pattern/clear", 5, 2)
    assert desk.slots.occupied(2) == []
    assert len(desk.slots.backups(2, 5)) == 2


def test_what_is_loaded_while_another_banks_slot_is_read_is_not_what_is_saved(desk: Desk, monkeypatch):
    later: list[Any] = []
    monkeypatch.setattr(desk.studio, "disk", Later(later))
    desk.ask("/pattern/save", 5, 2)
    desk.turn()
    desk.ask("/track/1/gain", -6)
    desk.turn()
    while later:
        later.pop(0)()
        desk.turn()
    assert desk.slots.read(2, 5) == A
    assert desk.session.edited
    assert desk.session.moment.place == (1, 1)
