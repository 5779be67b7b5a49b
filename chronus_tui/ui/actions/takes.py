"""What the keys of the takes page do."""

import shlex

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions import entry
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.takes_page import COLUMNS, LIST, WAVEFORM
from store.takes.line import TakeLine


def turn_to_takes(model: Model, press: Press) -> Order | None:
    """Show the recorder and the takes, or go back from them."""
    if model.page == "takes":
        model.page = "main"
        return None
    model.page = "takes"
    model.takes.open()
    return Order(LIST)


def move(by: int) -> Action:
    """An action that goes `by` takes down."""

    def act(model: Model, press: Press) -> None:
        model.takes.move(by)

    return act


def play(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else play the take, or stop it where it plays."""
    if model.entry.pending:
        return entry.choice_order(model, model.entry.enter(model.loaded))
    row = require(model)
    if model.status is not None and model.status.recording.auditioned == row.name:
        return Order("/takes/stop")
    return Order("/takes/play", (row.name,))


def show_waveform(model: Model, press: Press) -> Order:
    """Ask for the take's waveform."""
    return Order(WAVEFORM, (require(model).name, COLUMNS))


def delete(model: Model, press: Press) -> Order:
    """Throw the take away."""
    return Order("/takes/delete", (require(model).name,))


def record_on_bar(model: Model, press: Press) -> Order:
    """Start a take with the next bar, or end the running one there."""
    return Order("/record/stop_on_bar" if model.recording else "/record/on_bar")


def count_in(model: Model, press: Press) -> Order:
    """Click through the bars of the count-in, then start a take."""
    return Order("/record/count_in")


def question_of(model: Model, opens: str) -> tuple[str, str]:
    """What a key asks for: the command, and the words with which its line begins. Raises CommandRefused."""
    if opens == "empty take trash":
        return "/takes/empty_trash", ""
    name = shlex.quote(require(model).name)
    return "/takes/rename", f"{name} {name}"


def require(model: Model) -> TakeLine:
    """The take under the cursor. Raises CommandRefused where there is none."""
    row = model.takes.current
    if row is None:
        raise CommandRefused("There are no takes yet; r records, K keeps what was heard.")
    return row
