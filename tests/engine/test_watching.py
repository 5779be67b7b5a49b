"""Slot files that an editor or git changes while the engine runs."""

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

from chronus_tui.engine.slots.watching import Watch
from store.codec import encode_pattern
from store.slots.slots import SlotStore

A, B = pattern(track("x..."), name="a"), pattern(track("..x."), name="b")


class Watched:
    """A desk whose slots 1 and 2 hold A, which is the working pattern, and B; and whoever watches it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.hold({(1, 1): A, (1, 2): B})
        desk.do("/pattern/load", 1)
        self.watch = Watch(desk.session, desk.bank, desk.slots, desk.studio.disk, desk.studio.tell)
        self.pass_by()
        desk.happened.clear()

    def pass_by(self) -> None:
        """Let two looks go by."""
        for _ in range(3):
            self.watch.follow(self.desk.now_s)
            self.desk.now_s += 1.0
        self.desk.turn()

    def told(self) -> list[tuple[object, ...]]:
        return [h.arguments for h in self.desk.happened if h.address == "/event/slot_changed_on_disk"]

    def changed(self) -> list[int]:
        return [line.slot for line in self.desk.bank.lines() if line.changed]


@pytest.fixture
def watched(desk: Desk) -> Watched:
    return Watched(desk)


def test_a_changed_file_is_told_once_shown_and_not_taken(watched: Watched):
    desk = watched.desk
    desk.slots.path(1, 2).write_bytes(encode_pattern(replace(B, bpm=77)))
    watched.pass_by()
    watched.pass_by()
    assert watched.told() == [(2, 1)]
    assert watched.changed() == [2]
    desk.do("/pattern/load", 2)
    assert desk.session.pattern == B


def test_a_changed_file_is_taken_when_asked_for_and_undo_brings_back_what_was(watched: Watched):
    desk = watched.desk
    desk.slots.path(1, 2).write_bytes(encode_pattern(replace(B, bpm=77)))
    watched.pass_by()
    assert desk.do("/pattern/reload", 2) == ("b",)
    watched.pass_by()
    assert watched.changed() == []
    assert desk.bank.pattern(2) == replace(B, bpm=77)
    assert desk.session.pattern == A
    desk.do("/pattern/undo")
    assert desk.slots.read(1, 2) == desk.bank.pattern(2) == B
    assert desk.slots.read_backup(1, 2) == replace(B, bpm=77)
    desk.do("/pattern/redo")
    assert desk.slots.read(1, 2) == replace(B, bpm=77)


@pytest.mark.parametrize("edited", [False, True])
def test_the_working_pattern_follows_its_slot_unless_it_was_edited(watched: Watched, edited: bool):
    desk = watched.desk
    if edited:
        desk.do("/track/1/gain", -6)
    before = desk.session.pattern
    desk.slots.path(1, 1).write_bytes(encode_pattern(replace(A, bpm=77)))
    watched.pass_by()
    desk.do("/pattern/reload", 1)
    assert desk.session.pattern == (before if edited else replace(A, bpm=77))
    assert desk.session.edited == edited


def test_a_changed_file_of_the_working_patterns_own_bank_is_taken_from_another_one(watched: Watched):
    desk = watched.desk
    desk.do("/pattern/bank", 3)
    watched.pass_by()
    desk.slots.path(1, 1).write_bytes(encode_pattern(replace(A, bpm=77)))
    watched.pass_by()
    assert watched.told() == [(1, 1)]
    desk.do("/pattern/reload", 1, 1)
    watched.pass_by()
    assert (desk.session.pattern, desk.session.edited) == (replace(A, bpm=77), False)
    assert (watched.changed(), watched.told()) == ([], [(1, 1)])
    desk.do("/pattern/undo")
    assert (desk.session.pattern, desk.slots.read(1, 1)) == (A, A)


def test_a_save_over_a_changed_file_keeps_it_as_a_backup(watched: Watched):
    desk = watched.desk
    desk.slots.path(1, 2).write_bytes(encode_pattern(replace(B, bpm=77)))
    watched.pass_by()
    desk.do("/pattern/save", 2)
    watched.pass_by()
    assert watched.changed() == []
    assert desk.slots.read_backup(1, 2) == replace(B, bpm=77)


def test_files_that_come_and_go_are_noticed(watched: Watched):
    desk = watched.desk
    desk.slots.path(1, 2).unlink()
    SlotStore(desk.project).write(1, 9, B)
    watched.pass_by()
    assert watched.told() == [(2, 1), (9, 1)]
    assert watched.changed() == [2, 9]
    assert "/pattern/reload 9" in desk.refuse("/pattern/load", 9)
    assert desk.do("/pattern/reload", 2) == ("",)
    assert desk.do("/pattern/reload", 9) == ("b",)
    assert desk.do("/pattern/slots") == (1, 9)
    assert watched.changed() == []


def test_what_is_laid_out_anew_or_written_by_ourselves_is_no_change(watched: Watched):
    desk = watched.desk
    text = desk.slots.path(1, 2).read_text()
    desk.slots.path(1, 2).write_text(text.replace("\n", "\n      "))
    desk.do("/pattern/save", 3)
    desk.do("/pattern/swap", 1, 3)
    watched.pass_by()
    assert watched.told() == []


def test_a_file_that_is_changed_back_is_no_longer_shown(watched: Watched):
    path = watched.desk.slots.path(1, 2)
    text = path.read_bytes()
    path.write_bytes(b"{half an edit")
    watched.pass_by()
    assert watched.changed() == [2]
    assert watched.desk.refuse("/pattern/reload", 2)
    path.write_bytes(text)
    watched.pass_by()
    assert watched.changed() == []


def test_the_slot_of_the_working_pattern_is_watched_in_whichever_bank_it_lies(watched: Watched):
    desk = watched.desk
    desk.do("/pattern/bank", 2)
    watched.pass_by()
    assert watched.told() == []
    desk.slots.path(1, 1).write_bytes(encode_pattern(replace(A, bpm=77)))
    watched.pass_by()
    assert watched.told() == [(1, 1)]
