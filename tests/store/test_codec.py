"""The text of documents."""

import difflib
import json
import math
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from documents_strategies import full_pattern, json_values, patterns, projects, steps, takes
from hypothesis import example, given
from hypothesis import strategies as st

from store.codec import (
    decode_pattern,
    decode_project,
    decode_take,
    encode_pattern,
    encode_project,
    encode_take,
)
from store.documents import Lfo, Pattern, Project, Step, Take, Track
from store.errors import DamagedFile, NewerVersion, StoreError

HEADER = '{"format": "chronus-pattern", "version": 2'


def pattern_text(rest: str) -> bytes:
    return f"{HEADER}, {rest}}}".encode()


def one_track(fields: str) -> bytes:
    return pattern_text(f'"tracks": [{{"name": "a", "instrument": "kick", {fields}}}]')


@given(patterns)
def test_a_pattern_comes_back_from_its_text_as_it_was_to_the_last_bit(pattern: Pattern) -> None:
    text = encode_pattern(pattern)
    again = decode_pattern(text, "p.json")
    assert again == pattern
    assert encode_pattern(again) == text


@given(projects)
def test_a_project_comes_back_from_its_text_as_it_was(project: Project) -> None:
    assert decode_project(encode_project(project), "project.json") == project


@given(takes)
def test_a_take_comes_back_from_its_text_as_it_was(take: Take) -> None:
    assert decode_take(encode_take(take), "t.json") == take


def test_ints_and_floats_come_back_as_they_were_written() -> None:
    pattern = decode_pattern(pattern_text('"bpm": 125, "swing": 0.0'), "p.json")
    assert (type(pattern.bpm), type(pattern.swing)) == (int, float)
    assert b'"bpm": 125,' in encode_pattern(pattern)
    assert b'"swing": 0.0,' in encode_pattern(pattern)


def test_the_text_starts_with_format_and_version() -> None:
    assert encode_pattern(Pattern()).startswith(b'{\n  "format": "chronus-pattern",\n  "version": 2,\n')
    assert encode_project(Project()).startswith(b'{\n  "format": "chronus-project",\n  "version": 1,\n')
    take = Take("t", "2026-11-21T21:00:00", 48_000, 2, 24)
    assert encode_take(take).startswith(b'{\n  "format": "chronus-take",\n  "version": 1,\n')


def test_a_rest_is_an_empty_object_on_a_line_of_its_own() -> None:
    lines = encode_pattern(Pattern(tracks=(Track("a", "kick"),))).decode().splitlines()
    assert [line.strip() for line in lines].count("{},") == 15
    assert [line.strip() for line in lines].count("{}") == 1


def changed_lines(old: Pattern, new: Pattern) -> tuple[int, int]:
    """How many lines went, and how many came."""
    old_lines, new_lines = (encode_pattern(pattern).decode().split("\n") for pattern in (old, new))
    changes = list(difflib.unified_diff(old_lines, new_lines, n=0, lineterm=""))[2:]
    return sum(line.startswith("-") for line in changes), sum(line.startswith("+") for line in changes)


@given(st.integers(0, 15), st.integers(0, 63), steps.filter(lambda step: step != Step()))
def test_editing_one_step_changes_one_line(track: int, step: int, new: Step) -> None:
    old = Pattern(tracks=(Track("a", "acid", length=64, steps=(Step(),) * 64),) * 16)
    played = list(old.tracks[track].steps)
    played[step] = new
    tracks = list(old.tracks)
    tracks[track] = msgspec.structs.replace(tracks[track], steps=tuple(played))
    assert changed_lines(old, msgspec.structs.replace(old, tracks=tuple(tracks))) == (1, 1)


def test_editing_one_parameter_send_or_effect_setting_changes_one_line() -> None:
    old = full_pattern()
    lead = old.tracks[3]
    for edited in (
        msgspec.structs.replace(lead, parameters={"cutoff": 901.0}),
        msgspec.structs.replace(lead, sends={"delay": 0.25}),
    ):
        tracks = (*old.tracks[:3], edited, *old.tracks[4:])
        assert changed_lines(old, msgspec.structs.replace(old, tracks=tracks)) == (1, 1)
    assert changed_lines(old, msgspec.structs.replace(old, effects={"delay": {"beats": 1}})) == (1, 1)


