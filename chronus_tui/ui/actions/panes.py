"""What the tracks pane and the slots pane share: their cursors, and what is done to what is under them."""

from chronus_tui.ui.actions.action import Action, Press, at_track
from chronus_tui.ui.actions.entry import choice_order
from chronus_tui.ui.actions.tracks import toggle_step
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.slot_entry import Choice
from store.limits import STEPS_MAX


def other_pane(model: Model, press: Press) -> None:
    """Go to the other pane."""
    model.pane = "slots" if model.pane == "tracks" else "tracks"


def move(columns: int, rows: int) -> Action:
    """An action that moves the cursor, by steps and tracks or by slots."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.move_slot(columns + rows * model.slot_columns)
        else:
            model.move_track(rows)
            model.move_step(columns)

    return act


def move_far(by: int) -> Action:
    """An action that moves the cursor a page of 16."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.move_slot(by * 16)
        else:
            model.move_step(by * 16)

    return act


def move_end(by: int) -> Action:
    """An action that moves the cursor to the first (-1) or last (1) step or slot."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.slot = 1 if by < 0 else 128
        else:
            model.move_step(by * STEPS_MAX)

    return act


def enter(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed, or set the step, or load the slot, under the cursor."""
    if model.entry.pending:
        in_slots = model.pane == "slots" or model.entry.purpose != "save"
        return choice_order(model, model.entry.enter(model.slot if in_slots else model.loaded))
    if model.pane == "slots":
        return choice_order(model, Choice("load", model.slot))
    return toggle_step(model, press)


def clear(model: Model, press: Press) -> Order:
    """Clear the track's steps, or empty the slot, under the cursor."""
    if model.pane == "slots":
        return Order("/pattern/clear", (model.slot,))
    return at_track(model, "clear")
