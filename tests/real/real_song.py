"""A song that the tests play: loud, busy, the same every time, and no business of the factory's."""

from pathlib import Path

from store.documents import Pattern, Step, Track
from store.project import open_project
from store.slots.slots import SlotStore

ON = Step(on=True, velocity=0.9)
OFF = Step()


def _steps(text: str) -> tuple[Step, ...]:
    return tuple(ON if letter == "x" else OFF for letter in text)


SONG = Pattern(
    name="song",
    bpm=128,
    tracks=(
        Track("kick", "kick", steps=_steps("x...x...x...x...")),
        Track("snare", "snare", steps=_steps("....x.......x...")),
        Track("hat", "closed_hat", steps=_steps("..x...x...x...x."), pan=0.4),
        Track("bass", "acid", note=33, steps=_steps("x.xxx.x.x.xx.xx."), sends={"delay": 0.3}),
        Track("pad", "poly", note=57, gate=1.0, steps=_steps("x.......x......."), sends={"reverb": 0.4}, pan=-0.3),
    ),
)


def write_song(project: Path) -> None:
    """Make a project whose first nine slots hold the song, each in a tempo of its own."""
    project.mkdir(parents=True)
    open_project(project)
    slots = SlotStore(project)
    for slot in range(1, 10):
        slots.write(1, slot, Pattern(f"song {slot}", bpm=120 + slot, tracks=SONG.tracks))
