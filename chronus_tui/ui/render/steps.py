"""The step page: everything that each step of the track under the cursor has, a row each, and its row drawn."""

from chronus_tui.ui.controls.lanes import Lane, lane_under_cursor, lanes
from chronus_tui.ui.controls.scales import position
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.curves import fill
from chronus_tui.ui.render.figures import NOTE_NAMES, draw_meter, note_name
from chronus_tui.ui.render.layout import METER_COLUMNS, PAGE, Layout
from chronus_tui.ui.theme import Paint
from store.documents import Pattern, Step, Track

LABEL_COLUMNS = 13
CELL_LEAST, CELL_MOST = 4, 7
"""Columns of a step: a mark and at most three characters, and air where there is room."""
CHART_LEAST, CHART_MOST = 3, 9
PLAYHEAD = ">"


def draw_steps(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    lines = [_heading(model, width)]
    track = model.current
    if track is None:
        line = Line(width)
        line.put(1, "no tracks yet; add one with Ctrl+P, /tracks/add", Paint.DIM)
        lines.append(line)
    else:
        lines += _grid(model, track, width, height - len(lines) - 1)
    lines += [Line(width)] * (height - len(lines) - 1)
    lines.append(_about(model, width))
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def steps_shown(width: int, length: int) -> int:
    """How many steps are shown at once: whole bars, as many as fit, or all; whole beats where no bar fits."""
    fit_in = (width - LABEL_COLUMNS) // CELL_LEAST
    whole = PAGE if fit_in >= PAGE else 4
    return min(fit_in // whole * whole, -(-max(length, PAGE) // 4) * 4)


def scale_in_words(pattern: Pattern) -> str:
    """The scale, such as "in A minor"; empty where every note belongs to it."""
    if pattern.scale == "chromatic":
        return ""
    return f"in {NOTE_NAMES[pattern.root % 12]} {pattern.scale}{', locked' if pattern.scale_lock else ''}"


def _heading(model: Model, width: int) -> Line:
    line = Line(width)
    x = line.put(0, " STEPS ", Paint.CURSOR) + 1
    track = model.current
    if track is None:
        return line
    end = width - METER_COLUMNS - 1
    draw_meter(line, end, METER_COLUMNS, model.levels[model.track] if model.track < len(model.levels) else 0.0)
    x = line.put(x, f"{model.track + 1} {track.name}", Paint.STRONG) + 2
    if track.mute:
        x = line.put(x, "muted", Paint.STRONG) + 2
    x = line.put(x, track.instrument) + 2
    words = [note_name(track.note), f"{track.length} steps", scale_in_words(model.pattern)]
    shown = steps_shown(width, track.length)
    if track.length > shown:
        words.append(f"page {model.step // shown + 1}/{-(-track.length // shown)}")
    line.put(x, fit("  ".join(filter(None, words)), end - x - 1), Paint.DIM)
    return line


def _grid(model: Model, track: Track, width: int, room: int) -> list[Line]:
    """The numbers, the rows around the cursor's, and the cursor's row as a picture where there is room."""
    all_lanes = lanes(model)
    lane = lane_under_cursor(model) or all_lanes[0]
    shown = steps_shown(width, track.length)
    each = min((width - LABEL_COLUMNS) // shown, CELL_MOST)
    first = model.step // shown * shown
    steps = [track.steps[n] if n < len(track.steps) else Step() for n in range(first, min(first + shown, track.length))]
    place = all_lanes.index(lane)
    rows = min(len(all_lanes), room - 1)
    top = min(max(0, place - rows // 2), len(all_lanes) - rows)
    lines = [_numbers(model, first, len(steps), each, width)]
    lines += [_lane(model, track, each_lane, steps, first, each, width) for each_lane in all_lanes[top : top + rows]]
    if top:
        lines[1].put_right(width, "↑", Paint.STRONG)
    if top + rows < len(all_lanes):
        lines[-1].put_right(width, "↓", Paint.STRONG)
    spare = room - len(lines) - 1
    if spare >= CHART_LEAST:
        lines.append(Line(width))
        lines += _chart(track, lane, steps, each, width, min(spare, CHART_MOST))
    return lines


def _numbers(model: Model, first: int, count: int, each: int, width: int) -> Line:
    line = Line(width)
    playhead = -1
    if model.status is not None and model.playing and model.track < len(model.status.playheads):
        playhead = model.status.playheads[model.track]
    for place in range(count):
        x = LABEL_COLUMNS + place * each
        number = first + place
        if number == playhead:
            line.put(x, PLAYHEAD + f"{number + 1:<2}", Paint.PLAYHEAD)
        else:
            line.put(x + 1, str(number + 1), Paint.PLAIN if number % 4 == 0 else Paint.RULE)
    return line


def _lane(model: Model, track: Track, lane: Lane, steps: list[Step], first: int, each: int, width: int) -> Line:
    line = Line(width)
    selected = lane.name == (lane_under_cursor(model) or lane).name
    label = f"{'' if not lane.lock else chr(39)}{lane.name.replace('_', ' ')}"
    line.put(1, fit(label, LABEL_COLUMNS - 2), Paint.STRONG if selected else Paint.TITLE if lane.lock else Paint.PLAIN)
    for place, step in enumerate(steps):
        x = LABEL_COLUMNS + place * each
        sounds = step.on or step.tie
        own = lane.own(step) and (sounds or lane.lock)
        cell = fit(lane.cell(track, step), 3)
        line.put(x + 1, cell, Paint.STRONG if own else Paint.DIM)
        if selected and first + place == model.step:
            line.put(x, f"[{cell}", Paint.CURSOR)
            line.put(x + 1 + len(cell), "]", Paint.CURSOR)
    return line


def _chart(track: Track, lane: Lane, steps: list[Step], each: int, width: int, rows: int) -> list[Line]:
    """The row as columns, each as high as its value on its own scale."""
    lines = [Line(width) for _ in range(rows)]
    across = max(1, each - 2)
    low, high = lane.setting.low, lane.setting.high
    setting = lane.setting
    if lane.name == "note":
        notes = [lane.value(track, step) for step in steps if step.on or step.tie] or [float(track.note)]
        low, high = min(notes) - 1, max(notes) + 1
    for place, step in enumerate(steps):
        if not (step.on or (lane.lock and lane.own(step))):
            continue
        value = lane.value(track, step)
        height = position(setting, value) if lane.name != "note" else (value - low) / (high - low)
        if lane.name == "step":
            height = 1.0 if step.accent else 0.6
        fill(
            lines,
            LABEL_COLUMNS + place * each + 1,
            [height] * across,
            paint=Paint.DIM if lane.own(step) or not lane.lock else Paint.RULE,
        )
    lines[-1].put(1, fit(lane.name.replace("_", " "), LABEL_COLUMNS - 2), Paint.DIM)
    return lines


def _about(model: Model, width: int) -> Line:
    """What the cursor is on, in words, and what it is for."""
    line = Line(width)
    track, lane = model.current, lane_under_cursor(model)
    if track is None or lane is None:
        return line
    step = model.step_under_cursor
    words = lane.words(track, step)
    x = line.put(
        1, f"step {model.step + 1} {lane.name.replace('_', ' ') if lane.name != 'step' else ''}".rstrip() + ":"
    )
    x = line.put(x + 1, words, Paint.STRONG) + 2
    line.put(x, fit(lane.help, width - x - 1), Paint.DIM)
    return line
