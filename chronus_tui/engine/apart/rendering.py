"""Rendering many patterns of the library."""

from collections.abc import Callable
from pathlib import Path

from chronus_tui.engine.apart.questions import RenderEach
from chronus_tui.engine.factory import library_of
from chronus_tui.engine.kernel_cache import use_kernel_cache
from store.library.batch import Batch
from store.library.filters import Query, folded


def render_named(question: RenderEach, go_on: Callable[[int, int], None]) -> Batch:
    """Render the patterns, and tell after each how many are done. Raises ChronusError."""
    use_kernel_cache()
    from chronus_tui.engine.offline.renderer import render_each

    project = Path(question.project)
    library = library_of(project)
    entries = library.select(Query(names=frozenset(map(folded, question.names))))
    steps = render_each(library, entries, project, Path(question.folder), question.bars, question.tail_s, question.rate)
    while True:
        try:
            go_on(*next(steps))
        except StopIteration as end:
            go_on(len(entries), len(entries))
            made: Batch = end.value
            return made
