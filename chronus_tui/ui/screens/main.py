"""The main screen: transport, tracks, slots, meters, status, and the keys that work them.

No panel takes the focus: every key comes here, and the key table says what it does.
"""

import textwrap
from collections.abc import Callable

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from chronus_tui.errors import ChronusError
from chronus_tui.ui import keymap
from chronus_tui.ui.actions.action import Press
from chronus_tui.ui.actions.entry import choice_order
from chronus_tui.ui.keymap import Key, Opens
from chronus_tui.ui.model import Model, Order, Page
from chronus_tui.ui.panel import Panel
from chronus_tui.ui.presses import keys_pressed
from chronus_tui.ui.render.cells import Line, Row, blank
from chronus_tui.ui.render.chain import draw_chain
from chronus_tui.ui.render.effects import draw_effects
from chronus_tui.ui.render.keys import draw_keys, place_of
from chronus_tui.ui.render.layout import Layout, plan, too_small
from chronus_tui.ui.render.library import draw_library
from chronus_tui.ui.render.meters import draw_meters
from chronus_tui.ui.render.recorder import draw_recorder
from chronus_tui.ui.render.slots import draw_slots
from chronus_tui.ui.render.sound import draw_sound
from chronus_tui.ui.render.status import draw_status
from chronus_tui.ui.render.steps import draw_steps
from chronus_tui.ui.render.takes import draw_takes
from chronus_tui.ui.render.tracks import draw_tracks
from chronus_tui.ui.render.transport import draw_transport
from chronus_tui.ui.slot_entry import WAIT_S
from chronus_tui.ui.spans import SpanCompositor
from chronus_tui.ui.theme import Paint

PANELS: dict[str, Callable[[Model, Layout], list[Row]]] = {
    "transport": draw_transport,
    "tracks": draw_tracks,
    "slots": draw_slots,
    "meters": draw_meters,
    "status": draw_status,
    "keys": draw_keys,
}
"""The panels of the main page from top to bottom."""
PAGES: dict[Page, Callable[[Model, Layout], list[Row]]] = {
    "sound": draw_sound,
    "effects": draw_effects,
    "steps": draw_steps,
    "library": draw_library,
    "chain": draw_chain,
    "takes": draw_takes,
    "recorder": draw_recorder,
}
"""What takes the place of all between the transport and the status."""


NAMES = ("transport", "tracks", "slots", "meters", *PAGES, "status", "keys", "too-small")
"""Every panel there is, in the order in which they stand under each other."""


def draw_screen(model: Model, width: int, height: int) -> dict[str, list[Row]]:
    """Every panel's rows at a size; where it is too small, one panel that says so."""
    sentence = too_small(width, height)
    if sentence:
        return {"too-small": _centred(sentence, width, height)}
    layout = plan(model, width, height)
    model.slot_columns = layout.slot_columns
    if model.page != "main":
        layout = replace(layout, transport=1)
        drawn = {"transport": draw_transport, model.page: PAGES[model.page], "status": draw_status, "keys": draw_keys}
        return {name: draw(model, layout) for name, draw in drawn.items()}
    return {name: draw(model, layout) for name, draw in PANELS.items()}


def _centred(sentence: str, width: int, height: int) -> list[Row]:
    rows = []
    for words in textwrap.wrap(sentence, max(width - 2, 1))[:height]:
        line = Line(width)
        line.put((width - len(words)) // 2, words, Paint.STRONG)
        rows.append(line.row())
    return [blank(width)] * ((height - len(rows)) // 2) + rows


class MainScreen(Screen[None]):
    """What is seen all the time.

    model  what there is to show
    clock  seconds that only go forward
    order  sends a command to the engine; raises ChronusError where it cannot
    opens  opens a page
    """

    CSS = """
    MainScreen { layout: vertical; overflow: hidden; }
    """

    def __init__(
        self,
        model: Model,
        clock: Callable[[], float],
        order: Callable[[Order], None],
        opens: Callable[[Opens], None],
    ) -> None:
        super().__init__()
        self._compositor = SpanCompositor()
        self._model = model
        self._clock = clock
        self._order = order
        self._opens = opens
        self._panels = {name: Panel(name) for name in NAMES}

    def compose(self) -> ComposeResult:
        """The panels."""
        yield from self._panels.values()

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw anew for the new size."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Draw what changed while another page was open."""
        self.draw()

    def draw(self) -> None:
        """Bring the screen up to what the model knows; while another page covers it, nothing is drawn.

        News may arrive while the app ends, when there is no screen any more.
        """
        if self.app.screen_stack[-1:] != [self]:
            return
        width, height = self.app.size
        drawn = draw_screen(self._model, width, height)
        for name, panel in self._panels.items():
            panel.display = name in drawn
            if name in drawn:
                panel.show(drawn[name])

    def on_key(self, event: events.Key) -> None:
        """Do what the key table says of a key."""
        for name in keys_pressed(event):
            key = keymap.find(name, place_of(self._model))
            if key is not None:
                event.stop()
                event.prevent_default()
                self._press(key, name)
        if self._model.entry.due_s is not None:
            self.set_timer(WAIT_S, self.take_entry_when_due)
        self.draw()

    def _press(self, key: Key, name: str) -> None:
        self._model.see_notice()
        if key.opens is not None:
            self._opens(key.opens)
        elif key.action is not None:
            press = Press(name, self._clock())
            action = key.action
            self.attempt(lambda: action(self._model, press))

    def take_entry_when_due(self) -> None:
        """Take a slot's number as it stands, where no further digit came in time."""
        if self._model.entry.due_s is None:
            return
        self.attempt(lambda: choice_order(self._model, self._model.entry.tick(self._clock())))
        self.draw()

    def attempt(self, action: Callable[[], Order | None]) -> None:
        """Do something that may make an order, and send it; what is refused is told.

        Without an engine the screen says so all the time, and why nothing can be sent.
        """
        try:
            order = action()
            if order is not None:
                self._order(order)
        except ChronusError as error:
            if self._model.connection == "connected":
                self._model.tell(str(error), self._clock(), failed=True)
