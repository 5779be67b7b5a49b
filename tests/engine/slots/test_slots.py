"""What is done to slots: where patterns go, what is kept, and what undo brings back."""

import random
from typing import Any

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import RATE
from slots_held import A, B, events, on_disk

from chronus_tui.engine.autosave import resumed
from store.codec import encode_pattern

CHANGES = [
    ("/pattern/save", (2,), {1: A, 2: A}, ("/event/slot_saved", (2, "a", 1))),
    ("/pattern/clear", (2,), {1: A}, ("/event/slot_cleared", (2, 1))),
    ("/pattern/copy", (1, 2), {1: A, 2: A}, ("/event/slot_copied", (1, 2, 1, 1))),
    ("/pattern/copy", (1, 7), {1: A, 2: B, 7: A}, ("/event/slot_copied", (1, 7, 1, 1))),
    ("/pattern/move", (1, 2), {2: A}, ("/event/slot_moved", (1, 2, 1, 1))),
    ("/pattern/move", (2, 128), {1: A, 128: B}, ("/event/slot_moved", (2, 128, 1, 1))),
    ("/pattern/swap", (1, 2), {1: B, 2: A}, ("/event/slots_swapped", (1, 2, 1, 1))),
    ("/pattern/swap", (9, 2), {1: A, 9: B}, ("/event/slots_swapped", (9, 2, 1, 1))),
    ("/pattern/rename", (2, "dub"), {1: A, 2: replace(B, name="dub")}, ("/event/slot_renamed", (2, "dub", 1))),
]


@pytest.mark.parametrize(("address", "arguments", "then", "event"), CHANGES)
def test_slots_are_changed_with_a_backup_told_undone_and_done_again(desk: Desk, address, arguments, then, event):
    before = on_disk(desk)
    place = desk.session.moment.place
    desk.do(address, *arguments)
    assert on_disk(desk) == then
    assert event in events(desk)
    for slot, document in before.items():
        if then.get(slot) != document:
            assert desk.slots.read_backup(1, slot) == document
    desk.do("/pattern/undo")
    assert on_disk(desk) == before
    assert desk.session.moment.place == place
    desk.do("/pattern/redo")
    assert on_disk(desk) == then


def test_undo_goes_through_edits_loads_and_slots_in_the_order_in_which_they_were_made(desk: Desk):
    desk.do("/track/1/gain", -5)
    edited = desk.session.pattern
    desk.do("/pattern/save", 3)
    desk.do("/pattern/load", 2)
    desk.do("/pattern/clear", 2)
    seen = []
    for _ in range(4):
        desk.do("/pattern/undo")
        seen.append((desk.session.pattern, sorted(on_disk(desk))))
    assert seen == [(B, [1, 2, 3]), (edited, [1, 2, 3]), (edited, [1, 2]), (A, [1, 2])]
    for _ in range(4):
        desk.do("/pattern/redo")
    assert (desk.session.pattern, sorted(on_disk(desk))) == (B, [1, 3])


def test_the_working_pattern_goes_along_when_its_slot_is_moved_or_swapped(desk: Desk):
    desk.do("/pattern/move", 1, 5)
    assert (desk.session.slot, desk.session.edited) == (5, False)
    desk.do("/pattern/swap", 5, 2)
    assert (desk.session.slot, desk.session.edited) == (2, False)


def test_a_slot_that_comes_to_hold_something_else_makes_the_working_pattern_an_edited_one(desk: Desk):
    desk.do("/pattern/copy", 2, 1)
    assert (desk.session.slot, desk.session.pattern, desk.session.edited) == (1, A, True)
    desk.do("/pattern/undo")
    assert not desk.session.edited
    desk.do("/pattern/clear", 1)
    assert desk.session.edited


def test_a_renamed_slot_renames_the_working_pattern_that_came_from_it_and_no_other(desk: Desk):
    desk.do("/pattern/rename", 2, "other")
    assert desk.session.pattern.name == "a"
    desk.do("/track/1/gain", -5)
    desk.do("/pattern/rename", 1, "mine")
    assert desk.session.pattern.name == "mine"
    assert desk.session.edited
    assert desk.slots.read(1, 1) == replace(A, name="mine")
    desk.do("/pattern/name", "another take")
    desk.do("/pattern/rename", 1, "third")
    assert desk.session.pattern.name == "another take"


def test_backups_are_listed_newest_first_and_brought_back_by_number(desk: Desk):
    assert desk.do("/pattern/backups", 1) == ()
    for name in ("second", "third"):
        desk.do("/pattern/name", name)
        desk.do("/pattern/save", 1)
    lines = desk.do("/pattern/backups", 1)
    assert [(line.split()[0], line.split()[-1]) for line in lines] == [("1", "second"), ("2", "a")]
    desk.do("/pattern/restore", 1, 2)
    assert desk.slots.read(1, 1) == A
    assert ("/event/slot_restored", (1, "a", 1)) in events(desk)
    assert desk.slots.read_backup(1, 1).name == "third"
    desk.do("/pattern/undo")
    assert desk.slots.read(1, 1).name == "third"


def test_a_slot_that_was_emptied_is_brought_back_after_a_restart(desk: Desk):
    desk.do("/pattern/clear", 2)
    again = Desk(desk.project, desk.first)
    again.do("/pattern/restore", 2)
    again.recorder.close()
    assert again.slots.read(1, 2) == B


