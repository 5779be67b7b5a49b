"""The tracks: their steps with a playhead each, level, and what else there is room for."""

from chronus_tui.ui.controls.lanes import LANES, mark, step_character
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.figures import draw_meter, gain, note_name, pan
from chronus_tui.ui.render.layout import METER_COLUMNS, NUMBER_COLUMNS, PAGE, Layout, TrackColumns
from chronus_tui.ui.theme import Paint
from store.documents import Step, Track

PLAYHEAD = ">"
SAID_FIRST = ("step", "note", "velocity")
"""What a step in words begins with."""
UNKNOWN = "no sound"
"""Instead of the meter of a track whose instrument the engine does not know."""
STEP_WORDS = 22
"""Columns that a step in words may take."""


def draw_tracks(model: Model, layout: Layout) -> list[Row]:
    """The tracks' rows: a heading, then the tracks around the cursor."""
    first_step = first_shown_step(model, layout.columns.steps)
    first_track = first_shown_track(model, layout.track_rows)
    rows = [_heading(model, layout, first_step, first_track)]
    last_track = min(len(model.pattern.tracks), first_track + layout.track_rows)
    anyone_soloed = any(track.solo for track in model.pattern.tracks)
    for index in range(first_track, last_track):
        rows.append(_track(model, layout.columns, index, first_step, anyone_soloed))
    if not model.pattern.tracks:
        line = Line(layout.width)
        line.put(1, "no tracks yet; add one with Ctrl+P, /tracks/add", Paint.DIM)
        rows.append(line.row())
    rows += [blank(layout.width)] * (layout.tracks - len(rows))
    return rows[: layout.tracks]


def first_shown_step(model: Model, steps: int) -> int:
    """Index of the first step of the page that the cursor is on."""
    return model.step // steps * steps


def first_shown_track(model: Model, rows: int) -> int:
    """Index of the first track shown, so that the cursor's track is in view."""
    return min(max(0, model.track - rows // 2), max(0, len(model.pattern.tracks) - rows))


def _heading(model: Model, layout: Layout, first_step: int, first_track: int) -> Row:
    line = Line(layout.width)
    columns = layout.columns
    line.put(0, " TRACKS ", Paint.CURSOR if model.pane == "tracks" else Paint.TITLE)
    count = len(model.pattern.tracks)
    if count > layout.track_rows:
        line.put(9, f"{first_track + 1}-{first_track + layout.track_rows}/{count}", Paint.DIM)
    for place in range(0, columns.steps, 4):
        line.put(columns.step_x(place), str(first_step + place + 1), Paint.DIM)
    longest = max((track.length for track in model.pattern.tracks), default=PAGE)
    x = columns.meter_x
    if longest > columns.steps:
        page, pages = first_step // columns.steps + 1, -(-longest // columns.steps)
        x = line.put(x, f"page {page}/{pages}", Paint.STRONG) + 2
    if model.current is not None and model.pane == "tracks" and layout.width - x >= STEP_WORDS:
        line.put(x, fit(_step_in_words(model, model.current), layout.width - x), Paint.DIM)
    return line.row()


def _step_in_words(model: Model, track: Track) -> str:
    step = model.step_under_cursor
    note = note_name(track.note if step.note is None else step.note)
    words = f"step {model.step + 1}"
    if step.on:
        more = [lane.words(track, step) for lane in LANES if lane.name not in SAID_FIRST and lane.own(step)]
        locks = [f"{name.replace('_', ' ')} locked" for name in step.locks]
        accent = " accent" if step.accent else ""
        return f"{words} {note} {float(step.velocity):.0%}{accent}" + "".join(f", {each}" for each in (*more, *locks))
    if step.tie:
        return f"{words} tie{'' if step.note is None else f' slides to {note}'}"
    return f"{words} rest"


def _track(model: Model, columns: TrackColumns, index: int, first_step: int, anyone_soloed: bool) -> Row:
    track = model.pattern.tracks[index]
    line = Line(columns.width)
    selected = index == model.track and model.pane == "tracks"
    silent = track.mute or (anyone_soloed and not track.solo)
    plain = Paint.DIM if silent else Paint.PLAIN
    line.put_right(2, str(index + 1), Paint.DIM)
    line.put(NUMBER_COLUMNS, fit(track.name, columns.name), Paint.STRONG if selected else plain)
    line.put(columns.flags_x, "M" if track.mute else " ", Paint.STRONG)
    line.put(columns.flags_x + 1, "S" if track.solo else " ", Paint.STRONG)
    _steps(model, columns, index, first_step, silent, line)

    level = model.levels[index] if index < len(model.levels) else 0.0
    if model.schema.instruments and model.schema.instrument(track.instrument) is None:
        line.put(columns.meter_x, fit(UNKNOWN, METER_COLUMNS), Paint.FAULT)
    else:
        draw_meter(line, columns.meter_x, METER_COLUMNS, level)
    if columns.gain_x:
        line.put(columns.gain_x, gain(float(track.gain_db)), plain)
    if columns.note_x:
        line.put(columns.note_x, note_name(track.note), Paint.DIM)
    if columns.instrument_x:
        line.put(columns.instrument_x, fit(track.instrument, columns.instrument), plain)
    if columns.sends_x:
        words = [pan(float(track.pan)), *(f"{name} {float(share):.0%}" for name, share in track.sends.items() if share)]
        line.put(columns.sends_x, fit("  ".join(words), columns.width - columns.sends_x), Paint.DIM)
    return line.row()


def _steps(model: Model, columns: TrackColumns, index: int, first_step: int, silent: bool, line: Line) -> None:
    track = model.pattern.tracks[index]
    playhead = _playhead(model, index)
    for place in range(min(columns.steps, track.length - first_step)):
        number = first_step + place
        step = track.steps[number] if number < len(track.steps) else Step()
        x = columns.step_x(place)
        if number == playhead:
            line.put(x - 1, PLAYHEAD + step_character(step), Paint.PLAYHEAD)
        else:
            line.put(x, step_character(step), Paint.STRONG if step.on and not silent else Paint.DIM)
        line.put(x + 1, mark(step), Paint.DIM)
    if index == model.track and first_step <= model.step < first_step + columns.steps:
        _cursor(model, columns.step_x(model.step - first_step), model.step == playhead, line)


def _cursor(model: Model, x: int, at_playhead: bool, line: Line) -> None:
    paint = Paint.CURSOR if model.pane == "tracks" else Paint.DIM
    character = step_character(model.step_under_cursor)
    if at_playhead:
        line.put(x - 1, PLAYHEAD + character, Paint.PLAYHEAD)
    else:
        line.put(x - 1, "[" + character, paint)
    if line.character(x + 1) != PLAYHEAD:
        line.put(x + 1, "]", paint)


def _playhead(model: Model, index: int) -> int:
    """Index of the step that the track sounded last, or -1."""
    if model.status is None or not model.playing or index >= len(model.status.playheads):
        return -1
    return model.status.playheads[index]
