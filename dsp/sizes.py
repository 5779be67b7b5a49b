"""How many there may be of everything that sounds, and how long it is."""

QUANTUM = 32
"""Frames made at a time, always on the same grid of absolute frames."""

TRACKS = 16
LANES = 3
"""Sets of an instrument's settings that a track has."""
STEPS = 64
CHORD = 4
LOCKS = 8
"""Settings that one step may lock,"""
PATTERN_LOCKS = 2048
"""and that all steps of a pattern may lock together. A bank is held in memory, and few steps lock anything."""
LFOS = 2 + TRACKS
"""Those of the pattern, then one a track."""
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

SENDS = 3
"""What the tracks send to, and what comes back: chorus, delay and reverb."""

STEMS = TRACKS + SENDS + 3
"""Rows of stems, named in `dsp.stems`."""
STEM_FRAMES = 1 << 18
"""5.5 s at 48 kHz, all of which is used unless `stem_frames` says less; of 46 MB no page is touched before stems are
asked for."""
