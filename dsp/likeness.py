"""Whether a state sounds on as a checkpoint says that it did: one that was made again up to there."""

from typing import Any

import numpy as np

from dsp.checkpoint import (
    LEFT_OUT,
    LINE_IN_COPY,
    LINE_IN_STATE,
    LINE_WORDS,
    STRINGS_IN_COPY,
    STRINGS_IN_STATE,
    WORD,
    field_of,
    line_places,
    stems_ahead,
    string_places,
)
from dsp.fx.limiter import LATENCY
from dsp.messages import CLIP
from dsp.state import STATE

UNHEARD = frozenset(("made", "made_left", "through_bus"))
"""What may differ: how the last quantum was handed out, and what is written before it is read."""


def echoes_in(checkpoint: Any) -> int:
    """How many frames back the echoes are read, as they are at a checkpoint."""
    delay = field_of(checkpoint, "delay")[0]
    return int(max(delay["near"], delay["next_near"], delay["place"]))


def with_echoes(checkpoint: Any, frames: int) -> Any:
    """The same checkpoint, (WORDS,), without what was written to the line of the echoes more than `frames` frames
    ago, and a glide's margin."""
    out = checkpoint.copy()
    out[LINE_IN_COPY : LINE_IN_COPY + LINE_WORDS] = 0
    for begin, end in line_places(checkpoint, frames):
        out[begin:end] = checkpoint[begin:end]
    return out


def first_other(array: Any, checkpoint: Any, echoes: int, stems: list[int]) -> str | None:
    """The field in which a state, an array of one record that nobody renders, differs first from a checkpoint of its
    frame; None where both sound on alike.

    echoes  how many frames back the checkpoint's line of the echoes is whole
    stems   rows that are looked at

    Clips are to have the same addresses in both.
    """
    state, words = array[0], array.view(WORD)
    looks = {
        "delay": lambda: _same_delay(state, words, checkpoint, echoes),
        "strings": lambda: _same(words, checkpoint, string_places(checkpoint), STRINGS_IN_STATE - STRINGS_IN_COPY),
        "pending": lambda: _waiting(state) == _waiting({name: field_of(checkpoint, name)[0] for name in _PENDING}),
    }
    for name in STATE.fields or ():
        if name in LEFT_OUT | UNHEARD:
            continue
        if not (looks[name]() if name in looks else _bytes(state[name]) == _bytes(field_of(checkpoint, name)[0])):
            return name
    ahead = (state["frame"] + np.arange(LATENCY)) % state["stem_frames"]
    same = all(_bytes(state["stems"][row, ahead]) == _bytes(stems_ahead(checkpoint)[row]) for row in stems)
    return None if same else "stems"


_PENDING = ("pending", "pending_count")


def _bytes(value: Any) -> bytes:
    return bytes(value.tobytes())


def _same(words: Any, checkpoint: Any, places: list[tuple[int, int]], away: int) -> bool:
    """Whether the words of a state are those of a checkpoint, which lie so far away from them."""
    return all(np.array_equal(words[begin + away : end + away], checkpoint[begin:end]) for begin, end in places)


def _same_delay(state: Any, words: Any, checkpoint: Any, echoes: int) -> bool:
    """Whether the echoes are, and as much of their line as was kept."""
    here, there = state["delay"], field_of(checkpoint, "delay")[0]
    rest = [name for name in here.dtype.names if name != "line"]
    return all(_bytes(here[name]) == _bytes(there[name]) for name in rest) and _same(
        words, checkpoint, line_places(checkpoint, echoes), LINE_IN_STATE - LINE_IN_COPY
    )


def _waiting(state: Any) -> bytes:
    """The commands that wait, without the addresses of clips."""
    waiting = state["pending"][: int(state["pending_count"])].copy()
    waiting["ticket"][waiting["kind"] == CLIP] = 0
    return _bytes(waiting)
