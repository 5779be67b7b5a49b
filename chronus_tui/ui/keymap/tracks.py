"""The tracks pane."""

from chronus_tui.ui import actions, page_actions
from chronus_tui.ui.keymap.key import Key, Table

TRACKS = Table(
    "tracks",
    keys=(
        Key(("enter",), "Enter", "Set the step, or clear it.", actions.enter, hint="step"),
        Key(("left", "h"), "← h", "Go to the step before.", actions.move(-1, 0)),
        Key(("right", "l"), "→ l", "Go to the next step.", actions.move(1, 0)),
        Key(("up", "k"), "↑ k", "Go to the track above.", actions.move(0, -1)),
        Key(("down", "j"), "↓ j", "Go to the track below.", actions.move(0, 1)),
        Key(("pageup",), "PgUp", "Go 16 steps back.", actions.move_far(-1)),
        Key(("pagedown",), "PgDn", "Go 16 steps on.", actions.move_far(1)),
        Key(("home",), "Home", "Go to the first step.", actions.move_end(-1)),
        Key(("end",), "End", "Go to the last step.", actions.move_end(1)),
        Key(("a",), "a", "Accent the step, or not.", actions.toggle_accent),
        Key(("t",), "t", "Tie the step to the note before, or not.", actions.toggle_tie),
        Key(("<",), "<", "Lower the step's note.", actions.change_note(-1)),
        Key((">",), ">", "Raise the step's note.", actions.change_note(1)),
        Key(("-",), "-", "Strike the step softer.", actions.change_velocity(-0.05)),
        Key(("+", "="), "+ =", "Strike the step harder.", actions.change_velocity(0.05)),
        Key(("m",), "m", "Mute the track, or let it sound.", actions.toggle_mute, hint="mute"),
        Key(("O",), "O", "Solo the track, or not.", actions.toggle_solo),
        Key(("[",), "[", "Turn the track down by 1 dB.", actions.change_gain(-1.0)),
        Key(("]",), "]", "Turn the track up by 1 dB.", actions.change_gain(1.0)),
        Key((",",), ",", "Move the track to the left.", actions.change_pan(-0.1)),
        Key((".",), ".", "Move the track to the right.", actions.change_pan(0.1)),
        Key(("{",), "{", "Make the track one step shorter.", actions.change_length(-1)),
        Key(("}",), "}", "Make the track one step longer.", actions.change_length(1)),
        Key(("i",), "i", "Give the track the next instrument.", actions.change_instrument(1)),
        Key(("I",), "I", "Give the track the instrument before.", actions.change_instrument(-1)),
        Key(("X",), "X", "Clear all steps of the track.", actions.clear),
        Key(("E",), "E", "Write the pattern, or the bank, to a file.", opens="write out"),
        Key(("e",), "e", "Show the track's sound.", page_actions.turn_to("sound"), hint="sound"),
    ),
    hints="play, step, slot, save, record, mute, undo, sound, steps, pane, leave, keys",
)
