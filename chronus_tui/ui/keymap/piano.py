"""While the keys are a piano."""

from chronus_tui.ui import piano_keys
from chronus_tui.ui.actions import piano
from chronus_tui.ui.keymap.key import Key, Table

PIANO = Table(
    "piano",
    keys=(
        Key(tuple(piano_keys.LOWER + piano_keys.UPPER), "z..m q..u", "Play a note.", piano.play_note, hint="notes"),
        Key(("left",), "←", "Go an octave down.", piano.move_octave(-1)),
        Key(("right",), "→", "Go an octave up.", piano.move_octave(1)),
        Key(("up",), "↑", "Play the track above.", piano.move_piano_track(-1)),
        Key(("down",), "↓", "Play the track below.", piano.move_piano_track(1)),
    ),
    hints="notes, play",
    kept=frozenset({"space", "escape", "tab", "shift+tab", "ctrl+p", "ctrl+q", "ctrl+c", "?"}),
)
