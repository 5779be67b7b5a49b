"""The step page: all that a track's steps have."""

from chronus_tui.ui import actions, page_actions, step_actions
from chronus_tui.ui.keymap.key import Key, Table
from store.limits import STEPS_MAX

STEPS = Table(
    "steps",
    keys=(
        Key(("left", "h"), "← h", "Go to the step before.", step_actions.move_step(-1)),
        Key(("right", "l"), "→ l", "Go to the next step.", step_actions.move_step(1)),
        Key(("up", "k"), "↑ k", "Go to the row above.", step_actions.move_lane(-1)),
        Key(("down", "j"), "↓ j", "Go to the row below.", step_actions.move_lane(1)),
        Key(("tab",), "Tab", "Go to the next beat.", step_actions.move_step(step_actions.BEAT)),
        Key(("shift+tab",), "S-Tab", "Go to the beat before.", step_actions.move_step(-step_actions.BEAT)),
        Key(("home",), "Home", "Go to the first step.", step_actions.move_step(-STEPS_MAX)),
        Key(("end",), "End", "Go to the last step.", step_actions.move_step(STEPS_MAX)),
        Key(("pageup",), "PgUp", "Go to the track before.", page_actions.other_track(-1)),
        Key(("pagedown",), "PgDn", "Go to the next track.", page_actions.other_track(1), hint="track"),
        Key(("-",), "-", "Turn it down by a step.", step_actions.turn(-1, "step"), hint="turn"),
        Key(("+", "="), "+ =", "Turn it up by a step.", step_actions.turn(1, "step"), hint="turn"),
        Key((",",), ",", "Turn it down a little.", step_actions.turn(-1, "fine"), hint="fine"),
        Key((".",), ".", "Turn it up a little.", step_actions.turn(1, "fine"), hint="fine"),
        Key(("<",), "<", "Turn it down a lot.", step_actions.turn(-1, "coarse"), hint="coarse"),
        Key((">",), ">", "Turn it up a lot.", step_actions.turn(1, "coarse"), hint="coarse"),
        Key(("d",), "d", "Give it its default; take a lock away.", step_actions.reset, hint="default"),
        Key(("v",), "v", "Type its value.", opens="value", hint="value"),
        Key(("n",), "n", "Lock a parameter on this step, by its name.", opens="lock", hint="lock"),
        Key(("enter",), "Enter", "Set or clear the step, or the lock.", step_actions.enter, hint="step"),
        Key(("a",), "a", "Accent the step, or not.", actions.toggle_accent, hint="accent"),
        Key(("t",), "t", "Tie the step to the note before, or not.", actions.toggle_tie, hint="tie"),
        Key(("[",), "[", "Rotate the track's steps to the left.", step_actions.rotate(-1), hint="rotate"),
        Key(("]",), "]", "Rotate the track's steps to the right.", step_actions.rotate(1), hint="rotate"),
        Key(("{",), "{", "Make the track one step shorter.", actions.change_length(-1)),
        Key(("}",), "}", "Make the track one step longer.", actions.change_length(1)),
        Key(("E",), "E", "Spread hits evenly over the steps: type how many.", opens="euclid", hint="euclid"),
        Key(("m",), "m", "Mute the track, or let it sound.", actions.toggle_mute),
        Key(("X",), "X", "Clear all steps of the track.", actions.clear),
        Key(("w",), "w", "Go back to the tracks.", page_actions.turn_to("steps"), hint="back"),
        Key(("e",), "e", "Show the track's sound.", page_actions.turn_to("sound"), hint="sound"),
    ),
    hints="turn, fine, step, lock, default, back, play, sound, euclid, rotate, accent, tie, value, track, coarse, keys",
)
