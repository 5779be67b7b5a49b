"""The computer's keys as a piano: two rows of white keys, the black ones above them."""

LOWER = "zsxdcvgbhnjm"
UPPER = "q2w3er5t6y7u"
NOTE_S = 0.25
"""How long a note is held: a terminal tells of keys pressed, never of keys let go."""
VELOCITY = 0.8


def note_of(key: str, octave: int) -> int | None:
    """The MIDI note of a key, where it is one; `octave` is that of the lower row's c."""
    for row, above in ((LOWER, 0), (UPPER, 1)):
        if len(key) == 1 and key in row:
            note = 12 * (octave + 1 + above) + row.index(key)
            return note if note <= 127 else None
    return None
