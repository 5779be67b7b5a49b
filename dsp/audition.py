"""Listening to a recording: its frames come through a ring and are added to the mix before the limiter.

One thread of the engine fills the ring, `render` empties it. Where the ring runs dry there is silence.
"""

from typing import Any

import numpy as np

from dsp.kernels import SOUND, door, kernel
from dsp.memory import load_acquire, store_release

AUDITION_FRAMES = 1 << 15
"""How far the reader may be ahead: 0.7 s at 48 kHz."""

AUDITION = np.dtype(
    [
        ("head", "i8", 1),  # frames written since the start
        ("tail", "i8", 1),  # frames taken
        ("open", "i8", 1),  # 0: fade out, and throw away what is left
        ("gain", "f4"),
        ("frames", "f4", (AUDITION_FRAMES, 2)),
    ],
    align=True,
)

LISTENED = np.dtype(
    [
        ("open", "i4"),
        ("count", "i4"),  # frames of the ring that were heard in the last quantum,
        ("place", "i8"),  # from which of all that ever were in it,
        ("gain", "f4"),  # with which level at its beginning,
        ("left", "f4"),  # and at its end
    ],
    align=True,
)

_FADE_FRAMES = 256
"""The fall of the level at the end: too short to hear, too long to click."""


@door(AUDITION, SOUND)
def fill_audition(audition: Any, frames: Any) -> int:
    """Put frames, (frames, 2) float32, into the ring, as many as fit; how many that were."""
    head = audition.head[0]
    room = AUDITION_FRAMES - (head - load_acquire(audition.tail, 0))
    count = min(room, len(frames))
    for i in range(count):
        at = (head + i) % AUDITION_FRAMES
        audition.frames[at, 0] = frames[i, 0]
        audition.frames[at, 1] = frames[i, 1]
    store_release(audition.head, 0, head + count)
    return count


@door(AUDITION)
def waiting_frames(audition: Any) -> int:
    """How many frames lie in the ring that were not heard yet."""
    return audition.head[0] - load_acquire(audition.tail, 0)


@door(AUDITION, int)
def open_audition(audition: Any, opened: int) -> None:
    """Let what lies in the ring be heard (1), or fade out and throw it away (0)."""
    store_release(audition.open, 0, opened)


@kernel
def add_audition(audition: Any, listened: Any, bus: Any) -> bool:
    """Add the next quantum to `bus`, (2, frames) float32, and write down in `listened` what of the ring that was. True
    where it does not go on as in the quantum before."""
    tail = audition.tail[0]
    waiting = load_acquire(audition.head, 0) - tail
    opened = load_acquire(audition.open, 0)
    gain = audition.gain
    if waiting > 0 and not opened and gain == np.float32(0.0):
        store_release(audition.tail, 0, tail + waiting)
        waiting = 0
    count = min(waiting, bus.shape[1])
    if count == 0:
        ended = listened.count != 0
        listened.count = 0
        return ended
    goes_on = opened == listened.open and count == listened.count and tail == listened.place + count
    listened.open = opened
    listened.count = count
    listened.place = tail
    listened.gain = gain
    step = np.float32(1.0 / _FADE_FRAMES) if opened else np.float32(-1.0 / _FADE_FRAMES)
    for i in range(count):
        gain = min(max(gain + step, np.float32(0.0)), np.float32(1.0))
        at = (tail + i) % AUDITION_FRAMES
        bus[0, i] += gain * audition.frames[at, 0]
        bus[1, i] += gain * audition.frames[at, 1]
    audition.gain = gain
    listened.left = gain
    store_release(audition.tail, 0, tail + count)
    return not goes_on
