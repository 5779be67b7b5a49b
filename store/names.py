"""Names that come from outside: a person types them, OSC brings them, and they become names of files.

A name is never a path. What passes here stays in its folder on every system a project may be carried to.
"""

import contextlib
import itertools
import re
import unicodedata
from collections.abc import Collection

from store.errors import BadName
from store.limits import NAME_MAX

_BYTES_MAX = 200
"""Bytes of a name: most file systems allow 255, endings and all."""

TAG_MAX = 40
"""Characters of a tag."""

WORDS_MAX = 500
"""Characters of what is said about a pattern."""

_SEPARATORS = frozenset("/\\:")
_WILD = frozenset('<>"|?*')
_JOINERS = frozenset("\u200c\u200d")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """`name` as it may name a file: without the spaces around it, composed the same on every system.

    Raises BadName where it is empty, longer than 100 characters (or 200 bytes), begins or ends with a dot,
    holds a separator, a control character or one that some system forbids, or is the name of a device.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    problem = _problem(plain)
    if problem:
        raise BadName(f"{_quoted(plain)} cannot be a name: {problem}.")
    return plain


def made_plain(text: str) -> str:
    """`text` on one line, composed, without what cannot be seen, and as long as a name at most."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    seen = "".join(letter for letter in line if not _unseen(letter))
    return seen[:NAME_MAX].encode()[:_BYTES_MAX].decode(errors="ignore").strip()


def made_safe(name: str) -> str:
    """`name` as `safe_name` lets it pass, with `_` for what may not be in it; empty where nothing else is left.

    For what must not fail because of its name: a take that begins now cannot begin again.
    """
    with contextlib.suppress(BadName):
        return safe_name(name)
    written = "".join("_" if letter in _SEPARATORS | _WILD else letter for letter in made_plain(name))
    bare = written.strip("._ ")
    return f"_{bare}"[:NAME_MAX].rstrip("._ ") if _DEVICE.fullmatch(bare) else bare


def genre_and_name(text: str) -> tuple[str, str]:
    """What "genre/name" says, or a name alone, whose genre is empty. Raises BadName where either cannot name a file."""
    genre, slash, name = text.rpartition("/")
    return safe_name(genre or text) if slash else "", safe_name(name)


def safe_tag(tag: str) -> str:
    """`tag` as a pattern may bear it and a filter find it: without the spaces around it, composed.

    Raises BadName where it is empty, longer than 40 characters, or holds = or a character that cannot be seen.
    """
    plain = unicodedata.normalize("NFC", tag).strip()
    if not plain or len(plain) > TAG_MAX or "=" in plain or _unseen(plain):
        raise BadName(
            f"{_quoted(plain)} cannot be a tag: it takes 1 to {TAG_MAX} characters that can be seen, and no =."
        )
    return plain


def safe_words(text: str) -> str:
    """`text` as what is said about a pattern: on one line, without the spaces around it, composed.

    Raises BadName where it is longer than 500 characters or holds one that cannot be seen.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if len(plain) > WORDS_MAX:
        raise BadName(f"The text has {len(plain)} characters, and at most {WORDS_MAX} fit.")
    if _unseen(plain):
        raise BadName(f"{_quoted(plain)} holds a character that cannot be seen.")
    return plain


def _problem(name: str) -> str:
    """What is wrong with `name`, or nothing."""
    if not name:
        return "it is empty"
    if len(name) > NAME_MAX:
        return f"it has {len(name)} characters, and at most {NAME_MAX} fit"
    if _unseen(name):
        return "it holds a character that cannot be seen"
    if name.startswith("."):
        return "it begins with a dot"
    if name.endswith("."):
        return "it ends with a dot"
    if _SEPARATORS & set(name):
        return "it holds / \\ or :, and a name is not a path"
    if _WILD & set(name):
        return 'it holds one of < > " | ? *'
    if _DEVICE.fullmatch(name):
        return "some systems keep it for a device"
    size = len(name.encode())
    return f"it takes {size} bytes, and at most {_BYTES_MAX} fit" if size > _BYTES_MAX else ""


def _quoted(text: str) -> str:
    """`text` as a sentence shows it: cut where it is long, and with the codes of what cannot be seen."""
    shown = text if len(text) <= NAME_MAX else text[: NAME_MAX // 2] + "..."
    return ascii(shown) if _unseen(shown) else repr(shown)


def _unseen(name: str) -> bool:
    return any(unicodedata.category(letter) in _UNSEEN and letter not in _JOINERS for letter in name)


def numbered(name: str, taken: Collection[str]) -> str:
    """`name`, or where that is taken, `name` with the first number from 2 on with which it is not."""
    names = itertools.chain([name], (f"{name} {number}" for number in itertools.count(2)))
    return next(each for each in names if each not in taken)
