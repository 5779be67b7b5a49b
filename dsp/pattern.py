"""A compiled pattern: all that the sound needs to know of one, as numbers."""

import numpy as np

from dsp.fx.order import EFFECTS
from dsp.sizes import CHORD, LFOS, PARAMETERS, PATTERN_LOCKS, STEPS, TRACKS

STEPS_PER_BEAT = 4
"""A step is a sixteenth note."""
NO_NOTE = -128
"""Stands in a chord where no further note does."""

STEP = np.dtype(
    [
        ("on", "u1"),
        ("accent", "u1"),
        ("slide", "u1"),  # a tied step with a note of its own: glide there, do not strike again
        ("ratchet", "u1"),  # strikes
        ("condition", "u1"),  # of `steps`
        ("round", "u1"),  # from 1, of so many
        ("rounds", "u1"),
        ("locks", "u1"),  # how many settings it has for itself,
        ("first_lock", "i2"),  # and where they begin among those of its track
        ("note", "i2"),
        ("chord", "i1", CHORD),  # semitones above the note, to the first NO_NOTE
        ("velocity", "f4"),
        ("gate", "f4"),  # steps until the note ends, ties included
        ("probability", "f4"),
        ("micro", "f4"),  # steps by which it comes late
    ],
    align=True,
)

TRACK = np.dtype(
    [
        ("present", "i4"),
        ("instrument", "i4"),
        ("clip", "i4"),  # the number of the clip that it plays, or -1
        ("length", "i4"),
        ("sound", "f4", PARAMETERS),
        ("strip", "f4", PARAMETERS),
        ("unlocked", "u4"),  # bits of those parameters of the strip that no step may lock now
        ("first_lock", "i4"),  # where the locks of its steps begin among those of the pattern
        ("steps", STEP, STEPS),
    ],
    align=True,
)

# Where the parameter lies that an LFO moves, and on which scale it does.
OF_NOTHING, OF_SOUND, OF_STRIP, OF_EFFECT = range(4)
LINEAR, LOG, FACTOR = range(3)

LFO = np.dtype(
    [
        ("kind", "i4"),  # one of OF_
        ("row", "i4"),  # the track, or the effect's row
        ("place", "i4"),  # among the parameters there
        ("scale", "i4"),
        ("low", "f4"),  # the parameter's range
        ("high", "f4"),
        ("shape", "i4"),
        ("synced", "i4"),
        ("rate_hz", "f4"),
        ("beats", "f4"),
        ("depth", "f4"),
        ("phase", "f4"),
    ],
    align=True,
)

PATTERN = np.dtype(
    [
        ("bpm", "f8"),
        ("swing", "f8"),
        ("beats_per_bar", "f8"),
        ("seed", "u4"),
        ("lfos", LFO, LFOS),
        ("effects", "f4", (EFFECTS, PARAMETERS)),
        ("tracks", TRACK, TRACKS),
        ("lock_values", "f4", PATTERN_LOCKS),
        ("lock_places", "u1", PATTERN_LOCKS),  # of the instrument, or PARAMETERS and more of the strip
    ],
    align=True,
)
