"""The recorder page: how takes are made."""

from chronus_tui.ui.actions import pages
from chronus_tui.ui.keymap.key import Key, Table
from chronus_tui.ui.keymap.pages import TURNING

RECORDER = Table(
    "recorder",
    keys=(
        Key(("P",), "P", "Go back to the steps.", pages.turn_to("recorder"), hint="back"),
        Key(("enter",), "Enter", "Take the next choice; a tap: on or off.", pages.choose_next, hint="choose"),
        *TURNING,
    ),
    hints="turn, choose, value, record, back, takes, default, group, keep, play, fine, coarse, keys",
)
