from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import FOLDER, pictures, playing_model, polymeter_model, silent_model

from chronus_tui.link import SlotLine
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, changed_spans, fit, runs, width_of, wrapped
from chronus_tui.ui.screens.main import draw_screen
from chronus_tui.ui.theme import Paint

SIZES = [(60, 16), (79, 20), (80, 24), (100, 30), (119, 39), (120, 40), (132, 43), (200, 60), (300, 100)]


def text_of(model: Model, width: int = 80, height: int = 24) -> str:
    return "\n".join(row.text for rows in draw_screen(model, width, height).values() for row in rows)


@pytest.mark.parametrize("name", sorted(pictures()))
def test_the_screen_looks_as_it_is_kept(name: str) -> None:
    assert pictures()[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [Model, playing_model, silent_model, polymeter_model])
def test_panels_fill_the_terminal_exactly(make: type[Model], size: tuple[int, int]) -> None:
    width, height = size
    rows = [row for rows in draw_screen(make(), width, height).values() for row in rows]
    assert len(rows) == height
    assert {len(row.cells) for row in rows} == {width}


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (40, 10), (59, 40), (200, 15)])
def test_a_terminal_that_is_too_small_shows_one_sentence(size: tuple[int, int]) -> None:
    drawn = draw_screen(playing_model(), *size)
    assert list(drawn) == ["too-small"]
    assert len(drawn["too-small"]) <= size[1]


def test_the_cursor_is_always_in_view() -> None:
    model = playing_model(16, 48)
    for track, step in product(range(16), (0, 15, 16, 47)):
        model.track, model.step = track, step
        rows = draw_screen(model, 80, 24)["tracks"]
        cursors = [row.text for row in rows if Paint.CURSOR in row.paints[8:]]
        assert len(cursors) == 1
        assert cursors[0].split()[0] == str(track + 1)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
def test_the_slot_under_the_cursor_is_always_in_view(size: tuple[int, int]) -> None:
    model = silent_model()
    for slot in range(1, 129):
        model.slot = slot
        shown = "".join(row.text for row in draw_screen(model, *size)["slots"][1:])
        assert f"{slot:03}" in shown


def test_playing_queued_edited_and_empty_slots_differ_without_colour() -> None:
    shown = text_of(playing_model())
    assert ">001*" in shown
    assert "~042" in shown
    assert " 017 " in shown
    assert "008!" in shown
    assert "018" not in shown


def test_what_a_silent_clock_means_is_told_with_what_to_do() -> None:
    model = silent_model()
    assert "LOAD SLOT 4_" in text_of(model)
    model.entry.cancel()
    assert "silent clock: no sound device was found; chronus doctor tells what to do." in text_of(model)


def test_why_a_slot_cannot_be_played_is_told_whole_at_80_columns() -> None:
    model = silent_model()
    assert model.status is not None
    path = f"{model.status.project}/patterns/slots/bank_01/slot_002.json"
    model.slots[2] = SlotLine(2, "", problem=f"{path} is damaged at line 17.")
    model.slot, model.pane = 2, "slots"
    assert "002 - slot_002.json is damaged at line 17." in text_of(model)


def test_a_device_that_stalls_is_told_whole_at_80_columns() -> None:
    model = silent_model()
    assert model.status is not None
    model.entry.cancel()
    stalled = "Device 'default' asks for no sound; the silent clock plays on until it"
    model.take_status(msgspec.structs.replace(model.status, problem=stalled), 0.0)
    assert stalled in text_of(model)


def test_lost_frames_and_xruns_are_told_in_the_colour_of_faults() -> None:
    drawn = draw_screen(silent_model(), 80, 24)
    faults = "".join(
        cell
        for rows in drawn.values()
        for row in rows
        for cell, paint in zip(row.cells, row.paints, strict=True)
        if paint is Paint.FAULT
    )
    assert "lost 480 frames" in faults
    assert "xruns" in faults
    assert "5 min left" in faults


