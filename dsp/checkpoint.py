"""All that sounds at one moment, in memory of its own: from there the same sound can be made again.

It is copied beside the sound, between two calls of `render`. Where one came in between, the copy is of no use, and is
made once more: the sound waits for nothing. The most of it is the line of the echoes, which is copied before that,
while the sound goes on: what is written to it meanwhile lies behind its head, and is copied again in the end. What is
too old to be heard again is left out, and so are strings that no voice plays. So what has to fit between two calls is
1 MB, and 16 KB for each string that sounds.
"""

from typing import Any

import numpy as np

from dsp.fx.delay import DELAY, LINE_FRAMES, LONGEST_S, OVERSHOT_FRAMES
from dsp.fx.limiter import LATENCY
from dsp.kernels import ArrayOf, door, kernel
from dsp.memory import exchange, load_acquire, load_in_order
from dsp.sizes import QUANTUM, STEM_FRAMES, STEMS, STRING, VOICES
from dsp.state import STATE
from dsp.stems import NO_STEMS
from dsp.voice import FREE
from dsp.voices.play import PLUCK

WORD = np.dtype(np.uint32)
_WORDS = ArrayOf(WORD, 1)

_MEETING = ("device", "turns", "copied", "commands", "journal", "struck", "events", "meters", "counters")
_MADE = ("tap", "tap_head", "stems", "stems_armed", "stems_begin", "stem_frames", "click", "audition")
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


def _place_in(pieces: list[tuple[int, int]], word: int) -> int:
    """Where a word of the state lies in a checkpoint."""
    at = 0
    for first, count in pieces:
        if first <= word < first + count:
            return at + word - first
        at += count
    raise KeyError(word)


def _without(pieces: list[tuple[int, int]], *left_out: tuple[int, int]) -> list[tuple[int, int, int]]:
    """First word, place in a checkpoint, and number of words of what is left of the pieces."""
    rest: list[tuple[int, int, int]] = []
    for first, count in pieces:
        at, end = first, first + count
        for begin, length in sorted(left_out):
            if at <= begin < end:
                rest.append((at, _place_in(pieces, at), begin - at))
                at = begin + length
        rest.append((at, _place_in(pieces, at) if at < end else 0, end - at))
    return [piece for piece in rest if piece[2] > 0]


PIECES = _pieces()
SOUND_WORDS = sum(count for _, count in PIECES)
AHEAD_WORDS = STEMS * LATENCY * 2
WORDS = SOUND_WORDS + AHEAD_WORDS
"""How long a checkpoint is: the sound, and of stems that are kept what is made ahead, (STEMS, LATENCY, 2)."""
_LINE = DELAY.fields["line"]  # type: ignore[index]  # it is a record
LINE_IN_STATE = (_FIELDS["delay"][1] + _LINE[1]) // WORD.itemsize
LINE_WORDS = _LINE[0].itemsize // WORD.itemsize
LINE_IN_COPY = _place_in(PIECES, LINE_IN_STATE)
ROW_WORDS = LINE_WORDS // 2
STEMS_IN_STATE = _FIELDS["stems"][1] // WORD.itemsize
STRINGS_IN_STATE = _FIELDS["strings"][1] // WORD.itemsize
STRINGS_IN_COPY = _place_in(PIECES, STRINGS_IN_STATE)
REST = np.array(
    _without(PIECES, (LINE_IN_STATE, LINE_WORDS), (STRINGS_IN_STATE, VOICES * STRING)),
    np.int64,
)
"""The pieces that are copied between two calls of `render`."""
MARGIN = 64 * QUANTUM
"""Frames of the line that are copied once more than must be, whatever order another processor sees memory in."""


@kernel
def _copy_of_line(words: Any, out: Any, begin: int, end: int) -> None:
    """Copy places begin..end of both rows of the line."""
    for row in range(0, LINE_WORDS, ROW_WORDS):
        for i in range(row + begin, row + end):
            out[LINE_IN_COPY + i] = words[LINE_IN_STATE + i]


@door(STATE, _WORDS, _WORDS)
def copy_echoes(state: Any, words: Any, out: Any) -> None:
    """Copy the line of the echoes of `words`, the state itself, into its place in `out`, (WORDS,), while the sound is
    made, as far back as it may be heard: what is written to it meanwhile, `copy_sounding` copies again."""
    head = state.delay.head
    first = head - min(np.int64(LONGEST_S * state.rate) + OVERSHOT_FRAMES, LINE_FRAMES)
    _copy_of_line(words, out, max(first, 0), head)
    if first < 0:
        _copy_of_line(words, out, first + LINE_FRAMES, LINE_FRAMES)


