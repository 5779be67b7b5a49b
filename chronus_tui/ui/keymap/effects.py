"""The effects page: the effects and the mixer."""

from chronus_tui.ui import page_actions
from chronus_tui.ui.keymap.key import Key, Table

EFFECTS = Table(
    "effects",
    keys=(
        Key(("f",), "f", "Go back to the steps.", page_actions.turn_to("effects"), hint="back"),
        Key(("e",), "e", "Show the track's sound.", page_actions.turn_to("sound"), hint="sound"),
    ),
    hints="turn, fine, default, group, mute, play, back, coarse, value, track, record, hear, sound, keys",
    beyond="pages",
)
