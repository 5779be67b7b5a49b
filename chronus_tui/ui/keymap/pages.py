"""What the sound page and the effects page share; and what the recorder page has of it: how settings are turned."""

from chronus_tui.ui.actions import pages, tracks
from chronus_tui.ui.keymap.key import Key, Table

TURNING = (
    Key(("up", "k"), "↑ k", "Go to the setting above.", pages.choose(-1)),
    Key(("down", "j"), "↓ j", "Go to the setting below.", pages.choose(1)),
    Key(("tab",), "Tab", "Go to the next group, or column of the mixer.", pages.choose_group(1), hint="group"),
    Key(("shift+tab",), "S-Tab", "Go to the group or column before.", pages.choose_group(-1)),
    Key(("left", "h"), "← h", "Turn it down by a step.", pages.turn(-1, "step"), hint="turn"),
    Key(("right", "l"), "→ l", "Turn it up by a step.", pages.turn(1, "step"), hint="turn"),
    Key((",",), ",", "Turn it down a little.", pages.turn(-1, "fine"), hint="fine"),
    Key((".",), ".", "Turn it up a little.", pages.turn(1, "fine"), hint="fine"),
    Key(("<",), "<", "Turn it down a lot.", pages.turn(-1, "coarse"), hint="coarse"),
    Key((">",), ">", "Turn it up a lot.", pages.turn(1, "coarse"), hint="coarse"),
    Key(("d",), "d", "Give it its default.", pages.reset, hint="default"),
    Key(("v",), "v", "Type its value.", opens="value", hint="value"),
)

PAGES = Table(
    "pages",
    keys=(
        *TURNING,
        Key(("enter",), "Enter", "Hear the track; or take the number typed.", pages.enter, hint="hear"),
        Key(("m",), "m", "Mute the track, or let it sound.", tracks.toggle_mute, hint="mute"),
        Key(("O",), "O", "Solo the track, or not.", tracks.toggle_solo),
        Key(("pageup",), "PgUp", "Go to the track before.", pages.other_track(-1)),
        Key(("pagedown",), "PgDn", "Go to the next track.", pages.other_track(1), hint="track"),
    ),
)
