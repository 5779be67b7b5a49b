"""Long work for the disk's thread, in slices, so that saves and loads get their turn in between."""

import time
from collections.abc import Generator
from concurrent.futures import Future

from chronus_tui.engine.studio import Results, Studio
from chronus_tui.errors import ChronusError

SLICE_S = 0.03
TOLD_S = 0.25
"""How often progress is told at most."""


def in_slices(studio: Studio, what: str, steps: Generator[tuple[int, int], None, Results]) -> Future[Results]:
    """Go through `steps` on the disk's thread, each of which tells how many are done of how many.

    `/event/library_progress` with `what` and the two numbers is told now and then, and at the end.
    """
    done: Future[Results] = Future()
    told_s = time.monotonic()

    def slice_of_it() -> tuple[tuple[int, int] | None, Results]:
        ends_s = time.monotonic() + SLICE_S
        while True:
            try:
                progress = next(steps)
            except StopIteration as end:
                return None, end.value
            if time.monotonic() >= ends_s:
                return progress, ()

    def go_on(found: Future[tuple[tuple[int, int] | None, Results]]) -> None:
        nonlocal told_s
        try:
            progress, results = found.result()
        except ChronusError as error:
            done.set_exception(error)
            return
        if progress is None:
            done.set_result(results)
            return
        if time.monotonic() - told_s >= TOLD_S:
            told_s = time.monotonic()
            studio.tell("/event/library_progress", what, *progress)
        studio.afterwards(studio.disk.submit(slice_of_it), go_on)

    studio.afterwards(studio.disk.submit(slice_of_it), go_on)
    return done
