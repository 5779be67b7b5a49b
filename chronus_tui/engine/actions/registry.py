"""Which action carries out which command."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from chronus_tui.engine.studio import Results

__all__ = ["ACTIONS", "Action", "Results", "action"]

Action = Callable[..., "Results | Future[Results] | None"]
Decorated = TypeVar("Decorated", bound=Action)

ACTIONS: dict[str, Action] = {}
"""By the address of the command table, places and all."""


def action(*addresses: str) -> Callable[[Decorated], Decorated]:
    """Let the function below carry out the commands at `addresses`."""

    def register(function: Decorated) -> Decorated:
        for address in addresses:
            ACTIONS[address] = function
        return function

    return register
