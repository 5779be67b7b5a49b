"""What the library page knows: what is looked for, what was found, and where the cursor is.

No input, no output: the page's keys change it, the engine's answers fill it, `render/library` shows it.
"""

import shlex
from typing import Any, Literal

import msgspec

from store.documents import Number
from store.library.filters import EVERY, KEYS
from store.library.tags import FAVOURITE, TEMPLATE

View = Literal["all", "favourites", "recent", "templates", "trash"]
VIEWS: tuple[View, ...] = ("all", "favourites", "recent", "templates", "trash")
FILTERS_OF: dict[View, tuple[str, ...]] = {
    "favourites": (f"tag={FAVOURITE}",),
    "recent": ("recent=50",),
    "templates": (f"tag={TEMPLATE}",),
}
BROWSE, TRASH = "/library/browse", "/library/trash"
LIMIT = 1000
"""Patterns that are shown at once; who has more looks for something."""
_TIME = len("2026-11-21 21:00:00")


class Listed(msgspec.Struct, frozen=True):
    """One line of the page: a pattern of the library, or one in the trash since the time `deleted`."""

    name: str
    genre: str
    tags: tuple[str, ...] = ()
    about: str = ""
    bpm: Number = 0.0
    factory: bool = False
    problem: str = ""
    deleted: str = ""

    @property
    def full_name(self) -> str:
        """Genre and name."""
        return f"{self.genre}/{self.name}"


class _Answer(msgspec.Struct, frozen=True):
    """What /library/browse answers."""

    found: int
    of: int
    patterns: tuple[Listed, ...]


class Browser(msgspec.Struct):
    """The page's state.

    view    which patterns are looked among
    typed   what is looked for, as it was typed
    typing  whether keys are letters of it
    rows    what was found, as far as it is shown
    found   how many were found, `of` how many there are
    told    whether the engine has told what there is in this view
    place   index of the row that the cursor is on
    marked  the full names of patterns that something is to be done to, in whatever view they are
    """

    view: View = "all"
    typed: str = ""
    typing: bool = False
    rows: tuple[Listed, ...] = ()
    found: int = 0
    of: int = 0
    told: bool = False
    place: int = 0
    marked: set[str] = msgspec.field(default_factory=set)

    @property
    def current(self) -> Listed | None:
        """The pattern that the cursor is on."""
        return self.rows[self.place] if self.place < len(self.rows) else None

    def question(self) -> tuple[str, tuple[str, ...]]:
        """The command, and its arguments, that tells what the page shows."""
        if self.view == "trash":
            return TRASH, ()
        return BROWSE, (*self.filters(), f"limit={LIMIT}")

    def filters(self) -> tuple[str, ...]:
        """The filters that the view and what was typed make. A filter that has no value yet is left out."""
        words, filters = [], []
        for word in self.typed.split():
            key, equals, value = word.partition("=")
            if not equals:
                words.append(word)
            elif value:
                filters.append(word if key in KEYS else f"text={word}")
        text = [f"text={' '.join(words)}"] if words else []
        return (*FILTERS_OF.get(self.view, ()), *text, *filters)

    def chosen(self) -> tuple[str, ...]:
        """The filters that find the marked patterns; where none is marked, all that are listed."""
        if self.marked:
            return tuple(f"name={name}" for name in sorted(self.marked))
        return self.filters() or (EVERY,)

    def take(self, address: str, results: tuple[Any, ...]) -> None:
        """Take the answer to `question`. The cursor stays on its pattern where that is still there.

        Raises msgspec.DecodeError where an engine of another version answers something else.
        """
        before, self.told = self.current, True
        if address == TRASH:
            self.rows = tuple(_trashed(str(line)) for line in results)
            words = self.typed.casefold().split()
            self.of = len(self.rows)
            self.rows = tuple(row for row in self.rows if all(word in row.full_name.casefold() for word in words))
            self.found = len(self.rows)
        else:
            answer = msgspec.json.decode(results[0], type=_Answer)
            self.rows, self.found, self.of = answer.patterns, answer.found, answer.of
        names = [row.full_name for row in self.rows]
        if before is not None and before.full_name in names and not self.typing:
            self.place = names.index(before.full_name)
        self.place = min(self.place, max(0, len(self.rows) - 1))

    def type(self, letter: str) -> None:
        """Look for one letter more; what is found best is under the cursor."""
        self.typed += letter
        self.place = 0

    def move(self, by: int) -> None:
        """Go `by` rows down, as far as there are any."""
        self.place = min(max(0, self.place + by), max(0, len(self.rows) - 1))

    def turn_to(self, by: int) -> None:
        """Look among others."""
        self.view = VIEWS[(VIEWS.index(self.view) + by) % len(VIEWS)]
        self.rows, self.place, self.told = (), 0, False


def _trashed(line: str) -> Listed:
    genre, _, name = line[_TIME + 1 :].partition("/")
    return Listed(name, genre, deleted=line[:_TIME])


def before_text(*words: str) -> str:
    """Words as a prompt begins with them whose last argument is text, the last of them: it stands there as it is where
    that is read again."""
    *first, text = words
    try:
        plain = " ".join(shlex.split(text)) == text
    except ValueError:  # it holds a quotation mark
        plain = False
    return quoted(*first) + (text if plain else shlex.quote(text))


def quoted(*words: str) -> str:
    """Words as a prompt begins with them, ready for the next one."""
    return " ".join([*map(shlex.quote, words), ""])
