"""Patterns made of MIDI files from elsewhere: tracks, tempos, meters, and notes that lie as no step does."""

import pytest
from midi_files import (
    BAR,
    after,
    chunk,
    header,
    hit,
    imported,
    meta,
    on_steps,
    one,
    silence,
    tempo,
    track,
)

from store.documents import Step
from store.midi.score import notes_of


def test_type_0_is_taken_apart_by_channel():
    pattern = one(header(0), track(tempo(90), hit(60), hit(36, 9), hit(64, 1), silence(24 * 13)))
    assert pattern.bpm == 90
    assert [(t.instrument, on_steps(t)) for t in pattern.tracks] == [("poly", [0]), ("poly", [2]), ("kick", [1])]


def test_type_1_has_a_track_for_each_and_its_name():
    pattern = one(header(1, 3), track(tempo(140)), track(meta(3, b"one"), *BAR), track(meta(3, b"two"), *BAR))
    assert [t.name for t in pattern.tracks] == ["one", "two"]
    assert pattern.bpm == 140


def test_type_2_has_a_pattern_for_each_track():
    made = imported(header(2, 2), track(tempo(100), *BAR), track(tempo(110), *BAR))
    assert [pattern.bpm for pattern in made.patterns] == [100, 110]
    assert [pattern.name for pattern in made.patterns] == ["song 1", "song 2"]


@pytest.mark.parametrize(("frames", "second"), [(-25, 1000), (-24, 960), (-30, 1200), (-29, 1198.8)])
def test_a_division_by_smpte_time_is_understood(frames, second):
    division = (frames << 8) | 40
    sixteenth = round(second / 8)
    pattern = one(header(division=division), track(*[hit(60, length=20, rest=sixteenth - 20) for _ in range(16)]))
    assert pattern.bpm == 120
    assert on_steps(pattern.tracks[0]) == list(range(16))


def test_running_status_and_note_ons_that_end_notes():
    body = after(0, 0x90, 60, 100) + after(12, 60, 0) + after(12, 62, 90) + meta(1, b"x") + after(12, 62, 0)
    pattern = one(header(), track(body))
    assert [(s.note, s.velocity) for s in pattern.tracks[0].steps if s.on] == [(None, 0.79), (62, 0.71)]


def test_names_are_read_as_utf_8_or_else_as_latin_1():
    pattern = one(
        header(tracks=2), track(meta(3, "Bläser".encode("latin-1")), *BAR), track(meta(3, "日本".encode()), *BAR)
    )
    assert [t.name for t in pattern.tracks] == ["Bläser", "日本"]


def test_unknown_chunks_and_a_wrapper_and_sysex_are_passed_over():
    sysex = b"\x00\xf0\x05\x43\x12\x00\x07\xf7"
    file = header() + chunk(b"XFIH", b"MThd or not") + track(sysex, *BAR) + chunk(b"junk", b"\xff" * 9)
    riff = b"RIFF" + (len(file) + 12).to_bytes(4, "little") + b"RMIDdata" + len(file).to_bytes(4, "little") + file
    for data in (file, riff):
        made = imported(data)
        assert on_steps(made.patterns[0].tracks[0]) == list(range(16))
        assert any("2 chunks of unknown kinds" in sentence for sentence in made.told)


def test_hanging_and_overlapping_notes_are_told_and_kept():
    hanging = imported(header(), track(after(0, 0x90, 60, 100), silence(96)))
    assert hanging.patterns[0].tracks[0].steps[:5] == (Step(on=True, velocity=0.79), *[Step(tie=True)] * 3, Step())
    assert any("never ended" in sentence for sentence in hanging.told)
    twice = after(0, 0x90, 60, 100) + after(48, 0x90, 60, 100) + after(24, 0x80, 60, 0) + after(24, 0x80, 60, 0)
    overlapping = imported(header(), track(twice))
    assert on_steps(overlapping.patterns[0].tracks[0]) == [0, 2]
    assert any("still sounded" in sentence for sentence in overlapping.told)


def test_a_long_file_becomes_several_patterns_each_with_the_tempo_it_begins_with():
    four_bars = BAR * 4
    made = imported(header(), track(tempo(100), *four_bars, tempo(150), *four_bars, *BAR))
    assert [(p.name, p.bpm, p.tracks[0].length) for p in made.patterns] == [
        ("song 1", 100, 64),
        ("song 2", 150, 64),
        ("song 3", 150, 16),
    ]


def test_a_time_signature_begins_a_pattern_and_one_that_cannot_be_is_told():
    made = imported(header(), track(*BAR, meta(0x58, b"\x03\x02\x18\x08"), *BAR[:12]))
    assert [(p.beats_per_bar, p.tracks[0].length) for p in made.patterns] == [(4, 16), (3, 12)]
    odd = imported(header(), track(meta(0x58, b"\x07\x03\x18\x08"), *BAR))
    assert odd.patterns[0].beats_per_bar == 4
    assert any("7/8" in sentence for sentence in odd.told)


def test_a_change_of_tempo_within_a_pattern_is_told():
    made = imported(header(), track(tempo(100), *BAR[:8], tempo(101), *BAR[:8]))
    assert made.patterns[0].bpm == 100
    assert any(sentence.startswith("1 changes of tempo") for sentence in made.told)


def test_notes_between_steps_go_to_the_nearest_which_keeps_by_how_much_they_miss_it():
    made = imported(header(division=480), track(silence(27), hit(60, length=60, rest=120 + 147), hit(62, length=60)))
    (played,) = made.patterns[0].tracks
    assert [(index, step.micro) for index, step in enumerate(played.steps) if step.on] == [(0, 0.225), (3, -0.05)]
    assert [note.tick for note in notes_of(made.patterns[0], 0)] == [54, 708]


def test_even_repeats_within_a_step_are_a_ratchet_and_uneven_ones_become_one():
    twelfth = [hit(60, length=4, rest=4) for _ in range(3)]
    even = one(header(), track(hit(60), *twelfth, hit(60)))
    assert [(step.on, step.ratchet) for step in even.tracks[0].steps[:4]] == [
        (True, 1),
        (True, 3),
        (True, 1),
        (False, 1),
    ]
    uneven = imported(header(), track(hit(60, length=4, rest=0), hit(60, length=4, rest=16), hit(60)))
    assert [step.ratchet for step in uneven.patterns[0].tracks[0].steps if step.on] == [1, 1]
    assert any(sentence.startswith("1 notes were faster") for sentence in uneven.told)


def test_a_chord_that_is_rolled_is_struck_together_and_told():
    rolled = after(0, 0x90, 60, 100) + after(4, 0x90, 64, 100) + after(20, 0x80, 60, 0) + after(0, 0x80, 64, 0)
    made = imported(header(), track(rolled, *BAR))
    assert made.patterns[0].tracks[0].steps[0].chord == (4,)
    assert any("struck together now" in sentence for sentence in made.told)


def test_a_drum_kit_comes_apart_and_at_most_16_tracks_are_taken():
    kit = imported(header(), track(*[hit(key, 9) for key in (36, 38, 42, 36)]))
    assert [(t.name, t.instrument, on_steps(t)) for t in kit.patterns[0].tracks] == [
        ("kick", "kick", [0, 3]),
        ("snare", "snare", [1]),
        ("closed hat", "closed_hat", [2]),
    ]
    many = imported(header(), track(*[hit(key, 9) for key in range(30, 60)]))
    assert len(many.patterns[0].tracks) == 16
    assert any("left out: " in sentence for sentence in many.told)
