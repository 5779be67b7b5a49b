"""The working pattern: its name, undo, and files that it is written to and read from."""

from chronus_tui.commands.command import WHEN, Command, text

PATTERNS: tuple[Command, ...] = (
    Command("/pattern/name", "Name the working pattern.", (text("name"),)),
    Command("/pattern/save_file", "Save the working pattern to the library.", (text("name"),), "path"),
    Command(
        "/pattern/load_file", "Load a pattern of the library, at the bar unless told otherwise.", (text("name"), WHEN)
    ),
    Command(
        "/pattern/export_midi",
        "Write the working pattern to patterns/export/NAME.mid; what was there is replaced.",
        (text("name"),),
        "path",
    ),
    Command(
        "/pattern/import_midi",
        "Load patterns/export/NAME.mid, at the bar unless told otherwise; of a long one the rest goes to the library.",
        (text("name"), WHEN),
        "patterns names told",
    ),
    Command("/pattern/list", "Tell which patterns are in the library.", (), "names"),
    Command("/pattern/undo", "Take back the last edit, load or change of slots."),
    Command("/pattern/redo", "Do again what was taken back."),
)
