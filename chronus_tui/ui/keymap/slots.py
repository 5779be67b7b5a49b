"""The slots pane."""

from chronus_tui.ui import actions, chain_actions, slot_actions
from chronus_tui.ui.chain_actions import MORPH_STEP
from chronus_tui.ui.keymap.key import Key, Table

SLOTS = Table(
    "slots",
    keys=(
        Key(("enter",), "Enter", "Load the slot under the cursor.", actions.enter, hint="load"),
        Key(("left", "h"), "← h", "Go to the slot before.", actions.move(-1, 0)),
        Key(("right", "l"), "→ l", "Go to the next slot.", actions.move(1, 0)),
        Key(("up", "k"), "↑ k", "Go to the slot above.", actions.move(0, -1)),
        Key(("down", "j"), "↓ j", "Go to the slot below.", actions.move(0, 1)),
        Key(("pageup",), "PgUp", "Go 16 slots back.", actions.move_far(-1)),
        Key(("pagedown",), "PgDn", "Go 16 slots on.", actions.move_far(1)),
        Key(("home",), "Home", "Go to slot 1.", actions.move_end(-1)),
        Key(("end",), "End", "Go to slot 128.", actions.move_end(1)),
        Key((",",), ",", "Go to the bank before.", slot_actions.change_bank(-1)),
        Key((".",), ".", "Go to the next bank.", slot_actions.change_bank(1)),
        Key(("c",), "c", "Note the slot, to copy it elsewhere.", slot_actions.hold(cut=False)),
        Key(("x",), "x", "Note the slot, to move it elsewhere.", slot_actions.hold(cut=True)),
        Key(("v",), "v", "Copy or move the noted slot to the cursor.", slot_actions.paste),
        Key(("e",), "e", "Let the noted slot and this one change places.", slot_actions.swap),
        Key(("n",), "n", "Rename the slot.", opens="rename"),
        Key(("+", "="), "+ =", "Morph from the noted slot to this one.", chain_actions.change_morph(MORPH_STEP)),
        Key(("-",), "-", "Morph back towards the noted slot.", chain_actions.change_morph(-MORPH_STEP)),
        Key(("m",), "m", "Morph from the noted slot to this one in 4 bars.", chain_actions.morph_over),
        Key(("X",), "X", "Empty the slot; a backup is kept.", actions.clear),
        Key(("R",), "R", "Bring back what the slot held before.", slot_actions.restore),
        Key(("y",), "y", "Bring back one of all that the slot held.", slot_actions.backups),
        Key(("d",), "d", "Take what the slot's file holds now.", slot_actions.reload),
        Key(("i",), "i", "Take a MIDI file here, or an archive.", opens="take in"),
        Key(("E",), "E", "Write the slot, or the bank, to a file.", opens="write out"),
        Key(("A",), "A", "Save edited slots on a switch, or not.", slot_actions.toggle_save_on_switch),
        Key(("Z",), "Z", "Write slots compressed, or not.", slot_actions.toggle_gzip),
    ),
    hints="play, load, slot, save, record, undo, pane, leave, keys",
)
