"""What was found out about the take that is drawn: marks below its waveform, and lines that tell of the faults."""

from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, fit
from chronus_tui.ui.theme import Paint
from chronus_tui.verdict import MARKS, NAMES, TakeFault, clock, mark_line

GOOD = ("clean", "same")
TEXT_X = 9


def draw_marks(model: Model, width: int, columns: int) -> list[Line]:
    """The line of marks below a waveform of so many columns, or none where there is nothing to mark."""
    takes = model.takes
    seconds = max((each.seconds for each in takes.found), default=0.0)
    if not takes.faults or seconds <= 0.0 or not columns:
        return []
    spans = [(each.kind, each.start_s / seconds, (each.start_s + each.seconds) / seconds) for each in takes.faults]
    line = Line(width)
    line.put(1, mark_line(spans, columns), Paint.FAULT)
    at = min(int(takes.faults[takes.fault].start_s / seconds * columns), columns - 1)
    line.put(1 + at, MARKS[takes.faults[takes.fault].kind], Paint.CURSOR)
    return [line]


def draw_verdicts(model: Model, width: int, most: int) -> list[Line]:
    """A line for the check and for the replay of the take that is drawn, and `most` lines of faults, from the one that
    is looked at on."""
    takes = model.takes
    lines = []
    for verdict in takes.found:
        line = Line(width)
        line.put(1, verdict.what, Paint.TITLE)
        good = verdict.verdict in GOOD
        line.put(TEXT_X, fit(verdict.sentence, width - TEXT_X - 1), Paint.PLAIN if good else Paint.FAULT)
        lines.append(line)
    shown = takes.faults[takes.fault : takes.fault + most]
    for place, fault in enumerate(shown):
        line = Line(width)
        end = width - 1
        if place == 0 and len(takes.faults) > 1:
            end = line.put_right(end, f"{takes.fault + 1} of {len(takes.faults)}", Paint.DIM) - 2
        line.put(1, MARKS[fault.kind], Paint.CURSOR if place == 0 else Paint.FAULT)
        line.put(3, fit(_words(fault), end - 3))
        lines.append(line)
    return lines


def _words(fault: TakeFault) -> str:
    name = NAMES.get(fault.kind, fault.kind)
    sure = f"({100 * fault.confidence:.0f} % sure)" if fault.confidence < 1.0 else ""
    parts = (clock(fault.start_s), name, fault.where, fault.tap, fault.detail, sure)
    return "  ".join(part for part in parts if part)
