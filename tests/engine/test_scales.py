"""A locked scale is heard, and never written."""

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

from chronus_tui.engine.compile.patterns import compile_pattern
from store.documents import Pattern, Step
from store.scales import SCALES, nearest_in_scale


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("root", [0, 7, 11])
def test_the_nearest_note_is_in_the_scale_and_none_is_nearer(scale: str, root: int):
    inside = [note for note in range(-12, 140) if (note - root) % 12 in SCALES[scale]]
    for note in range(128):
        found = nearest_in_scale(note, root, scale)
        assert found in inside
        assert abs(found - note) == min(abs(other - note) for other in inside)


def test_there_are_scales_enough_and_each_begins_on_its_root():
    assert len(SCALES) >= 12
    for steps in SCALES.values():
        assert steps[0] == 0
        assert list(steps) == sorted(set(steps))
        assert steps[-1] < 12


def song(**fields: object) -> Pattern:
    steps = (Step(on=True, note=61), Step(on=True, note=66, chord=(3, 7)), Step(on=True), Step())
    lead = replace(track("xxx.", "poly", note=63), steps=steps)
    drum = replace(track("xxx.", "kick"), steps=steps)
    return pattern(lead, drum, root=0, scale="major", **fields)


def notes(song: Pattern, row: int) -> list[float]:
    steps = compile_pattern(song)[0][0]["tracks"][row]["steps"]
    return [float(note) for note in steps["note"][:3]]


def test_a_locked_scale_moves_notes_and_chords_and_leaves_drums_and_the_document_alone():
    locked = song(scale_lock=True)
    assert notes(song(), 0) == [61, 66, 63]
    assert notes(locked, 0) == [60, 65, 62]
    chord = compile_pattern(locked)[0][0]["tracks"][0]["steps"]["chord"][1]
    assert [65 + float(above) for above in chord[:2]] == [69, 72]
    assert notes(locked, 1) == [61, 66, 60]
    assert locked.tracks == song().tracks


def test_the_piano_plays_in_the_locked_scale_too(desk: Desk):
    desk.do("/pattern/scale", "major")
    desk.do("/pattern/scale_lock", 1)
    desk.ask("/track/acid/note", 61)
    desk.turn()
    voices = desk.player.state["voices"]
    assert [float(note) for note in voices["note"][voices["stage"] > 0]] == [60.0]
