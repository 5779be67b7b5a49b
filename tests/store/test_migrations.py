"""Patterns of earlier versions."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern, Step, Track
from store.errors import DamagedFile

VERSION_1 = Path(__file__).parent / "data" / "pattern_v1.json"


def migrated(tracks: dict[str, Any], **fields: Any) -> Pattern:
    text = json.dumps({"chronus_version": "1.0.0", "tracks": tracks} | fields)
    return decode_pattern(text.encode(), "old.json")


def migrated_track(name: str = "synth", **fields: Any) -> Track:
    return migrated({name: fields}).tracks[0]


def test_the_pattern_of_version_1_is_read_as_what_it_meant() -> None:
    accent, hit, rest = Step(on=True, accent=True), Step(on=True), Step()
    assert decode_pattern(VERSION_1.read_bytes(), "old.json") == Pattern(
        genre="techno",
        tags=("acid", "303", "four-on-floor"),
        bpm=125.0,
        swing=0.3,
        tracks=(
            Track(
                name="kick",
                instrument="kick",
                gate=0.2,
                sends={"reverb": 0.3, "delay": 0.3},
                parameters={"tune": 55.0},
                steps=(accent, rest, hit, rest) * 4,
                extra={"voice_id": "voice1", "filter_freq": 150.0},
            ),
        ),
        effects={"reverb": {"decay": 0.3 + 7.7 * 0.5}, "delay": {"beats": 0.25 * 125 / 60, "feedback": 0.4}},
        extra={"chronus_version": "1.0.0", "created_at": "2025-01-07T18:24:00Z"},
    )


def test_a_migrated_pattern_is_written_as_version_2_and_stays_the_same() -> None:
    pattern = decode_pattern(VERSION_1.read_bytes(), "old.json")
    text = encode_pattern(pattern)
    assert text.startswith(b'{\n  "format": "chronus-pattern",\n  "version": 2,\n')
    assert decode_pattern(text, "new.json") == pattern


@pytest.mark.parametrize(
    ("name", "instrument"),
    [
        ("Kick 2", "kick"),
        ("bd", "kick"),
        ("snare", "snare"),
        ("CLAP", "clap"),
        ("hihat", "closed_hat"),
        ("open hat", "open_hat"),
        ("oh", "open_hat"),
        ("tb303", "acid"),
        ("bassline", "acid"),
        ("lead", "acid"),
        ("pad", "poly"),
    ],
)
def test_the_instrument_is_told_from_the_name_of_the_track(name: str, instrument: str) -> None:
    assert migrated_track(name, pattern="x").instrument == instrument


def test_notes_in_hz_go_to_the_hits_in_turn_as_the_nearest_midi_notes() -> None:
    track = migrated_track(pattern="x.X-xx", notes=[440.0, 265])
    assert [step.note for step in track.steps] == [69, None, 60, None, 69, 60]
    assert track.steps[3] == Step(tie=True)
    assert track.length == 6


def test_the_note_and_cutoff_of_a_synth_come_from_its_frequencies() -> None:
    track = migrated_track("acid", pattern="x", notes=[110.0], base_freq=110.0, filter_freq=900)
    assert (track.note, track.parameters, track.extra) == (45, {"cutoff": 900}, {})
    assert track.steps[0].note is None, "a step that plays the track's own note needs none"


def test_a_drum_is_tuned_and_its_notes_are_relative_to_that() -> None:
    track = migrated_track("kick", pattern="xx", notes=[50.0, 100.0], base_freq=50.0)
    assert track.parameters == {"tune": 50.0}
    assert [step.note for step in track.steps] == [60, 72]
    assert migrated_track("snare", pattern="x", base_freq=180.0).extra == {"base_freq": 180.0}


def test_settings_that_have_no_place_today_are_kept() -> None:
    pattern = migrated(
        {"pad": {"pattern": "x", "colour": "red"}},
        global_effects={"reverb1": {"room": 1, "shimmer": 0.5}, "chorus1": {"rate": 2}},
    )
    assert pattern.effects == {"reverb": {"decay": 8.0}}
    assert pattern.extra["global_effects"] == {"reverb1": {"shimmer": 0.5}, "chorus1": {"rate": 2}}
    assert pattern.tracks[0].extra == {"colour": "red"}
    assert pattern.tracks[0].sends == {}


@pytest.mark.parametrize(
    ("tracks", "sentence"),
    [
        ([], "tracks is a list; it takes an object."),
        ({"a": 7}, "tracks.a is 7; it takes an object."),
        ({"a": {"pattern": "xQ"}}, 'tracks.a.pattern is "Q"; it takes X, x, . or - for each step.'),
        ({"a": {"pattern": "x" * 65}}, "tracks.a.pattern holds 65 steps; at most 64 fit."),
        ({"a": {"notes": [440, -1]}}, "tracks.a.notes[1] is -1; it takes a frequency in Hz."),
        ({"a": {"notes": "A4"}}, 'tracks.a.notes is "A4"; it takes a list.'),
        ({str(number): {} for number in range(17)}, "tracks holds 17 tracks; at most 16 fit."),
    ],
)
def test_a_damaged_file_of_version_1_is_told_with_the_place_in_it(tracks: Any, sentence: str) -> None:
    with pytest.raises(DamagedFile) as caught:
        migrated(tracks)
    assert str(caught.value) == f"old.json is damaged: {sentence} It was left as it is."


@given(st.text(alphabet="Xx.-", max_size=64), st.lists(st.floats(1e-300, 1e300), max_size=5))
def test_any_line_of_steps_and_any_frequencies_make_a_pattern_that_can_be_saved(
    line: str, frequencies: list[float]
) -> None:
    for name in ("kick", "acid"):
        pattern = migrated({name: {"pattern": line, "notes": frequencies}})
        assert decode_pattern(encode_pattern(pattern), "new.json") == pattern
