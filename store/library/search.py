"""Finding the patterns of the library that filters ask for, see `filters`, and putting them in order.

A word found in a field scores 8 where it is the whole field, 6 at its beginning, 4 at the beginning of one of its
words, 3 elsewhere, and 1 where its letters stand there in their order and close together (not in what is said
about it); times 4 for the name, 3 for a tag, 2 for the genre, 1 for what is said about it. The best field counts
for each word, and the sum puts the patterns in their order; those that score the same stand by name.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter

import msgspec

from store.library.entries import Entry
from store.library.filters import Query, folded

_WHOLE, _BEGINNING, _WORD, _ELSEWHERE, _LETTERS = 8, 6, 4, 3, 1
_SLACK = 2
"""Letters in their order count where they span no more than this times their number, and a little."""


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
