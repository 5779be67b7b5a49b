"""The chain page."""

from chronus_tui.ui.actions import chain, entry, pages
from chronus_tui.ui.keymap.key import Key, Table
from store.limits import CHAIN_MAX

CHAIN = Table(
    "chain",
    keys=(
        Key(("C",), "C", "Go back to the steps.", pages.turn_to("chain"), hint="back"),
        Key(("enter",), "Enter", "Play the chain from here.", chain.play, hint="play from here"),
        Key(("z",), "z", "Leave the chain; the pattern goes on.", chain.stop, hint="stop"),
        Key(("up", "k"), "↑ k", "Go to the entry above.", chain.move(-1)),
        Key(("down", "j"), "↓ j", "Go to the entry below.", chain.move(1)),
        Key(("home",), "Home", "Go to the first entry.", chain.move(-CHAIN_MAX)),
        Key(("end",), "End", "Go to the last entry.", chain.move(CHAIN_MAX)),
        Key(
            ("a",),
            "a 0-9",
            "Add a slot: type its number, or Enter.",
            entry.begin_entry("chain"),
            hint="add",
        ),
        Key(("n",), "n", "Let the entry be another slot.", opens="chain entry", hint="slot here"),
        Key(("left", "h"), "← h", "Play one round less.", chain.change_repeats(-1), hint="rounds"),
        Key(("right", "l"), "→ l", "Play one round more.", chain.change_repeats(1), hint="rounds"),
        Key(("<",), "<", "Move the entry up.", chain.carry(-1), hint="move"),
        Key((">",), ">", "Move the entry down.", chain.carry(1), hint="move"),
        Key(("t",), "t", "Give the entry a tempo of its own, or none.", opens="chain bpm", hint="tempo"),
        Key(("m",), "m", "Mute a track in the entry, or not.", opens="chain mute", hint="mute"),
        Key(("x",), "x", "Take the entry out.", chain.remove, hint="remove"),
        Key(("L",), "L", "Begin again at the end, or stop there.", chain.loop, hint="loop"),
        Key(("S",), "S", "Save the chain by name.", opens="save chain", hint="save chain"),
        Key(("v",), "v", "Load a chain: choose which.", opens="load chain", hint="load chain"),
    ),
    hints="play from here, stop, add, rounds, move, remove, mute, tempo, loop, slot here, "
    "save chain, load chain, back, keys",
)
