"""The library page: what is looked for and among what, what was found, and all about the pattern under the cursor.

> before a name   heard now instead of the working pattern
~ before a name   waits for its bar
* before a name   a favourite
+ before those    marked
! before a name   cannot be read
"""

from chronus_tui.status import WorkStatus
from chronus_tui.ui.library_page import VIEWS, Listed
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.theme import Paint
from store.library.tags import FAVOURITE, TEMPLATE

NAME_X = 4
NAME_COLUMNS = 26
GENRE_COLUMNS = 14
BPM_COLUMNS = 6
NAME_MOST = 44


def draw_library(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    browser = model.browser
    work = model.status.work if model.status is not None else WorkStatus()
    shown = height - 4 - bool(work.what)
    first = min(max(0, browser.place - shown // 2), max(0, len(browser.rows) - shown))
    name = min(NAME_MOST, max(NAME_COLUMNS, width - NAME_X - GENRE_COLUMNS - BPM_COLUMNS - 30))
    lines = [_views(model, width), _titles(model, name, width)]
    for place in range(first, min(first + shown, len(browser.rows))):
        lines.append(_line(model, browser.rows[place], place == browser.place, name, width))
    if not browser.rows:
        line = Line(width)
        line.put(NAME_X, _nothing(model), Paint.DIM)
        lines.append(line)
    lines += [Line(width)] * (height - 2 - bool(work.what) - len(lines))
    if work.what:
        lines.append(_progress(work, width))
    lines += _about(browser.current, width)
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def _views(model: Model, width: int) -> Line:
    """Among what is looked, how much there is, and what is typed."""
    line = Line(width)
    browser = model.browser
    x = line.put(0, " LIBRARY ", Paint.TITLE if browser.typing else Paint.CURSOR) + 1
    for view in VIEWS:
        chosen = view == browser.view
        x = line.put(x, f"[{view}]" if chosen else f" {view} ", Paint.STRONG if chosen else Paint.DIM)
    found = f"{browser.found} of {browser.of}"
    if browser.marked:
        found = f"{len(browser.marked)} marked, {found}" if x + len(found) + 13 < width else f"+{len(browser.marked)}"
    line.put_right(width - 1, found, Paint.STRONG if browser.marked else Paint.DIM)
    return line


def _titles(model: Model, name: int, width: int) -> Line:
    line = Line(width)
    browser = model.browser
    if browser.typing:
        line.put(1, f" FIND {browser.typed}_ ", Paint.ENTRY)
        if not browser.typed:
            line.put(12, fit("letters of a name, genre, tag; tag=acid; Enter keeps it, Esc forgets it", width - 13))
    elif browser.typed:
        line.put(1, f"find {browser.typed}", Paint.STRONG)
    else:
        for x, title in zip(_columns(name), ("name", "genre", "bpm", "tags"), strict=True):
            line.put(x, title, Paint.TITLE)
    return line


def _columns(name: int) -> tuple[int, int, int, int]:
    """Where name, genre, tempo and tags begin."""
    genre = NAME_X + name + 1
    bpm = genre + GENRE_COLUMNS + 1
    return NAME_X, genre, bpm, bpm + BPM_COLUMNS


def _line(model: Model, row: Listed, at_cursor: bool, name: int, width: int) -> Line:
    line = Line(width)
    name_x, genre_x, bpm_x, tags_x = _columns(name)
    mark, paint = _mark(model, row)
    if row.full_name in model.browser.marked and not row.deleted:
        line.put(1, "+", Paint.STRONG)
    line.put(2, mark, paint)
    line.put(name_x, fit(row.name, name), paint)
    line.put(genre_x, fit(row.genre, GENRE_COLUMNS), Paint.DIM)
    if row.problem:
        line.put(bpm_x, fit("cannot be read", width - bpm_x - 1), Paint.FAULT)
    elif row.deleted:
        line.put(bpm_x, fit(f"deleted {row.deleted}", width - bpm_x - 1), Paint.DIM)
    else:
        line.put(bpm_x, fit(f"{row.bpm:g}", BPM_COLUMNS - 1))
        tags = " ".join(tag for tag in row.tags if tag != FAVOURITE)
        line.put(tags_x, fit(tags, width - tags_x - 1), Paint.DIM)
    if at_cursor:
        line.put(0, "[", Paint.CURSOR)
        line.put(name_x, fit(row.name, name), Paint.CURSOR)
        line.put(width - 1, "]", Paint.CURSOR)
    return line


def _progress(work: WorkStatus, width: int) -> Line:
    """How far the work on many patterns is."""
    line = Line(width)
    count = f" {work.done} of {work.of}   d cancels"
    what = fit(work.what, width // 3)
    bar = max(4, width - 8 - len(what) - len(count))
    full = bar * work.done // max(1, work.of)
    x = line.put(1, what, Paint.STRONG) + 1
    x = line.put(x, "[" + "#" * full + "." * (bar - full) + "]", Paint.PLAIN)
    line.put(x, count, Paint.DIM)
    return line


def _mark(model: Model, row: Listed) -> tuple[str, Paint]:
    status = model.status
    if row.problem:
        return "!", Paint.FAULT
    if status is not None and status.audition == row.full_name and not row.deleted:
        return (">", Paint.PLAYING) if status.audition_heard else ("~", Paint.QUEUED)
    return ("*", Paint.STRONG) if FAVOURITE in row.tags else (" ", Paint.PLAIN)


def _nothing(model: Model) -> str:
    browser = model.browser
    if not browser.told:
        return "looking ..."
    if browser.view == "trash":
        return "the trash is empty"
    if browser.typed:
        return "nothing is found"
    return {
        "favourites": "there are no favourites yet: * makes the pattern under the cursor one",
        "templates": "there are no templates yet: m makes the pattern under the cursor one",
    }.get(browser.view, "the library is empty: S saves the working pattern to it")


def _about(row: Listed | None, width: int) -> list[Line]:
    """Two lines about the pattern under the cursor."""
    first, second = Line(width), Line(width)
    first.rule(0)
    if row is None:
        return [first, second]
    first.put(1, f" {fit(row.full_name, width - 30)} ", Paint.STRONG)
    kind = "a template " if TEMPLATE in row.tags else "comes with Chronus " if row.factory else ""
    if kind:
        first.put_right(width - 2, f" {kind}", Paint.DIM)
    said = row.problem or row.about or ("no description yet: e writes one" if not row.deleted else "")
    second.put(1, fit(said, width - 2), Paint.FAULT if row.problem else Paint.PLAIN if row.about else Paint.DIM)
    return [first, second]
