import contextlib
import io
import random
import time
from pathlib import Path

import mido
import pytest
from documents_strategies import patterns
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_files import (
    after,
    chunk,
    foreign,
    header,
    hit,
    meta,
    plain_patterns,
    silence,
    tempo,
    timed_patterns,
    track,
)
from msgspec.structs import replace

from store.codec import decode_pattern
from store.documents import Pattern, Step, Track
from store.errors import DamagedFile, StoreError
from store.midi.patterns import export_midi, import_midi
from store.midi.score import OVERLAP, Performance, notes_of

LIBRARY = sorted((Path(__file__).parents[2] / "patterns" / "library").rglob("*.json"))
BAR = [hit(60) for _ in range(16)]


def imported(*chunks: bytes):
    return import_midi(b"".join(chunks), "song", "song.mid")


def one(*chunks: bytes) -> Pattern:
    made = imported(*chunks)
    assert len(made.patterns) == 1
    return made.patterns[0]


def on_steps(track: Track) -> list[int]:
    return [index for index, step in enumerate(track.steps) if step.on]


def steps(text: str) -> tuple[Step, ...]:
    return tuple(Step(on=c in "xX", accent=c == "X", tie=c == "-") for c in text)


def exported(pattern: Pattern) -> list[list[tuple[int, mido.Message]]]:
    """Each track of the file with the ticks of its messages, as mido alone reads it."""
    tracks = []
    for each in mido.MidiFile(file=io.BytesIO(export_midi(pattern))).tracks:
        now, timed = 0, []
        for message in each:
            now += message.time
            timed.append((now, message))
        tracks.append(timed)
    return tracks


# Out.


def test_an_exported_file_is_type_1_with_tempo_signature_names_and_960_ticks():
    pattern = Pattern(name="night", bpm=125, beats_per_bar=3, tracks=(Track("Bäss", "acid"),))
    file = mido.MidiFile(file=io.BytesIO(export_midi(pattern)))
    assert (file.type, file.ticks_per_beat) == (1, 960)
    first = {message.type: message for message in file.tracks[0]}
    assert first["set_tempo"].tempo == 480_000
    assert (first["time_signature"].numerator, first["time_signature"].denominator) == (3, 4)
    assert first["track_name"].name == "night"
    assert file.tracks[1].name.encode("latin-1").decode() == "Bäss"


def test_swing_is_exact_to_the_tick():
    swung = Pattern(swing=0.3, tracks=(Track("hat", "closed_hat", steps=steps("x" * 16)),))
    starts = [tick for tick, message in exported(swung)[1] if message.type == "note_on"]
    assert starts == [240 * step + (72 if step % 2 else 0) for step in range(16)]


def test_each_track_has_a_channel_and_drums_have_channel_10_and_their_key():
    hits = steps("x...") * 4
    melodic = tuple(Track(f"part {n}", "poly", steps=hits) for n in range(14))
    drums = (Track("bd", "kick", steps=hits), Track("oh", "open_hat", steps=hits))
    played = [
        {(m.channel, m.note) for _, m in timed if m.type == "note_on"}
        for timed in exported(Pattern(tracks=melodic + drums))[1:]
    ]
    assert played == [{(c, 60)} for c in range(15) if c != 9] + [{(9, 36)}, {(9, 46)}]


def test_a_tie_holds_and_a_slide_overlaps():
    line = (Step(on=True, note=40), Step(tie=True), Step(tie=True, note=43), Step(), *[Step()] * 12)
    pattern = Pattern(tracks=(Track("bass", "acid", steps=line),))
    assert [(n.tick, n.key, n.length) for n in notes_of(pattern, 0)] == [
        (0, 40, 480 + OVERLAP),
        (480, 43, 240),
    ]


