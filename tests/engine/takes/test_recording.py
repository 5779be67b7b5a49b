"""Takes: when they begin and end, what is in them, and that what was heard is never lost."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from desk import Desk, Later
from playing import RATE
from takes_by_hand import BLOCK, Heard, note, read

from chronus_tui.engine.recording import memory
from chronus_tui.engine.recording.memory import Memory
from chronus_tui.engine.recording.memory_ring import HOLES, MASTER_ROW, Frames, MemoryRing, make_ring
from store.errors import StoreError

BAR_FRAMES = 2 * RATE  # four beats at 120 beats a minute


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    return heard


def test_a_take_may_begin_in_the_past(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    path = heard.do("/record/start", "late", "wav32", 0.5)[0]
    heard.play(RATE)
    heard.do("/record/stop")
    end = desk.player.frame
    assert np.array_equal(read(path), heard.between(end - RATE // BLOCK * BLOCK - RATE // 2, end))


def test_a_preroll_that_is_set_is_every_takes(desk: Desk, heard: Heard):
    heard.do("/record/preroll", 0.25)
    heard.do("/transport/play")
    heard.play(RATE)
    start = desk.player.frame
    path = heard.do("/record/start")[0]
    heard.play(BLOCK)
    heard.do("/record/stop")
    assert np.array_equal(read(path), heard.between(start - RATE // 4, start + BLOCK))


def test_a_grab_is_what_was_heard_and_interrupts_no_take(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    running = heard.do("/record/start", "running")[0]
    start = desk.player.frame
    heard.play(RATE)
    grabbed = heard.do("/record/grab", 1.5)[0]
    at = desk.player.frame
    heard.play(RATE)
    heard.do("/record/stop")
    assert np.array_equal(read(grabbed), heard.between(at - 3 * RATE // 2, at))
    assert np.array_equal(read(running), heard.between(start, desk.player.frame))


def test_a_grab_of_more_than_is_kept_is_all_that_is_kept(desk: Desk, heard: Heard):
    heard.do("/record/keep", 10)
    heard.play(11 * RATE)
    path = heard.do("/record/grab")[0]
    assert len(read(path)) == 10 * RATE
    assert soundfile.info(heard.do("/record/grab", 900)[0]).frames == 10 * RATE


def test_what_is_kept_outlives_a_change_of_its_length(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    heard.do("/record/keep", 300)
    heard.play(RATE)
    path = heard.do("/record/grab", 1.5)[0]
    assert np.array_equal(read(path), heard.between(desk.player.frame - 3 * RATE // 2, desk.player.frame))


def test_who_asks_the_memory_while_its_length_changes_is_told_of_the_frames_that_it_holds(
    monkeypatch: pytest.MonkeyPatch,
):
    kept = Memory(make_ring(1000, [MASTER_ROW]))
    kept.start_at(5000)
    kept.append(np.ones((600, 2), np.float32))
    real, told = memory._appended, []

    def asked_meanwhile(ring: MemoryRing, frames: Frames) -> MemoryRing:
        told.append((kept.begun, kept.begin, kept.end))
        return real(ring, frames)

    monkeypatch.setattr(memory, "_appended", asked_meanwhile)
    kept.resize(2000)
    assert told == [(True, 5000, 5600)]
    assert (kept.begun, kept.begin, kept.end) == (True, 5000, 5600)


@pytest.mark.parametrize("heard_between", [0, 1])
def test_of_however_many_holes_in_the_memory_none_is_taken_for_sound(heard_between: int):
    kept = Memory(make_ring(5 * HOLES, [MASTER_ROW]))
    kept.start_at(0)
    sound, held = np.ones((1, 2), np.float32), []
    for _ in range(2 * HOLES):
        kept.skip(1)
        for _ in range(heard_between):
            held.append(kept.end)
            kept.append(sound)
    told = [at for at in range(kept.begin, kept.end) if kept.copy(at, np.empty((1, 2), np.float32))]
    assert told == held[len(held) - len(told) :]
    assert len(told) == heard_between * (HOLES + 1)


def test_a_take_on_the_bar_begins_and_ends_on_its_frame(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(RATE // 2)
    heard.do("/record/on_bar")
    assert desk.recorder.status().waiting == "bar"
    heard.play(2 * RATE)
    path = desk.recorder.status().path
    heard.do("/record/stop_on_bar")
    heard.play(3 * RATE)
    assert not desk.recorder.status().active
    assert np.array_equal(read(path), heard.between(begun + BAR_FRAMES, begun + 2 * BAR_FRAMES))


def test_a_take_of_bars_follows_a_change_of_tempo_to_the_frame(desk: Desk, heard: Heard):
    heard.do("/record/on_bar", 2, "two bars")
    heard.play(RATE)
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(BAR_FRAMES // 2 // BLOCK * BLOCK)
    halfway = desk.player.frame
    heard.do("/transport/bpm", 240)
    heard.play(4 * RATE)
    taken = read(desk.project / "recordings" / "two bars.wav")
    beats_left = 8 - (halfway - begun) / (RATE / 2)
    assert abs(len(taken) - (halfway - begun) - beats_left * RATE / 4) <= QUANTUM_FRAMES
    assert np.array_equal(taken, heard.between(begun, begun + len(taken)))
    assert not desk.recorder.wanted


QUANTUM_FRAMES = 32
"""A command that has no time acts on the next quantum's first frame."""


