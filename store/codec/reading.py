"""Values out of a JSON text, checked one by one, with the place of what is wrong.

A reader takes a raw value and returns it as the document's type, or raises `Wrong`. Readers of lists and
objects are made of readers of their parts; each adds its part of the place while `Wrong` passes through,
so that a file with nothing wrong pays nothing for it.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from store.documents import Number
from store.notes import NOTES, note_number

Reader = Callable[[Any], Any]
T = TypeVar("T")

_SHOWN = 40
"""Characters of a wrong value that a sentence shows."""


class Wrong(Exception):
    """A value is not what stands in its place. `place` reads like `tracks[3].steps[7].velocity`."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place

    def inside(self, part: str) -> "Wrong":
        """The same, seen from one level further out."""
        joint = "." if self.place and not self.place.startswith("[") else ""
        self.place = f"{part}{joint}{self.place}"
        return self


def wanted(value: Any, what: str) -> Wrong:
    """`value` stands where `what` should."""
    match value:
        case list():
            shown = "a list"
        case dict():
            shown = "an object"
        case _:
            shown = msgspec.json.encode(value).decode()
            if len(shown) > _SHOWN:
                shown = shown[: _SHOWN - 3] + "..."
    return Wrong(f"is {shown}; it takes {what}")


def text(value: Any) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise wanted(value, "text")
    return value


def switch(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise wanted(value, "true or false")
    return value


def number(value: Any) -> Number:
    """An int or a float, as it was written; what range it is for is not asked here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wanted(value, "a number")
    if not abs(value) <= sys.float_info.max:
        raise Wrong("is larger than any number that can be reckoned with")
    return value


def whole(low: int, high: int) -> Callable[[Any], int]:
    """A reader of whole numbers low..high."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wanted(value, f"a whole number from {low} to {high}")
        return value

    return read


def note(value: Any) -> int:
    """A MIDI note by its number or by a name such as "C#4"."""
    found = note_number(value) if isinstance(value, str) else value
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < NOTES:
        raise wanted(value, f"a note from 0 to {NOTES - 1} or a name such as C#4")
    return found


def maybe(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """A reader that takes null, for None, as well."""
    return lambda value: None if value is None else read(value)


def items(read: Callable[[Any], T], most: int | None = None, called: str = "items") -> Callable[[Any], tuple[T, ...]]:
    """A reader of lists, of at most `most`; `called` names them in the sentence for one that is longer."""

    def read_all(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise wanted(value, "a list")
        if most is not None and len(value) > most:
            raise Wrong(f"holds {len(value)} {called}; at most {most} fit")
        taken: list[T] = []
        try:
            for item in value:
                taken.append(read(item))  # its length tells the place of what is wrong
        except Wrong as wrong:
            raise wrong.inside(f"[{len(taken)}]") from None
        return tuple(taken)

    return read_all


def entries(read: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """A reader of objects whose keys are free and whose values are alike."""

    def read_all(value: Any) -> dict[str, T]:
        if not isinstance(value, dict):
            raise wanted(value, "an object")
        key = ""
        try:
            taken = {}
            for key, item in value.items():
                taken[key] = read(item)
        except Wrong as wrong:
            raise wrong.inside(key) from None
        return taken

    return read_all


def fields(readers: Mapping[str, Reader], required: tuple[str, ...] = ()) -> Callable[[Any], dict[str, Any]]:
    """A reader of objects with known fields; fields that are not known go to `extra` as they are."""

    def read_all(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wanted(value, "an object")
        known: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        key = ""
        try:
            for key, item in value.items():
                read = readers.get(key)
                if read is None:
                    extra[key] = item
                else:
                    known[key] = read(item)
        except Wrong as wrong:
            raise wrong.inside(key) from None
        for key in required:
            if key not in known:
                raise Wrong("is missing", key)
        if extra:
            known["extra"] = extra
        return known

    return read_all
