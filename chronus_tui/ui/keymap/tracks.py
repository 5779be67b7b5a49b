"""The tracks pane."""

from chronus_tui.ui.actions import pages, panes, tracks
from chronus_tui.ui.keymap.key import Key, Table

TRACKS = Table(
    "tracks",
    keys=(
        Key(("enter",), "Enter", "Set the step, or clear it.", panes.enter, hint="step"),
        Key(("left", "h"), "← h", "Go to the step before.", panes.move(-1, 0)),
        Key(("right", "l"), "→ l", "Go to the next step.", panes.move(1, 0)),
        Key(("up", "k"), "↑ k", "Go to the track above.", panes.move(0, -1)),
        Key(("down", "j"), "↓ j", "Go to the track below.", panes.move(0, 1)),
        Key(("pageup",), "PgUp", "Go 16 steps back.", panes.move_far(-1)),
        Key(("pagedown",), "PgDn", "Go 16 steps on.", panes.move_far(1)),
        Key(("home",), "Home", "Go to the first step.", panes.move_end(-1)),
        Key(("end",), "End", "Go to the last step.", panes.move_end(1)),
        Key(("a",), "a", "Accent the step, or not.", tracks.toggle_accent),
        Key(("t",), "t", "Tie the step to the note before, or not.", tracks.toggle_tie),
        Key(("<",), "<", "Lower the step's note.", tracks.change_note(-1)),
        Key((">",), ">", "Raise the step's note.", tracks.change_note(1)),
        Key(("-",), "-", "Strike the step softer.", tracks.change_velocity(-0.05)),
        Key(("+", "="), "+ =", "Strike the step harder.", tracks.change_velocity(0.05)),
        Key(("m",), "m", "Mute the track, or let it sound.", tracks.toggle_mute, hint="mute"),
        Key(("O",), "O", "Solo the track, or not.", tracks.toggle_solo),
        Key(("[",), "[", "Turn the track down by 1 dB.", tracks.change_gain(-1.0)),
        Key(("]",), "]", "Turn the track up by 1 dB.", tracks.change_gain(1.0)),
        Key((",",), ",", "Move the track to the left.", tracks.change_pan(-0.1)),
        Key((".",), ".", "Move the track to the right.", tracks.change_pan(0.1)),
        Key(("{",), "{", "Make the track one step shorter.", tracks.change_length(-1)),
        Key(("}",), "}", "Make the track one step longer.", tracks.change_length(1)),
        Key(("i",), "i", "Give the track the next instrument.", tracks.change_instrument(1)),
        Key(("I",), "I", "Give the track the instrument before.", tracks.change_instrument(-1)),
        Key(("X",), "X", "Clear all steps of the track.", panes.clear),
        Key(("E",), "E", "Write the pattern, or the bank, to a file.", opens="write out"),
        Key(("e",), "e", "Show the track's sound.", pages.turn_to("sound"), hint="sound"),
    ),
    hints="play, step, slot, save, record, mute, undo, sound, steps, pane, leave, keys",
)
