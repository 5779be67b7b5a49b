"""The recorder page: how takes are made."""

from chronus_tui.ui import page_actions
from chronus_tui.ui.keymap.key import Key, Table
from chronus_tui.ui.keymap.pages import TURNING

RECORDER = Table(
    "recorder",
    keys=(
        Key(("P",), "P", "Go back to the steps.", page_actions.turn_to("recorder"), hint="back"),
        Key(("enter",), "Enter", "Take the next choice; a tap: on or off.", page_actions.choose_next, hint="choose"),
        *TURNING,
    ),
    hints="turn, choose, value, record, back, takes, default, group, keep, play, fine, coarse, keys",
)
