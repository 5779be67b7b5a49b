"""Where a project holds what belongs to a running engine, and is of no use without one."""

RUNTIME_FOLDER = ".chronus"
"""The folder of the project that holds it: lock, socket, log."""
RUNTIME_MODE = 0o700
