"""All the memory that sound needs, as one aligned record, made once.

The device's callback is given its address and nothing else. Nothing in it is a Python object, so the
audio path can run without the interpreter. Who may write what:

- `stems_armed` is written by the recorder's thread, `stem_frames` by who made the state, before it sounds
- `commands` are written by the control thread and read by `render`
- a `pool` entry is written by the control thread while `render` does not use it
- `events`, `tap`, `meters` and every other field are written by `render` alone
"""

from typing import Any

import numpy as np

from dsp.audition import AUDITION, LISTENED
from dsp.click import CLICK
from dsp.fx.chorus import CHORUS
from dsp.fx.compressor import COMPRESSOR
from dsp.fx.delay import DELAY
from dsp.fx.distortion import DISTORTION
from dsp.fx.limiter import LIMITER
from dsp.fx.order import EFFECTS
from dsp.fx.reverb import REVERB
from dsp.kernels.eight import WIDTH
from dsp.kernels.tables import TABLES, make_tables
from dsp.strip import STRIP_MEMORY

QUANTUM = 32
"""Frames made at a time, always on the same grid of absolute frames."""

TRACKS = 16
LANES = 3
"""Sets of an instrument's settings that a track has."""
NO_LANE = -1
STEPS = 64
CHORD = 4
LOCKS = 8
"""Settings that one step may lock,"""
PATTERN_LOCKS = 2048
"""and that all steps of a pattern may lock together. A bank is held in memory, and few steps lock anything."""
NO_NOTE = -128
"""Stands in a chord where no further note does."""
PARAMETERS = 32
"""Places for the values of one table of parameters."""
MEMORY = 40
"""Places for what a voice keeps."""

SOUNDING = 128
"""Voices that may sound at once; one more takes the place of the oldest."""
VOICES = SOUNDING + 32
"""Places for voices: a voice whose place was taken fades out in one of the rest."""

STRING = 4096
"""Frames of the longest string: 23 Hz at 96 kHz. A power of two, so that a place is wrapped by a mask."""

POOL = 168
"""Compiled patterns: a bank of 128, and room for edits, auditions and what is queued."""
COMMANDS = 1024
JOURNAL = 4096
STRUCK = 4096
EVENTS = 1024
PENDING = 256
NOTES = 512

CLIPS = 256
"""Sound files at hand at a time."""
CLIP_FRAMES = 1 << 24
"""Frames of the longest clip, 5.8 minutes at 48 kHz: a float32 can still tell them apart."""

TAP_FRAMES = 1 << 19
"""How far the recorder may fall behind: 10.9 s at 48 kHz, 5.4 s at 96 kHz."""

CHORUS_BUS, DELAY_BUS, REVERB_BUS = range(3)
"""What the tracks send to, and what comes back."""
SENDS = 3

STEMS = TRACKS + SENDS + 3
"""Rows of stems, named in `dsp.stems`."""
STEM_FRAMES = 1 << 18
"""5.5 s at 48 kHz, all of which is used unless `stem_frames` says less; of 46 MB no page is touched before stems are
asked for."""

NEVER = np.int64(2**62)
"""A frame that does not come."""

# What can be ramped: `value` moves to `target` in RAMP_S; `was` is the value one quantum ago, so that
# a kernel can draw the line between them frame by frame.
RAMPS = np.dtype(
    [
        ("value", "f4", PARAMETERS),
        ("was", "f4", PARAMETERS),
        ("target", "f4", PARAMETERS),
        ("step", "f4", PARAMETERS),
        ("left", "i4", PARAMETERS),
        ("moving", "i4"),
    ],
    align=True,
)

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

LFOS = 2 + TRACKS
"""Those of the pattern, then one a track."""
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

STEPS_PER_BEAT = 4
"""A step is a sixteenth note."""

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

TRANSPORT = np.dtype(
    [
        ("playing", "i4"),
        ("current", "i4"),  # pool entry that plays
        ("ticket", "i8"),  # of the swap that brought it
        ("queued", "i4"),  # pool entry that waits for its line, or -1
        ("queued_ticket", "i8"),
        ("queued_line", "i4"),  # one of the LINE_ of `messages`
        ("queued_rounds", "i8"),  # of the pattern, where that line is its end
        ("anchor_frame", "f8"),  # the beat at the anchor is exact; beats follow from there at `bpm`
        ("anchor_beat", "f8"),
        ("bpm", "f8"),
        ("swing", "f8"),
        ("beats_per_bar", "f8"),
        ("bar_beat", "f8"),  # a beat at which a bar begins, and that bar's number from 0
        ("bar_number", "i8"),
        ("origin", "i8"),  # the song's step at which the pattern's first step lies
        ("next_step", "i8", (TRACKS, 2)),  # the song's even and odd steps that each track plays next,
        ("next_strike", "i4", (TRACKS, 2)),  # and which of their strikes
        ("fill", "i4"),
        ("strip_locked", "u4", TRACKS),  # bits of those parameters of each strip that a step has now
        ("strip_off_beat", "f8", TRACKS),  # and when that ends
    ],
    align=True,
)

