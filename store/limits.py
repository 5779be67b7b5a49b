"""How many there may be of everything that a project holds.

Light to import, because the command table needs it, and so does the shortest call of the command line.
"""

BANKS = 16
SLOTS = 128
TRACKS_MAX = 16
STEPS_MAX = 64
CHORD_MAX = 4
"""Notes of a step above its own."""
LFOS_MAX = 2
RATCHET_MAX = 8
CHAIN_MAX = 256
REPEATS_MAX = 99
NAME_MAX = 100
"""Characters of a name."""
AUTOSAVE_SLOT = 0
"""The number that stands beside those of the slots, from 1 on."""
BACKUPS = 8
"""What saves replaced, of each slot and each pattern of the library."""
