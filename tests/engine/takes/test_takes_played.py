"""What lies beside a take tells what was played: every command in the note, every note in the MIDI file."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
from desk import Desk
from numpy.testing import assert_array_equal
from playing import RATE, pattern, track
from takes_by_hand import Heard, note

from chronus_tui.engine.output.hand import HandDevice
from dsp.checkpoint import REST, WORD, WORDS, copy_echoes, copy_sounding
from dsp.sizes import SOUNDING
from store.documents import Step, Track
from store.midi.score import OVERLAP
from store.takes.repair import repair_unfinished

BEAT = 960


def strikes(path: Path) -> dict[str, list[tuple[int, int, int]]]:
    """By track: tick, channel and key of each note that begins, in a MIDI file."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for each in mido.MidiFile(path).tracks[1:]:
        tick = 0
        begun = found.setdefault(each.name, [])
        for message in each:
            tick += message.time
            if message.type == "note_on":
                begun.append((tick, message.channel, message.note))
    return found


def lengths(path: Path, name: str) -> list[tuple[float, float, int]]:
    """Of the notes of one track in a MIDI file at 120 beats a minute: second of the beginning, seconds, and key."""
    found: list[tuple[float, float, int]] = []
    down: dict[int, float] = {}
    for each in mido.MidiFile(path).tracks[1:]:
        tick = 0
        for message in each if each.name == name else ():
            tick += message.time
            if message.type == "note_on":
                down[message.note] = tick
            elif message.type == "note_off":
                begun = down.pop(message.note)
                found.append((begun / BEAT / 2, (tick - begun) / BEAT / 2, message.note))
    return sorted(found)


def commands_of(desk: Desk, name: str) -> list[tuple[int, str]]:
    """Frame and words of the commands that a take's note tells."""
    return [(event.frame, event.name) for event in note(desk, name).events if event.what == "command"]