def test_a_short_track_goes_round_until_the_longest_has_been_heard():
    pattern = Pattern(tracks=(Track("three", "poly", length=3, steps=steps("x..")), Track("long", "poly", length=20)))
    assert [n.tick // 240 for n in notes_of(pattern, 0)] == list(range(0, 32, 3))


def test_early_and_late_steps_and_ratchets_are_exact_to_the_tick():
    line = (Step(on=True, micro=0.25), Step(on=True, micro=-0.1, ratchet=3), *[Step()] * 14)
    pattern = Pattern(swing=0.5, tracks=(Track("lead", "pluck", gate=0.5, steps=line),))
    assert [(n.tick, n.length) for n in notes_of(pattern, 0)] == [(60, 120), (336, 40), (416, 40), (496, 40)]


def test_conditions_count_the_rounds_and_everything_is_all_that_may_sound():
    line = (Step(on=True, condition="2:3"), Step(on=True, condition="first"), Step(on=True, condition="fill"), Step())
    pattern = Pattern(tracks=(Track("hat", "closed_hat", length=4, steps=line),), beats_per_bar=1)
    played = [note.tick // 240 for note in notes_of(pattern, 0, Performance(rounds=6))]
    assert played == [1, 4, 16]
    assert [note.tick // 240 for note in notes_of(pattern, 0, Performance(everything=True))] == [0, 1, 2]


def test_chance_follows_the_seed():
    line = (Step(on=True, probability=0.3),)
    track = Track("hat", "closed_hat", length=1, steps=line)
    one, same, other = (
        notes_of(Pattern(seed=seed, beats_per_bar=1, tracks=(track,)), 0, Performance(rounds=4000))
        for seed in (1, 1, 2)
    )
    assert one == same != other
    assert abs(len(one) - 1200) < 100


def test_a_locked_scale_is_what_is_written():
    line = (Step(on=True, note=61, chord=(3,)), *[Step()] * 15)
    pattern = Pattern(scale="major", scale_lock=True, tracks=(Track("lead", "pluck", steps=line),))
    assert [note.key for note in notes_of(pattern, 0)] == [60, 64]


# There and back.


@given(patterns)
@settings(max_examples=200)
def test_what_is_exported_comes_back_as_the_same_document(pattern):
    assert import_midi(export_midi(pattern), "x", "x.mid").patterns == (pattern,)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_factorys_patterns_come_back(path):
    if path.name == "factory.json":
        return
    pattern = decode_pattern(path.read_bytes(), str(path))
    made = import_midi(export_midi(pattern), "x", "x.mid")
    assert made.patterns == (pattern,)
    assert made.told == ()


@given(plain_patterns())
@settings(max_examples=200)
def test_the_notes_alone_give_the_pattern_back(pattern):
    made = import_midi(foreign(export_midi(pattern)), "x", "x.mid")
    assert len(made.patterns) == 1
    back = made.patterns[0]
    assert (back.name, back.bpm) == (pattern.name, pattern.bpm)
    assert [(t.name, t.instrument) for t in back.tracks] == [(t.name, t.instrument) for t in pattern.tracks]
    for place in range(len(pattern.tracks)):
        played = [(n.tick, n.key, n.velocity) for n in notes_of(pattern, place)]
        assert [(n.tick, n.key, n.velocity) for n in notes_of(back, place)] == played


@given(timed_patterns)
@settings(max_examples=200)
def test_notes_between_the_steps_come_back_from_the_notes_alone(pattern):
    made = import_midi(foreign(export_midi(pattern)), "x", "x.mid")
    played, back = ([(n.tick, n.key) for n in notes_of(each, 0)] for each in (pattern, made.patterns[0]))
    assert back == played
    assert not any("moved" in sentence or "faster" in sentence for sentence in made.told)


@pytest.mark.parametrize("performance", [Performance(3), Performance(2, everything=True)])
def test_a_performance_of_several_rounds_comes_back_as_its_pattern(performance):
    line = (Step(on=True, probability=0.5), Step(on=True, condition="2:2"), *[Step()] * 14)
    pattern = Pattern(
        name="n", tracks=(Track("lead", "pluck", steps=line), Track("kick", "kick", steps=steps("x" * 16)))
    )
    assert import_midi(export_midi(pattern, performance), "x", "x.mid").patterns == (pattern,)


def test_ties_and_slides_come_back_from_the_notes_alone():
    line = (
        Step(on=True, note=40),
        *[Step(tie=True)] * 2,
        Step(tie=True, note=43),
        Step(tie=True),
        Step(),
        Step(on=True, note=47, chord=(3, 7)),
        *[Step()] * 9,
    )
    pattern = Pattern(swing=0.2, tracks=(Track("bass", "acid", gate=0.7, steps=line),))
    back = import_midi(foreign(export_midi(pattern)), "x", "x.mid").patterns[0].tracks[0]
    assert back.note in (40, 47)
    resolved = [replace(s, note=back.note if s.on and s.note is None else s.note) for s in back.steps]
    assert resolved == list(line)
    assert back.gate == 0.7


def test_a_track_that_was_changed_elsewhere_keeps_its_sound_and_the_others_all():
    kept = Track("bass", "acid", parameters={"cutoff": 700}, steps=steps("X..x" * 4))
    lead = Track("lead", "poly", gain_db=-3, sends={"delay": 0.4}, steps=steps("x..." * 4))
    data = export_midi(Pattern(name="n", bpm=121.37, tracks=(kept, lead)))
    changed = bytearray(data)
    changed[data.rindex(b"\x91\x3c\x66") + 1] = 0x3E  # the key of the last note of the lead
    back = import_midi(bytes(changed), "x", "x.mid").patterns[0]
    assert back.tracks[0] == kept
    assert (back.tracks[1].gain_db, back.tracks[1].sends) == (-3, {"delay": 0.4})
    assert [s.note for s in back.tracks[1].steps if s.on] == [None, None, None, 62]
    assert back.bpm == 121.37


def test_a_file_that_another_program_saved_with_fewer_ticks_is_still_known():
    pattern = Pattern(
        name="n", swing=0.3, tracks=(Track("bass", "acid", length=11, gate=0.6, steps=steps("X.x-.X..x.x")),)
    )
    file = mido.MidiFile(file=io.BytesIO(export_midi(pattern)))
    for each in file.tracks:
        now = 0
        for message in each:
            now, message.time = now + message.time, (now + message.time) // 2 - now // 2
    file.ticks_per_beat = 480
    out = io.BytesIO()
    file.save(file=out)
    assert import_midi(out.getvalue(), "x", "x.mid").patterns == (pattern,)


# In, from elsewhere.


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


# Damaged.


@pytest.mark.parametrize("data", [b"", b"hello", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"{}", b"MThd", bytes(3000)])
def test_what_is_no_midi_file_is_refused_in_one_sentence(data):
    with pytest.raises(DamagedFile, match=r"^song\.mid [^.]*\.$"):
        imported(data)


def test_a_file_without_notes_is_refused():
    with pytest.raises(DamagedFile, match="no notes"):
        imported(header(), track(tempo(100)))


def test_a_file_that_was_cut_off_gives_what_is_there():
    whole = header() + track(*BAR)
    made = imported(whole[: len(whole) // 2])
    assert on_steps(made.patterns[0].tracks[0]) == list(range(7))
    assert len(made.told) >= 2


def test_a_bad_byte_costs_one_event_and_a_bad_status_the_rest_of_its_track():
    bad_key = imported(header(), track(hit(60), after(0, 0x90, 0xBC, 100), hit(60), hit(60)))
    assert on_steps(bad_key.patterns[0].tracks[0]) == [0, 1, 2]
    assert any("1 damaged events" in sentence for sentence in bad_key.told)
    bad_status = imported(header(tracks=2), track(hit(60), after(0, 0xF4, 1), hit(60)), track(*BAR))
    assert [len(on_steps(t)) for t in bad_status.patterns[0].tracks] == [1, 16]
    assert any("bytes of it were lost" in sentence for sentence in bad_status.told)


def test_a_wrong_track_length_and_a_damaged_header_do_not_lose_the_tracks():
    body = track(*BAR)
    long = body[:4] + b"\x7f\xff\xff\xff" + body[8:]
    short = body[:4] + b"\x00\x00\x00\x05" + body[8:]
    for wrong in (long, short):
        pattern = imported(header(tracks=2), wrong, body).patterns[0]
        assert [on_steps(t) for t in pattern.tracks] == [list(range(16))] * 2
    headless = imported(b"XXXX" + header()[4:] + body)
    assert any("header is damaged" in sentence for sentence in headless.told)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes_raise_nothing_but_a_store_error(data):
    for each in (data, header() + data, header() + track(data), header(2, 3, 1) + track(data)):
        try:
            imported(each)
        except StoreError as error:
            assert str(error).endswith(".")


@given(st.randoms(use_true_random=False), st.sampled_from(("changed", "lost", "added")))
@settings(max_examples=200)
def test_a_damaged_export_raises_nothing_but_a_store_error(chance, how):
    whole = export_midi(Pattern(name="n", tracks=(Track("a", "acid", steps=steps("x-X." * 4)), Track("k", "kick"))))
    for data in (bytearray(whole), bytearray(foreign(whole))):
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data))
            match how:
                case "changed":
                    data[at] = chance.randrange(256)
                case "lost":
                    del data[at : at + chance.randint(1, 4)]
                case "added":
                    data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
        try:
            made = imported(bytes(data))
        except StoreError:
            continue
        for pattern in made.patterns:
            assert import_midi(export_midi(pattern), "x", "x.mid").patterns == (pattern,)


@pytest.mark.parametrize(
    "data",
    [
        header(0, 1, 1) + track(after(0, 0x90, 60, 1), *[b"\xff\xff\xff\x7f" + hit(60)[1:] for _ in range(50)]),
        header() + b"MTrk\x00\x00\x00\x00" * 100_000,
        header() + track(b"\x00\x90" + b"\x3c\x40\x00\x3c\x00\x01" * 400_000),
        header() + bytes(random.Random(1).randbytes(2_000_000)),
        header() + b"MTrk" + bytes(3_000_000),
        header(division=(-24 << 8) | 1) + track(b"\x00\xff\x51\x03\x00\x00\x01", *BAR),
    ],
    ids=["for ever", "many tracks", "many notes", "noise", "zeros", "no time"],
)
def test_a_hostile_file_takes_no_long_time(data):
    began_s = time.process_time()
    with contextlib.suppress(StoreError):
        imported(data)
    assert time.process_time() - began_s < 10.0
