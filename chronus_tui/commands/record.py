"""Recording. Every command has two addresses."""

from chronus_tui.commands.command import Argument, Command, number, text, whole

_NAME = text("name", True)
_LEVEL = number("level", -100, 0, "dB", optional=True)
_SILENCE = number("silence", 0, 3600, "s", optional=True)
_BARS = whole("bars", 0, 100_000, optional=True)
_CLICKED = whole("clicked", 1, 16, optional=True)
WHEN = ("now", "bar", "count_in", "level")
FORMATS = ("wav16", "wav24", "wav32", "aiff", "flac", "ogg", "opus")
TAPS = ("master", "dry", "mix", "stems")
_RECORD = (
    (
        "/start",
        "Start recording what is heard to a new take, and, where told, what was heard so many seconds before.",
        (_NAME, text("format", True), number("preroll", 0, 900, "s", optional=True)),
        "path",
    ),
    (
        "/toggle",
        "Record as /record/when says, or stop: what the r key does. Answers as they do.",
        (),
        "path seconds dropped clipped",
    ),
    (
        "/stop",
        "Stop recording and close the take; or forget one that waits to begin.",
        (),
        "path seconds dropped clipped",
    ),
    (
        "/on_bar",
        "Start recording when the next bar begins, for as many bars as are told or set; when stopped, when playing "
        "begins.",
        (_BARS, _NAME),
        "",
    ),
    ("/stop_on_bar", "Stop recording when the next bar begins.", (), ""),
    (
        "/count_in",
        "Click through as many bars as are told or set, then start recording on the bar; plays when stopped.",
        (_CLICKED, _BARS, _NAME),
        "",
    ),
    (
        "/on_level",
        "Start recording when something is louder, and stop when nothing was for as long as is told or set.",
        (_LEVEL, _SILENCE, _NAME),
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
        f"Set what takes become: {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.",
        (text("format", True),),
        "format",
    ),
    (
        "/taps",
        f'Set where the sound is taken: any of {", ".join(TAPS[:-1])} and {TAPS[-1]}, such as "master stems".',
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
        "Cut takes into files of so many seconds, and of so many megabytes at most; 0 for no such limit.",
        (number("seconds", 0, 86_400, "s", optional=True), number("megabytes", 0, 1e6, "MB", optional=True)),
        "seconds megabytes",
    ),
    (
        "/when",
        "Set when r and /record/toggle begin a take: now, on the bar, after a count_in, or at a level.",
        (Argument("when", "choice", choices=WHEN, optional=True),),
        "when",
    ),
    ("/bars", "Set how many bars a take lasts that begins on the bar; 0 for until it is stopped.", (_BARS,), "bars"),
    ("/clicks", "Set through how many bars a count-in clicks.", (_CLICKED,), "clicked"),
    (
        "/level",
        "Set what begins a take that waits for a sound, and after how much silence it ends; 0 for never.",
        (_LEVEL, _SILENCE),
        "level silence",
    ),
    ("/folder", 'Set where takes go; "default" is the project\'s own folder.', (text("path", True),), "path"),
    (
        "/check",
        "Look for faults in a take, or in the newest one, beside the sound; /event/take_checked tells what was found.",
        (text("take", True),),
        "take",
    ),
    (
        "/replay",
        "Make a take, or the newest one, again beside the sound, to prove that it is what was played; "
        "/event/take_replayed tells.",
        (text("take", True),),
        "take",
    ),
    ("/cancel", "Cancel the check or the replay that is under way; a running take goes on.", (), "take"),
    ("/verdict", "Tell what the last check and the last replay of a take found, as JSON.", (), "json"),
    ("/status", "Tell about the running take.", (), "active path seconds frames dropped clipped"),
)

RECORD: tuple[Command, ...] = tuple(
    Command(prefix + end, text, arguments, reply)
    for prefix in ("/record", "/engine/record")
    for end, text, arguments, reply in _RECORD
)
