"""Finding patterns of the library: by genre, by tag, by time, and by a few letters of what one remembers.

A filter is one text of the form `key=value`:

    genre=techno    of this genre; of any of them where it is given several times
    tag=acid        with this tag; with all of them where it is given several times
    name=dub/deep   this very pattern; any of them where it is given several times
    text=dark bass  each word is found in the name, a tag, the genre, or what is said about it
    recent=10       the ten that were used or saved last, the latest first
    limit=100       no more than these
    from=101        without those that come before

All that are given hold together. A filter without a key is text. Case and accents do not count.

A word found in a field scores 8 where it is the whole field, 6 at its beginning, 4 at the beginning of one of its
words, 3 elsewhere, and 1 where its letters stand there in their order and close together (not in what is said
about it); times 4 for the name, 3 for a tag, 2 for the genre, 1 for what is said about it. The best field counts
for each word, and the sum puts the patterns in their order; those that score the same stand by name.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from store.errors import BadFilter
from store.library_entries import Entry

KEYS = ("genre", "tag", "name", "text", "recent", "limit", "from")

EVERY = "all"
"""Stands for filters where something is done to every pattern: that never follows from leaving something out."""

_WHOLE, _BEGINNING, _WORD, _ELSEWHERE, _LETTERS = 8, 6, 4, 3, 1
_SLACK = 2
"""Letters in their order count where they span no more than this times their number, and a little."""


@dataclass(frozen=True)
class Query:
    """What is looked for. Texts are folded; `recent` and `limit` are None for all; `start` counts from 1."""

    genres: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    recent: int | None = None
    limit: int | None = None
    start: int = 1


@dataclass
class _Filters:
    """Filters in the making: the values by key."""

    texts: dict[str, list[str]] = field(default_factory=lambda: {key: [] for key in ("genre", "tag", "name", "text")})
    numbers: dict[str, int] = field(default_factory=dict)


def query_of(filters: Iterable[str]) -> Query:
    """The query that filters make together. Raises BadFilter with a sentence."""
    found = _Filters()
    for text in filters:
        key, equals, value = text.partition("=")
        key = key.strip() if equals else "text"
        value = value.strip() if equals else text
        if key in found.texts:
            if not value.strip():
                raise BadFilter(f"The filter {text!r} has no value; write {key}=something, or leave it out.")
            found.texts[key].append(folded(value))
        elif key in KEYS:
            found.numbers[key] = _number(key, value)
        else:
            raise BadFilter(f"There is no filter {key[:40]!r}; there are {', '.join(KEYS)}.")
    texts = found.texts
    return Query(
        frozenset(texts["genre"]),
        frozenset(texts["tag"]),
        frozenset(texts["name"]),
        tuple(" ".join(texts["text"]).split()),
        found.numbers.get("recent"),
        found.numbers.get("limit"),
        found.numbers.get("from", 1),
    )


def batch_query(filters: Iterable[str]) -> Query:
    """The query that filters make, or "all" alone. Raises BadFilter with a sentence."""
    chosen = list(filters)
    return Query() if chosen == [EVERY] else query_of(chosen)


def _number(key: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value) > 0):
        raise BadFilter(f"The filter {key} takes a whole number from 1 on, not {value[:40]!r}.")
    return int(value)


def select(entries: Iterable[Entry], query: Query, used_s: Mapping[str, float]) -> list[Entry]:
    """The entries that `query` finds, in its order.

    used_s  when a pattern was last used, in seconds of Unix time, by its full name
    """
    found = list(entries)
    if query.genres:
        found = [entry for entry in found if _folded(entry.genre) in query.genres]
    if query.tags:
        found = [entry for entry in found if query.tags <= set(map(_folded, entry.tags))]
    if query.names:
        found = [entry for entry in found if {_folded(entry.name), _folded(entry.full_name)} & query.names]
    scores: dict[str, int] = {}
    if query.words:
        wanted = _letters("".join(query.words))
        for entry in found:
            fields = _fields_of(entry)
            if fields.letters & wanted == wanted and (score := _score(fields, query.words)):
                scores[entry.full_name] = score
        found = [entry for entry in found if entry.full_name in scores]
    if query.recent is not None:
        found.sort(key=lambda entry: -_last_s(entry, used_s))
        del found[query.recent :]
    elif scores:
        found.sort(key=lambda entry: (-scores[entry.full_name], entry.full_name))
    else:
        found.sort(key=lambda entry: entry.full_name)
    first = query.start - 1
    return found[first : None if query.limit is None else first + query.limit]


def _last_s(entry: Entry, used_s: Mapping[str, float]) -> float:
    """When a pattern was used or saved last; nobody here has saved what comes with Chronus."""
    saved_s = 0.0 if entry.factory else entry.modified_s
    return max(saved_s, used_s.get(entry.full_name, 0.0))


def folded(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class _Fields:
    """The texts of an entry, folded. To leave out quickly what cannot match, `joined` is all but `about`, and `letters`
    has a bit for each letter of all."""

    name: str
    genre: str
    tags: tuple[str, ...]
    about: str
    joined: str
    letters: int


_folded = lru_cache(maxsize=32_768)(folded)


_known: dict[str, tuple[Entry, _Fields]] = {}
"""The texts of the entries that were looked at last, by their full names. Entries stay the same from list to list where
their files do, so to look whether it is the same one costs less than to hash what it holds."""
_KNOWN_MAX = 32_768


def _fields_of(entry: Entry) -> _Fields:
    known = _known.get(entry.full_name)
    if known is not None and known[0] is entry:
        return known[1]
    genre, _, name = folded(entry.full_name).partition("/")
    tags = tuple(map(folded, entry.tags))
    about, joined = folded(entry.about), "\n".join((name, genre, *tags))
    if len(_known) >= _KNOWN_MAX:
        _known.clear()
    fields = _Fields(name, genre, tags, about, joined, _letters(joined + about))
    _known[entry.full_name] = entry, fields
    return fields


def _letters(text: str) -> int:
    """A bit for each letter of `text`; letters that share one are few, and found out later."""
    bits = 0
    for letter in set(text):
        bits |= 1 << (ord(letter) & 63)
    return bits


def _score(fields: _Fields, words: tuple[str, ...]) -> int:
    """The sum over the words; 0 where one of them is not found at all."""
    total = 0
    for word in words:
        best = _score_of_word(fields, word)
        if best == 0:
            return 0
        total += best
    return total


def _score_of_word(fields: _Fields, word: str) -> int:
    letters = _letters_in_order(word)
    in_about = _place(fields.about, word, None) if word in fields.about else 0
    if word not in fields.joined and letters.search(fields.joined) is None:
        return in_about
    best = max(4 * _place(fields.name, word, letters), in_about)
    for weight, texts in ((3, fields.tags), (2, (fields.genre,))):
        if best < weight * _WHOLE:
            best = max(best, *(weight * _place(text, word, letters) for text in texts), 0)
    return best


def _place(text: str, word: str, letters: re.Pattern[str] | None) -> int:
    """How well `word` is found in one field."""
    if word in text:
        if text == word:
            return _WHOLE
        if text.startswith(word):
            return _BEGINNING
        return _WORD if _beginning_of(word).search(text) else _ELSEWHERE
    if letters is None:
        return 0
    found = letters.search(text)
    return _LETTERS if found and len(found[0]) <= _SLACK * len(word) + _SLACK else 0


@lru_cache(maxsize=256)
def _beginning_of(word: str) -> re.Pattern[str]:
    """Finds `word` where one begins with it."""
    return re.compile(r"\b" + re.escape(word))


@lru_cache(maxsize=256)
def _letters_in_order(word: str) -> re.Pattern[str]:
    """Finds the letters of `word` in their order on one line."""
    return re.compile(".*?".join(map(re.escape, word)))
