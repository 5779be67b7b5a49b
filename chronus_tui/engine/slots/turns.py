"""Commands about slots, one after another, even where one of them must read the disk first.

While a bank or a backup is read, every other command about slots waits, in its order: whoever says "bank 2" and
then "load 5" means slot 5 of bank 2, however fast it comes. The control thread itself waits for nothing.
"""

from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from typing import Any, TypeVar, cast

from chronus_tui.engine.studio import Call, Results, Studio, follow

Read = TypeVar("Read")
Decorated = TypeVar("Decorated", bound=Callable[..., "Results | Future[Results] | None"])


def read_first(
    studio: Studio,
    read: Callable[[], Read],
    take_up: Callable[[Read], "Results | Future[Results] | None"],
    rest_needs_it: bool = False,
) -> Future[Results]:
    """Read on the disk's thread, go on with `take_up` on the control thread, then with what waited meanwhile.

    rest_needs_it  whether what waited is refused where this fails
    """
    done: Future[Results] = Future()
    studio.slot_commands = []

    def finish(found: Future[Read]) -> None:
        failure: Exception | None = None
        waiting, studio.slot_commands = studio.slot_commands or [], None
        try:
            follow(done, take_up(found.result()))
        except Exception as error:  # noqa: BLE001  # handed on to whoever asked, and others wait behind
            failure = error
            done.set_exception(error)
        for go_on in waiting:
            go_on(failure if rest_needs_it else None)

    studio.afterwards(studio.disk.submit(read), finish)
    return done


def in_turn(act: Decorated) -> Decorated:
    """Let an action about slots wait for the one before it."""

    @wraps(act)
    def act_in_turn(studio: Studio, call: Call, *arguments: Any) -> "Results | Future[Results] | None":
        if studio.slot_commands is None:
            return act(studio, call, *arguments)
        done: Future[Results] = Future()

        def go_on(failure: Exception | None) -> None:
            try:
                if failure is not None:
                    raise failure
                follow(done, act_in_turn(studio, call, *arguments))
            except Exception as error:  # noqa: BLE001  # handed on to whoever asked
                done.set_exception(error)

        studio.slot_commands.append(go_on)
        return done

    return cast(Decorated, act_in_turn)
