"""Every parameter of instruments, strips and effects."""

from chronus_tui.commands.command import Command, number

MODULES: tuple[Command, ...] = (
    Command(
        "/mod/{module}/{parameter}",
        "Set a parameter of a track's instrument, strip or LFO (lfo_depth), of an effect, or of lfo1 and lfo2.",
        (number("value"),),
    ),
)
