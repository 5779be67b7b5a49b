"""The first line: does it play, where is it, what is it, is it recording, is anything wrong."""

from chronus_tui.status import Status
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit, width_of
from chronus_tui.ui.render.figures import beats_left, clock_time
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint

FULL_WIDTH = 80
"""In less than this the tempo goes without its unit, and the swing is left out, for the pattern's name."""

WAITING_COLUMNS = 8
"""Of the name of a pattern that waits and is of no slot."""


def draw_transport(model: Model, layout: Layout) -> list[Row]:
    """The transport's rows, `layout.transport` of them."""
    line = Line(layout.width)
    status = model.status
    if status is None:
        line.put(1, "waiting for the engine", Paint.DIM)
        return [line.row(), *[blank(layout.width)] * (layout.transport - 1)]
    if model.connection != "connected":
        x = line.put(1, "✕ GONE", Paint.FAULT)
    else:
        x = line.put(1, "▶ PLAY" if model.playing else "■ STOP", Paint.PLAYING if model.playing else Paint.STRONG)
    x = line.put(x + 2, f"{status.bpm:5.1f}", Paint.STRONG)
    if layout.width >= FULL_WIDTH:
        x = line.put(x + 1, "bpm", Paint.DIM)
        x = line.put(x + 2, "swing", Paint.DIM)
        x = line.put(x + 1, f"{status.swing:.2f}".removeprefix("0"))
    x = line.put(x + 1, "FILL" if status.filling else " bar", Paint.STRONG if status.filling else Paint.DIM)
    place = f"{status.bar}.{status.beat}" if model.playing else "-.-"
    line.put(x + 1, f"{place:<6}", Paint.STRONG)
    x += 8

    recording = status.recording
    if model.recording:
        end = line.put_right(layout.width - 1, f"● REC {clock_time(recording.seconds)}", Paint.RECORDING)
    else:
        end = line.put_right(layout.width - 1, "○ rec", Paint.DIM)

    slot = f"{_bank(model, status.slot_bank)}{status.slot:03} " if status.slot is not None else ""
    line.put(x, slot, Paint.PLAYING)
    x += len(slot)
    name, comes_next = status.pattern or "untitled", _comes_next(model, status)
    room = end - x - width_of(comes_next) - 4  # " *" and two blanks
    countdown = f" in {beats_left(status)}" if comes_next else ""
    if width_of(name + countdown) <= room:
        comes_next += countdown
    x = line.put(x, fit(name, room), Paint.STRONG)
    if status.edited:
        x = line.put(x, " *", Paint.EDITED)
    line.put(x, comes_next, Paint.QUEUED)
    return [line.row(), *[blank(layout.width)] * (layout.transport - 1)]


def _comes_next(model: Model, status: Status) -> str:
    """The load that waits; behind it, where there is room, comes for how many beats still."""
    if not status.queued_when:
        return ""
    place = "" if status.queued is None else f"{_bank(model, status.queued_bank)}{status.queued:03}"
    return f"  ~{place or fit(status.waiting, WAITING_COLUMNS)}"


def _bank(model: Model, bank: int) -> str:
    """A bank before a slot's number, where it is not the one at hand."""
    return "" if bank == model.bank else f"{bank}/"