@pytest.mark.parametrize(
    ("left_s", "told"), [(0.0, "disk full"), (8.6, "9 s left"), (300.0, "5 min left"), (None, "room unknown")]
)
def test_how_long_the_disk_lasts_is_told_to_the_last_second(left_s: float | None, told: str) -> None:
    model = silent_model()
    assert model.status is not None
    recording = msgspec.structs.replace(model.status.recording, path="", disk_left_s=left_s)
    model.take_status(msgspec.structs.replace(model.status, recording=recording), 0.0)
    assert told in text_of(model)
    assert ("r records at once" in text_of(model)) == (left_s != 0.0)


def test_a_hostile_name_cannot_leave_its_place() -> None:
    model = playing_model()
    tracks = list(model.pattern.tracks)
    tracks[0] = msgspec.structs.replace(tracks[0], name="\x1b[2J\r\n夜夜夜夜夜夜夜夜\u0301")
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks)))
    row = draw_screen(model, 80, 24)["tracks"][1]
    assert row.text.isprintable()
    assert width_of(row.text) == 80


@given(st.text(max_size=30), st.integers(0, 20))
def test_fitted_text_never_exceeds_its_columns(text: str, width: int) -> None:
    assert width_of(fit(text, width)) <= width


@given(st.lists(st.text("ab夜", max_size=12), max_size=12).map(" ".join), st.integers(4, 20), st.integers(1, 4))
def test_wrapped_text_keeps_its_columns_its_rows_and_every_letter(text: str, width: int, rows: int) -> None:
    lines = wrapped(text, width, rows)
    assert 1 <= len(lines) <= rows
    assert all(width_of(line) <= width for line in lines)
    whole = wrapped(text, width, 200)
    assert "".join(whole).replace(" ", "") == text.replace(" ", "")
    assert lines == whole or lines[-1].endswith("…")


def test_a_long_refusal_is_read_whole_on_a_small_terminal() -> None:
    model = playing_model()
    sentence = "Could not write patterns/slots/bank_01/slot_005.json: the disk is full; make some room, and save again."
    model.tell(sentence, 0.0, failed=True)
    rows = [row.text.strip() for row in draw_screen(model, 80, 24)["status"]]
    assert " ".join(rows) == sentence


def test_the_beats_until_a_load_stay_on_the_screen_beside_whatever_is_told() -> None:
    model = playing_model()
    assert "Esc forgets it" in text_of(model)
    model.tell("saved slot 005 silver box", 0.0)
    assert "saved slot 005" in text_of(model, 120, 40)
    assert "~042 in 2" in text_of(model, 120, 40)


words = st.tuples(st.text("ab ·━", max_size=8), st.sampled_from(Paint))


@given(st.lists(words, max_size=6), st.lists(words, max_size=6))
def test_repainting_the_changed_spans_gives_the_new_row(before: list, after: list) -> None:
    def row_of(parts: list) -> object:
        line = Line(40)
        x = 0
        for text, paint in parts:
            x = line.put(x, text, paint)
        return line.row()

    def looks(row: object) -> list:
        return [(cell, paint) for text, paint in runs(row) for cell in text]

    old, new = row_of(before), row_of(after)
    shown = list(looks(old))
    for first, last in changed_spans(old, new):
        shown[first:last] = looks(new)[first:last]
    visible = [(cell, paint if cell != " " or paint.fills else None) for cell, paint in shown]
    wanted = [(cell, paint if cell != " " or paint.fills else None) for cell, paint in looks(new)]
    assert visible == wanted


@pytest.mark.parametrize("playhead", range(16))
def test_the_playhead_shows_beside_and_under_the_cursor(playhead: int) -> None:
    model = playing_model()
    model.step = 4
    assert model.status is not None
    model.status = msgspec.structs.replace(model.status, playheads=(playhead,) * 8)
    row = draw_screen(model, 80, 24)["tracks"][1].text
    assert row.count(">") == 1
    assert ("[X" in row) == (playhead != 4)


def test_one_step_of_a_playhead_changes_four_cells_of_a_track() -> None:
    model = playing_model()
    before = draw_screen(model, 120, 40)["tracks"]
    assert model.status is not None
    model.status = msgspec.structs.replace(model.status, playheads=(9,) * 8)
    after = draw_screen(model, 120, 40)["tracks"]
    spans = [span for old, new in zip(before, after, strict=True) for span in changed_spans(old, new)]
    assert sum(last - first for first, last in spans[:7]) == 7 * 4
