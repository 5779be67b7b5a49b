"""MIDI files: what goes out comes back, from the notes alone where another program left nothing else."""

import io
from pathlib import Path

import mido
import pytest
from documents_strategies import patterns
from hypothesis import given, settings
from midi_files import (
    foreign,
    plain_patterns,
    steps,
    timed_patterns,
)
from msgspec.structs import replace

from store.codec import decode_pattern
from store.documents import Pattern, Step, Track
from store.midi.patterns import export_midi, import_midi
from store.midi.score import Performance, notes_of

LIBRARY = sorted((Path(__file__).parents[2] / "patterns" / "library").rglob("*.json"))


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
