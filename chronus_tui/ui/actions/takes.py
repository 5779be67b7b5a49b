"""What the keys of the takes page do."""

import shlex

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions import entry
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.takes_page import COLUMNS, LIST, WAVEFORM
from chronus_tui.verdict import Examination, TakeFault
from store.takes.line import TakeLine

BEFORE_S = 1.0
"""How long before a fault what is heard of it begins."""


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


def examine(what: Examination) -> Action:
    """An action that has the take checked or replayed, or cancels that."""

    def act(model: Model, press: Press) -> Order:
        if model.status is not None and model.status.examination.what == what:
            return Order("/record/cancel")
        return Order(f"/record/{what}", (require(model).name,))

    return act


def go_to_fault(by: int) -> Action:
    """An action that goes `by` faults on among those that were found."""

    def act(model: Model, press: Press) -> None:
        _require_faults(model)
        model.takes.go_to_fault(by)

    return act


def hear_fault(model: Model, press: Press) -> Order:
    """Play the drawn take from shortly before the fault."""
    fault = _require_faults(model)[model.takes.fault]
    return Order("/takes/play", (model.takes.drawn, max(0.0, fault.start_s - BEFORE_S)))


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


def _require_faults(model: Model) -> tuple[TakeFault, ...]:
    """The faults of the take that is drawn. Raises CommandRefused where there are none."""
    if not model.takes.faults:
        raise CommandRefused("No faults were found in the take that is drawn; i looks for them, a proves it.")
    return model.takes.faults