def test_a_scale_an_lfo_and_each_of_its_settings_come_and_change_as_lines_of_their_own() -> None:
    old = full_pattern()
    assert changed_lines(old, msgspec.structs.replace(old, scale="dorian")) == (0, 1)
    wave = Lfo(target="lead cutoff")
    with_lfo = msgspec.structs.replace(old, lfos=(wave,))
    assert changed_lines(old, with_lfo)[0] == 0
    deeper = msgspec.structs.replace(old, lfos=(msgspec.structs.replace(wave, depth=0.5),))
    assert changed_lines(with_lfo, deeper) == (1, 1)


def test_fields_of_a_later_day_survive_a_rewrite_at_every_level() -> None:
    text = pattern_text(
        '"mood": {"dark": [1, 2.0]}, "tracks": [{"name": "a", "instrument": "kick", "colour": "red", '
        '"length": 1, "steps": [{"on": true, "colour": 0.5}]}]'
    )
    again = json.loads(encode_pattern(decode_pattern(text, "p.json")))
    assert again["mood"] == {"dark": [1, 2.0]}
    assert again["tracks"][0]["colour"] == "red"
    assert again["tracks"][0]["steps"] == [{"on": True, "colour": 0.5}]


def test_reordering_and_reindenting_a_file_by_hand_does_not_harm_it() -> None:
    pattern = full_pattern()
    raw = json.loads(encode_pattern(pattern))
    by_hand = json.dumps(dict(reversed(raw.items())), indent=7).encode()
    assert decode_pattern(by_hand, "p.json") == pattern
    assert decode_pattern(b"\xef\xbb\xbf" + by_hand.replace(b"\n", b"\r\n"), "p.json") == pattern


@pytest.mark.parametrize(
    ("name", "number"),
    [("C4", 60), ("C#4", 61), ("C♯4", 61), ("Db4", 61), ("D♭4", 61), ("a4", 69), ("C-1", 0), ("G9", 127), ("Cb4", 59)],
)
def test_notes_are_read_by_name(name: str, number: int) -> None:
    pattern = decode_pattern(one_track(f'"note": "{name}", "steps": [{{"note": "{name}"}}]'), "p.json")
    assert pattern.tracks[0].note == number
    assert pattern.tracks[0].steps[0].note == number


def test_a_track_with_fewer_steps_than_its_length_is_filled_up_with_rests() -> None:
    track = decode_pattern(one_track('"length": 5, "steps": [{"on": true}]'), "p.json").tracks[0]
    assert track.steps == (Step(on=True), *[Step()] * 4)


