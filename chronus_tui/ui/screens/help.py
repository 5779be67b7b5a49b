"""The help page: the key table, that of the place one came from first."""

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from chronus_tui.ui import keymap
from chronus_tui.ui.keymap import Place
from chronus_tui.ui.panel import Panel
from chronus_tui.ui.render.cells import Line, Row, fit, width_of, wrapped
from chronus_tui.ui.theme import Paint

TITLES: dict[Place, str] = {
    "everywhere": "EVERYWHERE",
    "tracks": "TRACKS",
    "slots": "SLOTS",
    "pages": "SOUND AND EFFECTS",
    "sound": "SOUND",
    "effects": "EFFECTS",
    "steps": "STEPS",
    "library": "LIBRARY",
    "chain": "CHAIN",
    "find": "FINDING IN THE LIBRARY",
    "takes": "TAKES",
    "recorder": "RECORDER",
    "piano": "PIANO",
}
SHOWN_COLUMNS = 12
LINES_MAX = 4
"""Of a sentence: the narrowest screen has room for the longest."""
CLOSING = frozenset({"escape", "question_mark", "q", "enter", "ctrl+q", "ctrl+c"})
SIGNS = (
    ("X x - ·", "a step: accented, struck, held on, rest"),
    (">x", "the step that sounds"),
    ("x' x? x\" x~", "a step that locks, is not always played, strikes more than once, is early or late"),
    ("[x] [042]", "the cursor"),
    (">042 >042*", "the slot loaded last; edited since"),
    ("~042", "the slot that waits for its bar"),
    ("+042", "the slot that was noted"),
    ("042!", "a slot whose file cannot be played"),
    ("042?", "a slot whose file was changed by an editor or git"),
    ("> ● ◌ !", "a take that is heard, is recorded, becomes another format, cannot be played"),
    ("| ¦", "in the record meter: the highest level of late, the level that begins a take"),
)


def draw_help(place: Place, width: int) -> list[Row]:
    """The page's rows, in two columns where they fit."""
    first: list[tuple[str, str] | str] = []
    second: list[tuple[str, str] | str] = []
    _section(first, place)
    if place in ("sound", "effects"):
        _section(first, "pages")
    for other in TITLES:
        if f"{TITLES[other]}" not in first:
            _section(second, other)
    first += ["", "SIGNS", *SIGNS]
    columns = [first, second] if width >= 100 else [[*first, "", *second]]
    column_width = width // len(columns)
    columns = [[line for entry in column for line in _whole(entry, column_width - 2)] for column in columns]
    rows: list[Row] = []
    for y in range(max(len(column) for column in columns)):
        line = Line(width)
        for number, column in enumerate(columns):
            if y < len(column):
                _entry(line, number * column_width + 1, column_width - 2, column[y])
        rows.append(line.row())
    return rows


def _section(lines: list[tuple[str, str] | str], place: Place) -> None:
    if lines:
        lines.append("")
    lines.append(TITLES[place])
    lines += [(key.shown, key.help) for key in keymap.keys_of(place)]


def _whole(entry: tuple[str, str] | str, width: int) -> list[tuple[str, str] | str]:
    """An entry on as many lines as its sentence takes."""
    if isinstance(entry, str):
        return [entry]
    shown, text = entry
    room = width - max(SHOWN_COLUMNS, width_of(shown) + 1)
    return [("" if number else shown, words) for number, words in enumerate(wrapped(text, room, LINES_MAX))]


def _entry(line: Line, x: int, width: int, entry: tuple[str, str] | str) -> None:
    if isinstance(entry, str):
        line.put(x, entry, Paint.TITLE)
        return
    shown, text = entry
    end = line.put(x, shown, Paint.STRONG)
    start = max(x + SHOWN_COLUMNS, end + 1)
    line.put(start, fit(text, x + width - start))


class HelpScreen(Screen[None]):
    """The keys of the place one is in, then all the others."""

    CSS = """
    HelpScreen VerticalScroll {
        scrollbar-size: 1 1; scrollbar-background: $background; scrollbar-color: $foreground;
        scrollbar-background-hover: $background; scrollbar-color-hover: $foreground;
    }
    HelpScreen #heading { height: 2; padding: 0 1; text-style: bold; }
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._page = Panel("page")

    def compose(self) -> ComposeResult:
        """A heading, and the page, which scrolls."""
        yield Static("Chronus keys    ↑↓ scroll    Esc goes back", id="heading")
        with VerticalScroll():
            yield self._page

    def on_mount(self) -> None:
        """Draw the page."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the page for the new size."""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Go back on any key that people try."""
        if event.key in CLOSING:
            event.stop()
            event.prevent_default()
            self.dismiss()

    def _draw(self) -> None:
        self._page.show(draw_help(self._place, max(20, self.app.size.width - 2)))
