"""Notes as people write them: `C4` is MIDI note 60."""

import re

NOTES = 128

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_NAME = re.compile(r"([A-Ga-g])([#♯b♭]?)(-?[0-9]{1,2})")


def note_number(name: str) -> int | None:
    """The MIDI note 0..127 that `name` means, such as 61 for "C#4", "C♯4", "Db4" and "D♭4".

    None where it is no note's name, or lies outside of MIDI's range (C-1 to G9).
    """
    found = _NAME.fullmatch(name.strip())
    if found is None:
        return None
    letter, accidental, octave = found.groups()
    number = 12 * (int(octave) + 1) + _SEMITONES[letter.upper()] + _ACCIDENTALS[accidental]
    return number if 0 <= number < NOTES else None
