"""The library."""

from chronus_tui.ui.actions import library
from chronus_tui.ui.keymap.key import Key, Table
from chronus_tui.ui.library_page import LIMIT

LIBRARY = Table(
    "library",
    keys=(
        Key(
            ("enter",),
            "Enter",
            "Load it at the bar; out of the trash bring it back.",
            library.load,
            hint="load",
        ),
        Key(("a",), "a", "Hear it from the next bar on, or come back.", library.audition, hint="hear"),
        Key(("/",), "/", "Type what to look for.", library.find, hint="find"),
        Key(("tab",), "Tab", "Look among others: favourites, recent ...", library.other_view(1), hint="view"),
        Key(("shift+tab",), "S-Tab", "Look among those before.", library.other_view(-1)),
        Key(("up", "k"), "↑ k", "Go to the pattern above.", library.move(-1)),
        Key(("down", "j"), "↓ j", "Go to the pattern below.", library.move(1)),
        Key(("pageup",), "PgUp", "Go 16 patterns up.", library.move(-16)),
        Key(("pagedown",), "PgDn", "Go 16 patterns down.", library.move(16)),
        Key(("home",), "Home", "Go to the first pattern.", library.move(-LIMIT)),
        Key(("end",), "End", "Go to the last pattern.", library.move(LIMIT)),
        Key(("*",), "*", "Make it a favourite, or not.", library.favour, hint="favourite"),
        Key(("t",), "t", "Give it a tag.", opens="tag", hint="tag"),
        Key(("-",), "-", "Take a tag from it.", opens="untag"),
        Key(("n",), "n", "Rename it.", opens="rename pattern", hint="rename"),
        Key(("e",), "e", "Describe it.", opens="describe"),
        Key(("m",), "m", "Make it a template, or not.", library.make_template),
        Key(("X",), "X", "Move it to the trash.", library.delete, hint="delete"),
        Key(("u",), "u", "Undo the last change of the library.", library.undo, hint="undo"),
        Key(("U",), "U", "Redo it.", library.redo),
        Key(("R",), "R", "Bring back what it was before its last change.", library.restore),
        Key(("E",), "E", "Empty the trash, after a question.", opens="empty trash"),
        Key(("S",), "S", "Save the working pattern to the library.", opens="save to library"),
        Key(("v",), "v", "Mark it, or no longer; t, - and x then act on all that are marked.", library.mark),
        Key(("V",), "V", "Mark all that are listed; where any are marked, none.", library.mark_all),
        Key(("d",), "d", "Do something to the marked, or else the listed: choose what.", opens="many", hint="many"),
        Key(("x",), "x", "Write those that are marked, or else listed, to an archive.", opens="export"),
        Key(("i",), "i", "Take a MIDI file, or an archive.", opens="take in"),
    ),
    hints="load, hear, find, view, favourite, tag, many, rename, delete, undo, play, library, keys",
)
