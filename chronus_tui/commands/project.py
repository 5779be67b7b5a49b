"""What a project chooses for itself."""

from chronus_tui.commands.command import Argument, Command

_ON = Argument("on", "switch", optional=True)

PROJECT: tuple[Command, ...] = (
    Command(
        "/project/save_on_switch",
        "Save an edited slot when another pattern is loaded in its place, or not; or tell which it is.",
        (_ON,),
        "on",
    ),
    Command(
        "/project/gzip",
        "Write slots as .json.gz from their next save on, or as .json; or tell which it is. Both are always read.",
        (_ON,),
        "on",
    ),
)