@pytest.mark.parametrize(("when", "beat"), [("bar", 4), (0, 4), ("beat", 1), (2, 1), ("end", 2), (3, 2)])
def test_a_load_tells_when_it_comes_in_and_how_many_beats_that_is_away(desk: Desk, when: str | int, beat: int):
    desk.do("/track/1/length", 8)
    desk.do("/pattern/save", 7)
    desk.do("/transport/play")
    answer = desk.ask("/pattern/load", 7, when)
    desk.turn(RATE // 4)
    assert answer.results == ()
    assert desk.session.queued is not None
    assert desk.session.queued.when in ("bar", "beat", "end")
    assert desk.player.state["meters"]["beats_to_swap"] == pytest.approx(beat - 0.5, abs=0.02)
    desk.turn(RATE * beat // 2)
    assert desk.happened[-1].address == "/event/slot_loaded"


def test_a_queued_load_plays_what_the_slot_held_when_it_was_asked_for(desk: Desk):
    desk.do("/transport/play")
    desk.do("/pattern/load", 2)
    desk.do("/pattern/clear", 2)
    for _ in range(400):
        desk.turn()
    assert desk.session.pattern == B


def test_the_working_pattern_is_never_changed_by_what_is_done_to_other_slots(desk: Desk):
    desk.do("/track/1/gain", -5)
    working = encode_pattern(desk.session.pattern)
    for address, arguments, _, _ in CHANGES[1:]:
        desk.do(address, *arguments)
        desk.do("/pattern/undo")
        assert encode_pattern(desk.session.pattern) == working
    assert resumed(desk.slots, None) is None


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/pattern/copy", (1,)),
        ("/pattern/copy", (1, 1)),
        ("/pattern/copy", (1, 129)),
        ("/pattern/copy", (3, 4)),
        ("/pattern/copy", (1, 2, 17)),
        ("/pattern/copy", (1, 2, 9)),
        ("/pattern/move", (2, 2)),
        ("/pattern/move", (3, 1)),
        ("/pattern/swap", (1, 1)),
        ("/pattern/swap", (3, 4)),
        ("/pattern/rename", (3, "x")),
        ("/pattern/rename", (1, "a/b")),
        ("/pattern/rename", (1, "")),
        ("/pattern/backups", (0,)),
        ("/pattern/restore", (1,)),
        ("/pattern/restore", (1, 9)),
        ("/pattern/restore", (99, 1)),
        ("/pattern/bank", (0,)),
        ("/pattern/bank", (17,)),
        ("/pattern/bank", ("two",)),
        ("/pattern/back", ("sometime",)),
    ],
)
def test_what_cannot_be_done_to_slots_gets_one_sentence_and_changes_nothing(desk: Desk, address, arguments):
    before = on_disk(desk)
    assert "\n" not in desk.refuse(address, *arguments)
    assert on_disk(desk) == before
    assert desk.slots.backups(1, 1) == desk.slots.backups(1, 2) == []


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done_undo_leads_back_through_it_and_redo_forth_again(desk: Desk, seed: int):
    """Each step of the way back and forth the working pattern and every slot, in memory and on disk, are as they
    were there."""
    chance = random.Random(seed)
    desk.slots.write(2, 1, replace(B, name="elsewhere"))
    desk.do("/pattern/undo")  # the load that the desk began with

    def look() -> tuple[Any, ...]:
        elsewhere = {slot: desk.slots.read(2, slot) for slot in desk.slots.occupied(2)}
        return desk.session.pattern, desk.session.moment.place, on_disk(desk), elsewhere

    def anything() -> tuple[str, tuple[Any, ...]]:
        one, other = chance.sample(range(1, 7), 2)
        return chance.choice(
            [
                ("/pattern/save", (one,)),
                ("/pattern/load", (one,)),
                ("/pattern/clear", (one,)),
                ("/pattern/copy", (one, other)),
                ("/pattern/copy", (one, other, chance.choice([1, 2]))),
                ("/pattern/move", (one, other, chance.choice([1, 2]))),
                ("/pattern/swap", (one, other, chance.choice([1, 2]))),
                ("/pattern/rename", (one, f"name {chance.randrange(100)}")),
                ("/pattern/restore", (one,)),
                ("/pattern/back", ()),
                ("/pattern/name", (f"working {chance.randrange(100)}",)),
                ("/track/1/gain", (chance.randrange(-20, 0),)),
            ]
        )

    def cut_off() -> Desk:
        """The engine is killed two seconds after what was done last, and another one takes its place."""
        for seconds in range(3):
            desk.autosave.follow(desk.now_s + seconds)
        return desk.restarted()

    seen = [look()]
    while len(seen) < 40:
        if not len(seen) % 7:
            desk = cut_off()
        address, arguments = anything()
        before = desk.session.moment
        answer = desk.ask(address, *arguments)
        desk.turn()
        if desk.session.moment is not before:
            desk.now_s += 1.0  # no two edits are one step
            seen.append(look())
        else:
            assert answer.failure or address in ("/pattern/name", "/track/1/gain")
    desk = cut_off()
    for expected in reversed(seen[:-1]):
        desk.do("/pattern/undo")
        assert look() == expected
    assert desk.refuse("/pattern/undo")
    desk = cut_off()
    for expected in seen[1:]:
        desk.do("/pattern/redo")
        assert look() == expected
    assert desk.refuse("/pattern/redo")
