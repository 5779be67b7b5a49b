"""People: the engine process that plays, and every way to reach it."""

__version__ = "0.1.0"
