"""The recorder and the takes."""

from chronus_tui.ui.actions import takes
from chronus_tui.ui.keymap.key import Key, Table

TAKES = Table(
    "takes",
    keys=(
        Key(("enter",), "Enter", "Play the take into the mix, or stop it.", takes.play, hint="hear"),
        Key(("up", "k"), "↑ k", "Go to the take above.", takes.move(-1)),
        Key(("down", "j"), "↓ j", "Go to the take below.", takes.move(1)),
        Key(("pageup",), "PgUp", "Go 16 takes up.", takes.move(-16)),
        Key(("pagedown",), "PgDn", "Go 16 takes down.", takes.move(16)),
        Key(("home",), "Home", "Go to the newest take.", takes.move(-100000)),
        Key(("end",), "End", "Go to the oldest take.", takes.move(100000)),
        Key(("b",), "b", "Record from the next bar on, or until it.", takes.record_on_bar, hint="on the bar"),
        Key(("c",), "c", "Click through the count-in, then record.", takes.count_in, hint="count in"),
        Key(("v",), "v", "Draw the take's waveform.", takes.show_waveform, hint="waveform"),
        Key(("i",), "i", "Look for faults in the take; or cancel that.", takes.examine("check"), hint="check"),
        Key(
            ("a",),
            "a",
            "Make the take again, to prove it; or cancel that.",
            takes.examine("replay"),
            hint="prove",
        ),
        Key((".",), ".", "Go to the next fault that was found.", takes.go_to_fault(1)),
        Key((",",), ",", "Go to the fault before.", takes.go_to_fault(-1)),
        Key(("h",), "h", "Hear the fault, from a second before it.", takes.hear_fault),
        Key(("n",), "n", "Rename the take.", opens="rename take", hint="rename"),
        Key(("X",), "X", "Throw the take away.", takes.delete, hint="delete"),
        Key(("R",), "R", "Bring back a take that was thrown away.", opens="restore take"),
        Key(("E",), "E", "Empty the trash, after a question.", opens="empty take trash"),
    ),
    hints="hear, waveform, check, prove, record, recorder, rename, delete, keep, on the bar, count in, takes, keys",
)
