"""The client with a face: takes the engine's news, shows them, and sends it what the keys say.

Runs in a process of its own. All that is here runs on Textual's thread, except where it says otherwise.
"""

import asyncio
import contextlib
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message as TextualMessage

from chronus_tui.commands import Command
from chronus_tui.errors import ChronusError
from chronus_tui.link import FAILED, ChainMessage, Event, PatternMessage, Reply, SlotsMessage, StatusMessage
from chronus_tui.ui import keymap
from chronus_tui.ui.actions.library import look
from chronus_tui.ui.answers import PRESETS, SCHEMA, take_answer
from chronus_tui.ui.connection import Connect, Connected, Connection, Ended, Lost, News, RestartFailed, Restarting
from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.exchange import left_out
from chronus_tui.ui.happenings import AT_START, in_words
from chronus_tui.ui.looks import Looks
from chronus_tui.ui.model import Model, Order, Page
from chronus_tui.ui.palette import CommandProvider
from chronus_tui.ui.questions import Questions
from chronus_tui.ui.render.keys import place_of
from chronus_tui.ui.screens.help import HelpScreen
from chronus_tui.ui.screens.leave import Answer, LeaveScreen
from chronus_tui.ui.screens.main import MainScreen
from chronus_tui.ui.takes_page import COLUMNS, LIST, VERDICT, WAVEFORM
from chronus_tui.ui.terminal import end_with_terminal
from chronus_tui.ui.turns import Turns, Typed
from store.codec import decode_chain, decode_pattern

END_WAIT_S = 10.0
"""An engine that ends fades, closes its take and saves: longer than this it takes only where something is wrong."""
ORDERS_KEPT = 256
CHANGE_LIBRARY = ("/event/file_", "/event/trash_", "/event/library_imported", "/event/library_done")
"""What is told where the library page may show something else."""
CHANGE_TAKES = ("/event/take_started", "/event/take_closed", "/event/take_encoded", "/event/takes_changed")
"""The same for the takes page."""
EXAMINED = ("/event/take_checked", "/event/take_replayed")


def nothing_to_restart() -> None:
    """Leave the engine to whoever started it."""


