"""The client with a face: takes the engine's news, shows them, and sends it what the keys say.

Runs in a process of its own. All that is here runs on Textual's thread, except where it says otherwise.
"""

import shlex
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.message import Message as TextualMessage

from chronus_tui.commands import COMMANDS, Argument, Command, match
from chronus_tui.errors import ChronusError, CommandRefused
from chronus_tui.link import ChainMessage, Event, PatternMessage, Reply, SlotsMessage, StatusMessage
from chronus_tui.ui import chain_actions, keymap
from chronus_tui.ui.browser import BROWSE, TRASH, before_text
from chronus_tui.ui.connection import Connect, Connected, Connection, Ended, Lost, News, RestartFailed, Restarting
from chronus_tui.ui.control import Control
from chronus_tui.ui.controls import under_cursor
from chronus_tui.ui.exchange import FILES, left_out, way_in, ways_out
from chronus_tui.ui.happenings import FAILED, in_words
from chronus_tui.ui.lanes import lane_under_cursor, lockable, track_value
from chronus_tui.ui.library_actions import CANCEL, MANY, look, many_question, question_of
from chronus_tui.ui.model import Model, Order, Page
from chronus_tui.ui.palette import CommandProvider, needs_words
from chronus_tui.ui.render.keys import place_of
from chronus_tui.ui.scales import choice_named, shown
from chronus_tui.ui.schema import decode_schema
from chronus_tui.ui.screens.help import HelpScreen
from chronus_tui.ui.screens.leave import Answer, LeaveScreen
from chronus_tui.ui.screens.main import MainScreen
from chronus_tui.ui.screens.pick import Option, PickScreen
from chronus_tui.ui.screens.prompt import PromptScreen
from chronus_tui.ui.step_actions import lock_order
from chronus_tui.ui.takes_actions import question_of as takes_question
from chronus_tui.ui.takes_page import LIST, WAVEFORM
from chronus_tui.ui.terminal import end_with_terminal
from store.codec import decode_chain, decode_pattern

END_WAIT_S = 10.0
"""An engine that ends fades, closes its take and saves: longer than this it takes only where something is wrong."""
ORDERS_KEPT = 256
CHANGE_LIBRARY = ("/event/file_", "/event/trash_", "/event/library_imported", "/event/library_done")
"""What is told where the library page may show something else."""
CHANGE_TAKES = ("/event/take_started", "/event/take_closed", "/event/take_encoded", "/event/takes_changed")
"""The same for the takes page."""


LOOKS = (BROWSE, TRASH)


