"""What a project chooses for itself: saving on a switch of slots, and gzip."""

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import RATE

from store.errors import DiskFull
from store.project import open_project


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk at slot 1, edited; slot 2 holds another pattern."""
    desk.do("/pattern/save", 2)
    desk.do("/pattern/name", "first")
    desk.do("/pattern/save", 1)
    desk.do("/transport/bpm", 99)
    desk.happened.clear()
    return desk


@pytest.mark.parametrize("name", ["save_on_switch", "gzip"])
def test_a_choice_is_told_kept_and_taken_back_where_the_disk_refuses(desk: Desk, monkeypatch, name: str):
    address = f"/project/{name}"
    assert desk.do(address) == (0,)
    assert desk.do(address, 1) == (1,)
    assert desk.happened[-1].arguments == (name, 1)
    assert desk.do(address) == (1,)
    assert getattr(open_project(desk.project), name)
    assert getattr(desk.restarted().studio.settings, name)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("There is no room.")

    monkeypatch.setattr("chronus_tui.engine.actions.project.change_project", full)
    desk.refuse(address, 0)
    desk.turn()
    assert desk.do(address) == (1,)


def test_without_the_choice_a_switch_saves_nothing(desk: Desk):
    desk.do("/pattern/load", 2)
    assert desk.slots.read(1, 1).bpm == 120


def test_an_edited_slot_is_saved_when_another_is_loaded_and_both_are_undone_one_by_one(desk: Desk):
    desk.do("/project/save_on_switch", 1)
    desk.do("/pattern/load", 2)
    assert desk.slots.read(1, 1).bpm == 99
    assert desk.bank.pattern(1) == desk.slots.read(1, 1)
    assert desk.slots.read_backup(1, 1).bpm == 120
    told = {happening.address: happening.arguments for happening in desk.happened}
    assert told["/event/slot_saved"] == (1, "first", 1)
    assert told["/event/slot_loaded"] == (2, "one", 1)
    desk.do("/pattern/undo")
    assert (desk.session.slot, desk.session.pattern.bpm, desk.session.edited) == (1, 99, False)
    desk.do("/pattern/undo")
    assert (desk.session.slot, desk.session.pattern.bpm, desk.session.edited) == (1, 99, True)
    assert desk.slots.read(1, 1).bpm == 120


def test_a_load_that_waits_saves_what_was_edited_until_it_came_in(desk: Desk):
    desk.do("/project/save_on_switch", 1)
    desk.do("/transport/play")
    desk.do("/pattern/load", 2)
    desk.do("/transport/swing", 0.25)
    assert desk.slots.read(1, 1).bpm == 120
    desk.turn(4 * RATE)
    assert (desk.session.slot, desk.session.pattern.bpm) == (2, 120)
    assert (desk.slots.read(1, 1).bpm, desk.slots.read(1, 1).swing) == (99, 0.25)


def test_a_slot_of_another_bank_is_saved_there(desk: Desk):
    desk.do("/project/save_on_switch", 1)
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/save", 5)
    desk.do("/transport/bpm", 77)
    desk.do("/pattern/load", 1, "immediate", 1)
    assert desk.slots.read(2, 5).bpm == 77
    assert desk.bank.pattern(5) == desk.slots.read(2, 5)


@pytest.mark.parametrize("address", ["/pattern/load", "/pattern/undo"])
def test_loading_the_same_slot_or_undoing_is_no_switch(desk: Desk, address: str):
    desk.do("/project/save_on_switch", 1)
    desk.do(address, *([1] if address == "/pattern/load" else []))
    assert desk.slots.read(1, 1).bpm == 120


def test_where_the_disk_is_full_the_switch_is_made_and_it_is_told(desk: Desk, monkeypatch):
    desk.do("/project/save_on_switch", 1)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("There is no room.")

    monkeypatch.setattr(desk.slots, "put", full)
    desk.do("/pattern/load", 2)
    desk.turn()
    assert desk.session.slot == 2
    assert "Slot 1 of bank 1 was not saved on the switch" in desk.happened[-1].arguments[0]
    assert desk.bank.pattern(1) == desk.slots.read(1, 1) == replace(desk.bank.pattern(1), bpm=120)
    desk.do("/pattern/undo")
    assert desk.session.pattern.bpm == 99
    assert desk.session.edited


def test_with_gzip_a_save_writes_a_packed_slot_and_the_bank_reads_both(desk: Desk):
    desk.do("/project/gzip", 1)
    desk.do("/pattern/save", 1)
    assert desk.slots.path(1, 1).name == "slot_001.json.gz"
    assert desk.slots.path(1, 2).name == "slot_002.json"
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/bank", 1)
    assert desk.do("/pattern/slots") == (1, 2)
    assert desk.bank.pattern(1).bpm == 99
    desk.do("/pattern/undo")
    assert desk.slots.read(1, 1).bpm == 120
