"""What a key of the table is, and a place's table of them."""

from typing import Literal

import msgspec

from chronus_tui.ui.actions.action import Action

Place = Literal[
    "everywhere",
    "tracks",
    "slots",
    "pages",
    "sound",
    "effects",
    "steps",
    "library",
    "find",
    "chain",
    "takes",
    "recorder",
    "piano",
]
Opens = Literal[
    "help",
    "palette",
    "leave",
    "rename",
    "value",
    "preset",
    "save preset",
    "clip",
    "lock",
    "euclid",
    "rename take",
    "restore take",
    "empty take trash",
    "save to library",
    "empty trash",
    "tag",
    "untag",
    "describe",
    "rename pattern",
    "chain entry",
    "chain bpm",
    "chain mute",
    "save chain",
    "load chain",
    "export",
    "write out",
    "take in",
    "many",
]


class Key(msgspec.Struct, frozen=True):
    """One line of a place's table.

    keys    any of these does it: characters, or Textual's names for those that have none
    shown   how people are told of them
    help    one sentence, as a command
    action  what it does, or None where it opens a page
    opens   the page it opens
    hint    the word for it in the line of hints, empty where it is not there
    """

    keys: tuple[str, ...]
    shown: str
    help: str
    action: Action | None = None
    opens: Opens | None = None
    hint: str = ""


class Table(msgspec.Struct, frozen=True):
    """The keys of one place.

    hints    the words of its line of hints, the most needed first, with commas between
    beyond   the place whose keys hold here as well, before those of everywhere
    kept     the keys of everywhere that hold here; None where all of them do
    letters  the key of this table that every other sign stands for too, but for those that are kept
    """

    place: Place
    keys: tuple[Key, ...]
    hints: str = ""
    beyond: Place | None = None
    kept: frozenset[str] | None = None
    letters: str | None = None