@dataclass(slots=True)
class Looks:
    """Looks at the library: one at a time is asked for, so that letters that are typed fast do not pile up.

    asked  whether one is not answered yet
    again  whether another is wanted behind it
    """

    asked: bool = False
    again: bool = False


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
        self.main = MainScreen(self.model, clock, self.order, self.open_page)

    def on_mount(self) -> None:
        """Show the main screen and go to the engine."""
        if self._own_terminal and sys.__stdin__ is not None:
            end_with_terminal(lambda: self.call_from_anywhere(self.leave), sys.__stdin__.fileno())
        self.push_screen(self.main)
        self._connection.open()

    def _arrived(self) -> None:
        self.post_message(self.Arrived())

    def call_from_anywhere(self, action: Callable[[], Any]) -> None:
        """Have `action` called on Textual's thread soon; may be called on any thread and in a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(action)

    def order(self, order: Order) -> None:
        """Send a command. Raises ChronusError where it cannot be sent."""
        if self.model.connection == "ended" and order.address == "/transport/toggle":
            self._connection.start_again()
            return
        if order.address in LOOKS and self._looks.asked:
            self._looks.again = True
            return
        self._orders[self._connection.post(order.address, *order.arguments)] = order
        self._looks.asked = self._looks.asked or order.address in LOOKS
        if len(self._orders) > ORDERS_KEPT:
            _, forgotten = self._orders.popitem(last=False)
            self._looks.asked = self._looks.asked and forgotten.address not in LOOKS

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
            case "value":
                self._ask_value()
            case "rename":
                self._ask_name()
            case "preset":
                self._pick_preset()
            case "save preset":
                self._ask_at_track("/track/{track}/save_preset")
            case "clip":
                self._ask("/clips/list")
            case "lock":
                self._pick_lock()
            case "euclid":
                self._ask_at_track("/track/{track}/euclid")
            case "save to library" | "empty trash" | "tag" | "untag" | "describe" | "rename pattern" | "export":
                self._ask_of_library(page)
            case "write out":
                self._pick_way_out()
            case "take in":
                self._ask(FILES)
            case "load chain":
                self._ask(chain_actions.CHAINS)
            case "chain entry" | "chain bpm" | "chain mute" | "save chain":
                self._ask_of_chain(page)
            case "rename take" | "restore take" | "empty take trash" | "taps":
                self._ask_of_takes(page)
            case "many":
                self._pick_for_many()
            case "leave" if self.model.playing or self.model.recording:
                self.push_screen(LeaveScreen(self.model.playing, self.model.recording), self._answered)
            case "leave":
                self.leave()

    def choose_command(self, command: Command) -> None:
        """Do what was chosen in the palette, asking for its arguments first where it takes any."""
        if not needs_words(command):
            self._ordered(Order(command.address))
            return
        track = str(self.model.track + 1) + " " if command.address.startswith("/track/") else ""
        self.push_screen(PromptScreen(command, track), self._ordered)

    def _ask_of_chain(self, page: keymap.Opens) -> None:
        """Ask for what the entry under the cursor plays, or for the chain's name."""
        address, of_entry = chain_actions.ASKED[page]
        words = ""
        if of_entry:
            if not self.model.chain.entries:
                self._tell("The chain has no entries yet; a adds one.", failed=True)
                return
            words = f"{self.model.chain_place + 1} "
        elif page == "save chain":
            words = before_text(self.model.chain.name)
        self.push_screen(PromptScreen(match(address)[0], words), self._ordered)

    def _ask_name(self) -> None:
        """Ask for the name of the slot under the cursor, beginning with the one it has."""
        line = self.model.slots.get(self.model.slot)
        if line is None:
            self._tell(f"Slot {self.model.slot} is empty.", failed=True)
            return
        command, _ = match("/pattern/rename")
        self.push_screen(PromptScreen(command, f"{line.slot} {shlex.quote(line.name)}"), self._ordered)

    def _ask_of_library(self, page: keymap.Opens) -> None:
        """Ask for what is to be done to the pattern under the library page's cursor."""
        try:
            question = question_of(self.model, page)
        except CommandRefused as refusal:
            self._tell(str(refusal), failed=True)
            return
        self.push_screen(PromptScreen(*question), self._ordered)

    def _pick_for_many(self) -> None:
        """Let it be chosen what is done to the patterns that are marked, or else to all that are listed."""
        browser, status = self.model.browser, self.model.status
        if status is not None and status.work.what:
            options: tuple[Option, ...] = (Option(CANCEL, f"{status.work.what}; what is done already stays"),)
        elif browser.view == "trash" or not browser.found:
            self._tell("There is nothing here that anything could be done to; Tab looks among others.", failed=True)
            return
        else:
            options = tuple(Option(name, told) for name, (_, _, told) in MANY.items())

        def chosen(name: str | None) -> None:
            if name == CANCEL:
                self._ordered(Order("/library/cancel"))
            elif name is not None:
                question = many_question(self.model, name)
                if question.command.arguments:
                    self.push_screen(PromptScreen(*question), self._ordered)
                else:
                    self._ordered(Order(question.command.address, question.more))

        many = f"{len(browser.marked)} marked" if browser.marked else f"all {browser.found} listed"
        self.push_screen(PickScreen(many, options), chosen)

    def _pick_way_out(self) -> None:
        """Let it be chosen what is written to a file, and ask for its name."""
        ways = ways_out(self.model)

        def chosen(name: str | None) -> None:
            if name is not None:
                self.push_screen(PromptScreen(*ways[name][1]), self._ordered)

        options = tuple(Option(name, told) for name, (told, _) in ways.items())
        self.push_screen(PickScreen("Write to patterns/export", options), chosen)

    def _pick_way_in(self, files: tuple[str, ...]) -> None:
        """Let a file be chosen that is taken."""
        if not files:
            self._tell("There are no MIDI files and archives yet; put some into patterns/export.", failed=True)
            return
        self._pick("Take from patterns/export", tuple(map(Option, files)), lambda name: way_in(self.model, name))

    def _pick_chain(self, names: tuple[str, ...]) -> None:
        """Let a saved chain be chosen that is loaded."""
        if not names:
            self._tell("No chain is saved yet; S saves the one at hand.", failed=True)
            return
        self._pick("Load a chain", tuple(map(Option, names)), lambda name: Order("/chain/load", (name,)))

    def _pick_backup(self, place: tuple[Any, ...], told: tuple[str, ...]) -> None:
        """Let something be chosen that a slot held before. Each is told with its number first."""
        slot, bank = (*place, self.model.bank)[:2]
        if not told:
            self._tell(f"Slot {slot} of bank {bank} has no backups: nothing was replaced there yet.", failed=True)
            return

        def restored(line: str) -> Order:
            return Order("/pattern/restore", (slot, int(line.split()[0]), bank))

        self._pick(f"Bring back to slot {slot:03}", tuple(map(Option, told)), restored)

    def _ask_of_takes(self, page: keymap.Opens) -> None:
        """Ask for what is to be done to the take under the takes page's cursor."""
        try:
            address, words = takes_question(self.model, page)
        except CommandRefused as refusal:
            self._tell(str(refusal), failed=True)
            return
        self.push_screen(PromptScreen(match(address)[0], words), self._ordered)

    def _ask_value(self) -> None:
        """Ask for a value of what the page's cursor is on."""
        control = under_cursor(self.model)
        lane = lane_under_cursor(self.model)
        if control is not None:
            self.choose_control(control)
        elif self.model.page == "steps" and lane is not None:
            step = f"{self.model.step + 1}"
            words = (step, lane.name) if lane.lock else (step,)
            self._ask_at_track("/track/{track}/" + lane.command, *words)

    def _ask_at_track(self, address: str, *words: str) -> None:
        """Ask for the arguments of a command for the track under the cursor, beginning with `words`."""
        if self.model.current is None:
            self._tell("The pattern has no track.", failed=True)
            return
        command = next(command for command in COMMANDS if command.address == address)
        self.push_screen(PromptScreen(command, " ".join((str(self.model.track + 1), *words, ""))), self._ordered)

    def _pick_preset(self) -> None:
        """Let a preset of the track's instrument be chosen."""
        track = self.model.current
        names = self.model.presets.get(track.instrument, ()) if track is not None else ()
        if track is None or not names:
            self._tell("There are no presets yet; S saves this sound as one.", failed=True)
            return
        address = f"/track/{self.model.track + 1}/preset"
        options = tuple(Option(name) for name in names)
        self._pick(f"Preset of {track.instrument}", options, lambda name: Order(address, (name,)), track.preset)

    def _pick_clip(self, names: tuple[str, ...]) -> None:
        """Let a sound file be chosen that the track under the cursor plays."""
        track = self.model.current
        if track is None or not names:
            self._tell("There are no sound files yet; put some into clips/ of the project, or record.", failed=True)
            return
        address = f"/track/{self.model.track + 1}/clip"
        options = tuple(Option(name) for name in names)
        self._pick(f"Sound file for {track.name}", options, lambda name: Order(address, (name,)), track.clip)

    def _pick_lock(self) -> None:
        """Let a parameter be chosen that the step under the cursor locks."""
        track = self.model.current
        if track is None:
            return
        options = tuple(
            Option(setting.name, f"{shown(setting, track_value(track, setting)):<10}{setting.help}")
            for setting in lockable(self.model)
        )
        self._pick(f"Lock on step {self.model.step + 1}", options, lambda name: lock_order(self.model, name))

    def _pick(self, title: str, options: tuple[Option, ...], order: Callable[[str], Order], current: str = "") -> None:
        """Let one of `options` be chosen, and send the order that it makes."""

        def chosen(name: str | None) -> None:
            if name is not None:
                self.main.attempt(lambda: order(name))
                self.main.draw()

        self.push_screen(PickScreen(title, options, current), chosen)

    def choose_preset(self, instrument: str, name: str) -> None:
        """Give the track under the cursor the sound of a preset."""
        self._ordered(Order(f"/track/{self.model.track + 1}/preset", (f"{instrument}/{name}",)))

    def choose_control(self, control: Control) -> None:
        """Ask for a value of something that can be turned, or for one of its choices."""
        setting = control.setting
        if setting.choices:
            options = tuple(Option(name) for name in setting.choices)
            self._pick(
                f"{control.owner} {control.label}",
                options,
                lambda name: control.order(setting.low + setting.choices.index(name)),
                choice_named(setting, control.value),
            )
            return
        value = Argument("value", "float", setting.low, setting.high, setting.unit)
        told = f"{setting.help} It is {control.words}."
        self.push_screen(PromptScreen(Command(control.address, told, (value,))), self._ordered)

    def choose_page(self, page: Page) -> None:
        """Show a page."""
        self.model.page = page
        if page == "library":
            self.main.attempt(lambda: look(self.model))
        elif page == "takes":
            self._ask(LIST)
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
            self._ordered(Order("/engine/quit"))
            self._tell("Ending the engine: it fades out, closes the take and saves.")
            self.set_timer(END_WAIT_S, self.leave)

    def _ordered(self, order: Order | None) -> None:
        if order is None:
            return
        self.main.attempt(lambda: order)
        self.main.draw()

    def _tell(self, text: str, failed: bool = False) -> None:
        self.model.tell(text, self._clock(), failed)

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
                self._ask("/engine/schema")
                self._ask("/presets/list")
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
        if order is not None and order.address in LOOKS:
            self._look_again()
        if not reply.done:
            self.model.turned.clear()
            self._tell(reply.failure, failed=True)
        elif order is not None and order.address == "/engine/schema" and reply.results:
            self.model.schema = decode_schema(reply.results[0])
            self.model.instruments = tuple(module.name for module in self.model.schema.instruments)
        elif order is not None and order.address == "/presets/list":
            self.model.take_presets(reply.results)
        elif order is not None and order.address in LOOKS:
            if (order.address, order.arguments) == self.model.browser.question():  # else more was typed since
                self.model.browser.take(order.address, reply.results)
        elif order is not None and order.address == LIST:
            self.model.takes.take(reply.results)
        elif order is not None and order.address == WAVEFORM:
            self.model.takes.take_waveform(str(order.arguments[0]), reply.results)
        elif order is not None and order.address == "/clips/list":
            self._pick_clip(tuple(map(str, reply.results)))
        elif order is not None and order.address == "/pattern/backups":
            self._pick_backup(order.arguments, tuple(map(str, reply.results)))
        elif order is not None and order.address == chain_actions.CHAINS:
            self._pick_chain(tuple(map(str, reply.results)))
        elif order is not None and order.address == FILES:
            self._pick_way_in(tuple(map(str, reply.results)))
        elif order is not None and (sentence := left_out(order.address, reply.results)):
            self._tell(sentence, failed=True)
        elif self.model.notice is not None and self.model.notice.failed and order is not None:
            self.model.notice = None

    def _look_again(self) -> None:
        """The library was looked at; do so again where something else was looked for meanwhile, or changed."""
        looks, self._looks = self._looks, Looks()
        if looks.again:
            self.main.attempt(lambda: look(self.model))

    def _take_event(self, event: Event) -> None:
        if event.address == "/event/preset_saved":
            self._ask("/presets/list")
        if self.model.page == "takes" and event.address.startswith(CHANGE_TAKES):
            self._ask(LIST)
        if self.model.page == "library" and event.address.startswith(CHANGE_LIBRARY):
            self.main.attempt(lambda: look(self.model))
        sentence = in_words(event)
        if sentence:
            self._tell(sentence, failed=event.address == FAILED)

    def _ask(self, address: str) -> None:
        self.main.attempt(lambda: Order(address))
