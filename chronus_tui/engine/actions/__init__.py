"""How each command of the table is carried out, by kind.

An action gets the studio, the call, and the command's arguments as their types. It returns its results, or
nothing, or a future of its results where a file must be written first. It raises ChronusError, having
changed nothing, where it cannot be done.
"""

from chronus_tui.engine.actions import (
    about,
    archives,
    batch,
    chains,
    debug,
    examine,
    library,
    midi,
    modules,
    patterns,
    presets,
    project,
    record,
    slots,
    steps,
    takes,
    tracks,
    transport,
)
from chronus_tui.engine.actions.registry import ACTIONS

__all__ = [
    "ACTIONS",
    "about",
    "archives",
    "batch",
    "chains",
    "debug",
    "examine",
    "library",
    "midi",
    "modules",
    "patterns",
    "presets",
    "project",
    "record",
    "slots",
    "steps",
    "takes",
    "tracks",
    "transport",
]
