"""What the keys of the slots pane do to slots and banks: note one, put it elsewhere, bring back what it held."""

from chronus_tui.errors import CommandRefused
from chronus_tui.status import Status
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.actions.entry import line_typed
from chronus_tui.ui.model import HeldSlot, Model, Order
from store.limits import BANKS


def hold(cut: bool) -> Action:
    """An action that notes the slot under the cursor: to be copied, or moved where `cut`."""

    def act(model: Model, press: Press) -> None:
        _require_occupied(model)
        model.held = HeldSlot(model.bank, model.slot, cut)
        does = "moves" if cut else "copies"
        model.tell(f"slot {model.slot:03} is noted: v {does} it to the cursor, e swaps the two", press.now_s)

    return act


def paste(model: Model, press: Press) -> Order:
    """Copy or move the slot that was noted to the one under the cursor."""
    held = _require_held(model)
    elsewhere = () if held.bank == model.bank else (held.bank,)
    if not held.cut:
        return Order("/pattern/copy", (held.slot, model.slot, *elsewhere))
    model.held = None
    return Order("/pattern/move", (held.slot, model.slot, *elsewhere))


def swap(model: Model, press: Press) -> Order:
    """Let the slot that was noted and the one under the cursor change places."""
    held = _require_held(model)
    model.held = None
    if held.bank != model.bank:
        return Order("/pattern/swap", (model.slot, held.slot, held.bank))
    return Order("/pattern/swap", (held.slot, model.slot))


def restore(model: Model, press: Press) -> Order:
    """Bring back what the slot under the cursor held before."""
    return Order("/pattern/restore", (model.slot,))


def backups(model: Model, press: Press) -> Order:
    """Ask what the slot under the cursor held before; one of it may be chosen then."""
    return Order("/pattern/backups", (model.slot, model.bank))


def reload(model: Model, press: Press) -> Order:
    """Take what was written to the file of the slot under the cursor."""
    return Order("/pattern/reload", (model.slot,))


def toggle_save_on_switch(model: Model, press: Press) -> Order:
    """Let the project save edited slots when another pattern is loaded in their place, or no longer."""
    return Order("/project/save_on_switch", (int(not _status(model).save_on_switch),))


def toggle_gzip(model: Model, press: Press) -> Order:
    """Let the project write slots compressed, or no longer."""
    return Order("/project/gzip", (int(not _status(model).gzip),))


def save_free(model: Model, press: Press) -> Order:
    """Save the working pattern to the first slot of the bank that is empty."""
    return Order("/pattern/save_free")


def back(model: Model, press: Press) -> Order:
    """Go back to the slot before: at the bar, or when it was typed before."""
    when = line_typed(model)
    return Order("/pattern/back", () if when is None else (when,))


def change_bank(by: int) -> Action:
    """An action that goes to the bank before or the next; at the ends it stays."""

    def act(model: Model, press: Press) -> Order | None:
        number = model.bank + by
        return Order("/pattern/bank", (number,)) if 1 <= number <= BANKS else None

    return act


def _status(model: Model) -> Status:
    if model.status is None:
        raise CommandRefused("The engine has not told yet what the project has chosen; try again in a moment.")
    return model.status


def _require_occupied(model: Model) -> None:
    if model.slot not in model.slots:
        raise CommandRefused(f"Slot {model.slot} is empty.")


def _require_held(model: Model) -> HeldSlot:
    if model.held is None:
        raise CommandRefused("No slot is noted yet: c or x notes the one under the cursor.")
    return model.held
