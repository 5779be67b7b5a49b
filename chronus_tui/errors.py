"""The failures that a person is told of, each as one sentence."""

from store.errors import ChronusError, ProjectInUse, StoreError

__all__ = ["PROJECT_IN_USE", "ChronusError", "CommandRefused", "EngineUnreachable", "ProjectInUse", "StoreError"]

PROJECT_IN_USE = 4
"""The exit code of an engine that may not play, as someone else holds the project."""


class CommandRefused(ChronusError):
    """A command was not carried out, and nothing changed."""


class EngineUnreachable(ChronusError):
    """No engine answers."""
