"""The last line: the keys that are needed most where one is."""

from chronus_tui.ui import keymap
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint


def draw_keys(model: Model, layout: Layout) -> list[Row]:
    """The row of hints; as many as fit, and "? keys" always."""
    line = Line(layout.width)
    place = place_of(model)
    *others, last = keymap.hints(place)
    room = layout.width - len(f"{last[0]} {last[1]}") - 3
    x = 1
    for shown, word in others:
        if x + len(shown) + 1 + len(word) > room:
            continue
        x = _hint(line, x, shown, word)
    _hint(line, x, *last)
    return [line.row()]


def place_of(model: Model) -> keymap.Place:
    """Which part of the key table holds."""
    if model.piano:
        return "piano"
    if model.page == "library" and model.browser.typing:
        return "find"
    return model.pane if model.page == "main" else model.page


def _hint(line: Line, x: int, shown: str, word: str) -> int:
    x = line.put(x, shown, Paint.STRONG)
    return line.put(x + 1, word, Paint.DIM) + 2