class ChronusApp(App[None], inherit_bindings=False):
    """The screen of one project's engine.

    connect          makes a client; raises EngineUnreachable where no engine answers
    restart          makes sure that an engine runs, called on a thread of its own when the engine went
    clock            seconds that only go forward
    own_terminal     whether signals and the terminal's end are this app's to watch
    """

    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {CommandProvider}  # noqa: RUF012  (Textual declares it so)
    TITLE = "Chronus"

    # What opens covers all: a page one could see through would be sent whole at every step that is played.
    CSS = """
    Screen, CommandPalette:ansi { background: $background; }
    CommandPalette > Vertical { margin-top: 1; }
    CommandPalette SearchIcon { display: none; }
    CommandPalette > .command-palette--help-text { text-style: not bold; }
    """

    class Arrived(TextualMessage):
        """There is news from the engine."""

    class Turn(TextualMessage):
        """The turn of something that was typed has come."""

        def __init__(self, typed: Typed) -> None:
            super().__init__()
            self.typed = typed

    def __init__(
        self,
        connect: Connect,
        restart: Callable[[], None] = nothing_to_restart,
        clock: Callable[[], float] = time.monotonic,
        own_terminal: bool = False,
    ) -> None:
        super().__init__()
        self.theme = "ansi-dark"  # the terminal's own colours
        self.animation_level = "none"
        self.model = Model()
        self._clock = clock
        self._own_terminal = own_terminal
        self._connection = Connection(connect, restart, self._arrived)
        self._orders: OrderedDict[int, Order] = OrderedDict()
        self._looks = Looks()
        self._leaving = False
        self._turns = Turns(self, lambda typed: self.post_message(self.Turn(typed)))
        self._taking_turns: asyncio.Task[None] | None = None
        self.main = MainScreen(self.model, clock, self.order, self.open_page)
        self._questions = Questions(
            self.model, self.push_screen, self._attempt, lambda text: self._tell(text, failed=True)
        )

    def on_mount(self) -> None:
        """Show the main screen and go to the engine."""
        if self._own_terminal and sys.__stdin__ is not None:
            end_with_terminal(lambda: self.call_from_anywhere(self.leave), sys.__stdin__.fileno())
        self.push_screen(self.main)
        self._taking_turns = asyncio.create_task(self._turns.run())
        self._connection.open()

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait for its turn, and take all else at once."""
        if isinstance(event, Typed) and not event.is_forwarded:
            self._turns.add(event)
        else:
            await super().on_event(event)

    async def on_chronus_app_turn(self, turn: Turn) -> None:
        """Give what was typed to whatever has the focus now."""
        await super().on_event(turn.typed)

    def _arrived(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop of a screen that was just left is closed
            self.post_message(self.Arrived())

    def call_from_anywhere(self, action: Callable[[], Any]) -> None:
        """Have `action` called on Textual's thread soon; may be called on any thread and in a signal handler."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # as above
                self._loop.call_soon_threadsafe(action)

    def order(self, order: Order) -> None:
        """Send a command. Raises ChronusError where it cannot be sent."""
        if self.model.connection == "ended" and order.address == "/transport/toggle":
            self._connection.start_again()
            return
        if self._looks.must_wait(order):
            return
        self._orders[self._connection.post(order.address, *order.arguments)] = order
        self._looks.ask(order)
        if len(self._orders) > ORDERS_KEPT:
            _, forgotten = self._orders.popitem(last=False)
            self._looks.give_up(forgotten)

    def on_chronus_app_arrived(self) -> None:
        """Take all news, then draw once."""
        for news in self._connection.take():
            self._take(news)
        self.main.draw()

    def open_page(self, page: keymap.Opens) -> None:
        """Open the help, the palette, a question, or a list to choose from."""
        match page:
            case "help":
                self.push_screen(HelpScreen(place_of(self.model)))
            case "palette":
                self.action_command_palette()
            case "leave" if self.model.playing or self.model.recording:
                self.push_screen(LeaveScreen(self.model.playing, self.model.recording), self._answered)
            case "leave":
                self.leave()
            case _:
                self._questions.ask(page)

    def choose_command(self, command: Command) -> None:
        """Do what was chosen in the palette, asking for its arguments first where it takes any."""
        self._questions.choose_command(command)

    def choose_preset(self, instrument: str, name: str) -> None:
        """Give the track under the cursor the sound of a preset."""
        self._questions.choose_preset(instrument, name)

    def choose_control(self, control: Control) -> None:
        """Ask for a value of something that can be turned, or for one of its choices."""
        self._questions.choose_control(control)

    def on_unmount(self) -> None:
        """Let the engine go its way, however the screen ends."""
        self._connection.close()
        if self._taking_turns is not None:
            self._taking_turns.cancel()

    def choose_page(self, page: Page) -> None:
        """Show a page."""
        self.model.page = page
        if page == "takes":
            self.model.takes.open()
        self._look_at_page()
        self.main.draw()

    def leave(self) -> None:
        """Go; the engine stays as it is."""
        self._leaving = True
        self._connection.close()
        self.exit()

    def _answered(self, answer: Answer | None) -> None:
        if answer == "detach":
            self.leave()
        elif answer == "end":
            self._leaving = True
            self._attempt(lambda: Order("/engine/quit"))
            self._tell("Ending the engine: it fades out, closes the take and saves.")
            self.set_timer(END_WAIT_S, self.leave)

    def _attempt(self, action: Callable[[], Order | None]) -> None:
        self.main.attempt(action)
        self.main.draw()

    def _tell(self, text: str, failed: bool = False, behind: bool = False) -> None:
        self.model.tell(text, self._clock(), failed, behind)

    def _take(self, news: News) -> None:
        model = self.model
        match news:
            case StatusMessage():
                model.take_status(news.status, self._clock())
            case PatternMessage():
                self._take_pattern(news.text)
            case SlotsMessage():
                model.bank, model.slots = news.bank, {line.slot: line for line in news.slots}
            case ChainMessage():
                self._take_chain(news.text)
            case Reply():
                self._take_reply(news)
            case Event():
                self._take_event(news)
            case Connected():
                if model.connection != "connected" and model.notice is None:  # else it came with news to tell
                    self._tell("The engine answers again.")
                model.connection = "connected"
                self._looks = Looks()
                self._ask(SCHEMA)
                self._ask(PRESETS)
                self._look_at_page()
            case Lost() | Ended() | Restarting() | RestartFailed():
                self._take_loss(news)

    def _take_loss(self, news: Lost | Ended | Restarting | RestartFailed) -> None:
        if self._leaving:
            self.leave()
        elif isinstance(news, Ended):
            self.model.lose("ended", "The engine was ended. Space starts it again, Ctrl+Q leaves.")
        elif isinstance(news, Lost):
            self.model.lose("lost", "The engine has gone.")
        elif isinstance(news, Restarting):
            self.model.lose("lost", "The engine has gone; starting it again, from its autosave.")
        else:
            self.model.lose("lost", f"No engine: {news.reason} It is tried again.")

    def _take_chain(self, text: bytes) -> None:
        try:
            self.model.chain = decode_chain(text, "the chain")
        except ChronusError as error:
            self._tell(str(error), failed=True)
        self.model.chain_place = min(self.model.chain_place, max(0, len(self.model.chain.entries) - 1))

    def _take_pattern(self, text: bytes) -> None:
        try:
            self.model.take_pattern(decode_pattern(text, "the working pattern"))
        except ChronusError as error:
            self._tell(str(error), failed=True)

    def _take_reply(self, reply: Reply) -> None:
        order = self._orders.pop(reply.id, None)
        if order is not None and self._looks.end(order):
            self.main.attempt(lambda: look(self.model))
        if not reply.done:
            self.model.turned.clear()
            self._tell(reply.failure, failed=True)
        elif order is None:
            pass  # too long ago
        elif take_answer(self.model, order, reply.results) or self._questions.follow(order, reply.results):
            pass
        elif sentence := left_out(order.address, reply.results):
            self._tell(sentence, failed=True)
        elif self.model.notice is not None and self.model.notice.failed:
            self.model.notice = None

    def _take_event(self, event: Event) -> None:
        if event.address == "/event/preset_saved":
            self._ask(PRESETS)
        if self.model.page == "takes" and event.address.startswith(CHANGE_TAKES):
            self._ask(LIST)
        if event.address.startswith(EXAMINED):
            self._ask(VERDICT)
            if self.model.page == "takes":
                self.main.attempt(lambda: Order(WAVEFORM, (event.arguments[0], COLUMNS)))
        if self.model.page == "library" and event.address.startswith(CHANGE_LIBRARY):
            self.main.attempt(lambda: look(self.model))
        sentence = in_words(event)
        if sentence:
            self._tell(sentence, event.address == FAILED, behind=event.address in AT_START)

    def _look_at_page(self) -> None:
        """Ask for what the page shows and no engine tells by itself."""
        if self.model.page == "library":
            self.main.attempt(lambda: look(self.model))
        elif self.model.page == "takes":
            self._ask(LIST)

    def _ask(self, address: str) -> None:
        self.main.attempt(lambda: Order(address))
