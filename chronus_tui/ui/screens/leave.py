"""The question before one leaves while something plays or records."""

from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

Answer = Literal["detach", "end", "stay"]

ANSWERS: dict[str, Answer] = {
    "d": "detach",
    "enter": "detach",
    "e": "end",
    "escape": "stay",
    "ctrl+q": "detach",
    "ctrl+c": "stay",
}


class LeaveScreen(ModalScreen[Answer]):
    """Asks whether to detach, to end the engine, or to stay."""

    CSS = """
    LeaveScreen { align: center middle; }
    LeaveScreen Static { width: 62; max-width: 100%; height: auto; border: round $foreground; padding: 1 2; }
    """

    def __init__(self, playing: bool, recording: bool) -> None:
        super().__init__()
        doing = " and ".join(word for word, does in (("plays", playing), ("records", recording)) if does)
        self._text = (
            f"Chronus {doing}.\n\n"
            f"[b]d[/b] or Enter   detach: it {doing} on\n"
            "[b]e[/b]            end it: fade out, close the take, save\n"
            "[b]Esc[/b]          stay"
        )

    def compose(self) -> ComposeResult:
        """The question."""
        yield Static(self._text)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        event.prevent_default()
        answer = ANSWERS.get(event.key)
        if answer is not None:
            self.dismiss(answer)
