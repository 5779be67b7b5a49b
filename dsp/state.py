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
from dsp.pattern import PATTERN
from dsp.sizes import (
    CLIPS,
    COMMANDS,
    EVENTS,
    JOURNAL,
    LANES,
    LFOS,
    LOCKS,
    NOTES,
    PARAMETERS,
    PENDING,
    POOL,
    QUANTUM,
    SENDS,
    STEM_FRAMES,
    STEMS,
    STRING,
    STRUCK,
    TAP_FRAMES,
    TRACKS,
    VOICES,
)
from dsp.strip import STRIP_MEMORY
from dsp.voice import CLIP, EIGHT, VOICE, WORK

NEVER = np.int64(2**62)
"""A frame that does not come."""
NO_LANE = -1

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
