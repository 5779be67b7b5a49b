"""A song as a MIDI file tells it, and the names in one, apart from the bytes: those are `file`'s concern."""

import msgspec

from store.documents import Pattern
from store.limits import NAME_MAX
from store.midi.score import TICKS_PER_STEP, Note

DEFAULT_TEMPO = 500_000


class SongTrack(msgspec.Struct):
    """One channel of one track of a file. `program` is None where none was chosen, `instrument` is empty where
    the file names none."""

    name: str
    instrument: str
    channel: int
    program: int | None
    notes: list[Note]


class Song(msgspec.Struct):
    """What a file plays at one time.

    step_ticks  ticks of a sixteenth
    tempos      tick and microseconds of a beat
    signatures  tick, beats of a bar in quarters
    end         tick at which the last track ends
    document    the pattern that the file was made from, where it holds one
    told        what could not be taken, in sentences
    """

    name: str = ""
    step_ticks: float = TICKS_PER_STEP
    tempos: list[tuple[int, int]] = msgspec.field(default_factory=list)
    signatures: list[tuple[int, int]] = msgspec.field(default_factory=list)
    end: int = 0
    tracks: list[SongTrack] = msgspec.field(default_factory=list)
    document: Pattern | None = None
    told: list[str] = msgspec.field(default_factory=list)


def as_mido(name: str) -> str:
    """`name` in UTF-8, as mido takes it, which writes Latin-1."""
    return name.encode(errors="replace").decode("latin-1")


def as_read(name: str) -> str:
    """`name` as it comes back from a file that was made here."""
    return as_text(as_mido(name))


def as_text(name: str) -> str:
    """A name that mido read: UTF-8 where it can be that, else Latin-1; without what cannot be seen."""
    data = name.encode("latin-1")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = name
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:NAME_MAX]
