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
from operator import attrgetter

import msgspec

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
    scores = _scores(found, query.words) if query.words else {}
    if query.words:
        found = [entry for entry in found if entry.full_name in scores]
    if query.recent is not None:
        found.sort(key=lambda entry: -_last_s(entry, used_s))
        del found[query.recent :]
    else:
        found.sort(key=_full_name)
        if scores:
            found.sort(key=lambda entry: scores[entry.full_name], reverse=True)  # keeps the order of what scores alike
    first = query.start - 1
    return found[first : None if query.limit is None else first + query.limit]


_full_name = attrgetter("full_name")


def _scores(entries: Iterable[Entry], words: Iterable[str]) -> dict[str, int]:
    """The score of each entry in which every word is found, by its full name."""
    wanted = _letters("".join(words))
    looked_for = [_Word(word).score for word in words]
    scores: dict[str, int] = {}
    for entry in entries:
        fields = _fields_of(entry)
        if fields.letters & wanted != wanted:
            continue
        total = 0
        for score_of in looked_for:
            score = score_of(fields)
            if score == 0:
                break
            total += score
        else:
            scores[entry.full_name] = total
    return scores


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


class _Fields(msgspec.Struct, frozen=True, gc=False):
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


_BITS = tuple(1 << (byte & 63) for byte in range(256))


def _letters(text: str) -> int:
    """A bit for each byte of `text`; those that share one are few, and found out later."""
    bits = 0
    for byte in set(text.encode()):
        bits |= _BITS[byte]
    return bits


class _Word:
    """One word that is looked for: how well an entry's texts hold it.

    Tags and genres are few, and the same for many entries, so what is found of it in one of them is remembered.
    """

    def __init__(self, word: str) -> None:
        self._word = word
        self._starts = re.compile(r"\b" + re.escape(word)).search
        self._in_order = re.compile(".*?".join(map(re.escape, word))).search if len(word) > 1 else None
        self._longest = _SLACK * len(word) + _SLACK
        self._common: dict[str, int] = {}

    def score(self, fields: _Fields) -> int:
        """The score of the best field; 0 where the word is found in none."""
        word, common = self._word, self._common
        best = self._place(fields.about) if word in fields.about else 0
        if word not in fields.joined and (self._in_order is None or self._in_order(fields.joined) is None):
            return best
        best = max(best, 4 * self._in(fields.name))
        for weight, texts in ((3, fields.tags), (2, (fields.genre,))):
            if best >= weight * _WHOLE:
                break
            for text in texts:
                place = common.get(text)
                if place is None:
                    place = common[text] = self._in(text)
                if weight * place > best:
                    best = weight * place
        return best

    def _in(self, text: str) -> int:
        """How well the word is found in a name, a tag or a genre."""
        if self._word in text:
            return self._place(text)
        if self._in_order is None:
            return 0
        found = self._in_order(text)
        return _LETTERS if found and len(found[0]) <= self._longest else 0

    def _place(self, text: str) -> int:
        """Where the word stands in a text that has it."""
        if text.startswith(self._word):
            return _WHOLE if text == self._word else _BEGINNING
        return _WORD if self._starts(text) else _ELSEWHERE
