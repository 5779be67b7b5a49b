"""Every parameter of instruments, strips and effects."""

from chronus_tui.commands.command import Command, number

MODULES: tuple[Command, ...] = (
    Command(
        "/mod/{module}/{parameter}",
        "Set a parameter of a track's instrument, its sends, or an effect.",
        (number("value"),),
    ),
)
