"""All that sounds at one moment, in memory of its own: from there the same sound can be made again.

It is copied beside the sound, between two calls of `render`. Where one came in between, the copy is of no use, and is
made once more: the sound waits for nothing.
"""

from typing import Any

import numpy as np

from dsp.kernels import ArrayOf, door
from dsp.memory import exchange, load_acquire, load_in_order
from dsp.state import STATE

WORD = np.dtype(np.uint32)
_WORDS = ArrayOf(WORD, 1)

_MEETING = ("device", "turns", "copied", "commands", "journal", "events", "meters", "counters")
_MADE = ("tap", "tap_head", "stems", "stems_armed", "stems_begin", "click", "audition")
LEFT_OUT = frozenset((*_MEETING, *_MADE, "tables", "pool"))
"""What is no sound: how threads meet, what was made already or is added to it later, what never changes, and the
patterns, which whoever keeps a checkpoint knows as documents."""

_FIELDS: Any = STATE.fields


def _pieces() -> list[tuple[int, int]]:
    """First word and number of words of each piece of the state that is copied."""
    starts = [offset for _, offset, *_ in _FIELDS.values()] + [STATE.itemsize]
    pieces: list[tuple[int, int]] = []
    for name, begin, end in zip(_FIELDS, starts, starts[1:], strict=False):
        if name in LEFT_OUT:
            continue
        assert begin % WORD.itemsize == 0 == end % WORD.itemsize, f"{name} shares a word with its neighbour"
        first, last = begin // WORD.itemsize, end // WORD.itemsize
        if pieces and sum(pieces[-1]) >= first:
            first, _ = pieces.pop()
        pieces.append((first, last - first))
    return pieces


PIECES = np.array(_pieces(), np.int64)
WORDS = int(PIECES[:, 1].sum())
"""How long a checkpoint is."""


@door(STATE, _WORDS, ArrayOf(np.int64, 2), _WORDS)
def copy_sounding(state: Any, words: Any, pieces: Any, out: Any) -> bool:
    """Copy the pieces of `words`, the state itself, into `out`, (WORDS,), overwritten. False where `render` was called
    meanwhile, and `out` holds nothing of use."""
    before = load_acquire(state.turns, 0)
    if before % 2 == 1:
        return False
    at = 0
    for piece in range(len(pieces)):
        first, count = pieces[piece, 0], pieces[piece, 1]
        for i in range(count):
            out[at + i] = words[first + i]
        at += count
    # Nothing read above may be read later than the number of turns below.
    exchange(state.copied, 0, 1)
    return load_in_order(state.turns, 0) == before


def put_back(array: Any, checkpoint: Any) -> None:
    """Let a state, an array of one record that nobody renders, sound on from a checkpoint, (WORDS,)."""
    words = array.view(WORD)
    at = 0
    for first, count in PIECES:
        words[first : first + count] = checkpoint[at : at + count]
        at += int(count)


def field_of(checkpoint: Any, name: str) -> Any:
    """One field of the state as a checkpoint holds it, an array of one."""
    kind, offset = _FIELDS[name][:2]
    at = 0
    for first, count in PIECES:
        begin = int(first) * WORD.itemsize
        if begin <= offset < begin + int(count) * WORD.itemsize:
            place = at * WORD.itemsize + offset - begin
            return np.ndarray((1, *kind.shape), kind.base, checkpoint, place)
        at += int(count)
    raise KeyError(name)
