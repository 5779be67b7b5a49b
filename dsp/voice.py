"""A voice: a note that sounds, and what it keeps from one piece of sound to the next."""

import numpy as np

from dsp.kernels.eight import WIDTH
from dsp.sizes import LOCKS, MEMORY, PARAMETERS, QUANTUM, TRACKS, VOICES

# A voice's life: FREE -> HELD (its gate is open) -> RELEASED -> FREE, or FADING when its place is taken.
FREE, HELD, RELEASED, FADING = range(4)

# Recorded sound: `frames` frames of `channels` float32 each, one behind another from `address` on. None where there
# are no frames. Whoever told the address keeps the memory alive, and as it is, while a voice may read it.
CLIP = np.dtype([("address", "i8"), ("frames", "i8"), ("channels", "i8"), ("rate", "f8")], align=True)

# A setting that a voice has for itself: `value` moves to `target`, and `share`, how much of it counts, to `aim`,
# in `left` quanta; `was` and `share_was` are those of one quantum ago.
LOCK = np.dtype(
    [
        ("place", "i4"),
        ("left", "i4"),
        ("value", "f4"),
        ("was", "f4"),
        ("target", "f4"),
        ("share", "f4"),
        ("share_was", "f4"),
        ("aim", "f4"),
    ],
    align=True,
)

VOICE = np.dtype(
    [
        ("stage", "i4"),
        ("instrument", "i4"),
        ("track", "i4"),
        ("lane", "i4"),  # which settings it reads
        ("accent", "i4"),
        ("fresh", "i4"),  # not yet rendered: the instrument sets up its memory
        ("started", "i8"),  # frame
        ("off_beat", "f8"),  # the gate closes at this beat of the song,
        ("off_frame", "i8"),  # or at this frame, whichever it has
        ("note", "f4"),
        ("velocity", "f4"),
        ("fade", "f4"),  # 1..0 while FADING
        ("seed", "u4"),
        ("clip", CLIP),  # as it was when the voice was struck
        ("locks", "i4"),
        ("lock", LOCK, 2 * LOCKS),  # those of its step, and those of the step before that are let go
        ("memory", "f4", MEMORY),  # what the instrument keeps; each names its own places
    ],
    align=True,
)

GROUPS = 2 * TRACKS
"""Voices of one track that are rendered side by side, of either of the two instruments that are."""
NOBODY = np.int32(-1)

# Voices that are rendered side by side; see `dsp.voices.eights`. What each brings and keeps is taken place by place,
# and stands row by row while they are rendered: each row has WIDTH places, one a voice.
KEPT_ROWS = WIDTH + MEMORY
EIGHT_ROWS = KEPT_ROWS + 2 * PARAMETERS
WORK = 8
"""Rows for what an instrument works out frame by frame; each names its own."""
EIGHT = np.dtype(
    [
        ("first", "i4", GROUPS),  # voice of each group, or NOBODY
        ("last", "i4", GROUPS),
        ("after", "i4", VOICES),  # the voice that follows one in its group, or NOBODY
        ("voice", "i4", WIDTH),  # which voice has taken the place
        ("places", "f4", WIDTH * KEPT_ROWS),
        ("rows", "f4", EIGHT_ROWS * WIDTH),
        ("out", "f4", QUANTUM * WIDTH),
        ("sound", "f4", WIDTH * QUANTUM),  # `out`, voice by voice
        ("work", "f4", (WORK, QUANTUM * WIDTH)),
    ],
    align=True,
)
