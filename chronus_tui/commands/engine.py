"""The engine itself, and whoever listens to it."""

from chronus_tui.commands.command import Command, switch, whole

ENGINE: tuple[Command, ...] = (
    Command("/engine/status", "Tell all about the engine, as JSON.", (), "json"),
    Command("/engine/schema", "Tell every command and parameter, as JSON.", (), "json"),
    Command("/engine/quit", "End the engine: fade out, close a running take, save."),
    Command("/status", "Tell all about the engine, as JSON in /status.reply.", (), "json"),
    Command("/notify", "Send events to this sender from now on (1), or no longer (0).", (switch("on"),)),
    Command("/ping", "Show that a listener is still there."),
    Command(
        "/sync",
        "Answer /synced once all that was sent before has taken effect.",
        (whole("id", -(2**31), 2**31 - 1),),
        "id",
    ),
)
