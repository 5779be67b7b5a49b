"""The status lines: what is being typed, what went wrong, what comes next; and what plays, told truly."""

from chronus_tui.status import Status
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, fit, wrapped
from chronus_tui.ui.render.figures import beats_left
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
    "chain": ("ADD TO CHAIN", "a slot, at its end"),
}


def draw_status(model: Model, layout: Layout) -> list[Row]:
    """The status rows: a sentence, and, where that leaves one of two lines, the device and the connection."""
    lines = [Line(layout.width) for _ in range(layout.status)]
    left = lines[_draw_sentence(model, lines) :]
    if left:
        _truth(model, left[0], problem_unsaid=len(lines) > 1 and _busy(model))
    return [line.row() for line in lines]


def _draw_sentence(model: Model, lines: list[Line]) -> int:
    """Write what there is to say; how many lines that takes, or all but the last where there is nothing."""
    room = lines[0].width - 2
    if model.entry.pending and model.entry.purpose is not None:
        title, help_text = ENTRY_WORDS[model.entry.purpose]
        x = lines[0].put(1, f" {title} {model.entry.digits}_ ", Paint.ENTRY)
        lines[0].put(x + 2, fit(f"{help_text}; Enter takes it, Esc forgets it", room - x), Paint.DIM)
        return 1
    text, paint = _sentence(model)
    if text:
        shown = wrapped(text, room, len(lines))
        for line, words in zip(lines, shown, strict=False):
            line.put(1, words, paint)
        return len(shown)
    if model.piano:
        name = model.current.name if model.current is not None else "no track"
        x = lines[0].put(1, " PIANO ", Paint.CURSOR)
        words = f"{name}  octave {model.octave}  ↑↓ track  ←→ octave  Esc leaves"
        lines[0].put(x + 2, fit(words, room - x - 2))
        return 1
    return len(lines) - 1


def _sentence(model: Model) -> tuple[str, Paint]:
    """What is to be said first, and how; empty where there is nothing."""
    status = model.status
    if model.connection != "connected":
        return model.connection_text, Paint.FAULT
    if model.notice is not None:
        return model.notice.text, Paint.FAULT if model.notice.failed else Paint.PLAIN
    if status is None:
        return "", Paint.PLAIN
    if status.queued_when:
        return _queued(model, status), Paint.QUEUED
    if status.audition:
        return _auditioned(status), Paint.PLAYING if status.audition_heard else Paint.QUEUED
    if status.problem and not model.piano:
        return _problem(model, status), Paint.FAULT
    return "", Paint.PLAIN


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
    beats = beats_left(status)
    return (
        f"~ {place}{bank}{status.waiting} plays in {beats} beat{'' if beats == 1 else 's'}"
        f"{_LINES.get(status.queued_when, '')}{'; Esc forgets it' if model.page == 'main' and not model.piano else ''}"
    )


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
