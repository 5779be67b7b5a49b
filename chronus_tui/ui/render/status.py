"""The status lines: what is being typed, what went wrong, what comes next; and what plays, told truly."""

import math

from chronus_tui.status import Status
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, fit
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint

HEAVY_LOAD = 0.7
"""Share of a block's time from which the load is shown as a fault: the rest goes to the system's own delays."""

ENTRY_WORDS = {
    "load": ("LOAD SLOT", "plays at the next bar"),
    "load now": ("LOAD NOW", "plays at once"),
    "load at beat": ("LOAD AT BEAT", "plays at the next beat"),
    "load at end": ("LOAD AT END", "plays at the end of the pattern"),
    "save": ("SAVE TO SLOT", "what is there is kept as a backup"),
    "bank": ("GO TO BANK", "what plays goes on"),
}


def draw_status(model: Model, layout: Layout) -> list[Row]:
    """The status rows: a sentence, and, where there are two lines, the device and the connection."""
    sentence, truth = Line(layout.width), Line(layout.width)
    said = _sentence(model, sentence)
    if layout.status == 1:
        if not said:
            _truth(model, sentence, problem_unsaid=False)
        return [sentence.row()]
    _truth(model, truth, problem_unsaid=_busy(model))
    return [sentence.row(), truth.row()]


def _sentence(model: Model, line: Line) -> bool:
    room = line.width - 2
    if model.entry.pending and model.entry.purpose is not None:
        title, help_text = ENTRY_WORDS[model.entry.purpose]
        x = line.put(1, f" {title} {model.entry.digits}_ ", Paint.ENTRY)
        line.put(x + 2, fit(f"{help_text}; Enter takes it, Esc forgets it", room - x), Paint.DIM)
    elif model.connection != "connected":
        line.put(1, fit(model.connection_text, room), Paint.FAULT)
    elif model.notice is not None:
        line.put(1, fit(model.notice.text, room), Paint.FAULT if model.notice.failed else Paint.PLAIN)
    elif model.status is not None and model.status.queued_when:
        line.put(1, fit(_queued(model, model.status), room), Paint.QUEUED)
    elif model.status is not None and model.status.audition:
        line.put(
            1, fit(_auditioned(model.status), room), Paint.PLAYING if model.status.audition_heard else Paint.QUEUED
        )
    elif model.piano:
        name = model.current.name if model.current is not None else "no track"
        x = line.put(1, " PIANO ", Paint.CURSOR)
        words = f"{name}  octave {model.octave}  ↑↓ track  ←→ octave  Esc leaves"
        line.put(x + 2, fit(words, room - x - 2))
    elif model.status is not None and model.status.problem:
        line.put(1, fit(_problem(model, model.status), room), Paint.FAULT)
    else:
        return False
    return True


def _device(status: Status) -> str:
    return "silent clock" if status.silent else status.device or "no device"


def _problem(model: Model, status: Status) -> str:
    device, problem = _device(status), model.in_project(status.problem)
    if status.problem in status.unplayed:
        more = len(status.unplayed) - 1
        return f"{problem} ({more} more)" if more else problem
    return problem if device in problem else f"{device}: {problem}"


def _busy(model: Model) -> bool:
    """Whether the sentence tells of something other than the device."""
    queued = model.status is not None and bool(model.status.queued_when)
    return model.entry.pending or model.notice is not None or queued or model.piano


_LINES = {"beat": " at the beat", "end": " at the pattern's end"}


def _queued(model: Model, status: Status) -> str:
    place = "" if status.queued is None else f"slot {status.queued:03} "
    bank = "" if status.queued is None or status.queued_bank == model.bank else f"of bank {status.queued_bank} "
    whole = max(1, math.ceil(status.queued_beats - 1e-6))
    beats = f"in {whole} beat{'' if whole == 1 else 's'}"
    return f"~ {place}{bank}{status.waiting} plays {beats}{_LINES.get(status.queued_when, '')}"


def _auditioned(status: Status) -> str:
    if status.audition_heard:
        return f"> hear {status.audition} instead of {status.pattern}; leaving the library comes back"
    return f"~ {status.audition} is heard from the next bar on"


def _truth(model: Model, line: Line, problem_unsaid: bool) -> None:
    status = model.status
    if status is None:
        return
    if model.connection != "connected":
        line.put(1, "not connected; what is shown is the last that was known", Paint.FAULT)
        return
    room = _figures(model, status, line) - 3
    if status.problem and problem_unsaid:
        line.put(1, fit(_problem(model, status), room), Paint.FAULT)
        return
    words = [f"{_device(status)} {status.rate} Hz / {status.block}"]
    if status.osc.port:
        words.append(f"osc {status.osc.host}:{status.osc.port}")
    if status.clients > 1:
        words.append(f"{status.clients} clients")
    line.put(1, fit("  ".join(words), room), Paint.DIM)


def _figures(model: Model, status: Status, line: Line) -> int:
    """Load and xruns, and each count of something that should not be; returns the cell where they start."""
    counts = {"late": status.late, "faults": status.faults, "lost": status.lost}
    figures = [("load", f"{model.load:.0%}", model.load >= HEAVY_LOAD), ("xruns", str(status.xruns), status.xruns > 0)]
    figures += [(name, str(count), True) for name, count in counts.items() if count]
    end = line.width - 1
    for name, value, wrong in reversed(figures):
        end = line.put_right(end, value.rjust(3) if name == "load" else value, Paint.FAULT if wrong else Paint.PLAIN)
        end = line.put_right(end - 1, name, Paint.FAULT if wrong else Paint.DIM) - 2
    return end + 2