def test_what_is_unknown_or_too_loud_is_kept_as_it_is() -> None:
    text = one_track('"gain_db": 400, "pan": -9, "parameters": {"wobble": 1e300}, "steps": [{"velocity": 7}]')
    track = decode_pattern(text, "p.json").tracks[0]
    assert (track.gain_db, track.pan, track.parameters, track.steps[0].velocity) == (400, -9, {"wobble": 1e300}, 7)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "p.json is empty."),
        (b" \n", "p.json is empty."),
        (b'{\n  "name": nil\n}', "p.json is damaged at line 2, column 11: expecting value."),
        (b'{\n  "name": "\xff"\n}', "p.json is damaged at line 2, column 12: it is not UTF-8."),
        (b'{"a": 1} x', "p.json is damaged at line 1, column 10: extra data."),
        (b"[1, 2]", "p.json is damaged at line 1, column 1: it holds no JSON object."),
        (b"[" * 100_000, "p.json is damaged: it is nested too deeply."),
        (b"RIFF\x00\x00", "p.json is damaged at line 1, column 1"),
        (b"{}", 'p.json has no "format"; chronus-pattern was expected.'),
        (b'{"format": "chronus-take", "version": 1}', "p.json is a chronus-take file; chronus-pattern was expected."),
        (b'{"format": "chronus-pattern"}', "p.json has no version that can be read: None."),
        (b'{"format": "chronus-pattern", "version": "2"}', "p.json has no version that can be read: '2'."),
        (pattern_text('"bpm": NaN'), "p.json is damaged at line 1"),
        (pattern_text('"bpm": 1e999'), "p.json is damaged: it holds a number that is too large."),
        (pattern_text(f'"bpm": 1{"0" * 400}'), "bpm is larger than any number that can be reckoned with."),
        (pattern_text('"bpm": true'), "p.json is damaged: bpm is true; it takes a number."),
        (pattern_text('"bpm": "fast"'), 'p.json is damaged: bpm is "fast"; it takes a number.'),
        (pattern_text('"tags": "acid"'), 'p.json is damaged: tags is "acid"; it takes a list.'),
        (pattern_text('"beats_per_bar": 0'), "beats_per_bar is 0; it takes a whole number from 1 to 16."),
        (pattern_text('"effects": {"delay": {"beats": []}}'), "effects.delay.beats is a list; it takes a number."),
        (pattern_text('"tracks": [{"name": "a"}]'), "tracks[0].instrument is missing."),
        (pattern_text(f'"tracks": [{", ".join(["{}"] * 17)}]'), "tracks holds 17 tracks; at most 16 fit."),
        (one_track(f'"steps": [{", ".join(["{}"] * 65)}]'), "tracks[0].steps holds 65 steps; at most 64 fit."),
        (one_track('"length": 65'), "tracks[0].length is 65; it takes a whole number from 1 to 64."),
        (one_track('"note": "H4"'), 'tracks[0].note is "H4"; it takes a note from 0 to 127 or a name such as C#4.'),
        (one_track('"steps": [{}, {"velocity": "loud"}]'), 'tracks[0].steps[1].velocity is "loud"; it takes a number.'),
        (one_track('"steps": [{"note": 128}]'), "tracks[0].steps[0].note is 128; it takes a note from 0 to 127"),
        (one_track('"steps": [{"locks": {"tune": "x"}}]'), 'tracks[0].steps[0].locks.tune is "x"; it takes a number.'),
        (one_track('"lfo": {"depth": []}'), "tracks[0].lfo.depth is a list; it takes a number."),
        (pattern_text('"lfos": [{}, {}, {}]'), "lfos holds 3 LFOs; at most 2 fit."),
        (one_track('"steps": [{"chord": [1, "x"]}]'), 'tracks[0].steps[0].chord[1] is "x"; it takes a whole number'),
    ],
)
def test_a_damaged_file_is_told_with_its_path_and_the_place_in_it(data: bytes, sentence: str) -> None:
    with pytest.raises(DamagedFile) as caught:
        decode_pattern(data, "p.json")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("decode", "name", "newest"),
    [
        (decode_pattern, "chronus-pattern", 2),
        (decode_project, "chronus-project", 1),
        (decode_take, "chronus-take", 1),
    ],
)
def test_a_newer_version_is_refused_and_says_so(decode: Callable[..., Any], name: str, newest: int) -> None:
    data = f'{{"format": "{name}", "version": {newest + 1}, "tracks": 7}}'.encode()
    with pytest.raises(NewerVersion) as caught:
        decode(data, "p.json")
    assert str(caught.value) == (
        f"p.json was written by a newer Chronus (version {newest + 1}); this one reads up to {newest}. "
        "It was left as it is."
    )


def test_a_file_cut_off_anywhere_is_damaged() -> None:
    text = encode_pattern(full_pattern()).rstrip()
    for length in range(0, len(text), 97):
        with pytest.raises(DamagedFile):
            decode_pattern(text[:length], "p.json")


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
@example(b'"\\ud800"')
def test_whatever_a_file_holds_it_is_refused_with_a_sentence(data: bytes) -> None:
    for decode in (decode_pattern, decode_project, decode_take):
        with pytest.raises(StoreError):
            decode(data, "p.json")


@given(st.dictionaries(st.sampled_from(Pattern.__struct_fields__), json_values))
def test_whatever_a_field_holds_it_is_taken_or_refused_with_a_sentence(fields: dict[str, Any]) -> None:
    try:
        decode_pattern(json.dumps({"format": "chronus-pattern", "version": 2} | fields).encode(), "p.json")
    except DamagedFile as error:
        assert str(error).startswith("p.json is damaged: ")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_never_written(number: float) -> None:
    track = Track("a", "kick")
    for pattern in (
        Pattern(bpm=number),
        Pattern(tracks=(msgspec.structs.replace(track, parameters={"tune": number}),)),
        Pattern(tracks=(msgspec.structs.replace(track, steps=(Step(velocity=number),)),)),
        Pattern(tracks=(msgspec.structs.replace(track, steps=(Step(micro=number),)),)),
        Pattern(tracks=(msgspec.structs.replace(track, steps=(Step(locks={"tune": number}),)),)),
        Pattern(lfos=(Lfo(depth=number),)),
    ):
        with pytest.raises(StoreError):
            encode_pattern(pattern)
