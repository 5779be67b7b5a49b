"""What a MIDI file made here holds: notes to the tick, names, channels and keys."""

import io

import mido
from midi_files import steps

from store.documents import Pattern, Step, Track
from store.midi.patterns import export_midi
from store.midi.score import OVERLAP, Performance, notes_of


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
