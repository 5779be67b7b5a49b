"""The slots pane."""

from chronus_tui.ui.actions import chain, panes, slots
from chronus_tui.ui.actions.chain import MORPH_STEP
from chronus_tui.ui.keymap.key import Key, Table

SLOTS = Table(
    "slots",
    keys=(
        Key(("enter",), "Enter", "Load the slot under the cursor.", panes.enter, hint="load"),
        Key(("left", "h"), "← h", "Go to the slot before.", panes.move(-1, 0)),
        Key(("right", "l"), "→ l", "Go to the next slot.", panes.move(1, 0)),
        Key(("up", "k"), "↑ k", "Go to the slot above.", panes.move(0, -1)),
        Key(("down", "j"), "↓ j", "Go to the slot below.", panes.move(0, 1)),
        Key(("pageup",), "PgUp", "Go 16 slots back.", panes.move_far(-1)),
        Key(("pagedown",), "PgDn", "Go 16 slots on.", panes.move_far(1)),
        Key(("home",), "Home", "Go to slot 1.", panes.move_end(-1)),
        Key(("end",), "End", "Go to slot 128.", panes.move_end(1)),
        Key((",",), ",", "Go to the bank before.", slots.change_bank(-1)),
        Key((".",), ".", "Go to the next bank.", slots.change_bank(1)),
        Key(("c",), "c", "Note the slot, to copy it elsewhere.", slots.hold(cut=False)),
        Key(("x",), "x", "Note the slot, to move it elsewhere.", slots.hold(cut=True)),
        Key(("v",), "v", "Copy or move the noted slot to the cursor.", slots.paste),
        Key(("e",), "e", "Let the noted slot and this one change places.", slots.swap),
        Key(("n",), "n", "Rename the slot.", opens="rename"),
        Key(("+", "="), "+ =", "Morph from the noted slot to this one.", chain.change_morph(MORPH_STEP)),
        Key(("-",), "-", "Morph back towards the noted slot.", chain.change_morph(-MORPH_STEP)),
        Key(("m",), "m", "Morph from the noted slot to this one in 4 bars.", chain.morph_over),
        Key(("X",), "X", "Empty the slot; a backup is kept.", panes.clear),
        Key(("R",), "R", "Bring back what the slot held before.", slots.restore),
        Key(("y",), "y", "Bring back one of all that the slot held.", slots.backups),
        Key(("d",), "d", "Take what the slot's file holds now.", slots.reload),
        Key(("i",), "i", "Take a MIDI file here, or an archive.", opens="take in"),
        Key(("E",), "E", "Write the slot, or the bank, to a file.", opens="write out"),
        Key(("A",), "A", "Save edited slots on a switch, or not.", slots.toggle_save_on_switch),
        Key(("Z",), "Z", "Write slots compressed, or not.", slots.toggle_gzip),
    ),
    hints="play, load, slot, save, record, undo, pane, leave, keys",
)
