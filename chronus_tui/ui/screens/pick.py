"""A list to choose one thing from by its name: typing narrows it down."""

from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from chronus_tui.ui.panel import Panel
from chronus_tui.ui.render.cells import Line, Row, fit
from chronus_tui.ui.theme import Paint

ROWS = 12
NAME_COLUMNS = 24
WIDTH = 74


class Option(NamedTuple):
    """What may be chosen: its name, and a few words on it."""

    name: str
    told: str = ""


def narrowed(options: tuple[Option, ...], typed: str) -> tuple[Option, ...]:
    """The options that hold every word that was typed; those whose name begins so come first."""
    words = typed.lower().split()
    found = [option for option in options if all(word in f"{option.name} {option.told}".lower() for word in words)]
    typed = " ".join(words)
    return tuple(
        sorted(found, key=lambda option: (not option.name.lower().startswith(typed), typed not in option.name))
    )


def draw_options(options: tuple[Option, ...], place: int, width: int) -> list[Row]:
    """So many of the options around the one at `place`, which stands in brackets."""
    first = min(max(0, place - ROWS // 2), max(0, len(options) - ROWS))
    rows = []
    for number in range(first, first + ROWS):
        line = Line(width)
        if number < len(options):
            name, told = options[number]
            shown = fit(name, NAME_COLUMNS)
            line.put(1, shown, Paint.STRONG)
            if number == place:
                line.put(0, f"[{shown}]", Paint.CURSOR)
            start = max(NAME_COLUMNS, len(shown)) + 3
            line.put(start, fit(told, width - start), Paint.DIM)
        elif not options and number == first:
            line.put(1, "nothing of that name", Paint.DIM)
        rows.append(line.row())
    return rows


class PickScreen(ModalScreen[str | None]):
    """Asks for one of `options`; gives its name, or None where one thinks better of it.

    current  the name that the list begins on
    """

    CSS = """
    PickScreen { align: center top; }
    PickScreen Vertical {
        width: 78; max-width: 100%; height: auto; margin-top: 1;
        border: round $foreground; padding: 0 1; background: $background;
    }
    PickScreen Input { border: none; padding: 0; height: 1; background: $background; }
    PickScreen Input:focus { border: none; }
    PickScreen Static { height: 1; }
    """

    def __init__(self, title: str, options: tuple[Option, ...], current: str = "") -> None:
        super().__init__()
        self._title = title
        self._options = self._shown = options
        self._place = next((n for n, option in enumerate(options) if option.name == current), 0)
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False
        self._list = Panel("options")

    def compose(self) -> ComposeResult:
        """What is asked for, the line, and the list."""
        with Vertical():
            yield Static(f"{self._title}    letters narrow, Enter takes it, Esc goes back", markup=False)
            yield self._input
            yield self._list

    def on_mount(self) -> None:
        """Draw the list."""
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list down to what was typed."""
        shown = narrowed(self._options, event.value)
        if shown != self._shown:
            self._shown, self._place = shown, 0
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give what the cursor is on."""
        if self._shown:
            self.dismiss(self._shown[self._place].name)

    def on_key(self, event: events.Key) -> None:
        """Move the cursor, or go back."""
        by = {"up": -1, "down": 1, "pageup": -ROWS, "pagedown": ROWS}.get(event.key, 0)
        if by and self._shown:
            self._place = min(max(self._place + by, 0), len(self._shown) - 1)
            self._draw()
        elif event.key in ("escape", "ctrl+q", "ctrl+c"):
            self.dismiss(None)
        else:
            return
        event.stop()
        event.prevent_default()

    def _draw(self) -> None:
        self._list.show(draw_options(self._shown, self._place, max(20, min(WIDTH, self.app.size.width - 4))))
