"""JSON as a person reads it: the place of what is wrong in a file, and an entry a line in what is written.

Runs on any thread. The standard library's indented JSON is never used: it holds the interpreter for
milliseconds at a time, msgspec does not. It only tells what is wrong with a text that is no JSON.
"""

import json
import math
from collections.abc import Iterable
from typing import Any

import msgspec

from store.errors import DamagedFile, StoreError
from store.files import unpacked

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parsed(data: bytes, source: str) -> dict[str, Any]:
    """The JSON object in `data`. Raises DamagedFile with line and column where there is none."""
    text = unpacked(data, source).removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        raise DamagedFile(f"{source} is empty. It was left as it is.")
    try:
        raw = msgspec.json.decode(text)
    except msgspec.ValidationError as error:
        raise DamagedFile(f"{source} is damaged: it holds a number that is too large. It was left as it is.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason, offset = _syntax_problem(text, str(error))
        raise DamagedFile(f"{source} is damaged at {_position(text, offset)}: {reason}.") from error
    except RecursionError as error:
        raise DamagedFile(f"{source} is damaged: it is nested too deeply.") from error
    if not isinstance(raw, dict):
        raise DamagedFile(f"{source} is damaged at line 1, column 1: it holds no JSON object.")
    return raw


def _syntax_problem(text: bytes, found: str) -> tuple[str, int]:
    """What is wrong with a text that msgspec could not read, of which it `found` something, and at which byte."""
    if "truncated" in found:
        return "the text ends too early", len(text)
    try:
        json.loads(text.decode())  # slower, but it knows the place exactly
    except UnicodeDecodeError as error:
        return "it is not UTF-8", error.start
    except json.JSONDecodeError as error:
        return error.msg.lower(), len(error.doc[: error.pos].encode())
    except (ValueError, RecursionError):
        pass  # a number of thousands of digits, or deep nesting, before the place that msgspec found
    reason, _, tail = found.partition(" (byte ")
    return reason, min(int(tail.rstrip(")") or 0), len(text))


def _position(text: bytes, offset: int) -> str:
    line_start = text.rfind(b"\n", 0, offset) + 1
    column = len(text[line_start:offset].decode(errors="replace")) + 1
    row = text.count(b"\n", 0, offset) + 1
    return f"line {row}, column {column}"


def line(value: Any) -> str:
    """`value` on one line, with a space after each comma and colon."""
    if isinstance(value, float) and not math.isfinite(value):
        raise StoreError(f"{value} cannot be written to a file; it takes a number.")
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def entries_block(entries: Iterable[tuple[str, str]]) -> str:
    """An object, an entry a line; `entries` are keys and texts."""
    return _block("{", (f"{line(key)}: {text}" for key, text in entries), "}")


def list_block(texts: Iterable[str]) -> str:
    """A list, an entry a line, of what is text already."""
    return _block("[", texts, "]")


def _block(opening: str, texts: Iterable[str], closing: str) -> str:
    """`texts` between brackets, each indented on lines of its own; the brackets alone where there is none."""
    inside = ",\n".join(texts).replace("\n", "\n  ")
    return f"{opening}\n  {inside}\n{closing}" if inside else opening + closing
