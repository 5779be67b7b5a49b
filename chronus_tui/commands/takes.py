"""The takes that there are."""

from chronus_tui.commands.command import Command, number, text, whole

_TAKE = text("take")

TAKES: tuple[Command, ...] = (
    Command("/takes/list", "Tell the takes, the newest first, as JSON.", (), "json"),
    Command("/takes/rename", "Give a take another name.", (_TAKE, text("name")), "name"),
    Command(
        "/takes/play",
        "Play a take into the mix, from a moment on where told.",
        (_TAKE, number("from", 0, 1e6, "s", optional=True)),
    ),
    Command("/takes/stop", "Stop playing a take."),
    Command("/takes/delete", "Throw a take away; /takes/restore brings it back.", (_TAKE,)),
    Command("/takes/restore", "Bring back a take that was thrown away.", (_TAKE,), "name"),
    Command("/takes/trash", "Tell which takes were thrown away.", (), "names"),
    Command("/takes/empty_trash", "Delete for good the takes that were thrown away.", (), "count"),
    Command(
        "/takes/waveform",
        "Tell the peaks of a take, in so many columns.",
        (_TAKE, whole("columns", 1, 1000)),
        "peaks",
    ),
)
