"""Where the patterns of a MIDI file are kept: in the library, under names that it does not have yet."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from store.documents import Pattern
from store.library.library import Library
from store.midi.steps import plain_name
from store.names import numbered

DEFAULT_NAME = "midi"


def save_new(library: Library, patterns: Iterable[Pattern]) -> list[tuple[str, Path]]:
    """Save each pattern under its name, or that with a number where the library has it already; the names and
    the files. Raises StoreError; what was saved until then stays."""
    taken = {name.partition("/")[2] for name in library.names()}
    saved = []
    for pattern in patterns:
        plain = plain_name(pattern.name) or DEFAULT_NAME
        name = numbered(plain, taken)
        taken.add(name)
        saved.append((name, library.write(replace(pattern, genre=plain_name(pattern.genre)), name)))
    return saved
