"""The bank: 128 slots, each told apart by characters alone.

>042   loaded last           >042*  and edited since
~042   waits to play         [042]  the cursor
+042   noted, to be put elsewhere
 042   occupied                ·    empty
 042!  its file cannot be played
 042?  its file was changed by an editor or git
"""

import re

from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint
from store.limits import SLOTS

_FOLDERS = re.compile(r"\S+[/\\](?=slot_)")
"""What stands before a slot's file name in a sentence: the heading has room for the name alone."""


def draw_slots(model: Model, layout: Layout) -> list[Row]:
    """The slots' rows: a heading that says what the cursor is on, then the slots around it."""
    columns = layout.slot_columns
    total_rows = SLOTS // columns
    cursor_row = (model.slot - 1) // columns
    first_row = min(max(0, cursor_row - layout.slot_rows // 2), total_rows - layout.slot_rows)
    rows = [_heading(model, layout)]
    for row in range(first_row, first_row + layout.slot_rows):
        line = Line(layout.width)
        cell = layout.width // columns
        for column in range(columns):
            slot = row * columns + column + 1
            _slot(model, slot, column * cell, cell if layout.slot_names else 5, line)
        rows.append(line.row())
    rows += [blank(layout.width)] * (layout.slots - len(rows))
    return rows


def _heading(model: Model, layout: Layout) -> Row:
    line = Line(layout.width)
    line.put(0, " SLOTS ", Paint.CURSOR if model.pane == "slots" else Paint.TITLE)
    x = line.put(8, f"bank {model.bank}", Paint.DIM) + 2
    if model.pane == "slots":
        x = line.put(x, fit(_in_words(model, model.slot), layout.width - x), Paint.PLAIN)
    else:
        x = line.put(x, f"{len(model.slots)} of {SLOTS} occupied{_habits(model)}", Paint.DIM)
    line.rule(x + 1)
    return line.row()


def _habits(model: Model) -> str:
    """What the project does with slots that others do not."""
    status = model.status
    if status is None:
        return ""
    return ", saved on switch" * status.save_on_switch + ", written as .gz" * status.gzip


def _in_words(model: Model, slot: int) -> str:
    words = [f"{slot:03}"]
    entry = model.slots.get(slot)
    if entry is None:
        return f"{slot:03} empty"
    if entry.problem:
        return f"{slot:03} - {_FOLDERS.sub('', model.in_project(entry.problem))}"
    if entry.changed:
        return f"{slot:03} {entry.name} - its file was changed; d takes it"
    words.append(entry.name or "untitled")
    if entry.genre:
        words.append(f"({entry.genre})")
    status = model.status
    if status is not None and model.loaded == slot:
        words.append("- loaded, edited since" if status.edited else "- loaded")
    elif model.queued == slot:
        words.append("- waits to play")
    return " ".join(words)


def _slot(model: Model, slot: int, x: int, width: int, line: Line) -> None:
    status = model.status
    entry = model.slots.get(slot)
    loaded = model.loaded == slot
    queued = model.queued == slot
    mark, paint = " ", Paint.PLAIN
    if queued:
        mark, paint = "~", Paint.QUEUED
    elif loaded:
        mark, paint = ">", Paint.PLAYING
    elif model.held is not None and (model.held.bank, model.held.slot) == (model.bank, slot):
        mark, paint = "+", Paint.STRONG
    elif entry is None:
        paint = Paint.DIM
    if entry is not None and entry.problem:
        paint = Paint.FAULT
    at_cursor = slot == model.slot
    number = f"{slot:03}" if entry is not None or loaded or queued or at_cursor else " · "
    line.put(x, mark, paint)
    line.put(x + 1, number, paint)
    if entry is not None and entry.problem:
        line.put(x + 4, "!", Paint.FAULT)
    elif entry is not None and entry.changed:
        line.put(x + 4, "?", Paint.FAULT)
    elif loaded and status is not None and status.edited:
        line.put(x + 4, "*", Paint.EDITED)
    if width > 5 and entry is not None:
        line.put(x + 6, fit(entry.name, width - 6), paint if loaded or queued else Paint.DIM)
    if at_cursor:
        _cursor(model, x, mark, number, line)


def _cursor(model: Model, x: int, mark: str, number: str, line: Line) -> None:
    paint = Paint.CURSOR if model.pane == "slots" else Paint.DIM
    before = "[" if mark == " " else mark
    if model.pane == "slots":
        line.put(x, before + number, paint)
        if line.character(x + 4) == " ":
            line.put(x + 4, "]", paint)
    elif mark == " ":
        line.put(x, f"[{number}]", paint)
