"""One line that asks for a command's arguments."""

import math
import shlex

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from chronus_tui.commands import Argument, Command, match
from chronus_tui.commands.command import as_written
from chronus_tui.errors import CommandRefused
from chronus_tui.ui.model import Order


def places(command: Command) -> list[str]:
    """The names of the places in a command's address that must be filled."""
    return [part[1:-1] for part in command.address.split("/") if part.startswith("{")]


def values_of(argument: Argument) -> str:
    """What an argument may be, such as "mute 0 or 1"; empty where it may be anything of its kind."""
    unit = f" {argument.unit}" if argument.unit else ""
    if argument.kind == "switch":
        return f"{argument.name} 0 or 1"
    if argument.choices:
        return f"{argument.name} {' or '.join(argument.choices)}"
    if argument.high - argument.low < math.inf:
        return f"{argument.name} {as_written(argument.low)}..{as_written(argument.high)}{unit}"
    return ""


def order_from(command: Command, text: str, more: tuple[str, ...] = ()) -> Order:
    """The order that a typed line makes: first what fills the address, then the arguments, and `more` behind them.

    Raises CommandRefused with a sentence where the line does not make one.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise CommandRefused("A quotation mark is missing.") from None
    names = places(command)
    words = _with_blanks(command, words, len(names))
    if len(words) < len(names):
        raise CommandRefused(f"{command.address} needs {' and '.join(names[len(words) :])} first.")
    address = command.address
    for name, word in zip(names, words, strict=False):
        address = address.replace("{" + name + "}", word)
    found, _ = match(address)
    arguments = tuple(command.values(words[len(names) :]))
    command.accept(arguments)  # which may know a narrower range than the one of that address
    arguments = (*arguments, *more)
    found.accept(arguments)
    return Order(address, arguments)


def _with_blanks(command: Command, words: list[str], before: int) -> list[str]:
    """`words`, where those behind the last argument belong to it, which is text: a name needs no quotation marks, and
    none is the empty one."""
    place = before + len(command.arguments) - 1
    if not command.arguments or command.arguments[-1].kind != "string" or command.arguments[-1].many:
        return words
    if len(words) < place or (len(words) == place and command.arguments[-1].optional):
        return words
    return [*words[:place], " ".join(words[place:])]


class PromptScreen(ModalScreen[Order | None]):
    """Asks for the arguments of `command`; gives the order, or None where one thinks better of it.

    more  arguments that follow those, and are not shown
    """

    CSS = """
    PromptScreen { align: center top; }
    PromptScreen Vertical {
        width: 72; max-width: 100%; height: auto; margin-top: 3;
        border: round $foreground; padding: 0 1; background: $background;
    }
    PromptScreen Input { border: none; padding: 0; height: 1; background: $background; }
    PromptScreen Input:focus { border: none; }
    PromptScreen Static { height: auto; }
    """

    def __init__(self, command: Command, text: str = "", more: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._more = more
        self._command = command
        self._input = Input(text, select_on_focus=False)
        self._input.cursor_blink = False
        self._said = Static("Enter does it, Esc goes back", markup=False)

    def compose(self) -> ComposeResult:
        """What is asked for, the line, and what is wrong with it."""
        usage = " ".join([*places(self._command), self._command.usage()])
        ranges = ", ".join(filter(None, map(values_of, self._command.arguments)))
        with Vertical():
            yield Static(f"{self._command.address}  {usage}", markup=False)
            yield Static(self._command.help + (f"  ({ranges})" if ranges else ""), markup=False)
            yield self._input
            yield self._said

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Make the order, or say why it cannot be made."""
        try:
            self.dismiss(order_from(self._command, event.value, self._more))
        except CommandRefused as error:
            self._said.update(str(error))

    def on_key(self, event: events.Key) -> None:
        """Escape goes back."""
        if event.key in ("escape", "ctrl+q", "ctrl+c"):
            event.stop()
            event.prevent_default()
            self.dismiss(None)
