"""While the keys are a piano."""

from chronus_tui.ui import actions, piano
from chronus_tui.ui.keymap.key import Key, Table

PIANO = Table(
    "piano",
    keys=(
        Key(tuple(piano.LOWER + piano.UPPER), "z..m q..u", "Play a note.", actions.play_note, hint="notes"),
        Key(("left",), "←", "Go an octave down.", actions.move_octave(-1)),
        Key(("right",), "→", "Go an octave up.", actions.move_octave(1)),
        Key(("up",), "↑", "Play the track above.", actions.move_piano_track(-1)),
        Key(("down",), "↓", "Play the track below.", actions.move_piano_track(1)),
    ),
    hints="notes, play",
    kept=frozenset({"space", "escape", "tab", "shift+tab", "ctrl+p", "ctrl+q", "ctrl+c", "?"}),
)