@door(STATE, _WORDS, ArrayOf(np.int64, 2), int, _WORDS)
def copy_sounding(state: Any, words: Any, pieces: Any, since: int, out: Any) -> bool:
    """Copy the rest of `words`, the state itself, into `out`, (WORDS,), where `copy_echoes` has been. False where
    `render` was called meanwhile, and `out` holds nothing of use.

    since  the state's frame before `copy_echoes` was called

    The places of strings that no voice plays are left as they are.
    """
    before = load_acquire(state.turns, 0)
    if before % 2 == 1:
        return False
    for piece in range(len(pieces)):
        first, place, count = pieces[piece, 0], pieces[piece, 1], pieces[piece, 2]
        for i in range(count):
            out[place + i] = words[first + i]
    for v in range(VOICES):
        if state.voices[v].stage != FREE and state.voices[v].instrument == PLUCK:
            for i in range(v * STRING, (v + 1) * STRING):
                out[STRINGS_IN_COPY + i] = words[STRINGS_IN_STATE + i]
    written = min(state.frame - since + MARGIN, LINE_FRAMES)
    first = state.delay.head - written
    _copy_of_line(words, out, max(first, 0), state.delay.head)
    if first < 0:
        _copy_of_line(words, out, first + LINE_FRAMES, LINE_FRAMES)
    _copy_of_line(words, out, LINE_FRAMES, ROW_WORDS)
    if state.stems_begin[0] != NO_STEMS:
        _copy_stems_ahead(state, words, out)
    # Nothing read above may be read later than the number of turns below.
    exchange(state.copied, 0, 1)
    return load_in_order(state.turns, 0) == before


@kernel
def _copy_stems_ahead(state: Any, words: Any, out: Any) -> None:
    """Copy what is kept of the stems already, of frames that the master has not reached."""
    place = np.int64(SOUND_WORDS)
    for row in range(STEMS):
        for i in range(LATENCY):
            at = STEMS_IN_STATE + 2 * (row * STEM_FRAMES + ((state.frame + i) & (state.stem_frames - 1)))
            out[place] = words[at]
            out[place + 1] = words[at + 1]
            place += 2


def put_back(array: Any, checkpoint: Any, echoes: int, stems: list[int]) -> None:
    """Let a state, an array of one record that nobody renders, sound on from a checkpoint, (WORDS,), of whose echoes
    the last `echoes` frames may be heard again, and these rows of stems.

    The rest of its memory is not touched, so the system need not make it; what lies there is not heard.
    """
    words = array.view(WORD)
    for first, place, count in REST:
        words[first : first + count] = checkpoint[place : place + count]
    for places, away in (
        (line_places(checkpoint, echoes), LINE_IN_STATE - LINE_IN_COPY),
        (string_places(checkpoint), STRINGS_IN_STATE - STRINGS_IN_COPY),
    ):
        for begin, end in places:
            words[begin + away : end + away] = checkpoint[begin:end]
    state = array[0]
    for row in stems:
        state["stems"][row, (state["frame"] + np.arange(LATENCY)) % state["stem_frames"]] = stems_ahead(checkpoint)[row]
    state["stems_begin"] = state["frame"]


def line_places(checkpoint: Any, frames: int) -> list[tuple[int, int]]:
    """Begin and end of the words that hold the last `frames` frames of the line of the echoes, and a glide's margin."""
    head = int(field_of(checkpoint, "delay")[0]["head"])
    count = min(-(-(frames + OVERSHOT_FRAMES) // QUANTUM) * QUANTUM, LINE_FRAMES)
    places = [(max(head - count, 0), head)]
    if head < count:
        places.append((head - count + LINE_FRAMES, LINE_FRAMES))
    if any(begin == 0 < end for begin, end in places):
        places.append((LINE_FRAMES, ROW_WORDS))
    rows = range(LINE_IN_COPY, LINE_IN_COPY + LINE_WORDS, ROW_WORDS)
    return [(row + begin, row + end) for row in rows for begin, end in places]


def string_places(checkpoint: Any) -> list[tuple[int, int]]:
    """Begin and end of the words that hold a string that sounds."""
    voices = field_of(checkpoint, "voices")[0]
    sounding = np.flatnonzero((voices["stage"] != FREE) & (voices["instrument"] == PLUCK)).tolist()
    return [(STRINGS_IN_COPY + v * STRING, STRINGS_IN_COPY + (v + 1) * STRING) for v in sounding]


def stems_ahead(checkpoint: Any) -> Any:
    """Of each stem the frames that are made ahead of the master, (STEMS, LATENCY, 2) float32; silent where none were
    kept."""
    return checkpoint[SOUND_WORDS:].view(np.float32).reshape(STEMS, LATENCY, 2)


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
