"""What the player is asked before an order is made: a line to type, or a list to choose from."""

import shlex
from collections.abc import Callable
from typing import Any

from textual.screen import ModalScreen

from chronus_tui.commands import COMMANDS, Argument, Command, match
from chronus_tui.commands.command import as_written
from chronus_tui.errors import CommandRefused
from chronus_tui.ui import keymap
from chronus_tui.ui.actions import chain
from chronus_tui.ui.actions.library import CANCEL, MANY, many_question, question_of
from chronus_tui.ui.actions.steps import lock_order
from chronus_tui.ui.actions.takes import question_of as takes_question
from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.controls.lanes import lane_under_cursor, lockable, track_value
from chronus_tui.ui.controls.pages import under_cursor
from chronus_tui.ui.controls.scales import choice_named, shown
from chronus_tui.ui.exchange import FILES, way_in, ways_out
from chronus_tui.ui.library_page import before_text
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.palette import needs_words
from chronus_tui.ui.screens.pick import Option, PickScreen
from chronus_tui.ui.screens.prompt import PromptScreen

CLIPS = "/clips/list"
THROWN_AWAY = "/takes/trash"


Show = Callable[[ModalScreen[Any], Callable[[Any], None]], object]
"""Shows a question over the screen, and hands what it gives to a function."""


