"""What is done to slots: where patterns go, what is kept, and what undo brings back."""

import random
from concurrent.futures import Future
from typing import Any

import pytest
from desk import AtOnce, Desk
from msgspec.structs import replace
from playing import RATE, pattern, track

from chronus_tui.engine.autosave import resumed
from chronus_tui.engine.session import Happening
from store.codec import encode_pattern
from store.documents import Pattern
from store.errors import DiskFull


class Later(AtOnce):
    """Runs what it is given when it is told to."""

    def __init__(self, jobs: list[Any]) -> None:
        self._jobs = jobs

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()

        def run() -> None:
            try:
                done.set_result(function(*args, **kwargs))
            except Exception as error:  # noqa: BLE001  # an executor hands on whatever was raised
                done.set_exception(error)

        self._jobs.append(run)
        return done


A, B = pattern(track("x..."), name="a"), pattern(track("..x."), name="b")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose slots 1 and 2 hold A and B, and whose working pattern is A."""
    desk.hold({(1, 1): A, (1, 2): B})
    desk.do("/pattern/load", 1)
    desk.happened.clear()
    return desk


def on_disk(desk: Desk) -> dict[int, Pattern]:
    """What the files hold, which must be what a load gives."""
    found = {slot: desk.slots.read(1, slot) for slot in desk.slots.occupied(1)}
    assert found == {slot: desk.bank.pattern(slot) for slot in desk.bank.occupied()}
    return found


def events(desk: Desk) -> list[tuple[str, tuple[Any, ...]]]:
    return [(happening.address, happening.arguments) for happening in desk.happened]


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


def test_undo_changes_slots_of_a_bank_that_is_no_longer_at_hand(desk: Desk):
    desk.do("/pattern/clear", 2)
    desk.do("/pattern/bank", 5)
    desk.do("/pattern/undo")
    assert desk.slots.read(1, 2) == B
    assert desk.bank.occupied() == []
    desk.do("/pattern/bank", 1)
    assert on_disk(desk) == {1: A, 2: B}


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
