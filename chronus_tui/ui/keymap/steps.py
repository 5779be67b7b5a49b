"""The step page: all that a track's steps have."""

from chronus_tui.ui.actions import pages, panes, steps, tracks
from chronus_tui.ui.keymap.key import Key, Table
from store.limits import STEPS_MAX

STEPS = Table(
    "steps",
    keys=(
        Key(("left", "h"), "← h", "Go to the step before.", steps.move_step(-1)),
        Key(("right", "l"), "→ l", "Go to the next step.", steps.move_step(1)),
        Key(("up", "k"), "↑ k", "Go to the row above.", steps.move_lane(-1)),
        Key(("down", "j"), "↓ j", "Go to the row below.", steps.move_lane(1)),
        Key(("tab",), "Tab", "Go to the next beat.", steps.move_step(steps.BEAT)),
        Key(("shift+tab",), "S-Tab", "Go to the beat before.", steps.move_step(-steps.BEAT)),
        Key(("home",), "Home", "Go to the first step.", steps.move_step(-STEPS_MAX)),
        Key(("end",), "End", "Go to the last step.", steps.move_step(STEPS_MAX)),
        Key(("pageup",), "PgUp", "Go to the track before.", pages.other_track(-1)),
        Key(("pagedown",), "PgDn", "Go to the next track.", pages.other_track(1), hint="track"),
        Key(("-",), "-", "Turn it down by a step.", steps.turn(-1, "step"), hint="turn"),
        Key(("+", "="), "+ =", "Turn it up by a step.", steps.turn(1, "step"), hint="turn"),
        Key((",",), ",", "Turn it down a little.", steps.turn(-1, "fine"), hint="fine"),
        Key((".",), ".", "Turn it up a little.", steps.turn(1, "fine"), hint="fine"),
        Key(("<",), "<", "Turn it down a lot.", steps.turn(-1, "coarse"), hint="coarse"),
        Key((">",), ">", "Turn it up a lot.", steps.turn(1, "coarse"), hint="coarse"),
        Key(("d",), "d", "Give it its default; take a lock away.", steps.reset, hint="default"),
        Key(("v",), "v", "Type its value.", opens="value", hint="value"),
        Key(("n",), "n", "Lock a parameter on this step, by its name.", opens="lock", hint="lock"),
        Key(("enter",), "Enter", "Set or clear the step, or the lock.", steps.enter, hint="step"),
        Key(("a",), "a", "Accent the step, or not.", tracks.toggle_accent, hint="accent"),
        Key(("t",), "t", "Tie the step to the note before, or not.", tracks.toggle_tie, hint="tie"),
        Key(("[",), "[", "Rotate the track's steps to the left.", steps.rotate(-1), hint="rotate"),
        Key(("]",), "]", "Rotate the track's steps to the right.", steps.rotate(1), hint="rotate"),
        Key(("{",), "{", "Make the track one step shorter.", tracks.change_length(-1)),
        Key(("}",), "}", "Make the track one step longer.", tracks.change_length(1)),
        Key(("E",), "E", "Spread hits evenly over the steps: type how many.", opens="euclid", hint="euclid"),
        Key(("m",), "m", "Mute the track, or let it sound.", tracks.toggle_mute),
        Key(("X",), "X", "Clear all steps of the track.", panes.clear),
        Key(("w",), "w", "Go back to the tracks.", pages.turn_to("steps"), hint="back"),
        Key(("e",), "e", "Show the track's sound.", pages.turn_to("sound"), hint="sound"),
    ),
    hints="turn, fine, step, lock, default, back, play, sound, euclid, rotate, accent, tie, value, track, coarse, keys",
)
