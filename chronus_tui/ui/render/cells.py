"""Rows of styled cells: what every panel is drawn as, and how two pictures of it differ."""

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len

from chronus_tui.ui.theme import Paint

MERGE_CELLS = 4
"""Two changed spans this near are sent as one: moving the cursor costs more than the cells between."""


class Row(NamedTuple):
    """One line: a character a cell ("" in the second cell of a wide one), and how each is painted."""

    cells: tuple[str, ...]
    paints: tuple[Paint, ...]

    @property
    def text(self) -> str:
        """The line without its paint."""
        return "".join(self.cells)


class Line:
    """A row in the making, `width` cells of blank."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._cells = [" "] * width
        self._paints = [Paint.PLAIN] * width

    def put(self, x: int, text: str, paint: Paint = Paint.PLAIN) -> int:
        """Write `text` from cell `x` on; what lies outside the row is left out. Returns the cell after it."""
        for character in text:
            size = _cells_of(character)
            if size == 0:
                continue
            shown = character if character.isprintable() else "?"
            if x >= 0 and x + size <= self.width:
                self._cells[x] = shown
                self._paints[x] = paint
                if size == 2:
                    self._cells[x + 1] = ""
                    self._paints[x + 1] = paint
            x += size
        return x

    def put_right(self, end: int, text: str, paint: Paint = Paint.PLAIN) -> int:
        """Write `text` so that it ends before cell `end`. Returns the cell where it starts."""
        start = end - width_of(text)
        self.put(start, text, paint)
        return start

    def rule(self, x: int) -> None:
        """Draw a thin line from cell `x` to the end."""
        self.put(x, "─" * (self.width - x), Paint.RULE)

    def character(self, x: int) -> str:
        """What stands in cell `x`."""
        return self._cells[x]

    def row(self) -> Row:
        """The row as it stands."""
        return Row(tuple(self._cells), tuple(self._paints))


def width_of(text: str) -> int:
    """How many cells `text` takes."""
    return sum(_cells_of(character) for character in text)


def fit(text: str, width: int) -> str:
    """`text` in at most `width` cells; where it was cut, it ends in "…"."""
    if width_of(text) <= width:
        return text
    return "" if width < 1 else _beginning(text, width - 1) + "…"


def wrapped(text: str, width: int, rows: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between words where that can be; at most `rows` of them, the
    last of which ends in "…" where more would follow."""
    lines: list[str] = []
    while text and len(lines) < rows - 1 and width_of(text) > width:
        longest = _beginning(text, width)
        kept = longest if text[len(longest) :].startswith(" ") else longest.rpartition(" ")[0] or longest
        lines.append(kept)
        text = text[len(kept) :].lstrip()
    return [*lines, fit(text, width)]


def blank(width: int) -> Row:
    """A row of nothing."""
    return Line(width).row()


def changed_spans(old: Row, new: Row) -> list[tuple[int, int]]:
    """Where two rows of one width look different, as (first cell, cell after the last), left to right."""
    if old == new:
        return []
    spans: list[tuple[int, int]] = []
    for x, (was, now, was_paint, now_paint) in enumerate(
        zip(old.cells, new.cells, old.paints, new.paints, strict=True)
    ):
        if was == now and (was_paint is now_paint or (now == " " and not was_paint.fills and not now_paint.fills)):
            continue
        if spans and x - spans[-1][1] < MERGE_CELLS:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return spans


def to_text(rows: Iterable[Row]) -> str:
    """Rows as plain text, a line each, without the blanks at their ends."""
    return "".join(row.text.rstrip() + "\n" for row in rows)


def runs(row: Row) -> list[tuple[str, Paint]]:
    """The row as stretches of one paint; blanks go with what stands before them where that looks the same."""
    found: list[tuple[str, Paint]] = []
    text, paint = "", Paint.PLAIN
    for cell, own in zip(row.cells, row.paints, strict=True):
        if own is not paint and not (cell == " " and not own.fills and not paint.fills):
            if text:
                found.append((text, paint))
            text, paint = "", own
        text += cell
    found.append((text, paint))
    return found


def _beginning(text: str, width: int) -> str:
    """The first letters of `text`, as many as take at most `width` cells."""
    used = 0
    for place, character in enumerate(text):
        used += _cells_of(character)
        if used > width:
            return text[:place]
    return text


def _cells_of(character: str) -> int:
    return 1 if character.isascii() or not character.isprintable() else cell_len(character)
