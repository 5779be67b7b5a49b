"""The effects page: the effects and the mixer."""

from chronus_tui.ui.actions import pages
from chronus_tui.ui.keymap.key import Key, Table

EFFECTS = Table(
    "effects",
    keys=(
        Key(("f",), "f", "Go back to the steps.", pages.turn_to("effects"), hint="back"),
        Key(("e",), "e", "Show the track's sound.", pages.turn_to("sound"), hint="sound"),
    ),
    hints="turn, fine, default, group, mute, play, back, coarse, value, track, record, hear, sound, keys",
    beyond="pages",
)
