"""Slot numbers that are typed, and what becomes of them."""

from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.slot_entry import Choice, Purpose

_WHEN = {"load now": "immediate", "load at beat": "beat", "load at end": "end"}
"""What a load waits for, where it is not the bar."""


def digit(model: Model, press: Press) -> Order | None:
    """Type one digit of a slot's number."""
    return choice_order(model, model.entry.digit(press.key, press.now_s))


def begin_entry(purpose: Purpose) -> Action:
    """An action that begins a slot's number, for `purpose`."""

    def act(model: Model, press: Press) -> None:
        model.entry.begin(purpose)

    return act


def line_typed(model: Model) -> str | None:
    """What a load shall wait for where that was typed and no number behind it, which is then no longer to come; None
    where nothing of the kind was typed."""
    when = _WHEN.get(model.entry.purpose) if model.entry.purpose is not None and not model.entry.digits else None
    if when is not None:
        model.entry.cancel()
    return when


def choice_order(model: Model, choice: Choice | None) -> Order | None:
    """The command for a slot or a bank that was chosen."""
    if choice is None:
        return None
    if choice.purpose == "bank":
        return Order("/pattern/bank", (choice.slot,))
    if choice.purpose == "chain":
        return chained(model, choice.slot)
    if choice.purpose == "save":
        return Order("/pattern/save", (choice.slot,))
    model.slot = choice.slot
    when = _WHEN.get(choice.purpose)
    return Order("/pattern/load", (choice.slot,) if when is None else (choice.slot, when))


def chained(model: Model, slot: int) -> Order:
    """The command that adds a slot of the bank at hand to the chain; the cursor goes to it."""
    model.chain_place = len(model.chain.entries)
    return Order("/chain/add", (slot, model.bank))
