"""What the engine answers to what the screen asks by itself: how it is taken into the model."""

from typing import Any

from chronus_tui.ui.library_page import BROWSE, TRASH
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.schema import decode_schema
from chronus_tui.ui.takes_page import LIST, VERDICT, WAVEFORM

SCHEMA, PRESETS = "/engine/schema", "/presets/list"


def take_answer(model: Model, order: Order, results: tuple[Any, ...]) -> bool:
    """Take the results of an order; whether it was one that the screen makes by itself.

    Raises msgspec.DecodeError where an engine of another version answers something else.
    """
    if order.address == SCHEMA:
        model.schema = decode_schema(results[0] if results else "")
        model.instruments = tuple(module.name for module in model.schema.instruments)
    elif order.address == PRESETS:
        model.take_presets(results)
    elif order.address in (BROWSE, TRASH):
        if (order.address, order.arguments) == model.browser.question():  # else more was typed since
            model.browser.take(order.address, results)
    elif order.address == LIST:
        model.takes.take(results)
    elif order.address == VERDICT:
        model.takes.take_verdicts(results)
    elif order.address == WAVEFORM:
        model.takes.take_waveform(str(order.arguments[0]), results)
    else:
        return False
    return True
