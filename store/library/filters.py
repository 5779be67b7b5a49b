"""What a person says to find patterns of the library: by genre, by tag, by time, and by a few letters.

A filter is one text of the form `key=value`:

    genre=techno    of this genre; of any of them where it is given several times
    tag=acid        with this tag; with all of them where it is given several times
    name=dub/deep   this very pattern; any of them where it is given several times
    text=dark bass  each word is found in the name, a tag, the genre, or what is said about it
    recent=10       the ten that were used or saved last, the latest first
    limit=100       no more than these
    from=101        without those that come before

All that are given hold together. A filter without a key is text. Case and accents do not count.
Light to import, because the command table tells the keys.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from store.errors import BadFilter

TEXT_KEYS = ("genre", "tag", "name", "text")
KEYS = (*TEXT_KEYS, "recent", "limit", "from")

EVERY = "all"
"""Stands for filters where something is done to every pattern: that never follows from leaving something out."""


class Query(NamedTuple):
    """What is looked for. Texts are folded; `recent` and `limit` are None for all; `start` counts from 1."""

    genres: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    recent: int | None = None
    limit: int | None = None
    start: int = 1


def query_of(filters: Iterable[str]) -> Query:
    """The query that filters make together. Raises BadFilter with a sentence."""
    texts: dict[str, list[str]] = {key: [] for key in TEXT_KEYS}
    numbers: dict[str, int] = {}
    for text in filters:
        key, equals, value = text.partition("=")
        key = key.strip() if equals else "text"
        value = value.strip() if equals else text
        if key in texts:
            if not value.strip():
                raise BadFilter(f"The filter {text!r} has no value; write {key}=something, or leave it out.")
            texts[key].append(folded(value))
        elif key in KEYS:
            numbers[key] = _number(key, value)
        else:
            raise BadFilter(f"There is no filter {key[:40]!r}; there are {', '.join(KEYS)}.")
    return Query(
        frozenset(texts["genre"]),
        frozenset(texts["tag"]),
        frozenset(texts["name"]),
        tuple(" ".join(texts["text"]).split()),
        numbers.get("recent"),
        numbers.get("limit"),
        numbers.get("from", 1),
    )


def batch_query(filters: Iterable[str]) -> Query:
    """The query that filters make, or "all" alone. Raises BadFilter with a sentence."""
    chosen = list(filters)
    return Query() if chosen == [EVERY] else query_of(chosen)


def _number(key: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value) > 0):
        raise BadFilter(f"The filter {key} takes a whole number from 1 on, not {value[:40]!r}.")
    return int(value)


def folded(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
