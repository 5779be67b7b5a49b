"""The master's level and the recorder: time, size, what the disk still holds, what was lost."""

from pathlib import PurePath

from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.figures import clock_time, draw_meter, is_disk_low, peak, progress, size, time_left
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.render.record_meter import what_r_does
from chronus_tui.ui.theme import Paint

SHORTEST_NAME = 8
"""A take's name in fewer columns would tell nothing."""


def draw_meters(model: Model, layout: Layout) -> list[Row]:
    """The meters' rows: master and recorder, or the recorder with a short master where there is one line."""
    below = [blank(layout.width)] * (layout.meters - layout.meter_rows)
    if layout.meter_rows == 1:
        line = Line(layout.width)
        _master(model, line, layout.width - 24, 9)
        _recorder(model, line, layout.width - 26)
        return [line.row(), *below]
    master, recorder = Line(layout.width), Line(layout.width)
    master.put(1, "MASTER", Paint.TITLE)
    width = (layout.width - 32) // 2
    end = _master(model, master, 9, width)
    master.put(end + 2, "peak", Paint.DIM)
    master.put_right(layout.width - 1, peak(model.peak), Paint.FAULT if model.peak > 1.0 else Paint.PLAIN)
    _recorder(model, recorder, layout.width)
    return [master.row(), recorder.row(), *below]


def _master(model: Model, line: Line, x: int, width: int) -> int:
    for name, level in zip("LR", model.master, strict=True):
        line.put(x, name, Paint.DIM)
        draw_meter(line, x + 2, width, level)
        x += width + 4
    return x - 2


def _recorder(model: Model, line: Line, width: int) -> None:
    take = model.status.recording if model.status is not None else None
    if take is None:
        return
    left = time_left(take.disk_left_s)
    low = is_disk_low(take.disk_left_s)
    name = PurePath(take.path).stem
    if model.recording:
        lost = f"lost {take.dropped} frames" if take.dropped else "nothing lost"
        form = f"{take.bits}-bit" if take.format == f"wav{take.bits}" else take.format
        facts = f"{clock_time(take.seconds)}  {size(take.size_bytes)}  {form}"
        x = line.put(1, "● REC", Paint.RECORDING)
        x = line.put(x + 2, facts, Paint.STRONG)
        if take.dropped:
            x = line.put(x + 2, fit(lost, width - x - 2), Paint.FAULT)
        room = width - x - 7 - len(left) - len(lost)
        if room >= SHORTEST_NAME:
            x = line.put(x + 2, fit(name, room))
        if x + 2 + len(left) <= width:
            x = line.put(x + 2, left, Paint.FAULT if low else Paint.DIM)
        if not take.dropped and x + 2 + len(lost) <= width:
            line.put(x + 2, lost, Paint.DIM)
        return
    if model.record_waits:
        x = line.put(1, f"◌ waits for {'the bar' if take.waiting == 'bar' else 'a sound'}; r forgets it", Paint.QUEUED)
        line.put(x + 2, left, Paint.FAULT if low else Paint.DIM)
        return
    x = line.put(1, "○ rec", Paint.DIM)
    if take.encoding:
        x = line.put(x + 2, f"encodes {fit(take.encoding, max(8, width - 48))} {progress(take.encoded)}", Paint.QUEUED)
    elif name:
        last = f"last {fit(name, width - 48)}  {clock_time(take.seconds)}"
        x = line.put(x + 2, fit(last, width - x - 2 - len(left)), Paint.PLAIN)
        if take.dropped:
            x = line.put(x + 2, f"lost {take.dropped} frames", Paint.FAULT)
    elif take.disk_left_s is None or take.disk_left_s > 1:
        x = line.put(x + 2, fit(f"r {what_r_does(take.settings)}", width - x - len(left) - 4), Paint.DIM)
    line.put(x + 2, left, Paint.FAULT if low else Paint.DIM)
