"""The takes page: the recorder with all its meters, the waveform, and the takes that there are.

> before a name   is being played
● before a name   is being recorded
◌ before a name   becomes another format
! before a name   cannot be played
"""

import math
from pathlib import PurePath

from chronus_tui.status import ExaminationStatus
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.figures import clock_time, decibels, size
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.render.record_meter import draw_record_meter, take_of
from chronus_tui.ui.render.verdicts import draw_marks, draw_verdicts
from chronus_tui.ui.theme import Paint
from store.takes.line import TakeLine

FLOOR_DB = -60.0
BLOCKS = " ▁▂▃▄▅▆▇█"
FULL = len(BLOCKS) - 1
LOW_PAGE, HIGH_PAGE = 16, 24
"""A page of fewer lines has one line of waveform, one of as many and more five."""
NAME_X = 3
FIXED_COLUMNS = 46


def draw_takes(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    lines = draw_record_meter(model, width)
    high = 1 if height < LOW_PAGE else 3 if height < HIGH_PAGE else 5
    wave, columns = _waveform(model, width, high)
    lines += wave
    if not model.recording:  # else it is the running take that is drawn
        lines += draw_marks(model, width, columns)
    lines += draw_verdicts(model, width, high)
    lines.append(_titles(width))
    shown = height - len(lines)
    takes = model.takes
    first = min(max(0, takes.place - shown // 2), max(0, len(takes.rows) - shown))
    for place in range(first, min(first + shown, len(takes.rows))):
        lines.append(_take(model, takes.rows[place], place == takes.place, width))
    if not takes.rows:
        line = Line(width)
        line.put(NAME_X, "there are no takes yet: r records, K keeps what was heard", Paint.DIM)
        lines.append(line)
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def _waveform(model: Model, width: int, rows: int) -> tuple[list[Line], int]:
    """The running take from its beginning on, or the take that was asked for, `rows` high; and its columns."""
    lines = [Line(width) for _ in range(rows)]
    take = take_of(model)
    peaks = take.waveform if model.recording else model.takes.peaks
    if not peaks:
        lines[0].put(1, "v draws the take under the cursor", Paint.DIM)
        return lines, 0
    heights = [_height(peak, rows) for peak in _columns_of(peaks, width - 2, model.recording)]
    for row, line in enumerate(reversed(lines)):
        cells = (BLOCKS[min(max(height - row * FULL, 0), FULL)] for height in heights)
        line.put(1, "".join(cells), Paint.RECORDING if model.recording else Paint.LEVEL)
    return lines, len(heights)


def _columns_of(peaks: tuple[float, ...], room: int, growing: bool) -> list[float]:
    """The peaks of `room` columns at most. Of a take that grows so many are joined in each that what is drawn stays."""
    joined = -(-len(peaks) // room)
    columns = len(peaks) / joined if growing else min(len(peaks), room)
    edges = [round(place * len(peaks) / columns) for place in range(math.ceil(columns))]
    return [max(peaks[first:last]) for first, last in zip(edges, [*edges[1:], len(peaks)], strict=True)]


def _height(peak: float, rows: int) -> int:
    """How many eighths of a cell a peak is high; what is heard at all is one."""
    return max(round(min(peak, 1.0) * rows * FULL), 1 if decibels(peak) > FLOOR_DB else 0)


def _titles(width: int) -> Line:
    line = Line(width)
    line.put(NAME_X, "name", Paint.TITLE)
    for x, title in zip(_columns(width), ("length", "format", "size", "LUFS", "begun"), strict=True):
        line.put(x, title, Paint.TITLE)
    return line


def _columns(width: int) -> tuple[int, int, int, int, int]:
    """Where length, format, size, loudness and the time begin."""
    x = max(20, width - FIXED_COLUMNS)
    return x, x + 9, x + 16, x + 25, x + 32


def examination_of(model: Model, take: str) -> ExaminationStatus | None:
    """How far the check or the replay of a take is, None where it is not examined."""
    examined = model.status.examination if model.status is not None else ExaminationStatus()
    return examined if examined.take == take and examined.what else None


def _take(model: Model, row: TakeLine, at_cursor: bool, width: int) -> Line:
    line = Line(width)
    length_x, format_x, size_x, lufs_x, begun_x = _columns(width)
    take = take_of(model)
    playing = take.auditioned == row.name and bool(row.name)
    grows = model.recording and PurePath(take.path).name.removesuffix(".wav") == row.name
    doing = Paint.RECORDING if grows else Paint.QUEUED
    paint = Paint.CURSOR if at_cursor else Paint.PLAYING if playing else Paint.PLAIN
    if playing:
        line.put(1, ">", Paint.PLAYING)
    elif row.problem:
        line.put(1, "!", Paint.FAULT)
    elif row.doing:
        line.put(1, "●" if grows else "◌", doing)
    line.put(NAME_X, fit(row.name, length_x - NAME_X - 1), paint)
    if row.problem and not row.coding:
        line.put(length_x, fit("its note cannot be read", width - length_x - 1), Paint.FAULT)
    else:
        line.put(length_x, clock_time(take.auditioned_s if playing else take.seconds if grows else row.seconds))
        line.put(format_x, row.coding)
        line.put(size_x, size(take.size_bytes if grows else row.size_bytes))
        line.put(lufs_x, "" if row.lufs is None else f"{row.lufs:.1f}")
        words, said = row.started[5:16].replace("T", " "), Paint.DIM
        fault = row.problem or (f"lost {row.dropped}" if row.dropped else f"over {row.clipped}" if row.clipped else "")
        if fault:
            words, said = fault, Paint.FAULT
        elif row.doing:
            words, said = row.doing, doing
        if (examined := examination_of(model, row.name)) is not None:
            words, said = f"{examined.percent} % {examined.what}", Paint.QUEUED
        line.put(begun_x, fit(words, width - begun_x - 1), said)
    if at_cursor:
        line.put(0, "[", Paint.CURSOR)
        line.put(width - 1, "]", Paint.CURSOR)
    return line
