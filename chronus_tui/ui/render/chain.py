"""The chain page: the entries in their order, the one that plays, and all that each plays in its own way.

> before an entry   plays now
"""

from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint
from store.documents import ChainEntry

COLUMNS = (1, 7, 13, 20, 28, 38)
"""Where number, bank, slot, rounds, tempo and what is muted begin."""
TITLES = ("entry", "bank", "slot", "rounds", "tempo", "")


def draw_chain(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    entries = model.chain.entries
    shown = height - 2
    first = min(max(0, model.chain_place - shown // 2), max(0, len(entries) - shown))
    lines = [_heading(model, width), _titles(width)]
    for place in range(first, min(first + shown, len(entries))):
        lines.append(_entry(model, place, entries[place], width))
    if not entries:
        line = Line(width)
        line.put(1, fit("no entries yet: a and the number of a slot adds one", width - 2), Paint.DIM)
        lines.append(line)
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def _heading(model: Model, width: int) -> Line:
    line = Line(width)
    x = line.put(0, " CHAIN ", Paint.CURSOR) + 1
    x = line.put(x, fit(model.chain.name, width // 2), Paint.STRONG)
    words = "begins again at its end" if model.chain.loop else "stops at its end"
    count = len(model.chain.entries)
    line.put(x + 2, fit(f"{count} {'entry' if count == 1 else 'entries'}, {words}", width - x - 3), Paint.DIM)
    return line


def _titles(width: int) -> Line:
    line = Line(width)
    for x, title in zip(COLUMNS, TITLES, strict=True):
        line.put(x, title, Paint.TITLE)
    return line


def _entry(model: Model, place: int, entry: ChainEntry, width: int) -> Line:
    line = Line(width)
    plays = model.status is not None and model.status.chain_entry == place + 1
    at_cursor = place == model.chain_place
    paint = Paint.PLAYING if plays else Paint.PLAIN
    line.put(0, ">" if plays else " ", paint)
    number = f"{place + 1:3}"
    line.put(COLUMNS[0], f"[{number}]" if at_cursor else f" {number} ", Paint.CURSOR if at_cursor else paint)
    line.put(COLUMNS[1], f"{entry.bank:3}", paint)
    line.put(COLUMNS[2], f"{entry.slot:03}", paint)
    line.put(COLUMNS[3], f"x{entry.repeats}", paint)
    line.put(COLUMNS[4], "-" if entry.bpm is None else f"{entry.bpm:g}", Paint.DIM if entry.bpm is None else paint)
    known = model.slots.get(entry.slot) if entry.bank == model.bank else None
    words = [known.name] if known is not None else []
    if entry.bank == model.bank and known is None:
        words.append("empty slot")
    if entry.mutes:
        words.append(f"without {' '.join(entry.mutes)}")
    line.put(COLUMNS[5], fit("  ".join(words), width - COLUMNS[5] - 1), paint if plays else Paint.DIM)
    return line
