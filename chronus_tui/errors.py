"""The failures that a person is told of, each as one sentence."""

from store.errors import ChronusError, StoreError

__all__ = ["ChronusError", "CommandRefused", "EngineUnreachable", "StoreError"]


class CommandRefused(ChronusError):
    """A command was not carried out, and nothing changed."""


class EngineUnreachable(ChronusError):
    """No engine answers."""
