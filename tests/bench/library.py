"""How long the library takes to list and to search: 10,000 patterns, without an index and with one."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from blocks import full_pattern
from msgspec.structs import replace

from store.codec import encode_pattern
from store.library.filters import query_of
from store.library.library import Library

PATTERNS = 10_000
GENRES = ("acid", "ambient", "dub", "electro", "house", "jungle", "techno", "trance")
WORDS = ("night", "rain", "tin", "glass", "harbour", "robot", "slow", "light", "bus", "echo", "room")


def figures() -> Iterator[str]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # on the disk, not in memory
        project = Path(folder)
        fill(project / "patterns" / "library")
        size = sum(file.stat().st_size for file in project.rglob("*.json")) / 1e6

        def opened() -> Library:
            return Library(project / "patterns" / "library", runtime=project / ".chronus")

        library = opened()
        yield f"{PATTERNS} patterns of {size:.0f} MB, first list, no index: {_ms(library.names):.0f} ms"
        yield f"the list after that: {min(_ms(library.names) for _ in range(5)):.0f} ms"
        yield f"the first list of another process, with the index: {_ms(opened().names):.0f} ms"
        for filters in (
            ("genre=dub", "tag=dark"),
            ("recent=10",),
            ("text=n",),
            ("text=slw nght",),
            ("text=rain", "genre=acid"),
        ):
            query = query_of(filters)
            library.select(query)
            took = min(_ms(lambda query=query: library.select(query)) for _ in range(5))
            yield f"{' '.join(filters)}: {took:.0f} ms"


def fill(root: Path) -> None:
    """Write a library of patterns that are as full as they can be."""
    text = encode_pattern(replace(full_pattern(), name="NAME", genre="GENRE", tags=("TAG",)))
    for number in range(PATTERNS):
        genre, tag = GENRES[number % len(GENRES)], ("light", "dark")[number % 2]
        name = f"{WORDS[number % len(WORDS)]} {WORDS[number // 7 % len(WORDS)]} {number}"
        file = root / genre / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        named = text.replace(b"NAME", name.encode(), 1).replace(b"GENRE", genre.encode(), 1)
        file.write_bytes(named.replace(b"TAG", tag.encode(), 1))


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3
