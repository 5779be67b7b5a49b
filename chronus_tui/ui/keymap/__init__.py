"""The key table: every key of the main screen once, with what it does and its sentence of help.

The screen's dispatch, the help page and the line of hints at the bottom are read from it; each file holds the keys
of one place. All of them reach us from a plain xterm over SSH; none needs to be held, and none needs to be let go.
"""

from chronus_tui.ui.keymap.chain import CHAIN
from chronus_tui.ui.keymap.effects import EFFECTS
from chronus_tui.ui.keymap.everywhere import EVERYWHERE
from chronus_tui.ui.keymap.find import FIND
from chronus_tui.ui.keymap.key import Key, Opens, Place, Table
from chronus_tui.ui.keymap.library import LIBRARY
from chronus_tui.ui.keymap.pages import PAGES
from chronus_tui.ui.keymap.piano import PIANO
from chronus_tui.ui.keymap.recorder import RECORDER
from chronus_tui.ui.keymap.slots import SLOTS
from chronus_tui.ui.keymap.sound import SOUND
from chronus_tui.ui.keymap.steps import STEPS
from chronus_tui.ui.keymap.takes import TAKES
from chronus_tui.ui.keymap.tracks import TRACKS

__all__ = ["TABLES", "Key", "Opens", "Place", "find", "hints", "keys_of"]

TABLES: dict[Place, Table] = {
    table.place: table
    for table in (EVERYWHERE, TRACKS, SLOTS, PAGES, SOUND, EFFECTS, STEPS, LIBRARY, FIND, CHAIN, TAKES, RECORDER, PIANO)
}
_FOUND: dict[Place, dict[str, Key]] = {
    place: {key: entry for entry in table.keys for key in entry.keys} for place, table in TABLES.items()
}


def find(key: str, place: Place) -> Key | None:
    """What `key` does at `place`, or None where it does nothing."""
    table = TABLES[place]
    if key in _FOUND[place]:
        return _FOUND[place][key]
    if table.beyond is not None and key in _FOUND[table.beyond]:
        return _FOUND[table.beyond][key]
    if table.kept is None or key in table.kept:
        return _FOUND["everywhere"].get(key)
    return _FOUND[place][table.letters] if table.letters is not None and len(key) == 1 else None


def keys_of(place: Place) -> tuple[Key, ...]:
    """The table's lines for one place."""
    return TABLES[place].keys


def hints(place: Place) -> tuple[tuple[str, str], ...]:
    """The keys to be told of at `place`, as (how it is shown, word for it), the most needed first.

    Two keys of one table with the same word are told of together, each by its first sign.
    """
    table = TABLES[place]
    words: dict[str, str] = {}
    for at in (EVERYWHERE, *([TABLES[table.beyond]] if table.beyond else []), table):
        own: dict[str, str] = {}
        for entry in at.keys:
            before = own.get(entry.hint)
            own[entry.hint] = f"{before.split()[0]} {entry.shown.split()[0]}" if before else entry.shown
        words |= own
    return tuple((words[word].removesuffix(" 0-9"), word) for word in table.hints.split(", ") if word)
