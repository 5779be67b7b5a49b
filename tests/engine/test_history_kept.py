"""Undo and redo over a restart of the engine."""

from itertools import pairwise
from typing import Any

import pytest
from desk import Desk
from msgspec.structs import replace

from store.errors import DiskFull
from store.history import HistoryFile
from store.slots import slots


def autosaves(desk: Desk, seconds: int = 3) -> None:
    for _ in range(10 * seconds):
        desk.autosave.follow(desk.now_s)
        desk.now_s += 0.1


def undo_leads_back_to(desk: Desk, *names: str) -> None:
    for name in names:
        desk.do("/pattern/undo")
        assert desk.session.pattern.name == name


def test_two_hundred_steps_and_more_are_undone_and_done_again_after_a_restart(desk: Desk):
    first = desk.session.pattern
    for number in range(300):
        desk.do("/transport/bpm", 60 + number / 2)
        desk.now_s += 1.0
    last = desk.session.pattern
    autosaves(desk)
    desk = desk.restarted()
    for _ in range(300):
        desk.do("/pattern/undo")
    assert desk.session.pattern == first
    assert desk.refuse("/pattern/undo")
    autosaves(desk)
    desk = desk.restarted()
    assert desk.session.pattern == first
    for _ in range(300):
        desk.do("/pattern/redo")
    assert desk.session.pattern == last


def test_a_knob_that_is_swept_over_an_autosave_is_one_step_after_a_restart(desk: Desk):
    first = desk.session.pattern
    for number in range(50):
        desk.do("/mod/kick/decay", 0.1 + number / 1000)
        desk.now_s += 0.1
        desk.autosave.follow(desk.now_s)
    autosaves(desk)
    desk = desk.restarted()
    assert desk.session.pattern.tracks[0].parameters["decay"] == pytest.approx(0.149)
    desk.do("/pattern/undo")
    assert desk.session.pattern == first


def test_an_engine_cut_off_between_history_and_autosave_goes_on_from_the_newer(desk: Desk, monkeypatch):
    desk.do("/pattern/name", "before")
    autosaves(desk)
    desk.do("/pattern/name", "after")

    def cut_off(*_: object) -> None:
        raise DiskFull("Cut off.")

    monkeypatch.setattr(desk.slots, "write_autosave", cut_off)
    desk.autosave.write()
    desk = desk.restarted()
    assert desk.session.pattern.name == "after"
    undo_leads_back_to(desk, "before", "one")


def test_an_engine_cut_off_between_autosave_and_history_has_the_newest_pattern_and_undo(desk: Desk):
    desk.do("/pattern/name", "before")
    autosaves(desk)
    for name in ("between", "after"):
        desk.do("/pattern/name", name)
    desk.autosave.follow(desk.now_s)
    desk.autosave.follow(desk.now_s + 1.0)
    desk = desk.restarted()
    assert desk.session.pattern.name == "after"
    undo_leads_back_to(desk, "before", "one")


def test_an_autosave_that_was_changed_by_hand_is_one_step_on_from_what_was(desk: Desk):
    desk.do("/pattern/name", "mine")
    autosaves(desk)
    desk.slots.write_autosave(1, replace(desk.session.pattern, name="by hand"))
    desk = desk.restarted()
    assert desk.session.pattern.name == "by hand"
    undo_leads_back_to(desk, "mine", "one")


@pytest.mark.parametrize("knobs", [("decay",), ("decay", "drive")])
def test_a_knob_swept_for_a_minute_writes_at_most_one_file_a_second(desk: Desk, monkeypatch, knobs: tuple[str, ...]):
    autosaves(desk)
    written: list[float] = []
    write, append = slots.write_atomically, HistoryFile.write
    monkeypatch.setattr(slots, "write_atomically", lambda *a: (written.append(desk.now_s), write(*a)))
    monkeypatch.setattr(HistoryFile, "write", lambda *a: (written.append(desk.now_s), append(*a)))
    for turn in range(60 * 20):
        desk.ask(f"/mod/kick/{knobs[turn // 30 % len(knobs)]}", 0.1 + turn / 10_000)
        desk.control.turn(desk.now_s, desk.now_s)
        desk.device.make(256)
        desk.autosave.follow(desk.now_s)
        desk.now_s += 0.05
    assert 50 <= len(written) <= 60
    assert all(later - earlier > 0.99 for earlier, later in pairwise(written))
    assert desk.slots.backups(1, 1) == []
    swept = desk.session.pattern
    autosaves(desk)
    assert desk.restarted().session.pattern == swept


def test_what_could_not_be_saved_just_before_the_engine_ends_is_saved_then(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    real, refused = desk.slots.write_autosave, []

    def refuse_first(*arguments: Any) -> None:
        if not refused:
            refused.append(arguments)
            raise DiskFull("Could not write slot_000.json: the disk is full.")
        real(*arguments)

    monkeypatch.setattr(desk.slots, "write_autosave", refuse_first)
    desk.do("/pattern/name", "last words")
    desk.autosave.follow(desk.now_s)
    desk.autosave.follow(desk.now_s + 1.0)
    assert refused
    desk.autosave.write()
    assert desk.restarted().session.pattern.name == "last words"


def test_what_cannot_be_saved_as_the_engine_ends_is_in_its_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def refuse(*_: Any) -> None:
        raise DiskFull("Could not write slot_000.json: the disk is full.")

    monkeypatch.setattr(desk.slots, "write_autosave", refuse)
    desk.do("/pattern/name", "last words")
    desk.autosave.write()
    assert "could not be saved: Could not write slot_000.json: the disk is full." in caplog.text
