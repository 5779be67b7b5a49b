"""The transport: play, stop, tempo."""

from chronus_tui.commands.command import Command, number, switch

TRANSPORT: tuple[Command, ...] = (
    Command("/transport/play", "Play from the first step."),
    Command("/transport/stop", "Stop; what sounds dies away."),
    Command("/transport/toggle", "Play where stopped, stop where playing."),
    Command("/transport/bpm", "Set the tempo.", (number("bpm", 20, 300, "beats a minute"),)),
    Command(
        "/transport/swing",
        "Set how late every second step comes, as a share of a step.",
        (number("swing", 0, 0.75),),
    ),
    Command("/transport/fill", "Hold the fill that steps may wait for, or let it go.", (switch("fill"),)),
    Command("/transport/tap", "Tap the tempo: it follows from the time between taps.", (), "bpm"),
)
