"""Recording. Every command has two addresses."""

from chronus_tui.commands.command import Command, number, text, whole

_NAME = text("name", True)
_LEVEL = number("level", -100, 0, "dB")
_RECORD = (
    (
        "/start",
        "Start recording what is heard to a new take, and, where told, what was heard so many seconds before.",
        (_NAME, text("format", True), number("preroll", 0, 900, "s", optional=True)),
        "path",
    ),
    (
        "/stop",
        "Stop recording and close the take; or forget one that waits to begin.",
        (),
        "path seconds dropped clipped",
    ),
    (
        "/on_bar",
        "Start recording when the next bar begins, for so many bars where told; when stopped, when playing begins.",
        (whole("bars", 1, 100_000, optional=True), _NAME),
        "",
    ),
    ("/stop_on_bar", "Stop recording when the next bar begins.", (), ""),
    (
        "/count_in",
        "Click through so many bars, then start recording on the bar, for so many bars where told; plays when stopped.",
        (whole("clicked", 1, 16), whole("bars", 1, 100_000, optional=True), _NAME),
        "",
    ),
    (
        "/on_level",
        "Start recording when something is louder, and stop when nothing was for so long, where told.",
        (_LEVEL, number("silence", 0.1, 3600, "s", optional=True), _NAME),
        "",
    ),
    (
        "/grab",
        "Make a take of the last seconds that were heard, or of all that is kept in memory; nothing is interrupted.",
        (number("seconds", 0.1, 900, "s", optional=True), _NAME),
        "path",
    ),
    ("/mark", "Set a mark in the running take.", (_NAME,), ""),
    (
        "/format",
        "Set what takes become: wav16, wav24, wav32, aiff, flac, ogg or opus.",
        (text("format", True),),
        "format",
    ),
    (
        "/taps",
        'Set where the sound is taken: any of master, dry, mix and stems, such as "master stems".',
        (text("taps", True),),
        "taps",
    ),
    (
        "/keep",
        "Set how much of what was heard is always kept in memory.",
        (number("seconds", 10, 900, "s", optional=True),),
        "seconds",
    ),
    (
        "/preroll",
        "Set with how much of what was heard before it a take begins.",
        (number("seconds", 0, 900, "s", optional=True),),
        "seconds",
    ),
    (
        "/split",
        "Cut takes into files of so many seconds, or of so many megabytes at most; 0 for no such limit.",
        (number("seconds", 0, 86_400, "s", optional=True), number("megabytes", 0, 1e6, "MB", optional=True)),
        "seconds megabytes",
    ),
    ("/folder", 'Set where takes go; "default" is the project\'s own folder.', (text("path", True),), "path"),
    ("/status", "Tell about the running take.", (), "active path seconds frames dropped clipped"),
)

RECORD: tuple[Command, ...] = tuple(
    Command(prefix + end, text, arguments, reply)
    for prefix in ("/record", "/engine/record")
    for end, text, arguments, reply in _RECORD
)