def test_the_note_tells_every_command_that_was_carried_out_and_its_frame(desk: Desk, heard: Heard):
    heard.do("/record/start", "night")
    heard.play(RATE // 2)
    before = heard.desk.player.frame
    heard.do("/track/1/gain", -6.0)
    desk.ask("/status")
    desk.ask("/takes/list")
    desk.ask("/track/99/gain", -6.0)
    heard.play(RATE // 2)
    heard.do("/transport/bpm", 90.0)
    heard.play(RATE // 2)
    heard.do("/record/stop")
    told = commands_of(desk, "night")
    assert [words for _, words in told] == ["/record/start night", "/track/1/gain -6.0", "/transport/bpm 90.0"]
    assert told[1][0] == before - heard.first
    assert told[2][0] == before - heard.first + RATE // 2 // 256 * 256


def test_ten_thousand_commands_are_told_and_written_down_a_few_times(desk: Desk, heard: Heard, monkeypatch: Any):
    written = []
    monkeypatch.setattr(
        "store.takes.under_way.write_note", lambda folder, take, *_, **__: written.append(len(take.events))
    )
    heard.do("/record/start", "night")
    for count in range(10_000):
        desk.recorder.hear_command(count * 48, "/track/1/gain", (count,))
    heard.play(10 * RATE)
    heard.do("/record/stop")
    assert written[-1] > 10_000
    assert len(written) < 8


def test_notes_lie_within_a_tick_of_where_they_were_played_whatever_the_tempo(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    heard.do("/record/start", "night")
    for bpm in (133.3, 61.7, 300.0, 97.0):
        heard.play(3 * RATE)
        heard.do("/transport/bpm", bpm)
    heard.play(3 * RATE)
    heard.do("/record/stop")
    ticks = [tick for tick, _, _ in strikes(desk.project / "recordings" / "night.mid")["kick"]]
    assert len(ticks) > 30
    assert all(abs(later - earlier - BEAT) <= 1 for earlier, later in pairwise(ticks))
    # Its first beat is the one that was heard first after the second that was played before.
    assert abs(ticks[0] - (2 - RATE // 256 * 256 / RATE * 2) % 1 * BEAT) <= 1


def test_drums_are_on_channel_ten_and_what_is_muted_is_left_out(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.do("/record/start", "night")
    heard.play(2 * RATE)
    heard.do("/track/2/mute", 1)
    heard.play(2 * RATE)
    heard.do("/track/2/note", 60)
    heard.play(RATE)
    heard.do("/record/stop")
    found = strikes(desk.project / "recordings" / "night.mid")
    assert {channel for _, channel, _ in found["kick"]} == {9}
    assert {key for _, _, key in found["kick"]} == {36}
    assert {channel for _, channel, _ in found["acid"]} == {0}
    assert len(found["acid"]) == 8


WHOLE_S = 2.0
CUT_S = 0.625
CUTS = {
    "stop": (("/transport/stop",), CUT_S),
    "mute": (("/track/1/mute", 1), CUT_S),
    "solo of another": (("/track/2/solo", 1), CUT_S),
    "another note where one voice sings": (("/track/1/note", 50, 0.5, 0.1), CUT_S),
    "a faster tempo": (("/transport/bpm", 240.0), WHOLE_S),  # as long in beats, in which the file counts
    "a cleared track": (("/track/1/clear",), WHOLE_S),
    "another slot": (("/pattern/load", 2, "immediate"), WHOLE_S),
    "another instrument": (("/track/1/instrument", "poly"), WHOLE_S),
}
"""What comes at CUT_S into a note of WHOLE_S, and for how long that is heard."""


@pytest.mark.parametrize("what", CUTS)
def test_a_note_is_as_long_in_the_midi_file_as_it_was_heard(tmp_path: Path, what: str):
    command, heard_s = CUTS[what]
    held = pattern(track("x---------------", "acid", name="line"), track("................", "kick"), bpm=120)
    desk = Desk(tmp_path, held, recorder_by_hand=True)
    heard = Heard(desk)
    heard.do("/pattern/save", 1)
    heard.do("/pattern/save", 2)
    heard.do("/pattern/load", 1, "immediate")
    heard.do("/record/start", "night")
    heard.do("/transport/play")
    heard.play(round(CUT_S * RATE))
    heard.do(*command)
    heard.play(2 * RATE)
    heard.do("/record/stop")
    desk.recorder.close()
    first = lengths(desk.project / "recordings" / "night.mid", "line")[0]
    assert first[:2] == pytest.approx((0.0, heard_s), abs=2 * 256 / RATE)


def test_a_slide_is_two_notes_that_overlap_a_little(tmp_path: Path):
    slid = (Step(on=True, note=40), Step(tie=True, note=52), *[Step()] * 14)
    line = Track("line", "acid", length=16, steps=slid)
    desk = Desk(tmp_path, pattern(line, bpm=120), recorder_by_hand=True)
    heard = Heard(desk)
    heard.do("/record/start", "night")
    heard.do("/transport/play")
    heard.play(RATE)
    heard.do("/record/stop")
    desk.recorder.close()
    (begun_s, low_s, low), (slid_s, _, high) = lengths(desk.project / "recordings" / "night.mid", "line")
    assert (begun_s, slid_s, high - low) == (0.0, 0.125, 12)
    assert low_s == pytest.approx(0.125 + OVERLAP / BEAT / 2, abs=1e-9)


def test_a_note_that_is_held_for_longer_than_is_remembered_ends_where_it_was_stopped(tmp_path: Path):
    desk = Desk(tmp_path, pattern(track("x" + 31 * "-", "acid", name="line"), bpm=20), recorder_by_hand=True)
    heard = Heard(desk)
    heard.do("/record/keep", 10)
    heard.do("/record/start", "night")
    heard.do("/transport/play")
    for _ in range(130):
        desk.turn(RATE // 10)
    heard.do("/transport/stop")
    heard.play(RATE)
    heard.do("/record/stop")
    desk.recorder.close()
    beats_s = 13 * 20 / 120  # as a file of 120 beats a minute would have it
    assert lengths(desk.project / "recordings" / "night.mid", "line")[0][1] == pytest.approx(beats_s, abs=2 / BEAT)


def test_voices_that_give_way_end_their_notes_in_the_midi_file(tmp_path: Path):
    line = track("................", "pluck", name="line")
    desk = Desk(tmp_path, pattern(line, track("................", "fm")), recorder_by_hand=True)
    heard = Heard(desk)
    heard.do("/record/start", "night")
    for key in range(SOUNDING):
        heard.do("/track/1/note", key, 0.5, 60.0)
        heard.play(256)
    for key in range(8):
        heard.do("/track/2/note", key, 0.5, 60.0)
        heard.play(256)
    heard.do("/record/stop")
    desk.recorder.close()
    notes = lengths(desk.project / "recordings" / "night.mid", "line")
    held_s, whole_s = SOUNDING * 256 / RATE, (SOUNDING + 8) * 256 / RATE
    assert [seconds for _, seconds, _ in notes[:8]] == pytest.approx([held_s] * 8, abs=2 / BEAT)
    assert notes[8][1] == pytest.approx(whole_s - notes[8][0], abs=2 / BEAT)


def test_a_grab_has_the_notes_of_the_past(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(10 * RATE)
    heard.do("/record/grab", 4.0, "kept")
    heard.play(256)
    assert len(strikes(desk.project / "recordings" / "kept.mid")["kick"]) == pytest.approx(8, abs=1)


def test_a_take_that_was_cut_off_has_its_notes_after_the_repair(desk: Desk, heard: Heard, tmp_path: Path):
    heard.do("/transport/play")
    heard.do("/record/start", "night")
    heard.play(5 * RATE)
    left = tmp_path / "left"
    left.mkdir()
    for path in (desk.project / "recordings").iterdir():
        (left / path.name).write_bytes(path.read_bytes())
    assert repair_unfinished(left, tmp_path, lambda problem: None) == ["night"]
    assert len(strikes(left / "night.mid")["kick"]) == pytest.approx(10, abs=1)
    assert not (left / "night.notes").exists()


def test_a_copy_holds_the_same_where_sound_was_made_while_the_echoes_were_copied(desk: Desk, heard: Heard):
    heard.do("/mod/1/delay", 1.0)
    heard.do("/transport/play")
    heard.play(3 * RATE)
    player = desk.player
    words, out, whole = player.array.view(WORD), np.zeros(WORDS, WORD), np.zeros(WORDS, WORD)
    since = player.frame
    copy_echoes(player.state, words, out)
    HandDevice(player).make(4096)
    assert copy_sounding(player.state, words, REST, since, out)
    copy_echoes(player.state, words, whole)
    assert copy_sounding(player.state, words, REST, player.frame, whole)
    assert_array_equal(out, whole)