COMMAND = np.dtype(
    [
        ("frame", "i8"),  # at which it acts; -1 at once
        ("kind", "i4"),
        ("a", "i4"),
        ("b", "i4"),
        ("ticket", "i8"),
        ("base", "i8"),
        ("x", "f8"),
        ("y", "f8"),
    ],
    align=True,
)
COMMAND_RING = np.dtype([("head", "i8", 1), ("tail", "i8", 1), ("entries", COMMAND, COMMANDS)], align=True)

# What was received, in its order, and the first frame of the quantum that received it: see `dsp.journal`.
JOURNALLED = np.dtype([("at", "i8"), ("command", COMMAND)], align=True)
JOURNAL_RING = np.dtype(
    [("head", "i8", 1), ("tail", "i8", 1), ("lost", "i8"), ("entries", JOURNALLED, JOURNAL)], align=True
)

# The notes that were struck and could be heard, and the frame on which each one ends: see `dsp.struck`.
STRUCK_NOTE = np.dtype(
    [("frame", "i8"), ("end", "i8"), ("track", "i4"), ("slide", "i4"), ("note", "f4"), ("velocity", "f4")],
    align=True,
)
STRUCK_RING = np.dtype(
    [
        ("head", "i8", 1),
        ("tail", "i8", 1),
        ("lost", "i8"),
        ("entries", STRUCK_NOTE, STRUCK),
        ("held", STRUCK_NOTE, VOICES),  # what each voice was struck with, as it was told last,
        ("sounds", "i4", VOICES),  # and whether that can still be heard, as far as was told
    ],
    align=True,
)

EVENT = np.dtype(
    [("frame", "i8"), ("kind", "i4"), ("a", "i4"), ("ticket", "i8"), ("x", "f8")],
    align=True,
)
EVENT_RING = np.dtype([("head", "i8", 1), ("tail", "i8", 1), ("entries", EVENT, EVENTS)], align=True)

# What happens to a track's voices inside one quantum.
NOTE = np.dtype(
    [
        ("offset", "i4"),
        ("track", "i4"),
        ("slide", "i4"),
        ("accent", "i4"),
        ("note", "f4"),
        ("velocity", "f4"),
        ("off_beat", "f8"),
        ("off_frame", "i8"),
        ("locks", "i4"),
        ("lock_places", "u1", LOCKS),
        ("lock_values", "f4", LOCKS),
    ],
    align=True,
)

# What an LFO of the pattern that plays is doing.
RUNNING_LFO = np.dtype(
    [
        ("lane", "i4"),  # that it moves a parameter of, or NO_LANE
        ("first", "i4"),  # the first LFO with the same target, which moves it for all of them
        ("cycles", "f8"),  # since play began, where it is free
        ("broken", "i4"),  # its wave jumps in this quantum,
        ("left", "i4"),  # and that is joined in so many quanta
        ("jump", "f4"),  # by so much in each
        ("offset", "f4"),  # where it is, as a share of its target's range
        ("applied", "i4"),  # for the first with its target: whether it moves it,
        ("rest", "f4"),  # where that rests,
        ("target", "f4"),  # or is on its way to,
        ("heard", "f4"),  # where it is,
        ("total", "f4"),  # by which share of the range all take it away from there,
        ("total_was", "f4"),  # and took it one quantum ago
    ],
    align=True,
)

# Who makes the sound: the device's callback, or whoever else calls `render`. See `device`.
DEVICE = np.dtype([("owns", "i8", 1), ("inside", "i8", 1), ("asked", "i8", 1)], align=True)

METERS = np.dtype(
    [
        ("tracks", "f4", TRACKS),  # peak of the track after its fader, falling
        ("master", "f4", 2),
        ("playheads", "i4", TRACKS),  # index of the step that sounded last, or -1
        ("voices", "i4"),
        ("bar", "i8"),  # where the playhead is, from 0,
        ("beat", "f8"),  # and the beat within its bar
        ("beats_to_swap", "f8"),
    ],
    align=True,
)

