"""While what the library is searched for is typed."""

from chronus_tui.ui.actions import library
from chronus_tui.ui.keymap.key import Key, Table

FIND = Table(
    "find",
    keys=(
        Key(("space",), "a..z 0..9", "Look for one letter more.", library.type_letter, hint="letters"),
        Key(("backspace",), "Backspace", "Look for one letter less.", library.take_letter_back),
        Key(("enter",), "Enter", "Keep what is looked for.", library.end_typing, hint="keep"),
        Key(("up",), "↑", "Go to the pattern above.", library.move(-1), hint="choose"),
        Key(("down",), "↓", "Go to the pattern below.", library.move(1), hint="choose"),
    ),
    hints="letters, choose, keep",
    kept=frozenset({"escape", "ctrl+p", "ctrl+q", "ctrl+c"}),
    letters="space",
)