class Questions:
    """Asks, and sends what comes of it.

    show     shows a question
    attempt  sends the order that a function makes, where it makes one, and tells what is refused
    tell     says in a sentence why nothing is asked
    """

    def __init__(
        self,
        model: Model,
        show: Show,
        attempt: Callable[[Callable[[], Order | None]], None],
        tell: Callable[[str], None],
    ) -> None:
        self._model = model
        self._show = show
        self._attempt = attempt
        self._tell = tell

    def ask(self, page: keymap.Opens) -> None:
        """Ask what a key opens, at once or once the engine has told what there is to choose from."""
        match page:
            case "value":
                self._ask_value()
            case "rename":
                self._ask_name()
            case "preset":
                self._pick_preset()
            case "save preset":
                self._ask_at_track("/track/{track}/save_preset")
            case "clip":
                self._send(Order(CLIPS))
            case "lock":
                self._pick_lock()
            case "euclid":
                self._ask_at_track("/track/{track}/euclid")
            case "write out":
                self._pick_way_out()
            case "take in":
                self._send(Order(FILES))
            case "load chain":
                self._send(Order(chain.CHAINS))
            case "chain entry" | "chain bpm" | "chain mute" | "save chain":
                self._ask_of_chain(page)
            case "restore take":
                self._send(Order(THROWN_AWAY))
            case "rename take" | "empty take trash":
                self._ask_of_takes(page)
            case "many":
                self._pick_for_many()
            case _:
                self._ask_of_library(page)

    def follow(self, order: Order, results: tuple[Any, ...]) -> bool:
        """Let something be chosen of what the engine told; whether the order was one that asks for that."""
        told = tuple(map(str, results))
        match order.address:
            case "/clips/list":
                self._pick_clip(told)
            case "/pattern/backups":
                self._pick_backup(order.arguments, told)
            case chain.CHAINS:
                self._pick_chain(told)
            case "/takes/trash":
                self._pick_thrown_away(told)
            case "/library/files":
                self._pick_way_in(told)
            case _:
                return False
        return True

    def choose_command(self, command: Command) -> None:
        """Do what was chosen in the palette, asking for its arguments first where it takes any."""
        if not needs_words(command):
            self._send(Order(command.address))
            return
        track = str(self._model.track + 1) + " " if command.address.startswith("/track/") else ""
        self._show(PromptScreen(command, track), self._send)

    def _ask_of_chain(self, page: keymap.Opens) -> None:
        """Ask for what the entry under the cursor plays, or for the chain's name."""
        address, of_entry = chain.ASKED[page]
        words = ""
        if of_entry:
            if not self._model.chain.entries:
                self._tell("The chain has no entries yet; a adds one.")
                return
            words = f"{self._model.chain_place + 1} "
        elif page == "save chain":
            words = before_text(self._model.chain.name)
        self._show(PromptScreen(match(address)[0], words), self._send)

    def _ask_name(self) -> None:
        """Ask for the name of the slot under the cursor, beginning with the one it has."""
        line = self._model.slots.get(self._model.slot)
        if line is None:
            self._tell(f"Slot {self._model.slot} is empty.")
            return
        command, _ = match("/pattern/rename")
        self._show(PromptScreen(command, f"{line.slot} {shlex.quote(line.name)}"), self._send)

    def _ask_of_library(self, page: keymap.Opens) -> None:
        """Ask for what is to be done to the pattern under the library page's cursor."""
        try:
            question = question_of(self._model, page)
        except CommandRefused as refusal:
            self._tell(str(refusal))
            return
        self._show(PromptScreen(*question), self._send)

    def _pick_for_many(self) -> None:
        """Let it be chosen what is done to the patterns that are marked, or else to all that are listed."""
        browser, status = self._model.browser, self._model.status
        if status is not None and status.work.what:
            options: tuple[Option, ...] = (Option(CANCEL, f"{status.work.what}; what is done already stays"),)
        elif browser.view == "trash" or not browser.found:
            self._tell("There is nothing here that anything could be done to; Tab looks among others.")
            return
        else:
            options = tuple(Option(name, told) for name, (_, _, told) in MANY.items())

        def chosen(name: str | None) -> None:
            if name == CANCEL:
                self._send(Order("/library/cancel"))
            elif name is not None:
                question = many_question(self._model, name)
                if question.command.arguments:
                    self._show(PromptScreen(*question), self._send)
                else:
                    self._send(Order(question.command.address, question.more))

        many = f"{len(browser.marked)} marked" if browser.marked else f"all {browser.found} listed"
        self._show(PickScreen(many, options), chosen)

    def _pick_way_out(self) -> None:
        """Let it be chosen what is written to a file, and ask for its name."""
        ways = ways_out(self._model)

        def chosen(name: str | None) -> None:
            if name is not None:
                self._show(PromptScreen(*ways[name][1]), self._send)

        options = tuple(Option(name, told) for name, (told, _) in ways.items())
        self._show(PickScreen("Write to patterns/export", options), chosen)

    def _pick_way_in(self, files: tuple[str, ...]) -> None:
        """Let a file be chosen that is taken."""
        if not files:
            self._tell("There are no MIDI files and archives yet; put some into patterns/export.")
            return
        self._pick("Take from patterns/export", tuple(map(Option, files)), lambda name: way_in(self._model, name))

    def _pick_chain(self, names: tuple[str, ...]) -> None:
        """Let a saved chain be chosen that is loaded."""
        if not names:
            self._tell("No chain is saved yet; S saves the one at hand.")
            return
        self._pick("Load a chain", tuple(map(Option, names)), lambda name: Order("/chain/load", (name,)))

    def _pick_thrown_away(self, names: tuple[str, ...]) -> None:
        """Let a take be chosen that is brought back."""
        if not names:
            self._tell("There are no takes in the trash.")
            return
        options = tuple(map(Option, dict.fromkeys(names)))  # of two of one name the last is meant
        self._pick("Bring back a take", options, lambda name: Order("/takes/restore", (name,)))

    def _pick_backup(self, place: tuple[Any, ...], told: tuple[str, ...]) -> None:
        """Let something be chosen that a slot held before. Each is told with its number first."""
        slot, bank = (*place, self._model.bank)[:2]
        if not told:
            self._tell(f"Slot {slot} of bank {bank} has no backups: nothing was replaced there yet.")
            return

        def restored(line: str) -> Order:
            return Order("/pattern/restore", (slot, int(line.split()[0]), bank))

        self._pick(f"Bring back to slot {slot:03}", tuple(map(Option, told)), restored)

    def _ask_of_takes(self, page: keymap.Opens) -> None:
        """Ask for what is to be done to the take under the takes page's cursor."""
        try:
            address, words = takes_question(self._model, page)
        except CommandRefused as refusal:
            self._tell(str(refusal))
            return
        self._show(PromptScreen(match(address)[0], words), self._send)

    def _ask_value(self) -> None:
        """Ask for a value of what the page's cursor is on."""
        control = under_cursor(self._model)
        lane = lane_under_cursor(self._model)
        if control is not None:
            self.choose_control(control)
        elif self._model.page == "steps" and lane is not None:
            step = f"{self._model.step + 1}"
            words = (step, lane.name) if lane.lock else (step,)
            self._ask_at_track("/track/{track}/" + lane.command, *words)

    def _ask_at_track(self, address: str, *words: str) -> None:
        """Ask for the arguments of a command for the track under the cursor, beginning with `words`."""
        if self._model.current is None:
            self._tell("The pattern has no track.")
            return
        command = next(command for command in COMMANDS if command.address == address)
        self._show(PromptScreen(command, " ".join((str(self._model.track + 1), *words, ""))), self._send)

    def _pick_preset(self) -> None:
        """Let a preset of the track's instrument be chosen."""
        track = self._model.current
        names = self._model.presets.get(track.instrument, ()) if track is not None else ()
        if track is None or not names:
            self._tell("There are no presets yet; S saves this sound as one.")
            return
        address = f"/track/{self._model.track + 1}/preset"
        options = tuple(Option(name) for name in names)
        self._pick(f"Preset of {track.instrument}", options, lambda name: Order(address, (name,)), track.preset)

    def _pick_clip(self, names: tuple[str, ...]) -> None:
        """Let a sound file be chosen that the track under the cursor plays."""
        track = self._model.current
        if track is None or not names:
            self._tell("There are no sound files yet; put some into clips/ of the project, or record.")
            return
        address = f"/track/{self._model.track + 1}/clip"
        options = tuple(Option(name) for name in names)
        self._pick(f"Sound file for {track.name}", options, lambda name: Order(address, (name,)), track.clip)

    def _pick_lock(self) -> None:
        """Let a parameter be chosen that the step under the cursor locks."""
        track = self._model.current
        if track is None:
            return
        options = tuple(
            Option(setting.name, f"{shown(setting, track_value(track, setting)):<10}{setting.help}")
            for setting in lockable(self._model)
        )
        self._pick(f"Lock on step {self._model.step + 1}", options, lambda name: lock_order(self._model, name))

    def _pick(self, title: str, options: tuple[Option, ...], order: Callable[[str], Order], current: str = "") -> None:
        """Let one of `options` be chosen, and send the order that it makes."""

        def chosen(name: str | None) -> None:
            if name is not None:
                self._attempt(lambda: order(name))

        self._show(PickScreen(title, options, current), chosen)

    def choose_preset(self, instrument: str, name: str) -> None:
        """Give the track under the cursor the sound of a preset."""
        self._send(Order(f"/track/{self._model.track + 1}/preset", (f"{instrument}/{name}",)))

    def choose_control(self, control: Control) -> None:
        """Ask for a value of something that can be turned, or for one of its choices."""
        setting = control.setting
        before = () if control.command is None else control.command.arguments
        if control.typed or (before and not setting.choices):
            words = "".join(f"{as_written(word)} " for word in before)
            self._show(PromptScreen(match(control.address)[0], words), self._send)
            return
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
        self._show(PromptScreen(Command(control.address, told, (value,))), self._send)

    def _send(self, order: Order | None) -> None:
        if order is not None:
            self._attempt(lambda: order)
