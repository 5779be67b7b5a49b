"""What holds everywhere, but for letters and notes that are typed."""

from chronus_tui.ui.actions import entry, everywhere, library, pages, panes, piano, slots, takes
from chronus_tui.ui.keymap.key import Key, Table

EVERYWHERE = Table(
    "everywhere",
    keys=(
        Key(("space",), "Space", "Play, or stop.", everywhere.toggle_playing, hint="play"),
        Key(("r",), "r", "Record what is heard, or stop recording.", everywhere.toggle_recording, hint="record"),
        Key(
            ("P",),
            "P",
            "Prepare the recorder: when a take begins, its taps and files.",
            pages.turn_to("recorder"),
            hint="recorder",
        ),
        Key(("K",), "K", "Keep that: make a take of what was heard lately.", everywhere.grab, hint="keep"),
        Key(("T",), "T", "Show the record meter and the takes, or go back.", takes.turn_to_takes, hint="takes"),
        Key(("M",), "M", "Set a mark in the running take.", everywhere.mark),
        Key(tuple("0123456789"), "0-9", "Load a slot at the bar: type its number.", entry.digit, hint="slot"),
        Key(("!",), "! 0-9", "Load a slot at once: then type its number.", entry.begin_entry("load now")),
        Key(("@",), "@ 0-9", "Load a slot at the beat: then type its number.", entry.begin_entry("load at beat")),
        Key(
            ("$",),
            "$ 0-9",
            "Load a slot at the pattern's end: then type its number.",
            entry.begin_entry("load at end"),
        ),
        Key(("s",), "s 0-9", "Save to a slot: then type its number.", entry.begin_entry("save"), hint="save"),
        Key(("N",), "N", "Save to the first empty slot.", slots.save_free),
        Key(("B",), "B 0-9", "Go to a bank: then type its number.", entry.begin_entry("bank")),
        Key(("g",), "g", "Go back to the slot before, at the bar.", slots.back),
        Key(("escape",), "Esc", "Go back; forget the number typed, or the waiting load.", everywhere.escape),
        Key(("u",), "u", "Undo.", everywhere.undo, hint="undo"),
        Key(("U",), "U", "Redo.", everywhere.redo),
        Key(("tab", "shift+tab"), "Tab", "Go to the other pane.", panes.other_pane, hint="pane"),
        Key(("b",), "b", "Tap the tempo.", everywhere.tap),
        Key(("(",), "(", "Slow down by one beat a minute.", everywhere.change_bpm(-1.0)),
        Key((")",), ")", "Speed up by one beat a minute.", everywhere.change_bpm(1.0)),
        Key((";",), ";", "Swing less.", everywhere.change_swing(-0.05)),
        Key((":",), ":", "Swing more.", everywhere.change_swing(0.05)),
        Key(("F",), "F", "Hold the fill that steps wait for, or let it go.", everywhere.toggle_fill),
        Key(("p",), "p", "Make the keys a piano.", piano.toggle_piano),
        Key(("C",), "C", "Show the chain.", pages.turn_to("chain")),
        Key(("f",), "f", "Show the effects and the mixer.", pages.turn_to("effects"), hint="effects"),
        Key(("w",), "w", "Show all that the track's steps have.", pages.turn_to("steps"), hint="steps"),
        Key(("o",), "o", "Show the library, or go back from it.", library.turn_to_library, hint="library"),
        Key(("ctrl+p",), "Ctrl+P", "Find a command, a setting or a preset by its name.", opens="palette"),
        Key(("ctrl+q", "ctrl+c"), "Ctrl+Q", "Leave.", opens="leave", hint="leave"),
        Key(("?",), "?", "Show the keys.", opens="help", hint="keys"),
    ),
)
