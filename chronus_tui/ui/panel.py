"""A panel: a widget that shows rows, and redraws no cell that did not change."""

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chronus_tui.ui.render.cells import Row, changed_spans, runs


class Panel(Widget):
    """Rows of cells from the left upper corner on."""

    DEFAULT_CSS = """
    Panel { width: 1fr; height: 1; }
    """

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._rows: list[Row] = []
        self._strips: list[Strip] = []

    def show(self, rows: list[Row]) -> None:
        """Show `rows`; what is on the screen already is not sent again."""
        same_shape = len(rows) == len(self._rows) and all(
            len(new.cells) == len(old.cells) for new, old in zip(rows, self._rows, strict=True)
        )
        if not same_shape:
            self._rows, self._strips = rows, [_strip(row) for row in rows]
            self.styles.height = len(rows)
            self.refresh()
            return
        changed: list[Region] = []
        for y, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            spans = changed_spans(old, new)
            if spans:
                self._strips[y] = _strip(new)
                changed += [Region(start, y, end - start, 1) for start, end in spans]
        self._rows = rows
        if changed:
            self.refresh(*changed)

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return self._rows

    def render_line(self, y: int) -> Strip:
        """The line at `y`, as Textual asks for it."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


def _strip(row: Row) -> Strip:
    return Strip([Segment(text, paint.style) for text, paint in runs(row)], len(row.cells))
