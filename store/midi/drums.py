"""What General MIDI calls a drum, and which of our instruments plays it. What is a drum is told by the
instrument's name alone: how it sounds is not known here."""

import itertools
from collections.abc import Iterable

from store.documents import Track

DRUM_CHANNEL = 9
"""Channel 10 as people count."""

KEYS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "closed_hat": 42,
    "tom": 45,
    "open_hat": 46,
    "cymbal": 49,
    "cowbell": 56,
}
"""The key on which General MIDI has the drum of each instrument; others are no drums."""

PROGRAMS = {"acid": 38, "poly": 90, "fm": 5, "pluck": 25}
"""The program, from 0, of General MIDI that is nearest to an instrument."""
BASSES = range(32, 40)
"""Programs that are basses."""

BASS = "acid"
MELODIC = "poly"
"""What plays the tracks of a file that was not made here."""

_NATURAL_NOTE = 60

# Instrument and note for each drum of General MIDI.
_DRUMS = {
    35: ("kick", 57, "low kick"),
    36: ("kick", 60, "kick"),
    37: ("rim", 60, "rim"),
    38: ("snare", 60, "snare"),
    39: ("clap", 60, "clap"),
    40: ("snare", 64, "high snare"),
    41: ("tom", 53, "tom 1"),
    42: ("closed_hat", 60, "closed hat"),
    43: ("tom", 56, "tom 2"),
    44: ("closed_hat", 57, "pedal hat"),
    45: ("tom", 60, "tom 3"),
    46: ("open_hat", 60, "open hat"),
    47: ("tom", 63, "tom 4"),
    48: ("tom", 66, "tom 5"),
    49: ("cymbal", 60, "crash"),
    50: ("tom", 70, "tom 6"),
    51: ("cymbal", 67, "ride"),
    52: ("cymbal", 56, "china"),
    53: ("cymbal", 72, "ride bell"),
    54: ("closed_hat", 64, "tambourine"),
    55: ("cymbal", 65, "splash"),
    56: ("cowbell", 60, "cowbell"),
    57: ("cymbal", 57, "crash 2"),
    59: ("cymbal", 69, "ride 2"),
    70: ("closed_hat", 67, "shaker"),
}


def is_drum(track: Track) -> bool:
    """Whether the track goes to the channel of the drums."""
    return track.instrument in KEYS


def channels(tracks: Iterable[Track]) -> list[int]:
    """The channel of each track in a file: drums share theirs, all others take the rest in turn."""
    melodic = itertools.cycle(channel for channel in range(16) if channel != DRUM_CHANNEL)
    return [DRUM_CHANNEL if is_drum(track) else next(melodic) for track in tracks]


def key_shift(track: Track) -> int:
    """What is added to the notes of a track in a file: a drum's own note becomes its key in General MIDI."""
    return KEYS[track.instrument] - track.note if is_drum(track) else 0


def drum_of(key: int) -> tuple[str, int, str]:
    """The instrument that plays a key of the drum channel, its note there, and the drum's name."""
    return _DRUMS.get(key, ("snare", _NATURAL_NOTE, f"drum {key}"))
