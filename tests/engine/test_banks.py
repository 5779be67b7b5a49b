"""Banks: what is at hand changes, what plays does not."""

import itertools
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

from chronus_tui.engine.autosave import Autosave, resumed
from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.slots.bank import read_bank
from dsp.sizes import POOL
from store.errors import StoreError
from store.limits import SLOTS
from store.moments import Moment
from store.project import open_project
from store.slots.slots import SlotStore

LOUD, SOFT = pattern(track("x...", gain_db=0.0), name="loud"), pattern(track("x...", gain_db=-20.0), name="soft")


class HeldDisk(Executor):
    """Does nothing until it is let go on."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()

        def job() -> None:
            try:
                done.set_result(function(*args))
            except StoreError as error:
                done.set_exception(error)

        self.jobs.append(job)
        return done

    def go_on(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


def told(desk: Desk) -> list[tuple[str, tuple[Any, ...]]]:
    return [(happening.address, happening.arguments) for happening in desk.happened]


def test_a_bank_that_is_switched_to_is_remembered_and_what_plays_stays(desk: Desk):
    desk.do("/pattern/save", 5)
    desk.do("/track/kick/gain", -3)
    before = desk.session.moment
    assert desk.do("/pattern/bank", 2) == (2,)
    assert desk.session.moment is before
    assert desk.session.moment.place == (1, 5)
    assert desk.do("/pattern/slots") == ()
    assert open_project(desk.project).bank == 2
    assert ("/event/bank_switched", (2,)) in told(desk)
    assert desk.do("/pattern/bank") == (2,)


def test_each_bank_has_slots_of_its_own(desk: Desk):
    desk.slots.write(16, 7, SOFT)
    desk.do("/pattern/save", 7)
    desk.do("/pattern/bank", 16)
    desk.do("/pattern/load", 7)
    assert desk.session.pattern == SOFT
    assert desk.session.moment.place == (16, 7)
    desk.do("/pattern/bank", 1)
    desk.do("/pattern/load", 7)
    assert desk.session.pattern.name == "one"


def test_the_sound_does_not_notice_a_switch_of_banks(tmp_path: Path):
    def play(switch: bool) -> np.ndarray:
        desk = Desk(tmp_path / str(switch), LOUD)
        for slot in range(1, 9):
            desk.slots.write(2, slot, SOFT)
        desk.do("/pattern/save", 1)
        desk.do("/transport/play")
        sound = [desk.turn() for _ in range(20)]
        if switch:
            desk.ask("/pattern/bank", 2)
        sound += [desk.turn() for _ in range(40)]
        assert desk.bank.number == (2 if switch else 1)
        desk.recorder.close()
        return np.concatenate(sound)

    assert np.array_equal(play(True), play(False))


def test_what_is_said_behind_a_switch_means_the_new_bank_however_fast_it_comes(desk: Desk):
    desk.slots.write(2, 5, SOFT)
    desk.do("/pattern/save", 5)
    disk = desk.studio.disk = HeldDisk()
    asked = [
        desk.ask("/pattern/bank", 2),
        desk.ask("/pattern/load", 5),
        desk.ask("/pattern/bank", 1),
        desk.ask("/pattern/copy", 5, 6),
        desk.ask("/pattern/undo"),
    ]
    desk.turn()
    assert [answer.results for answer in asked] == [None] * 5
    for _ in range(8):
        disk.go_on()
        desk.turn()
    assert [answer.failure for answer in asked] == [""] * 5
    assert desk.session.pattern == SOFT
    assert desk.bank.number == 1
    assert desk.bank.occupied() == [5]
    assert desk.slots.occupied(1) == [5]


def test_what_is_saved_or_written_behind_a_load_from_the_library_is_what_was_loaded(desk: Desk):
    desk.studio.library.write(SOFT, "soft")
    desk.ask("/pattern/load_file", "soft", "immediate")
    saved = [desk.ask("/pattern/save", 9), desk.ask("/pattern/save_file", "again"), desk.ask("/pattern/load", 9)]
    desk.turn()
    assert [answer.failure for answer in saved] == ["", "", ""]
    assert desk.slots.read(1, 9) == replace(SOFT, name="soft")
    assert desk.studio.library.read("again").tracks == SOFT.tracks


def test_a_bank_that_is_taken_out_of_an_archive_goes_to_the_bank_that_was_at_hand(desk: Desk):
    desk.do("/pattern/save", 5)
    desk.do("/library/export_bank", "one")
    desk.do("/pattern/bank", 2)
    desk.ask("/library/import", "one")
    desk.ask("/pattern/bank", 3)
    desk.turn()
    assert (desk.slots.occupied(2), desk.slots.occupied(3)) == ([5], [])


def test_a_bank_that_cannot_be_read_leaves_all_as_it_was_and_refuses_what_was_meant_for_it(desk: Desk):
    desk.do("/pattern/save", 5)
    folder = desk.slots.path(2, 1).parent
    folder.write_text("a file where a folder should be")
    asked = [desk.ask("/pattern/bank", 2), desk.ask("/pattern/load", 5)]
    before = desk.session.moment
    desk.turn()
    assert all(answer.failure.endswith(".") for answer in asked)
    assert (desk.bank.number, desk.bank.occupied(), desk.session.moment) == (1, [5], before)
    assert open_project(desk.project).bank == 1
    desk.do("/pattern/load", 5)


def test_a_bank_whose_number_cannot_be_noted_is_switched_all_the_same_and_it_is_told(desk: Desk):
    (desk.project / "project.json").chmod(0o444)
    assert desk.do("/pattern/bank", 2) == (2,)
    assert desk.bank.number == 2
    assert any(address == "/event/failed" and "noted" in words[0] for address, words in told(desk))


def test_full_banks_take_turns_while_edits_are_under_way(desk: Desk):
    names = {bank: [f"{bank} {slot}" for slot in range(1, SLOTS + 1)] for bank in (2, 3)}
    for bank, slot in itertools.product(names, range(1, SLOTS + 1)):
        desk.slots.write(bank, slot, replace(LOUD, name=names[bank][slot - 1]))
    desk.do("/pattern/bank", 2)
    desk.do("/transport/play")
    for round_number in range(6):
        bank = 3 - round_number % 2
        desk.ask("/pattern/load", round_number + 1)
        for gain in range(20):
            desk.ask("/track/1/gain", -gain)
        desk.ask("/pattern/bank", bank)
        desk.turn()
        desk.turn()
        assert desk.bank.number == bank
        assert [line.name for line in desk.bank.lines()] == names[bank]
    free = desk.player.pool.room_without([])
    assert free >= POOL - 4, "what left a bank was let go of, and what nobody asked for was not taken"


def test_the_autosave_keeps_the_working_pattern_and_its_place_across_banks(desk: Desk):
    autosave = Autosave(desk.session, desk.slots, desk.studio.disk)
    desk.slots.write(2, 5, SOFT)
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/load", 5)
    desk.do("/pattern/bank", 3)
    desk.do("/track/1/gain", -7)
    autosave.write()
    found = resumed(desk.slots, None)
    assert found is not None
    last = found[0]
    assert last == Moment(desk.session.pattern, 5, SOFT, 2)


@pytest.mark.parametrize("field", ["autosaved_from", "autosaved_from_bank"])
def test_an_autosave_that_tells_of_no_slot_there_is_still_gives_its_pattern(desk: Desk, field: str):
    extra = {"autosaved_from": 3, "autosaved_from_bank": 2, field: 999}
    desk.slots.write_autosave(1, replace(SOFT, extra=extra))
    found = resumed(desk.slots, None)
    assert found is not None
    assert found[0] == Moment(SOFT)


def test_back_returns_to_the_slot_before_and_back_again_even_in_another_bank(desk: Desk):
    desk.slots.write(1, 1, LOUD)
    desk.slots.write(2, 9, SOFT)
    assert "go back" in desk.refuse("/pattern/back")
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/bank", 1)
    desk.do("/pattern/load", 1)
    desk.do("/pattern/bank", 2)
    desk.do("/pattern/load", 9)
    desk.do("/pattern/back")
    assert (desk.session.moment.place, desk.session.pattern) == ((1, 1), LOUD)
    desk.do("/pattern/back")
    assert (desk.session.moment.place, desk.session.pattern) == ((2, 9), SOFT)


def test_back_waits_for_the_bar_and_may_be_told_not_to(desk: Desk):
    desk.do("/pattern/save", 1)
    desk.do("/pattern/save", 2)
    desk.do("/transport/play")
    desk.do("/pattern/back")
    assert desk.session.queued is not None
    assert desk.session.queued.moment.place == (1, 1)
    desk.do("/pattern/back", "immediate")
    assert desk.session.moment.place == (1, 1)


def test_a_full_bank_takes_less_than_ten_megabytes(tmp_path: Path):
    slots = SlotStore(tmp_path)
    tracks = [
        track(
            "xXxXxXxXxXxXxXxX", "poly", name=f"track{number}", parameters={"cutoff": 500 + number}, sends={"delay": 1}
        )
        for number in range(16)
    ]
    for slot in range(1, SLOTS + 1):
        slots.write(1, slot, pattern(*tracks, name=f"slot {slot}", bpm=100 + slot))
    read_bank(slots, 1, ClipNumbers())  # what is made once, by the first
    tracemalloc.start()
    contents = read_bank(slots, 1, ClipNumbers())
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(contents.patterns) == SLOTS
    assert held < 10e6
