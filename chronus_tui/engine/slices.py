"""Long work for the disk's thread, in slices, so that saves and loads get their turn in between."""

import time
from collections.abc import Generator
from concurrent.futures import Future

from chronus_tui.engine.studio import Results, Studio

SLICE_S = 0.03


def in_slices(studio: Studio, what: str, steps: Generator[tuple[int, int], None, Results]) -> Future[Results]:
    """Go through `steps` on the disk's thread, each of which tells how many are done of how many.

    It is the studio's work, `what`, until its end. Raises CommandRefused where other work is under way.
    """
    work = studio.works.begin(what)
    done: Future[Results] = Future()

    def slice_of_it() -> tuple[tuple[int, int] | None, Results]:
        ends_s = time.monotonic() + SLICE_S
        while True:
            try:
                progress = next(steps)
            except StopIteration as end:
                return None, end.value
            if work.cancelled or time.monotonic() >= ends_s:
                return progress, ()

    def go_on(found: Future[tuple[tuple[int, int] | None, Results]]) -> None:
        error = found.exception()
        if error is not None:
            studio.works.end()
            done.set_exception(error)
            return
        progress, results = found.result()
        if progress is None:
            studio.works.end()
            done.set_result(results)
            return
        work.go_on(*progress)
        if work.cancelled:
            studio.afterwards(studio.disk.submit(steps.close), cancelled)
        else:
            studio.afterwards(studio.disk.submit(slice_of_it), go_on)

    def cancelled(_: Future[None]) -> None:
        studio.works.end()
        done.set_exception(work.refusal())

    studio.afterwards(studio.disk.submit(slice_of_it), go_on)
    return done
