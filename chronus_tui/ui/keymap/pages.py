"""What the sound page and the effects page share; and what the recorder page has of it: how settings are turned."""

from chronus_tui.ui import actions, page_actions
from chronus_tui.ui.keymap.key import Key, Table

TURNING = (
    Key(("up", "k"), "↑ k", "Go to the setting above.", page_actions.choose(-1)),
    Key(("down", "j"), "↓ j", "Go to the setting below.", page_actions.choose(1)),
    Key(("tab",), "Tab", "Go to the next group, or column of the mixer.", page_actions.choose_group(1), hint="group"),
    Key(("shift+tab",), "S-Tab", "Go to the group or column before.", page_actions.choose_group(-1)),
    Key(("left", "h"), "← h", "Turn it down by a step.", page_actions.turn(-1, "step"), hint="turn"),
    Key(("right", "l"), "→ l", "Turn it up by a step.", page_actions.turn(1, "step"), hint="turn"),
    Key((",",), ",", "Turn it down a little.", page_actions.turn(-1, "fine"), hint="fine"),
    Key((".",), ".", "Turn it up a little.", page_actions.turn(1, "fine"), hint="fine"),
    Key(("<",), "<", "Turn it down a lot.", page_actions.turn(-1, "coarse"), hint="coarse"),
    Key((">",), ">", "Turn it up a lot.", page_actions.turn(1, "coarse"), hint="coarse"),
    Key(("d",), "d", "Give it its default.", page_actions.reset, hint="default"),
    Key(("v",), "v", "Type its value.", opens="value", hint="value"),
)

PAGES = Table(
    "pages",
    keys=(
        *TURNING,
        Key(("enter",), "Enter", "Hear the track; or take the number typed.", page_actions.enter, hint="hear"),
        Key(("m",), "m", "Mute the track, or let it sound.", actions.toggle_mute, hint="mute"),
        Key(("O",), "O", "Solo the track, or not.", actions.toggle_solo),
        Key(("pageup",), "PgUp", "Go to the track before.", page_actions.other_track(-1)),
        Key(("pagedown",), "PgDn", "Go to the next track.", page_actions.other_track(1), hint="track"),
    ),
)
