"""Undo and redo over whole documents: cheap, because documents share what did not change."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Moment = TypeVar("Moment")

MERGE_S = 0.7
"""Edits of one knob that follow each other this closely are taken back as one."""


class History(Generic[Moment]):
    """What was, and what was taken back.

    past      what undo comes back to, the oldest first
    future    what redo comes to, the farthest first
    revision  goes up whenever undo or redo would come to something else
    limit     moments that are kept; the oldest go first
    """

    def __init__(
        self, past: Iterable[Moment] = (), future: Iterable[Moment] = (), revision: int = 0, limit: int = 500
    ) -> None:
        self._limit = limit
        self._past: list[Moment] = list(past)
        self._future: list[Moment] = list(future)
        self.revision = revision
        self._key = ""
        self._at_s = 0.0

    def record(self, before: Moment, key: str = "", now_s: float = 0.0) -> None:
        """Keep the moment before a change. Changes of one non-empty `key` in quick succession are one."""
        merged = bool(key) and key == self._key and now_s - self._at_s < MERGE_S and bool(self._past)
        self._key, self._at_s = key, now_s
        self._future.clear()
        if not merged:
            self.revision += 1
            self._past.append(before)
            del self._past[: -self._limit]

    @property
    def past(self) -> tuple[Moment, ...]:
        """What undo comes back to, the oldest first."""
        return tuple(self._past)

    @property
    def future(self) -> tuple[Moment, ...]:
        """What redo comes to, the farthest first."""
        return tuple(self._future)

    def undo(self, now: Moment) -> Moment | None:
        """The moment before the last change, or None where there is none; `now` can be had again."""
        return self._move(self._past, self._future, now)

    def redo(self, now: Moment) -> Moment | None:
        """The moment that was last taken back, or None."""
        return self._move(self._future, self._past, now)

    def forget(self, moment: Moment, without: Callable[[Moment], Moment]) -> None:
        """Let a moment be neither undone to nor redone.

        without  what becomes of the moments that came after it, as if what followed it had not been done
        """
        self.revision += 1
        for place, past in enumerate(self._past):
            if past is moment:
                self._past[place:] = [without(later) for later in self._past[place + 1 :]]
                self._future = [without(later) for later in self._future]
                return
        self._future = [future for future in self._future if future is not moment]

    def _move(self, source: list[Moment], target: list[Moment], now: Moment) -> Moment | None:
        self._key = ""
        if not source:
            return None
        self.revision += 1
        target.append(now)
        return source.pop()