COUNTERS = np.dtype(
    [
        ("blocks", "i8"),  # that a device asked for
        ("xruns", "i8"),  # that it did not get in time
        ("late", "i8"),  # commands whose frame had passed
        ("stolen", "i8"),  # voices whose place was taken
        ("lost_events", "i8"),  # the event ring was full
        ("faults", "i8"),  # quanta in which a value was not finite, and that were silenced
    ],
    align=True,
)


STATE = np.dtype(
    [
        ("rate", "f8"),
        ("frame", "i8"),  # the first frame of the next quantum
        ("device", DEVICE),
        ("turns", "i8", 1),  # goes up when `render` begins and when it ends: odd while sound is being made
        ("copied", "i8", 1),  # touched by who copies from here, for the order of memory
        ("made", "f4", (QUANTUM, 2)),  # the last quantum, and how much of it was not yet asked for
        ("made_left", "i4"),
        ("transport", TRANSPORT),
        ("commands", COMMAND_RING),
        ("journal", JOURNAL_RING),
        ("struck", STRUCK_RING),
        ("pending", COMMAND, PENDING),
        ("pending_count", "i4"),
        ("events", EVENT_RING),
        ("notes", NOTE, NOTES),
        ("notes_count", "i4"),
        ("tables", TABLES),
        ("voices", VOICE, VOICES),
        ("eight", EIGHT),
        ("clips", CLIP, CLIPS),
        ("strings", "f4", (VOICES, STRING)),  # of those voices that are strings
        ("seed", "u4"),
        ("lanes", RAMPS, LANES * TRACKS),  # so that an old instrument may ring out
        ("locked_lane", RAMPS, 1),  # the settings of a voice with locks, while it is rendered
        ("lfos", RUNNING_LFO, LFOS),
        ("lane_of_track", "i4", TRACKS),
        ("instrument_of_track", "i4", TRACKS),
        ("clip_of_track", "i4", TRACKS),
        ("strips", RAMPS, TRACKS),
        ("effects", RAMPS, EFFECTS),
        ("strip_memory", STRIP_MEMORY, TRACKS),
        ("distortion", DISTORTION),
        ("chorus", CHORUS),
        ("delay", DELAY),
        ("reverb", REVERB),
        ("compressor", COMPRESSOR),
        ("limiter", LIMITER),
        ("fade", "f4"),  # over everything, 1 but while the engine starts or ends
        ("fade_step", "f4"),
        ("listened", LISTENED),
        ("track_bus", "f4", (TRACKS, QUANTUM)),  # before the fader
        ("strip_bus", "f4", (TRACKS, 2, QUANTUM)),  # after it
        ("voice_bus", "f4", QUANTUM),
        ("work", "f4", (WORK, WIDTH + QUANTUM)),  # of a drum; see `dsp.voices.drum`
        ("dry_bus", "f4", (2, QUANTUM)),
        ("send_bus", "f4", (SENDS, 2, QUANTUM)),
        ("return_bus", "f4", (SENDS, 2, QUANTUM)),
        ("master_bus", "f4", (2, QUANTUM)),
        ("through_bus", "f4", (2, QUANTUM)),
        ("click", CLICK),
        ("audition", AUDITION),
        ("meters", METERS),
        ("counters", COUNTERS),
        ("tap_head", "i8", 1),  # frames written to the tap since the start
        ("tap", "f4", (TAP_FRAMES, 2)),
        ("stems_armed", "i8", 1),  # a bit for each row that is asked for
        ("stems_begin", "i8", 1),  # the first frame of the tap whose stems are kept, or -1
        ("stem_frames", "i8"),  # used of each ring, a power of two
        ("stems", "f4", (STEMS, STEM_FRAMES, 2)),
        ("pool", PATTERN, POOL),
    ],
    align=True,
)


def make_state(rate: int, seed: int = 1) -> np.ndarray[Any, np.dtype[Any]]:
    """A fresh state, silent and stopped, as an array of one record.

    rate  frames a second
    seed  of every random choice that is made in it: the same seed, the same sound
    """
    state = np.zeros(1, STATE)
    record = state[0]
    record["rate"] = rate
    record["seed"] = seed
    record["tables"] = make_tables()[0]
    record["fade"] = 1.0
    record["click"]["frame"] = NEVER
    transport = record["transport"]
    transport["current"] = -1
    transport["queued"] = -1
    transport["bpm"] = 120.0
    transport["beats_per_bar"] = 4.0
    record["instrument_of_track"] = -1
    record["clip_of_track"] = -1
    record["lane_of_track"] = LANES * np.arange(TRACKS)
    record["meters"]["playheads"] = -1
    record["stems_begin"] = -1
    record["stem_frames"] = STEM_FRAMES
    return state
