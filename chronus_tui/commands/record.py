"""Recording. Every command has two addresses."""

from chronus_tui.commands.command import Command, text

_RECORD = (
    ("/start", "Start recording what is heard to a new take.", (text("name", True), text("format", True)), "path"),
    ("/stop", "Stop recording and close the take.", (), "path seconds"),
    ("/status", "Tell about the running take.", (), "active path seconds frames dropped"),
)

RECORD: tuple[Command, ...] = tuple(
    Command(prefix + end, text, arguments, reply)
    for prefix in ("/record", "/engine/record")
    for end, text, arguments, reply in _RECORD
)