def test_a_take_begins_and_ends_by_itself_when_something_is_heard(desk: Desk, heard: Heard):
    heard.do("/record/on_level", -40, 0.5)
    heard.play(RATE)
    assert desk.recorder.status().waiting == "level"
    heard.do("/track/kick/note", 36, 1.0, 0.1)
    heard.play(4 * RATE)
    assert not desk.recorder.wanted
    loud = np.flatnonzero(np.abs(heard.all).max(axis=1) > 10 ** (-40 / 20))
    first, last = loud[0] - round(0.05 * RATE), loud[-1] + RATE // 2
    assert np.array_equal(read(desk.recorder.status().path), heard.all[first:last])


def test_a_count_in_is_heard_and_not_recorded_and_then_it_plays(desk: Desk, heard: Heard):
    heard.do("/record/count_in", 1, 1, "counted")
    heard.play(5 * RATE)
    clicks = np.flatnonzero(np.abs(heard.all).max(axis=1) > 0.1)
    assert clicks[0] < RATE // 5
    beats = [clicks[0]]
    for at in clicks:
        if at > beats[-1] + RATE // 4:
            beats.append(at)
    assert np.abs(np.diff(beats[:4]) - RATE // 2).max() <= 1
    taken = read(desk.project / "recordings" / "counted.wav")
    assert len(taken) == BAR_FRAMES
    # What is heard beside the clicks begins with the first bar, on the very frame.
    begun = beats[0] - int(np.flatnonzero(np.abs(taken).max(axis=1) > 0)[0]) + BAR_FRAMES
    windows = [heard.all[begun + shift : begun + shift + BAR_FRAMES] for shift in range(-64, 65)]
    assert any(np.array_equal(taken, window) for window in windows)


def test_a_count_in_along_what_plays_takes_the_bar_after(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(RATE // 2)
    heard.do("/record/count_in", 1, 1, "counted")
    heard.play(7 * RATE)
    quiet = Desk(desk.project / "quiet", desk.first, recorder_by_hand=True)
    quiet.ask("/transport/play")
    sound = quiet.turn(8 * RATE)
    quiet.recorder.close()
    taken = read(desk.project / "recordings" / "counted.wav")
    assert np.array_equal(taken, sound[2 * BAR_FRAMES : 3 * BAR_FRAMES]), begun
    clicks = np.flatnonzero(np.abs(heard.all - sound[: len(heard.all)]).max(axis=1) > 0.01)
    assert BAR_FRAMES <= clicks[0] < BAR_FRAMES + BLOCK
    assert clicks[-1] < 2 * BAR_FRAMES


def test_one_command_begins_a_take_as_is_set_and_ends_what_runs_or_waits(desk: Desk, heard: Heard):
    heard.do("/record/toggle")
    heard.play(BLOCK)
    assert heard.do("/record/toggle")[1] == pytest.approx(BLOCK / RATE)
    heard.do("/record/when", "level")
    heard.do("/record/level", 0)
    heard.do("/record/toggle")
    assert desk.recorder.status().waiting == "level"
    heard.do("/record/toggle")
    assert not desk.recorder.wanted
    heard.do("/transport/play")
    heard.do("/record/when", "count_in")
    heard.do("/record/clicks", 2)
    heard.do("/record/bars", 1)
    begun = desk.player.frame
    heard.do("/record/toggle")
    heard.play(9 * RATE)
    assert not desk.recorder.wanted
    assert len(read(desk.recorder.status().path)) == BAR_FRAMES
    heard.do("/record/when", "bar")
    heard.do("/record/toggle")
    heard.play(5 * RATE)
    assert not desk.recorder.wanted
    bars = (desk.player.frame - begun) // BAR_FRAMES
    first = begun + (bars - 1) * BAR_FRAMES
    assert np.array_equal(read(desk.recorder.status().path), heard.between(first, first + BAR_FRAMES))


def test_what_waits_to_begin_can_be_called_off(desk: Desk, heard: Heard):
    heard.do("/record/count_in", 2)
    heard.play(RATE)
    assert heard.do("/record/stop") == ()
    heard.play(5 * RATE)
    assert not desk.player.state["transport"]["playing"]
    assert not desk.recorder.wanted
    assert list((desk.project / "recordings").iterdir()) == []


@pytest.mark.parametrize("form", ["wav16", "wav24", "wav32"])
def test_the_parts_of_a_take_joined_are_the_take(desk: Desk, heard: Heard, form: str):
    heard.do("/record/split", 0.37)
    heard.do("/transport/play")
    start = desk.player.frame
    folder = Path(str(heard.do("/record/start", "parts", form)[0]))
    heard.play(2 * RATE)
    heard.do("/record/stop")
    parts = sorted(folder.iterdir())
    assert [path.name for path in parts] == [f"master_{number:03d}.wav" for number in range(1, 7)]
    assert [soundfile.info(str(path)).frames for path in parts[:-1]] == [round(0.37 * RATE)] * 5
    joined = np.concatenate([read(path) for path in parts])
    played = heard.between(start, desk.player.frame)
    assert joined.shape == played.shape
    error = {"wav16": 1.5 / 2**15, "wav24": 0.5 / 2**23, "wav32": 0.0}[form]
    assert np.abs(joined - played).max() <= error
    assert note(desk, "parts").parts == tuple(soundfile.info(str(path)).frames for path in parts)


def test_no_part_is_larger_than_its_size(desk: Desk, heard: Heard):
    heard.do("/record/split", 0, 0.1)
    folder = Path(str(heard.do("/record/start", "parts", "wav24")[0]))
    heard.play(RATE)
    heard.do("/record/stop")
    sizes = [path.stat().st_size for path in sorted(folder.iterdir())]
    assert len(sizes) == 3
    assert max(sizes) <= 101_000


def test_where_the_sound_broke_is_in_the_note(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.do("/record/start", "broken")
    heard.play(RATE)
    desk.player.state["strips"]["value"][0, 0] = np.nan
    heard.play(RATE // 10)
    heard.do("/record/stop")
    told = [event.frame for event in note(desk, "broken").events if event.what == "silenced"]
    assert told
    assert told[0] == pytest.approx(RATE, abs=BLOCK)


def test_slot_switches_and_marks_are_in_the_note_and_in_the_file(desk: Desk, heard: Heard):
    heard.do("/pattern/save", 1)
    heard.do("/pattern/name", "two")
    heard.do("/pattern/save", 2)
    heard.do("/transport/play")
    begun = desk.player.frame
    path = heard.do("/record/start", "marked", "wav24")[0]
    heard.play(RATE)
    heard.do("/pattern/load", 1)
    heard.play(RATE // 2)
    heard.do("/record/mark", "the drop: 2/2?")
    assert [each.arguments[0] for each in desk.happened if each.address == "/event/take_marked"] == ["the drop: 2/2?"]
    marked = desk.player.frame
    heard.play(2 * RATE)
    heard.do("/record/stop")
    taken = note(desk, "marked")
    told = [event for event in taken.events if event.what != "command"]
    assert [(event.frame, event.what, event.name, event.slot) for event in told] == [
        (0, "pattern", "two", 2),
        (marked - begun, "mark", "the drop: 2/2?", None),
        (BAR_FRAMES, "pattern", "one", 1),
    ]
    written = Path(str(path)).read_bytes()
    for text in (b"bext", b"slot 002 two", b"the drop", b"slot 001 one", b"acid"):
        assert text in written
    assert taken.slot == 2
    assert taken.lufs is not None


def test_settings_are_there_after_the_next_start(desk: Desk):
    desk.do("/record/format", "flac")
    desk.do("/record/keep", 300)
    desk.do("/record/split", 600, 2000)
    desk.do("/record/split", 300)
    desk.do("/record/when", "level")
    desk.do("/record/level", -30, 2)
    from store.project import open_project

    settings = open_project(desk.project).recording
    assert (settings.format, settings.keep_s, settings.split_s, settings.split_mb) == ("flac", 300, 300, 2000)
    assert (settings.when, settings.level_db, settings.silence_s) == ("level", -30, 2)


def test_a_take_is_made_as_was_set_when_it_was_asked_for_though_that_is_changed_at_once(desk: Desk, heard: Heard):
    heard.play(RATE)
    answers = [
        desk.ask("/record/start", "as it was"),
        desk.ask("/record/format", "wav16"),
        desk.ask("/record/split", 5.0),
        desk.ask("/record/grab", 1.0, "after"),
    ]
    heard.play(RATE)
    heard.do("/record/stop")
    assert [answer.failure for answer in answers] == [""] * 4
    assert [(take.bits, take.split) for take in (note(desk, "as it was"), note(desk, "after"))] == [
        (32, False),
        (16, True),
    ]


def test_a_take_that_began_before_the_disk_refused_its_taps_is_whole(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    disk: list[Callable[[], None]] = []
    desk.studio.disk = Later(disk)
    refused = desk.ask("/record/taps", "mix")
    heard.play(BLOCK)
    path = heard.do("/record/start", "jam")[0]
    heard.play(RATE // BLOCK * BLOCK)

    def refuse(*arguments: object) -> None:
        raise StoreError("The disk takes no more.")

    monkeypatch.setattr("chronus_tui.engine.actions.record.remember_recording", refuse)
    disk.pop()()
    heard.play(RATE // BLOCK * BLOCK)
    assert refused.failure == "The disk takes no more."
    heard.do("/record/stop")
    assert len(read(path)) == 2 * (RATE // BLOCK * BLOCK)


def test_a_folder_that_cannot_be_written_and_files_that_are_too_small_are_refused(desk: Desk, tmp_path: Path):
    (tmp_path / "file").touch()
    before = desk.recorder.settings
    assert "Could not make the folder" in desk.refuse("/record/folder", str(tmp_path / "file" / "takes"))
    assert "Could not" in desk.refuse("/record/folder", str(tmp_path / "file"))
    assert "is not a whole path" in desk.refuse("/record/folder", "takes")
    assert "is not a whole path" in desk.refuse("/record/folder", "~nobody at all/takes")
    assert "Files of 0.001 s are too small" in desk.refuse("/record/split", 0.001)
    assert "A silence of 0.01 s is too short" in desk.refuse("/record/level", -40, 0.01)
    assert "Files of 0.01 MB are too small" in desk.refuse("/record/split", 10, 0.01)
    assert desk.recorder.settings == before
