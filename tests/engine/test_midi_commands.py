"""MIDI files out of the working pattern and back into it."""

import os
from pathlib import Path

import mido
from desk import Desk

from store.library.library import Library


def _write(desk: Desk, name: str, steps: int) -> Path:
    notes = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(90))])
    for step in range(steps):
        notes.append(mido.Message("note_on", note=60 + step % 12))
        notes.append(mido.Message("note_off", note=60 + step % 12, time=120))
    path = desk.project / "patterns" / "export" / f"{name}.mid"
    mido.MidiFile(ticks_per_beat=480, tracks=[notes]).save(path)
    return path


def test_the_working_pattern_goes_out_and_comes_back_and_can_be_undone(desk: Desk):
    desk.do("/track/acid/step", 2, 1, 0.5, 40)
    before = desk.session.pattern
    assert desk.do("/pattern/export_midi", "night") == ("patterns/export/night.mid",)
    desk.do("/transport/bpm", 90)
    edited = desk.session.pattern
    assert desk.do("/pattern/import_midi", "night.mid") == (1,)
    assert desk.session.pattern == before
    desk.do("/pattern/undo")
    assert desk.session.pattern == edited


def test_a_slot_of_any_bank_goes_out_by_its_number(desk: Desk):
    before = desk.session.pattern
    desk.do("/pattern/save", 6, 3)
    desk.do("/transport/bpm", 90)
    desk.do("/pattern/export_midi", "six", 1, "played", 6, 3)
    assert desk.happened[-1].address == "/event/file_written"
    assert "empty" in desk.refuse("/pattern/export_midi", "none", 1, "played", 6)
    desk.do("/pattern/import_midi", "six")
    assert desk.session.pattern == before


def test_the_files_that_may_be_taken_are_told_and_each_can_be(desk: Desk):
    folder = desk.project / "patterns" / "export"
    assert desk.do("/library/files") == ()
    for number, name in enumerate(("old.mid", "dub/rain.mid", "sel.zip", "notes.txt", ".hidden.mid", "dub/sel.zip")):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (number, number))
    desk.do("/pattern/export_midi", "dub/rain")
    os.utime(folder / "dub" / "rain.mid", (9, 9))
    assert desk.do("/library/files") == ("dub/rain.mid", "sel.zip", "old.mid")
    assert desk.do("/library/files", "RAIN mid") == ("dub/rain.mid",)
    assert desk.do("/pattern/import_midi", "dub/rain.mid") == (1,)


def test_a_file_may_hold_several_rounds_and_all_that_may_sound(desk: Desk):
    desk.do("/track/kick/pattern", "x......." * 2)
    for step in (1, 9):
        desk.do("/track/kick/probability", step, 0.0)
    desk.do("/pattern/export_midi", "played", 4)
    desk.do("/pattern/export_midi", "all", 4, "all")

    def kicks(name: str) -> int:
        (track,) = (t for t in mido.MidiFile(desk.project / f"patterns/export/{name}.mid").tracks if t.name == "kick")
        return sum(message.type == "note_on" for message in track)

    assert kicks("played") == 0
    assert kicks("all") == 8


def test_an_import_waits_for_the_bar_while_playing_unless_told_otherwise(desk: Desk):
    _write(desk, "song", 16)
    desk.do("/transport/play")
    before = desk.session.pattern
    desk.do("/pattern/import_midi", "song")
    assert desk.session.pattern == before
    assert desk.session.queued is not None
    desk.do("/pattern/import_midi", "song", "immediate")
    assert desk.session.pattern.bpm == 90


def test_a_long_file_leaves_the_rest_in_the_library(desk: Desk):
    _write(desk, "long", 130)
    assert desk.do("/pattern/import_midi", "long") == (3, "long 2", "long 3")
    assert desk.session.pattern.name == "long 1"
    library = Library(desk.project / "patterns" / "library")
    assert [library.read(name).tracks[0].length for name in ("long 2", "long 3")] == [64, 16]


def test_a_long_file_fills_the_next_empty_slots_and_is_a_chain_of_them(desk: Desk):
    _write(desk, "long", 130)
    desk.do("/pattern/save", 6)
    before = desk.session.pattern
    assert desk.do("/pattern/import_midi", "long", "immediate", 5) == (3, "long")
    assert [desk.slots.read(1, slot).name for slot in (5, 6, 7, 8)] == ["long 1", before.name, "long 2", "long 3"]
    assert (desk.session.moment.place, desk.session.edited) == ((1, 5), False)
    desk.do("/chain/load", "long")
    assert desk.do("/chain/show") == ("1:5x1", "1:7x1", "1:8x1")
    assert desk.do("/pattern/import_midi", "long", "bar", 5) == (3, "long 2")
    for _ in range(6):
        desk.do("/pattern/undo")
    assert desk.slots.occupied(1) == []
    assert desk.session.pattern == before


def test_a_long_file_that_has_too_few_slots_changes_nothing(desk: Desk):
    _write(desk, "long", 130)
    before = desk.session.moment
    assert "from slot 127 on there is room for 2;" in desk.refuse("/pattern/import_midi", "long", "bar", 127)
    assert (desk.slots.occupied(1), desk.studio.chains.names(), desk.session.moment) == ([], [], before)


def test_what_could_not_be_taken_is_told(desk: Desk):
    path = _write(desk, "cut", 16)
    path.write_bytes(path.read_bytes()[:-20])
    count, *told = desk.do("/pattern/import_midi", "cut")
    assert count == 1
    assert told


def test_bad_names_and_files_are_refused_and_change_nothing(desk: Desk):
    bad = desk.project / "patterns" / "export" / "bad.mid"
    bad.write_text("no music")
    before = desk.session.moment
    for address in ("/pattern/import_midi", "/pattern/export_midi"):
        for name in ("../../etc/passwd", "", ".mid", "a/b/c"):
            answer = desk.ask(address, name)
            desk.turn()
            assert answer.failure.endswith("."), (address, name)
    for name in ("bad", "missing"):
        answer = desk.ask("/pattern/import_midi", name)
        desk.turn()
        assert answer.failure.endswith(".")
    assert desk.session.moment == before
    assert [path.name for path in bad.parent.iterdir()] == ["bad.mid"]
